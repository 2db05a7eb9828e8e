"""The provider that has Oxylabs' Web Scraper API get the page: `POST /v1/queries`, in real time.

Source: developers.oxylabs.io, Web Scraper API. Amazon has a parser of its own, whose fields are read as its product;
everything else comes as HTML (`universal_ecommerce`). Faulty jobs (612, 613) are not charged; an answer tells no cost.
"""

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from cartage.fetching.client import Fetcher
from cartage.fetching.services import Service, as_number, as_object, refuse_site_status, web_address
from cartage.model.page import Page, PageKind, PageRequest
from cartage.model.product import Money

URL = "https://realtime.oxylabs.io"
HTTP_OK = 200
FAULTS_FROM = 600
AMAZON = re.compile(r"(?:^|\.)amazon\.(?:com?(?:\.[a-z]{2})?|[a-z]{2})$")


class Oxylabs:
    """Get a page through Oxylabs; `key` is the API user's name and password as `name:password`."""

    def __init__(self, fetcher: Fetcher, key: str, *, price: Money | None = None, url: str = URL) -> None:
        self._price = price
        self._url = f"{url.rstrip('/')}/v1/queries"
        credentials = base64.b64encode(key.encode()).decode()
        self._service = Service("Oxylabs", fetcher, {"Authorization": f"Basic {credentials}"})

    @property
    def name(self) -> str:
        """Name the provider as attempts show it."""
        return "oxylabs"

    @property
    def cost(self) -> Money | None:
        """State what the operator says that one attempt costs; None where that is not known."""
        return self._price

    async def get(self, request: PageRequest) -> Page:
        """Bring back the page, or Amazon's product; raises errors of the service, or of the shop's own status."""
        answer = as_object(await self._service.ask(self._url, _question(request.url)))
        results = answer.get("results")
        result = as_object(cast("list[Any]", results)[0] if isinstance(results, list) and results else None)
        status = as_number(result.get("status_code"), HTTP_OK)
        if not result or status >= FAULTS_FROM:
            raise self._service.failed(str(status) if result else "no_result")
        refuse_site_status(request.url, status)
        kind, body = self._content(result.get("content"))
        return Page(
            url=web_address(result.get("url"), request.url),
            status=status,
            kind=kind,
            body=body,
            fetched_at=datetime.now(UTC),
            cost=self._price,
        )

    def _content(self, content: Any) -> tuple[PageKind, bytes]:
        if isinstance(content, str) and content.strip():
            return PageKind.HTML, content.encode("utf-8", "replace")
        if isinstance(content, dict) and content:
            return PageKind.OXYLABS, json.dumps({"product": content}).encode()
        raise self._service.failed("no_content")


def _question(url: str) -> dict[str, Any]:
    if AMAZON.search(urlsplit(url).hostname or ""):
        return {"source": "amazon", "url": url, "parse": True}
    return {"source": "universal_ecommerce", "url": url, "render": "html"}
