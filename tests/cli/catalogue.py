"""A catalogue to run commands on: the store in a folder's data, with one merchant."""

import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

from cartage.stores.sql import SqlStore, upgrade
from tests.contracts.records import kept_merchant


@contextlib.asynccontextmanager
async def new_catalogue(folder: Path) -> AsyncGenerator[tuple[SqlStore, str]]:
    """Give the open store of a new catalogue in a folder, and its merchant's id, to be filled within the block."""
    url = f"sqlite+aiosqlite:///{folder / 'data' / 'cartage.db'}"
    await upgrade(url)
    store = SqlStore(url)
    await store.open()
    try:
        yield store, (await kept_merchant(store)).id
    finally:
        await store.close()
