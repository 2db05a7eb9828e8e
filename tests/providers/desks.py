"""Hosted services on loopback: each speaks its documented protocol, keeps what it was asked, and fails as told."""

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

from cartage.fetching.client import Fetcher
from cartage.model.product import Money
from cartage.provider import Provider
from cartage.providers.apify import Apify
from cartage.providers.firecrawl import Firecrawl
from cartage.providers.oxylabs import Oxylabs
from cartage.providers.zyte import Zyte

KEY = "sesame"
PAGE = (
    "<!doctype html><html><head><title>Copper mug</title>"
    '<script type="application/ld+json">{"@type":"Product","name":"Copper mug","image":"https://shop.example/mug.jpg",'
    '"offers":{"price":"19.50","priceCurrency":"EUR","availability":"InStock"}}</script>'
    "</head><body><h1>Copper mug</h1><p>19,50 €</p></body></html>"
)
ITEM: dict[str, Any] = {
    "url": "https://shop.example/p/mug",
    "name": "Copper mug",
    "brand": {"slogan": "Visit the Wanderlite Store"},
    "offers": {"price": "19.50", "priceCurrency": "EUR"},
    "image": "https://shop.example/mug.jpg",
    "description": "A mug of hammered copper.",
    "additionalProperties": {"inStock": True, "stars": 4.5, "listPrice": {"value": 25, "currency": "€"}},
    "reviewCount": 12,
}
PARSED: dict[str, Any] = {
    "url": "https://www.amazon.com/dp/B000000001",
    "asin": "B000000001",
    "title": "Copper mug",
    "manufacturer": "Wanderlite",
    "price": 19.5,
    "price_strikethrough": 25.0,
    "currency": "USD",
    "stock": "In Stock",
    "images": ["https://m.example/mug.jpg", "https://m.example/mug-2.jpg"],
    "rating": 4.5,
    "reviews_count": 12,
    "description": "A mug of hammered copper.",
    "category": [{"ladder": [{"name": "Kitchen", "url": "/k"}, {"name": "Mugs", "url": "/m"}]}],
    "product_details": {"material": "Copper"},
}


@dataclass(frozen=True)
class Asked:
    """Keep one call: its path, headers and body."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Desk:
    """Answer calls as `answering` says, and keep them; `next_answer` comes once before that."""

    answering: Callable[[Asked], tuple[int, Any]]
    fetcher: Fetcher
    url: str = ""
    asked: list[Asked] = field(default_factory=list[Asked])
    next_answer: tuple[int, Any, str] | None = None

    def fails(self, status: int, body: Any, extra: str = "") -> None:
        """Answer the next call so."""
        self.next_answer = (status, body, extra)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one call."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        content = await reader.readexactly(int(headers.get("content-length", 0)))
        asked = Asked(first.split(" ")[1], headers, json.loads(content or b"null"))
        self.asked.append(asked)
        status, body, extra = self.next_answer or (*self.answering(asked), "")
        self.next_answer = None
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n"
            f"Connection: close\r\n{extra}\r\n".encode()
            + text
        )
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            writer.close()
            await writer.wait_closed()


def zyte_answers(asked: Asked) -> tuple[int, Any]:
    """Answer as Zyte API does: Basic with the key alone; the shop's status is told, not passed on."""
    if asked.headers.get("authorization") != f"Basic {base64.b64encode(f'{KEY}:'.encode()).decode()}":
        return 401, {"type": "/auth/key-not-found", "title": "Authentication Key Not Found", "status": 401}
    url = asked.body["url"]
    gone = url.endswith("none")
    return 200, {"url": url, "statusCode": 404 if gone else 200, "browserHtml": PAGE}


def firecrawl_answers(asked: Asked) -> tuple[int, Any]:
    """Answer as Firecrawl does: a bearer key, `success`, and metadata with the shop's status and the credits."""
    if asked.headers.get("authorization") != f"Bearer {KEY}":
        return 401, {"success": False, "error": "Unauthorized: Invalid token"}
    url = asked.body["url"]
    metadata = {"sourceURL": url, "url": url, "statusCode": 404 if url.endswith("none") else 200, "creditsUsed": 5}
    return 200, {"success": True, "data": {"rawHtml": PAGE, "metadata": metadata}}


def oxylabs_answers(asked: Asked) -> tuple[int, Any]:
    """Answer as Oxylabs does: name and password, and a list of results with the job's status."""
    if asked.headers.get("authorization") != f"Basic {base64.b64encode(KEY.encode()).decode()}":
        return 401, {"message": "Client not found"}
    url = asked.body["url"]
    status = 404 if url.endswith("none") else 200
    content: Any = PARSED if asked.body["source"] == "amazon" else PAGE
    return 200, {"results": [{"content": content, "status_code": status, "url": url, "job_id": "1"}]}


def apify_answers(asked: Asked) -> tuple[int, Any]:
    """Answer as Apify does: 201 with the dataset's items, and no item for a page that does not resolve."""
    if asked.headers.get("authorization") != f"Bearer {KEY}":
        return 401, {"error": {"type": "user-or-token-not-found", "message": "User was not found."}}
    gone = asked.body["detailsUrls"][0]["url"].endswith("none")
    return 201, [{}] if gone else [ITEM]


ANSWERING = {
    "zyte": zyte_answers,
    "firecrawl": firecrawl_answers,
    "oxylabs": oxylabs_answers,
    "apify": apify_answers,
}
HOSTED = tuple(ANSWERING)


@contextlib.asynccontextmanager
async def running_desk(answering: Callable[[Asked], tuple[int, Any]]) -> AsyncGenerator[Desk]:
    """Run a service on a free port of loopback, with a fetcher that may call it and nothing else."""
    desks: list[Desk] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await desks[0].serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    fetcher = Fetcher(exceptions=frozenset({("127.0.0.1", port)}), deadline_seconds=60)
    desks.append(Desk(answering, fetcher, f"http://127.0.0.1:{port}"))
    async with server:
        yield desks[0]
        await fetcher.aclose()


def provider_at(name: str, desk: Desk, *, key: str = KEY, price: Money | None = None) -> Provider:
    """Make the provider of a service, pointed at its desk."""
    kinds = {"zyte": Zyte, "firecrawl": Firecrawl, "oxylabs": Oxylabs, "apify": Apify}
    return kinds[name](desk.fetcher, key, price=price, url=desk.url)
