"""The stand-in for language models on a thread of its own, for tests that wait for a process or a browser."""

import asyncio
import contextlib
import threading
from collections.abc import Generator

from tests.language_models.stand_in import Mind, StandIn, running_stand_in


@contextlib.contextmanager
def stand_in_beside(mind: Mind) -> Generator[StandIn]:
    """Run a stand-in until the block ends."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    made: list[StandIn] = []

    async def serve() -> None:
        async with running_stand_in(mind) as stand_in:
            made.append(stand_in)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield made[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
