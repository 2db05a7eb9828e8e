"""A running Cartage with the demo shop, on free ports of loopback, in a thread of its own."""

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from cartage.app import build
from cartage.demo import create_shop
from cartage.model.access import Scope
from cartage.model.merchant import Merchant
from cartage.server import create_server
from cartage.settings import read_settings
from cartage.stores.sql import upgrade
from tests.contracts.records import kept_merchant
from tests.serving import serving


@dataclass(frozen=True, slots=True)
class Running:
    """Say where Cartage and the demo shop are, the tokens, and which folder has the data."""

    url: str
    token: str
    reading: str
    shop: str
    merchant: Merchant
    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """Give the settings with which commands talk to it."""
        return {"CARTAGE_URL": self.url, "CARTAGE_TOKEN": self.token}

    @property
    def environment(self) -> dict[str, str]:
        """Give the whole environment of a process that talks to it."""
        return {**os.environ, **self.settings}  # noqa: TID251 - the child's


@contextlib.contextmanager
def running_cartage(folder: Path) -> Generator[Running]:
    """Run it until the end of the block."""
    ready, told = threading.Event(), list[Running]()
    loop, over = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        loop.run_until_complete(_served(folder, lambda running: (told.append(running), ready.set()), over))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(120)
    yield told[0]
    loop.call_soon_threadsafe(over.set)
    thread.join(30)
    loop.close()


async def _served(folder: Path, tell: Callable[[Running], object], over: asyncio.Event) -> None:
    async with made(folder) as running:
        tell(running)
        await over.wait()


@contextlib.asynccontextmanager
async def made(folder: Path) -> AsyncGenerator[Running]:
    """Serve both, with an engine that imports at once."""
    settings = read_settings(
        data_dir=folder / "data",
        engine="inline",
        database_url="",
        browser="off",
        pictures="off",
        host_spacing_seconds=0,
    )
    await upgrade(settings.store_url)
    async with contextlib.AsyncExitStack() as stack:
        shop_port = await stack.enter_async_context(serving(create_shop()))
        installation = build(settings, shop_address=("127.0.0.1", shop_port))
        app = await stack.enter_async_context(installation.running())
        merchant = await kept_merchant(app.store)
        _, token = await app.accounts.create_token(merchant.id, "terminal")
        _, reading = await app.accounts.create_token(merchant.id, "reads", (Scope.READ,))
        port = await stack.enter_async_context(serving(create_server(app)))
        yield Running(f"http://127.0.0.1:{port}", token, reading, f"http://127.0.0.1:{shop_port}", merchant, folder)
