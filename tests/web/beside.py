"""The pages on loopback, over a store in memory, on a thread of their own: for tests that hold a browser."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from playwright._impl._api_structures import SetCookieParam

from cartage.web import WebOptions
from tests.serving import serving
from tests.web.conftest import Person, Web, fresh_web, house, make_server

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Beside:
    """Say where the pages are and what is behind them, and do work where they are served."""

    url: str
    web: Web
    loop: asyncio.AbstractEventLoop

    @property
    def session(self) -> SetCookieParam:
        """Give my cookie as a browser is given it."""
        return self.session_of(self.web.mine)

    def session_of(self, person: Person) -> SetCookieParam:
        """Give a person's cookie as a browser is given it."""
        return {"name": "cartage_session", "value": person.client.cookies["cartage_session"], "url": self.url}

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work on the thread that serves the pages, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()


@contextlib.contextmanager
def pages_beside(options: WebOptions | None = None) -> Generator[Beside]:
    """Serve the pages until the block ends, with nothing behind them but two people."""
    shared = house()
    server = make_server(shared.imports, shared.accounts, options) if options else shared.server
    loop, over, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    made: list[Beside] = []

    async def serve() -> None:
        async with fresh_web() as web, serving(server) as port:
            made.append(Beside(f"http://127.0.0.1:{port}", web, loop))
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield made[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
