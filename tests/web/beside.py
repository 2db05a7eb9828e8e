"""The pages on loopback, over a store in memory, on a thread of their own: for tests that hold a browser."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from playwright._impl._api_structures import SetCookieParam

from cartage.web import WebOptions
from tests.beside import beside
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


def pages_beside(options: WebOptions | None = None) -> AbstractContextManager[Beside]:
    """Serve the pages until the block ends, with nothing behind them but two people."""
    shared = house()
    server = make_server(shared.imports, shared.accounts, options) if options else shared.server

    @asynccontextmanager
    async def served(loop: asyncio.AbstractEventLoop) -> AsyncGenerator[Beside]:
        async with fresh_web() as web, serving(server) as port:
            yield Beside(f"http://127.0.0.1:{port}", web, loop)

    return beside(served)
