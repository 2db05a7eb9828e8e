"""Every implementation of a contract, in turn."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from cartage.store import Store
from cartage.stores.memory import MemoryStore
from cartage.stores.sql import SqlStore
from tests.contracts.records import kept_merchant


async def make_store(kind: str, folder: Path, request: pytest.FixtureRequest) -> Store:
    """Make an empty store of a kind."""
    if kind == "memory":
        return MemoryStore()
    if kind == "postgres":
        return SqlStore(request.getfixturevalue("migrated_postgres_url"))
    file = shutil.copy(request.getfixturevalue("migrated_sqlite"), folder / "store.db")
    return SqlStore(f"sqlite+aiosqlite:///{file}")


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Store]:
    """Give each store in turn, empty and open."""
    made = await make_store(request.param, tmp_path, request)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def mine(store: Store) -> str:
    """Give the id of a merchant."""
    return (await kept_merchant(store, "Mine")).id


@pytest.fixture
async def theirs(store: Store) -> str:
    """Give the id of another merchant."""
    return (await kept_merchant(store, "Theirs")).id
