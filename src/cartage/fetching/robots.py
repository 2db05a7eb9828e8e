"""What a site's robots.txt asks of programs (RFC 9309): fetched through the one door, kept for a while, obeyed."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from protego import Protego

from cartage.fetching.address import Address, Rules, follow
from cartage.fetching.answer import REDIRECTS, SLOW_DOWN, Answer, retry_after
from cartage.fetching.decoding import Decoder
from cartage.fetching.limits import Limits
from cartage.fetching.meter import count
from cartage.model.errors import (
    CartageError,
    ConnectFailed,
    DnsFailed,
    HostNotFound,
    Permanent,
    RateLimited,
    TlsFailed,
    TryLater,
    UrlNotAllowed,
)
from cartage.model.visit_errors import RobotsDisallowed, RobotsUnreachable

OUR_NAME = "Cartage"
LARGEST_FILE = 500 * 1024
PATIENCE_SECONDS = 20.0
KEPT_FOR = timedelta(hours=24)
KEPT_SITES = 1000
KEPT_CHARACTERS = 8 * 1024 * 1024
LINES_QUOTED_FROM = 5000
SERVER_ERRORS_FROM = 500
SITE_IS_AWAY = (UrlNotAllowed, HostNotFound, DnsFailed, ConnectFailed, TlsFailed, RateLimited)

Ask = Callable[[Address], AbstractAsyncContextManager[tuple[Answer, AsyncIterator[bytes]]]]


@dataclass(frozen=True, slots=True)
class _Known:
    text: str
    rules: Protego
    until: datetime


class Robots:
    """Know what sites ask of programs; `ask` sends the request for one address and gives its answer."""

    def __init__(self, ask: Ask, rules: Rules, limits: Limits, clock: Callable[[], datetime]) -> None:
        self._ask = ask
        self._rules = rules
        self._limits = limits
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def check(self, address: Address) -> None:
        """Raise `RobotsDisallowed` when the site asks us to keep off, `RobotsUnreachable` when nobody knows.

        Where the site itself cannot be reached, or asks to slow down, that is raised instead.
        """
        known = self._known.get(address.origin)
        if known is None or known.until <= self._clock():
            known = self._keep(address.origin, await self._fetch(address))
        if not known.rules.can_fetch(str(address), OUR_NAME):
            rule = refusing_rule(known.text, str(address))
            raise RobotsDisallowed(
                f'{address.host} asks programs not to read this page: robots.txt says "{rule}".', rule
            )

    def _keep(self, origin: str, text: str) -> _Known:
        known = _Known(text, Protego.parse(text), self._clock() + KEPT_FOR)
        self._known[origin] = known
        self._known.move_to_end(origin)
        while len(self._known) > KEPT_SITES or sum(len(each.text) for each in self._known.values()) > KEPT_CHARACTERS:
            self._known.popitem(last=False)
        return known

    async def _fetch(self, address: Address) -> str:
        first = replace(address, target="/robots.txt")
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._follow(first)
        except (*SITE_IS_AWAY, RobotsUnreachable):
            raise
        except TimeoutError:
            raise RobotsUnreachable(f"{address.host} did not send its robots.txt in time.") from None
        except CartageError as error:
            wait = error.retry_after_seconds if isinstance(error, TryLater) else None
            raise RobotsUnreachable(f"{address.host}'s robots.txt cannot be read ({error.code}).", wait) from error

    async def _follow(self, first: Address) -> str:
        """Read the file, which allows everything where it is missing or its redirects lead nowhere."""
        address = first
        for _ in range(self._limits.redirects + 1):
            try:
                outcome = await self._read(address)
            except Permanent:
                if address is first:
                    raise
                return ""
            if isinstance(outcome, str):
                return outcome
            address = outcome
        return ""

    async def _read(self, address: Address) -> str | Address:
        self._rules.check(address)
        async with self._ask(address) as (answer, body):
            if answer.status in REDIRECTS:
                return _next(address, answer)
            wait = retry_after(answer.headers.get("retry-after", ""), self._clock())
            if answer.status in SLOW_DOWN:
                raise RateLimited(f"{answer.host} asks to slow down (status {answer.status}).", wait)
            if answer.status >= SERVER_ERRORS_FROM:
                raise RobotsUnreachable(f"{answer.host} answers for its robots.txt with status {answer.status}.", wait)
            if not 200 <= answer.status < 300:  # noqa: PLR2004 - the class of successes
                return ""
            return await self._text(answer, body)

    async def _text(self, answer: Answer, body: AsyncIterator[bytes]) -> str:
        decoder = Decoder(answer.headers.get("content-encoding", ""), self._limits, answer.host)
        async for chunk in body:
            count(len(chunk))
            decoder.feed(chunk)
            if decoder.size >= LARGEST_FILE:
                whole_lines = decoder.so_far()[:LARGEST_FILE].rpartition(b"\n")[0]
                return whole_lines.decode("utf-8-sig", "replace")
        return decoder.finish().decode("utf-8-sig", "replace")


def refusing_rule(text: str, url: str) -> str:
    """Find the line of a robots.txt that refuses an address: the longest that does, among those meant for us."""
    rules = list(_disallowed(text))[:LINES_QUOTED_FROM]
    ours = [path for agent, path in rules if agent != "*"] or [path for _, path in rules]
    refusing = [path for path in ours if not Protego.parse(f"User-agent: *\nDisallow: {path}").can_fetch(url, "*")]
    return f"Disallow: {max(refusing, key=len, default='/')}"[:200]


def _disallowed(text: str) -> Iterator[tuple[str, str]]:
    agents: list[str] = []
    naming = False
    for line in text.splitlines():
        name, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        match name.lower():
            case "user-agent":
                agents = [*(agents if naming else []), value.lower()]
                naming = True
            case "disallow" | "allow":
                naming = False
                if value and name.lower() == "disallow":
                    yield from ((agent, value) for agent in agents if agent in {"*", OUR_NAME.lower()})
            case _:
                pass


def _next(address: Address, answer: Answer) -> str | Address:
    location = answer.headers.get("location", "").strip()
    try:
        return follow(address, location) if location else ""
    except Permanent:
        return ""
