"""The line at a SQLite file: readers together, writers one by one, and neither kind waits for all of the other."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator


class Line:
    """Let users of a file in by turns: all readers that wait, then the writer that has waited longest.

    A reader waits for one writer at most, however many stand in line, and so does a writer for those who read.
    """

    def __init__(self) -> None:
        self._readers = deque[asyncio.Future[None]]()
        self._writers = deque[asyncio.Future[None]]()
        self._reading = 0
        self._is_writing = False
        self._readers_next = True

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncGenerator[None]:
        """Wait until no writer is inside, and keep writers out."""
        await self._wait(self._readers)
        try:
            yield
        finally:
            self._reading -= 1
            self._call()

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncGenerator[None]:
        """Wait until nobody is inside, and keep everybody out."""
        await self._wait(self._writers)
        try:
            yield
        finally:
            self._is_writing = False
            self._call()

    async def _wait(self, line: "deque[asyncio.Future[None]]") -> None:
        called = asyncio.get_running_loop().create_future()
        line.append(called)
        self._call()
        try:
            await called
        except asyncio.CancelledError:
            if called.cancelled():
                with contextlib.suppress(ValueError):  # gone if everybody before it left in the same moment
                    line.remove(called)
            elif line is self._readers:
                self._reading -= 1
            else:
                self._is_writing = False
            self._call()
            raise

    def _call(self) -> None:
        if not self._is_writing and (self._readers_next or not self._writers):
            self._let_readers_in()
        if not self._is_writing and not self._reading:
            self._let_a_writer_in()

    def _let_readers_in(self) -> None:
        self._readers_next = False
        while self._readers:
            reader = self._readers.popleft()
            if not reader.cancelled():
                self._reading += 1
                reader.set_result(None)

    def _let_a_writer_in(self) -> None:
        while self._writers and not self._is_writing:
            writer = self._writers.popleft()
            if not writer.cancelled():
                self._readers_next = self._is_writing = True
                writer.set_result(None)
