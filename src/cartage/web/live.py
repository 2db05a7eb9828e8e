"""Following what goes on: the part of a page that changes, drawn anew whenever it does, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256

from fastapi import Request
from fastapi.sse import ServerSentEvent

LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Show the part as it is now; `over` tells that it changes no more."""

    html: str
    over: bool

    @property
    def mark(self) -> str:
        """Name what is shown, so that a browser that comes back says what it has."""
        return sha256(self.html.encode()).hexdigest()[:16]


async def following(
    request: Request, look: Callable[[], Awaitable[Drawing]], page: str
) -> AsyncIterator[ServerSentEvent]:
    """Send the part whenever it changes, then the address of the page as it ends.

    Each event holds the whole part: a browser whose connection was cut misses nothing, and what it names as the last
    it had is not sent again.
    """
    shown = request.headers.get("last-event-id", "")
    while True:
        drawn = await look()
        if drawn.mark != shown:
            shown = drawn.mark
            yield ServerSentEvent(event="progress", id=drawn.mark, raw_data=drawn.html)
        if drawn.over:
            yield ServerSentEvent(event="settled", raw_data=page)
            return
        await asyncio.sleep(LOOK_SECONDS)
