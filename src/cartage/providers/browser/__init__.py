"""The provider that opens the page in a real Chromium, behind our own proxy, and reads what its scripts made of it."""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cartage import __version__
from cartage.fetching.address import parse
from cartage.fetching.answer import REDIRECTS, Answer, status_error
from cartage.fetching.client import Fetcher
from cartage.fetching.failing import answered_with
from cartage.fetching.limits import Limits
from cartage.fetching.proxy import Bounds, FilteringProxy, Visit
from cartage.fetching.sniffing import refuse_label
from cartage.model.errors import (
    BadResponse,
    CartageError,
    ConnectFailed,
    ConnectionReset,
    ConnectTimeout,
    DeadlineExceeded,
    EmptyPage,
    PageTooLarge,
    TlsFailed,
    TooManyRedirects,
    UnsupportedContentType,
)
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money
from cartage.model.visit_errors import BrowserCrashed, BrowserOutOfMemory, PageHangs
from cartage.providers.browser.chromium import Chromium, find_chromium, start_chromium
from cartage.providers.browser.portrait import Appetite, portray
from cartage.providers.browser.settling import Patience, settle
from cartage.providers.browser.shot import shot_of

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Error, Request, Response, Route
    from playwright.async_api import Page as Tab

__all__ = ["Browser", "Terms", "find_chromium"]

