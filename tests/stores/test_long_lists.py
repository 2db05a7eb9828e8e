"""Lists of many thousand: the database answers from its indexes, and reads whole products for one page alone."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from cartage.listing import Sort
from cartage.model.filtering import parse_filter
from cartage.stores.sql import SqlStore, upgrade
from cartage.stores.sql.database import make_engine

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINE = "mer_1"
Ask = Callable[[SqlStore], Awaitable[Any]]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name a database, which is only asked how it would answer."""
    return f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('long') / Path('lists.db')}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    """Give its store."""
    await upgrade(url)
    store = SqlStore(url)
    await store.open()
    yield store
    await store.close()


def counting(words: str) -> Ask:
    """Count the products that a filter wants."""
    return lambda store: store.listing.count_products(MINE, parse_filter(words, NOW))


def ended(store: SqlStore) -> Awaitable[Any]:
    """Count the imports that ended, by the hour."""
    return store.listing.ended(MINE, NOW, 3600)


@pytest.mark.parametrize(
    "ask",
    [
        counting(""),
        counting("status:failed"),
        counting("review:needed"),
        counting("pictures:none,failed"),
        counting("site:shop.example"),
        ended,
    ],
)
async def test_counts_read_indexes_alone(store: SqlStore, url: str, ask: Ask) -> None:
    """No product and no import is read for a number above a list."""
    plans = await planned(store, url, ask)

    assert plans
    assert all("USING COVERING INDEX" in plan for plan in plans)


@pytest.mark.parametrize("sort", Sort)
async def test_sorting_carries_ids_alone(store: SqlStore, url: str, sort: Sort) -> None:
    """Whole products are looked up by the ids of one page, in whatever order."""
    (plan,) = await planned(store, url, lambda store: store.listing.products(MINE, sort=sort))

    assert "SEARCH products USING INDEX sqlite_autoindex_products_1 (id=?)" in plan
    assert "SCAN products" not in plan


async def test_a_batchs_rate_is_found_by_its_imports(store: SqlStore, url: str) -> None:
    """Other imports are not looked at."""
    (plan,) = await planned(store, url, lambda store: store.batches.ended_since("bat_1", NOW))

    assert "(batch_id=? AND finished_at>?)" in plan


async def planned(store: SqlStore, url: str, ask: Ask) -> list[str]:
    """Ask, and give how the database finds the answers."""
    asked: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        asked.append((told[2], told[3]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await ask(store)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    engine = make_engine(url)
    async with engine.connect() as connection:
        plans = [
            await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", given)
            for each, given in asked
            if each.startswith("SELECT")
        ]
        told = [" | ".join(str(row.detail) for row in plan) for plan in plans]
    await engine.dispose()
    return told
