"""A world of a test on a thread and a loop of its own, for tests that wait for a process or a browser."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

T = TypeVar("T")
READY_SECONDS = 120


@contextlib.contextmanager
def beside(world: Callable[[asyncio.AbstractEventLoop], AbstractAsyncContextManager[T]]) -> Generator[T]:
    """Run what `world` makes until the block ends, and give it."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    made: list[T] = []

    async def serve() -> None:
        async with world(loop) as running:
            made.append(running)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(READY_SECONDS)
    try:
        yield made[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