AGENT = f"Cartage/{__version__} (+https://github.com/cartage/cartage)"
NOT_READ = {"image", "media", "font"}
CLOSE_SECONDS = 5.0
MOST_LANDINGS = 8
NET_ERROR = re.compile(r"ERR_[A-Z0-9_]+")
NAMED = {
    "ERR_TOO_MANY_REDIRECTS": TooManyRedirects,
    "ERR_CONNECTION_RESET": ConnectionReset,
    "ERR_CONNECTION_CLOSED": ConnectionReset,
    "ERR_EMPTY_RESPONSE": ConnectionReset,
    "ERR_TIMED_OUT": ConnectTimeout,
    "ERR_TUNNEL_CONNECTION_FAILED": ConnectFailed,
    "ERR_CONNECTION_REFUSED": ConnectFailed,
    "ERR_OUT_OF_MEMORY": BrowserOutOfMemory,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Say how the browser is used: seconds for a page, pages at a time, and when its process is renewed.

    `portraits` asks for a picture of each page that shows images and next to no text.
    """

    deadline_seconds: float = 60.0
    places: int = 2
    most_visits: int = 50
    most_seconds: float = 900.0
    patience: Patience = field(default_factory=Patience)
    portraits: bool = False


@dataclass(slots=True)
class _Landing:
    """Follow where the main frame goes: the host and port asked last, and the last answer that is a page."""

    place: str
    response: "Response | None" = None
    count: int = 0
    crashed: bool = False

    @property
    def host(self) -> str:
        """Give the host's name."""
        return self.place.rpartition(":")[0]

    def watch(self, tab: "Tab") -> None:
        """Listen to a tab."""
        tab.on("request", lambda request: self._asked(tab, request))
        tab.on("crash", lambda _: self._crash())
        tab.on("response", lambda response: self._answered(tab, response))

    def _crash(self) -> None:
        self.crashed = True

    def _asked(self, tab: "Tab", request: "Request") -> None:
        if _leads(tab, request):
            with contextlib.suppress(CartageError):
                self.place = _place(request.url)

    def _answered(self, tab: "Tab", response: "Response") -> None:
        if _leads(tab, response.request) and response.status not in REDIRECTS:
            self.response, self.count = response, self.count + 1


def _leads(tab: "Tab", request: "Request") -> bool:
    from playwright.async_api import Error

    try:
        return request.is_navigation_request() and request.frame == tab.main_frame
    except Error:  # a frame that is not there yet is not ours
        return False


def _place(url: str) -> str:
    address = parse(url)
    return f"{address.host}:{address.port}"


class Browser:
    """Get a page as a browser shows it, once its product stands still."""

    def __init__(self, fetcher: Fetcher, executable: Path, terms: Terms | None = None) -> None:
        self._executable = executable
        self._terms = terms or Terms()
        self._proxy = FilteringProxy(fetcher.rules, fetcher.guard, Bounds(seconds=self._terms.deadline_seconds + 30))
        self._places = asyncio.Semaphore(self._terms.places)
        self._turn = asyncio.Lock()
        self._chromium: Chromium | None = None
        self._running: set[Chromium] = set()

    @property
    def name(self) -> str:
        """Name the provider as attempts show it."""
        return "browser"

    @property
    def cost(self) -> Money | None:
        """State what one attempt costs: nothing."""
        return Money(amount=Decimal(0), currency="USD")

    async def get(self, request: PageRequest) -> Page:
        """Bring back the page as its scripts left it; raises the errors of the site, and those of the browser."""
        from playwright.async_api import Error

        landing = _Landing(_place(request.url))
        async with self._places, self._using() as chromium:
            with self._proxy.visit() as visit:
                try:
                    async with asyncio.timeout(self._terms.deadline_seconds):
                        return await self._show(chromium, visit, request, landing)
                except TimeoutError:
                    chromium.kill()
                    raise PageHangs(f"{landing.host}'s page was not done in time.") from None
                except PageHangs:
                    chromium.kill()
                    raise
                except Error as error:
                    named = _named(error, visit, landing, chromium)
                    named.http_status = named.http_status or (landing.response and landing.response.status)
                    raise named from error

    async def aclose(self) -> None:
        """End every Chromium and the proxy."""
        async with self._turn:
            running, self._running, self._chromium = self._running, set(), None
            await asyncio.gather(*(chromium.stop() for chromium in running))
            await self._proxy.aclose()

    @contextlib.asynccontextmanager
    async def _using(self) -> AsyncGenerator[Chromium]:
        chromium = await self._take()
        try:
            yield chromium
        finally:
            await asyncio.shield(self._give_back(chromium))

    async def _take(self) -> Chromium:
        async with self._turn:
            current = self._chromium
            if current is None or current.worn(self._terms.most_visits, self._terms.most_seconds):
                if current and not current.active:
                    self._running.discard(current)
                    await current.stop()
                await self._proxy.start()
                current = self._chromium = await start_chromium(self._executable, self._proxy.url)
                self._running.add(current)
            current.active += 1
            current.visits += 1
            return current

    async def _give_back(self, chromium: Chromium) -> None:
        async with self._turn:
            chromium.active -= 1
            replaced = chromium is not self._chromium or chromium.broken
            if replaced and not chromium.active and chromium in self._running:
                self._running.discard(chromium)
                self._chromium = None if chromium is self._chromium else self._chromium
                await chromium.stop()

    async def _show(self, chromium: Chromium, visit: Visit, request: PageRequest, landing: _Landing) -> Page:
        appetite = Appetite()
        async with self._context(chromium, visit, appetite, request.language) as context:
            tab = await context.new_page()
            landing.watch(tab)
            context.on("page", _close)
            await tab.goto(request.url, wait_until="commit", timeout=self._terms.deadline_seconds * 1000)
            if landing.response is not None:
                with answered_with(landing.response.status):
                    refuse_label(landing.response.headers.get("content-type", ""), landing.host, json=False)
            found = await settle(tab, self._terms.patience)
            try:
                page = await self._read(tab, visit, landing)
            except CartageError as error:
                error.shot = await shot_of(tab)
                raise
            portrait = await portray(tab, appetite) if self._terms.portraits else None
            seen = page.model_copy(update={"screenshot": portrait}) if portrait else page
            return seen if found else seen.model_copy(update={"shot": await shot_of(tab)})

    @contextlib.asynccontextmanager
    async def _context(
        self, chromium: Chromium, visit: Visit, appetite: Appetite, language: str | None
    ) -> AsyncGenerator["BrowserContext"]:
        context = await chromium.browser.new_context(
            proxy={
                "server": self._proxy.url,
                "bypass": "<-loopback>",
                "username": visit.name,
                "password": visit.secret,
            },
            user_agent=_user_agent(chromium.browser.version),
            locale=language,
            service_workers="block",
            accept_downloads=False,
        )
        try:
            await context.route("**/*", partial(_only_what_is_wanted, appetite))
            yield context
        finally:
            await asyncio.shield(_close_in_time(context, chromium))

    async def _read(self, tab: "Tab", visit: Visit, landing: _Landing) -> Page:
        html = await tab.content()
        host = landing.host
        if landing.response is None or landing.count > MOST_LANDINGS:
            raise TooManyRedirects(f"{host}'s page keeps going elsewhere.")
        if error := visit.failures.get(landing.place):
            raise error
        body = html.encode("utf-8", "replace")
        answer = Answer(host, landing.response.status, dict(landing.response.headers))
        with answered_with(answer.status):
            limits = Limits()
            if error := status_error(answer, body[: limits.largest_glimpse], datetime.now(UTC)):
                raise error
            if len(body) > limits.largest_body:
                raise PageTooLarge(f"{host}'s page is larger than {limits.largest_body} bytes.")
            if not body.strip():
                raise EmptyPage(f"{host} answered with an empty page.")
            headers = answer.kept | {"content-type": "text/html; charset=utf-8"}
            if not tab.url.startswith(("http://", "https://")):
                raise BadResponse(f"{host}'s page led the browser nowhere.")
            address = str(parse(tab.url))
            return Page(url=address, status=answer.status, headers=headers, body=body, fetched_at=datetime.now(UTC))


def _user_agent(version: str) -> str:
    return f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/{version} {AGENT}"


def _named(error: "Error", visit: Visit, landing: _Landing, chromium: Chromium) -> CartageError:
    text, host = error.message, landing.host
    if failure := visit.failures.get(landing.place):
        return failure
    if landing.crashed or chromium.broken or not chromium.browser.is_connected() or "crashed" in text:
        return BrowserCrashed(f"{host}'s page brought the browser down.")
    if "Download is starting" in text:
        return UnsupportedContentType(f"{host} sends a file instead of a page.")
    if type(error).__name__ == "TimeoutError":
        return DeadlineExceeded(f"{host} did not answer in time.")
    code = match[0] if (match := NET_ERROR.search(text)) else ""
    if code.startswith(("ERR_CERT_", "ERR_SSL_")):
        return TlsFailed(f"No trusted connection to {host} could be made ({code}).")
    named = NAMED.get(code, BadResponse)
    return named(f"The browser could not show {host}'s page ({code or 'no reason given'}).")


async def _only_what_is_wanted(appetite: Appetite, route: "Route") -> None:
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        kind = route.request.resource_type
        if kind in NOT_READ and not (kind == "image" and appetite.pictures):
            await route.abort()
        else:
            await route.continue_()


async def _close(tab: "Tab") -> None:
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        await tab.close()


async def _close_in_time(context: "BrowserContext", chromium: Chromium) -> None:
    from playwright.async_api import Error

    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await context.close()
    except (TimeoutError, Error):
        chromium.kill()
