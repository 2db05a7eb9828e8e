"""How the demo shop misbehaves: refusals that end after a while, and pages that never do."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from cartage.scraping.plan import SCRAPER

FLAKY_ANSWERS = 2
BUSY_ANSWERS = 2
BUSY_SECONDS = 1
# The page is asked for by one provider, so a shop that fails its every try fails the whole import.
DOWN_ANSWERS = SCRAPER.attempts
SLOW_PIECES = 40
ENDLESS_LINE = b"<p class='entry'>One more thing that you might like, and after it another one.</p>\n" * 400


@dataclass(slots=True)
class Patience:
    """Count the refusals of each page; after its last one a page is shown once, and the count begins anew."""

    refused: dict[str, int] = field(default_factory=dict[str, int])

    def refuses(self, path: str, times: int) -> bool:
        """Tell whether this request is one of the first `times`."""
        count = self.refused.get(path, 0)
        self.refused[path] = 0 if count >= times else count + 1
        return count < times


async def slowly(content: bytes, seconds: float) -> AsyncGenerator[bytes]:
    """Give a page in small pieces, spread evenly over some seconds."""
    size = -(-len(content) // SLOW_PIECES)
    for start in range(0, len(content), size):
        await asyncio.sleep(seconds / SLOW_PIECES)
        yield content[start : start + size]


async def endlessly() -> AsyncGenerator[bytes]:
    """Give a page that never ends."""
    yield b"<!doctype html><html lang='en'><head><title>Everything</title></head><body><h1>Everything</h1>\n"
    while True:
        yield ENDLESS_LINE
        await asyncio.sleep(0)
