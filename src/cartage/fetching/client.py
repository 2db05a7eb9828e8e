"""The fetcher: one address in, one bounded page out, every hop judged, every failure named."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import httpcore2

from cartage import __version__
from cartage.fetching.address import Address, Rules, follow, parse
from cartage.fetching.answer import REDIRECTS, Answer, read_head, status_error
from cartage.fetching.conditions import conditions_for, validators_of
from cartage.fetching.decoding import Decoder
from cartage.fetching.failing import answered_with, named
from cartage.fetching.guard import GuardedBackend, Resolve, resolve_by_system
from cartage.fetching.limits import Limits
from cartage.fetching.meter import count
from cartage.fetching.robots import Robots
from cartage.fetching.signing import Signer
from cartage.fetching.sniffing import SNIFFED_BYTES, refuse_file, refuse_label, refuse_no_image, refuse_other_markup
from cartage.fetching.trust import trusted_context
from cartage.fetching.turns import Manners, Queue, Visit
from cartage.model.errors import (
    CartageError,
    DeadlineExceeded,
    EmptyPage,
    PageTooLarge,
    RedirectRefused,
    SchemeUnsupported,
    TooManyRedirects,
    UnsupportedContentType,
    UrlInvalid,
)
from cartage.model.page import UNCHANGED, Page, Validators

HOME = "https://github.com/cartage/cartage"
HTML_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
JSON_ACCEPT = "application/json"
IMAGE_ACCEPT = "image/avif,image/webp,image/*;q=0.8,*/*;q=0.1"
ROBOTS_ACCEPT = "text/plain,*/*;q=0.1"
LARGEST_POOL = 100
MARKUP_BYTES = 4096

GetImage = Callable[[str], Awaitable[bytes]]


class Kind(Enum):
    """Say what is asked for, and so what the answer is held to."""

    PAGE = "page"
    JSON = "json"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold a service's answer, whatever its status; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class _Wish:
    headers: Mapping[str, str]
    accept: str
    kind: Kind
    content: bytes | None = None
    patience_seconds: float | None = None
    validators: Validators | None = None
    language: str | None = None


class Fetcher:
    """Bring pages from the public web, and nothing from anywhere else.

    `exceptions` are literal addresses and ports that may be fetched although they are private (the demo shop);
    `own_hosts` are names that lead back here. `manners` hold for sites, not for services that are sent JSON, nor for
    the `exceptions`; without them none are kept. `contact` tells sites whom to write to, and `signer` lets them check
    who asks. `resolve`, `dial` and `ssl_context` stand in for the network.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        deadline_seconds: float | None = None,
        extra_ports: frozenset[int] = frozenset(),
        exceptions: frozenset[tuple[str, int]] = frozenset(),
        own_hosts: frozenset[str] = frozenset(),
        manners: Manners | None = None,
        contact: str = "",
        signer: Signer | None = None,
        resolve: Resolve = resolve_by_system,
        dial: httpcore2.AsyncNetworkBackend | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        limits = limits or Limits()
        self._limits = replace(limits, deadline_seconds=deadline_seconds or limits.deadline_seconds)
        self.rules = Rules(extra_ports, exceptions, own_hosts)
        self.guard = GuardedBackend(self.rules, self._limits, resolve=resolve, dial=dial)
        self._clock = clock
        self._user_agent = user_agent(contact)
        self._signer = signer
        self._queue = Queue(manners, self._limits.deadline_seconds, clock) if manners else None
        obeying = manners is not None and manners.robots
        self._robots = Robots(self._asking_robots, self.rules, self._limits, clock) if obeying else None
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context or trusted_context(),
            max_connections=LARGEST_POOL,
            keepalive_expiry=self._limits.keep_alive_seconds,
            network_backend=self.guard,
        )

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        accept: str = HTML_ACCEPT,
        validators: Validators | None = None,
        language: str | None = None,
    ) -> Page:
        """Bring the HTML page at an address; `headers` go to the first origin only, `validators` to their address.

        Of a page that there is in several languages, `language` asks for one.
        Raises the errors of `cartage.model.errors` that the address, the network and the site's answer call for.
        """
        return await self._fetch(url, _Wish(headers or {}, accept, Kind.PAGE, validators=validators, language=language))

    async def get_json(self, url: str, *, language: str | None = None) -> Any:
        """Bring the JSON document at an address; raises as `get`, `UnsupportedContentType` for anything else."""
        page = await self._fetch(url, _Wish({}, JSON_ACCEPT, Kind.JSON, language=language))
        try:
            return json.loads(page.body)
        except (ValueError, RecursionError):
            raise UnsupportedContentType(f"{parse(page.url).host} did not answer with JSON.") from None

    @contextlib.asynccontextmanager
    async def images(self, seconds: float, *, page_url: str = "") -> AsyncGenerator[GetImage]:
        """Give a function that brings the image at an address, raising as `get`, and `PictureRefused` for a drawing.

        All belong to one visit: sites are left when another is gone to, and there is no pause between two images of
        one. Raises `TimeoutError` when all together take longer than `seconds`, waiting for turns apart.
        """
        async with asyncio.timeout(seconds) as deadline, self._visiting(deadline) as visit:

            async def get(url: str) -> bytes:
                headers = {"Referer": page_url} if page_url else {}
                wish = _Wish(headers, IMAGE_ACCEPT, Kind.IMAGE)
                return (await self._hop(parse(url), wish, visit)).body

            yield get

    async def post_json(
        self, url: str, body: Any, *, headers: Mapping[str, str] | None = None, seconds: float | None = None
    ) -> Reply:
        """Send JSON to a service and bring its answer, whatever the status; no redirect is followed."""
        content = json.dumps(body, ensure_ascii=False).encode()
        return await self.post(url, content, headers=headers, seconds=seconds)

    async def post(
        self, url: str, content: bytes, *, headers: Mapping[str, str] | None = None, seconds: float | None = None
    ) -> Reply:
        """Send JSON's bytes as they are; raises the errors of the address and the network within `seconds`."""
        address = parse(url)
        self.rules.check(address)
        seconds = seconds or self._limits.deadline_seconds
        given = {"Content-Type": "application/json", "Content-Length": str(len(content)), **(headers or {})}
        wish = _Wish(given, JSON_ACCEPT, Kind.JSON, content=content, patience_seconds=seconds)
        try:
            async with asyncio.timeout(seconds), self._answering(address, wish) as (answer, body):
                return Reply(answer.status, answer.headers, await self._read(answer, body, wish, empty=True))
        except TimeoutError:
            raise DeadlineExceeded(f"{address.host} did not answer in full within {seconds:g} seconds.") from None

    async def aclose(self) -> None:
        """Let go of all connections."""
        await self._pool.aclose()

    async def _fetch(self, url: str, wish: _Wish) -> Page:
        address = parse(url)
        seconds = self._limits.deadline_seconds
        try:
            async with asyncio.timeout(seconds) as deadline, self._visiting(deadline) as visit:
                return await self._hop(address, wish, visit)
        except TimeoutError:
            raise DeadlineExceeded(f"{address.host} did not answer in full within {seconds:g} seconds.") from None

    @contextlib.asynccontextmanager
    async def _visiting(self, deadline: asyncio.Timeout) -> AsyncGenerator[Visit | None]:
        if self._queue is None:
            yield None
            return
        visit = self._queue.visit(deadline)
        try:
            yield visit
        finally:
            await visit.leave()

    async def _hop(self, first: Address, wish: _Wish, visit: Visit | None) -> Page:
        address, headers = first, dict(wish.headers)
        for _ in range(self._limits.redirects + 1):
            outcome = await self._call(address, replace(wish, headers=headers), visit)
            if isinstance(outcome, Page):
                return outcome
            if outcome.origin != address.origin:
                headers = {}
            address = outcome
        raise TooManyRedirects(f"{first.host} redirects more than {self._limits.redirects} times.")

    async def _call(self, address: Address, wish: _Wish, visit: Visit | None) -> Page | Address:
        self.rules.check(address)
        if visit is None or (address.host, address.port) in self.rules.exceptions:
            return await self._ask(address, wish)
        await visit.go_to(address)
        try:
            if self._robots:
                await self._robots.check(address)
            return await self._ask(address, wish)
        except CartageError as error:
            await visit.note(error)
            raise

    def _asking_robots(
        self, address: Address
    ) -> contextlib.AbstractAsyncContextManager[tuple[Answer, AsyncIterator[bytes]]]:
        return self._answering(address, _Wish({}, ROBOTS_ACCEPT, Kind.PAGE))

    async def _ask(self, address: Address, wish: _Wish) -> Page | Address:
        if wish.kind is not Kind.IMAGE:
            return await self._asked(address, wish)
        seconds = self._limits.image_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._asked(address, wish)
        except TimeoutError:
            raise DeadlineExceeded(f"{address.host} did not send the image within {seconds:g} seconds.") from None

    async def _asked(self, address: Address, wish: _Wish) -> Page | Address:
        conditions = conditions_for(str(address), wish.validators)
        wish = replace(wish, headers={**wish.headers, **conditions})
        async with self._answering(address, wish) as (answer, body):
            with answered_with(answer.status):
                if conditions and answer.status == UNCHANGED:
                    return Page(url=str(address), status=UNCHANGED, body=b"", fetched_at=self._clock())
                if answer.status in REDIRECTS:
                    return _next_hop(address, answer)
                await self._refuse(answer, body)
                _refuse_label(answer, wish.kind)
                content = await self._read(answer, body, wish)
                return Page(
                    url=str(address),
                    status=answer.status,
                    headers=answer.kept,
                    body=content,
                    fetched_at=self._clock(),
                    validators=validators_of(str(address), answer),
                )

    @contextlib.asynccontextmanager
    async def _answering(self, address: Address, wish: _Wish) -> AsyncGenerator[tuple[Answer, AsyncIterator[bytes]]]:
        headers = {
            "Host": address.origin.partition("//")[2],
            "User-Agent": self._user_agent,
            "Accept": wish.accept,
            "Accept-Encoding": "gzip",
            **({"Accept-Language": f"{wish.language}, *;q=0.5"} if wish.language else {}),
            **wish.headers,
        }
        if self._signer and wish.content is None:
            headers |= self._signer.headers("GET", address)
        timeouts = {"timeout": {"connect": self._limits.connect_seconds}}
        begun = False
        try:
            async with contextlib.AsyncExitStack() as stack:
                request = self._pool.stream(
                    "GET" if wish.content is None else "POST",
                    _url(address),
                    headers=list(headers.items()),
                    content=wish.content,
                    extensions=timeouts,
                )
                response = await self._in_time(address, stack.enter_async_context(request), wish.patience_seconds)
                begun = True
                answer = read_head(address.host, response.status, response.headers, self._limits)
                stream = response.aiter_stream()
                stack.push_async_callback(stream.aclose)
                yield answer, stream
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as error:
            raise named(error, address.host, begun=begun) from error

    async def _in_time(
        self, address: Address, entering: Awaitable[httpcore2.Response], seconds: float | None
    ) -> httpcore2.Response:
        seconds = seconds or self._limits.headers_seconds
        try:
            async with asyncio.timeout(seconds):
                return await entering
        except TimeoutError:
            raise DeadlineExceeded(f"{address.host} did not begin to answer within {seconds:g} seconds.") from None

    async def _refuse(self, answer: Answer, body: AsyncIterator[bytes]) -> None:
        glimpse = b"" if 200 <= answer.status < 300 else await self._glimpse(answer, body)  # noqa: PLR2004
        if error := status_error(answer, glimpse, self._clock()):
            raise error

    async def _glimpse(self, answer: Answer, body: AsyncIterator[bytes]) -> bytes:
        seen = b""
        with contextlib.suppress(CartageError, TimeoutError, httpcore2.NetworkError, httpcore2.ProtocolError):
            decoder = Decoder(answer.headers.get("content-encoding", ""), self._limits, answer.host)
            async with asyncio.timeout(self._limits.glimpse_seconds):
                async for chunk in body:
                    count(len(chunk))
                    decoder.feed(chunk)
                    seen = decoder.so_far()
                    if len(seen) > self._limits.largest_glimpse:
                        break
        return seen

    async def _read(self, answer: Answer, body: AsyncIterator[bytes], wish: _Wish, *, empty: bool = False) -> bytes:
        told = answer.headers.get("content-length", "")
        if told.isdigit() and int(told[:15]) > self._limits.largest_body:
            raise PageTooLarge(f"{answer.host}'s answer is larger than {self._limits.largest_body} bytes.")
        decoder = Decoder(answer.headers.get("content-encoding", ""), self._limits, answer.host)
        sniffed = wish.kind is not Kind.PAGE
        async for chunk in body:
            count(len(chunk))
            decoder.feed(chunk)
            if not sniffed and decoder.size >= SNIFFED_BYTES:
                refuse_file(decoder.so_far()[:SNIFFED_BYTES], answer.host)
                sniffed = True
        content = decoder.finish()
        if not empty and (not content or content.isspace()):
            raise EmptyPage(f"{answer.host} answered with an empty page.")
        if wish.kind is Kind.PAGE:
            refuse_file(content[:SNIFFED_BYTES], answer.host)
            refuse_other_markup(content[:MARKUP_BYTES], answer.headers.get("content-type", ""), answer.host)
        return content


def user_agent(contact: str = "") -> str:
    """Say who asks, and whom to write to about it."""
    return f"Cartage/{__version__} (+{HOME}{f'; {contact}' if contact else ''})"


def _refuse_label(answer: Answer, kind: Kind) -> None:
    label = answer.headers.get("content-type", "")
    if kind is Kind.IMAGE:
        refuse_no_image(label, answer.host)
    else:
        refuse_label(label, answer.host, json=kind is Kind.JSON)


def _url(address: Address) -> httpcore2.URL:
    return httpcore2.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)


def _next_hop(address: Address, answer: Answer) -> Address:
    location = _location(answer)
    try:
        return follow(address, location)
    except (UrlInvalid, SchemeUnsupported) as error:
        reason = error.reason if isinstance(error, UrlInvalid) else "scheme_not_allowed"
        raise RedirectRefused(f"{address.host} redirects to an address that cannot be followed.", reason) from error


def _location(answer: Answer) -> str:
    location = answer.headers.get("location", "").encode("latin-1").decode("utf-8", "replace").strip()
    if not location:
        raise RedirectRefused(f"{answer.host} redirects without saying where to.")
    return location
