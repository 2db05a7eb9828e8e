"""The line at a SQLite file: writers one by one, and readers beside them, but for the moment of a commit."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator


class Line:
    """Let users of a file in as SQLite's own locks do, so that nobody has to sleep and try again inside SQLite.

    A reader waits for one commit at most, however many writers stand in line; a commit waits for those who read as it
    came.
    """

    def __init__(self) -> None:
        self._writers = asyncio.Lock()
        self._reading = 0
        self._nobody_reads = asyncio.Event()
        self._commit: asyncio.Event | None = None

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncGenerator[None]:
        """Wait until no writer commits, and keep commits out."""
        await self.turn()
        self._reading += 1
        try:
            yield
        finally:
            self._reading -= 1
            if not self._reading:
                self._nobody_reads.set()

    async def turn(self) -> None:
        """Wait until no writer commits."""
        while self._commit:
            await self._commit.wait()

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncGenerator[None]:
        """Wait until no other writer is inside, and keep them out."""
        async with self._writers:
            try:
                yield
            finally:
                if self._commit:
                    self._commit.set()
                self._commit = None

    async def commit(self) -> None:
        """Wait, as the writer inside, until nobody reads, and keep readers out until the writer leaves."""
        self._commit = asyncio.Event()
        while self._reading:
            self._nobody_reads.clear()
            await self._nobody_reads.wait()
