"""Whose turn it is at a site: one visitor at a time, a pause between visits, and no visit while it asks for rest."""

import asyncio
import contextlib
import functools
import uuid
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from weakref import WeakValueDictionary

from cartage.fetching.address import Address
from cartage.model.errors import CartageError, RateLimited, TryLater
from cartage.model.spacing import Spacing
from cartage.model.visit_errors import HostBusy

if TYPE_CHECKING:
    from tldextract import TLDExtract

POLL_SECONDS = 0.1
MARGIN_SECONDS = 5.0
REST_SECONDS = 5.0
LONGEST_REST_SECONDS = 86_400.0
LONGEST_QUEUE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Turn:
    """Answer who wants a turn: it is taken, or `free_at` is the moment before which nobody may.

    That moment has passed where only another holder is in the way. `spacing_seconds` is the site's own time between
    visits, of a turn that was taken, where it has one.
    """

    free_at: datetime | None = None
    spacing_seconds: float | None = None


class Turns(Protocol):
    """Keep whose turn it is at each site, and the sites' own times between visits, for all processes together."""

    async def take(self, site: str, holder: str, now: datetime, until: datetime) -> Turn:
        """Take a site's turn until a moment at most; a turn whose end has come is free."""
        ...

    async def give_back(self, site: str, holder: str, free_at: datetime) -> None:
        """End the holder's turn, with the next one at `free_at` at the earliest; do nothing for another's turn."""
        ...

    async def rest(self, site: str, until: datetime) -> None:
        """Let nobody begin a turn before a moment; an earlier one than is known changes nothing."""
        ...

    async def spacings(self) -> Sequence[Spacing]:
        """List the sites that have a time of their own between visits, by name."""
        ...

    async def space(self, spacing: Spacing) -> None:
        """Give a site a time of its own between visits, which the present wait is cut down to if it is longer."""
        ...

    async def unspace(self, site: str, now: datetime) -> bool:
        """Let a site have the usual time again, and end the present wait; False where it has it."""
        ...


@dataclass(frozen=True, slots=True)
class Manners:
    """Say how to behave at a site: whether to obey robots.txt, how long to pause, how long to queue in a fetch."""

    turns: Turns
    robots: bool = True
    spacing_seconds: float = 1.0
    patience_seconds: float = 30.0


class Queue:
    """Let the visitors of this process to a site go one after the other, and through `Turns` those of all."""

    def __init__(self, manners: Manners, longest_visit_seconds: float, clock: Callable[[], datetime]) -> None:
        self._manners = manners
        self._longest_visit = timedelta(seconds=longest_visit_seconds + MARGIN_SECONDS)
        self._clock = clock
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def visit(self, deadline: asyncio.Timeout) -> "Visit":
        """Begin a visit that has not gone anywhere yet; its deadline stands still while it waits for a turn."""
        return Visit(self, deadline)

    async def enter(self, site: str, holder: str) -> "Place":
        """Wait for the turn at a site; raises `HostBusy` when that takes longer than patience lasts."""
        line = self._lines.setdefault(site, asyncio.Lock())
        try:
            async with asyncio.timeout(self._manners.patience_seconds):
                await line.acquire()
                own = await self._take_or_release(site, holder, line)
        except TimeoutError:
            raise HostBusy(f"Other imports are visiting {site}.", REST_SECONDS) from None
        return Place(site, line, self._manners.spacing_seconds if own is None else own)

    async def leave(self, place: "Place", holder: str) -> None:
        """Give the turn to the next one, after the pause."""
        try:
            free_at = self._clock() + timedelta(seconds=place.spacing_seconds)
            await asyncio.shield(self._manners.turns.give_back(place.site, holder, free_at))
        finally:
            place.line.release()

    async def note(self, site: str, error: CartageError) -> None:
        """Let everybody rest where the site asked for it."""
        seconds = error.retry_after_seconds if isinstance(error, TryLater) else None
        if seconds is None and isinstance(error, RateLimited):
            seconds = REST_SECONDS
        if seconds:
            until = self._clock() + timedelta(seconds=min(seconds, LONGEST_REST_SECONDS))
            await self._manners.turns.rest(site, until)

    async def _take_or_release(self, site: str, holder: str, line: asyncio.Lock) -> float | None:
        try:
            return await self._take(site, holder)
        except asyncio.CancelledError:
            # The turn may have been taken in the very moment of cancelling.
            try:
                await asyncio.shield(self._manners.turns.give_back(site, holder, self._clock()))
            finally:
                line.release()
            raise
        except BaseException:
            line.release()
            raise

    async def _take(self, site: str, holder: str) -> float | None:
        while True:
            now = self._clock()
            turn = await self._manners.turns.take(site, holder, now, now + self._longest_visit)
            if (free_at := turn.free_at) is None:
                return turn.spacing_seconds
            left = (free_at - now).total_seconds()
            if left > LONGEST_QUEUE_SECONDS:
                raise RateLimited(f"{site} asked to be left alone until {free_at:%d %B, %H:%M} UTC.", left)
            if left > self._manners.patience_seconds:
                raise HostBusy(f"{site} is left alone for another {left:.0f} seconds.", left)
            await asyncio.sleep(max(left, POLL_SECONDS))


@dataclass(frozen=True, slots=True)
class Place:
    """Hold a site whose turn was taken, the line of this process to it, and the pause that follows."""

    site: str
    line: asyncio.Lock
    spacing_seconds: float


class Visit:
    """Hold the turn at no more than one site at a time."""

    def __init__(self, queue: Queue, deadline: asyncio.Timeout) -> None:
        self._queue = queue
        self._deadline = deadline
        self._holder = uuid.uuid4().hex
        self._place: Place | None = None

    async def go_to(self, address: Address) -> None:
        """Wait for the turn at an address's site, and leave the one before; raises `HostBusy`."""
        site = site_of(address)
        if self._place is None or site != self._place.site:
            await self.leave()
            with self._standing_still():
                self._place = await self._queue.enter(site, self._holder)

    @contextlib.contextmanager
    def _standing_still(self) -> Generator[None]:
        loop, ends = asyncio.get_running_loop(), self._deadline.when()
        begun = loop.time()
        self._deadline.reschedule(None)
        yield
        self._deadline.reschedule(None if ends is None else ends + loop.time() - begun)

    async def note(self, error: CartageError) -> None:
        """Tell everybody what the site asked for."""
        if self._place:
            await self._queue.note(self._place.site, error)

    async def leave(self) -> None:
        """Give the turn back."""
        if place := self._place:
            self._place = None
            await self._queue.leave(place, self._holder)


def site_of(address: Address) -> str:
    """Name the site that an address belongs to: its registrable domain, or its host where it has none."""
    if address.ip:
        return address.host
    parts = _suffixes()(address.host)
    if not parts.suffix:  # the list's own rule for names that it does not know
        return ".".join(address.host.split(".")[-2:])
    return parts.top_domain_under_public_suffix or address.host


@functools.cache
def _suffixes() -> "TLDExtract":
    from tldextract import TLDExtract  # takes a tenth of a second, which only visitors should pay

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
