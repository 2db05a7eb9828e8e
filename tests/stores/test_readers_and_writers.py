"""Readers and writers of a SQLite file do not keep each other out for longer than they must."""

import asyncio
import gc
from pathlib import Path
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, select

from cartage.model.ids import new_id
from cartage.model.merchant import Merchant
from cartage.stores.sql import SqlStore, upgrade
from cartage.stores.sql.database import let_go, make_engine, read, writing
from tests.contracts.records import NOON


async def test_a_reader_that_leaves_keeps_nobody_from_writing(tmp_path: Path) -> None:
    """However often a reading is cancelled, the next write goes through, and nothing is left to complain."""
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    url = f"sqlite+aiosqlite:///{tmp_path / 'cartage.db'}"
    await upgrade(url)
    store = SqlStore(url)
    merchant = Merchant(id=new_id("mer"), name="Mine", created_at=NOON)
    await store.accounts.add_merchant(merchant)

    for pauses in range(40):
        await leave_in_the_middle(store, merchant.id, pauses)
    gc.collect()
    await asyncio.wait_for(store.accounts.add_merchant(merchant.model_copy(update={"id": new_id("mer")})), 60)

    assert len(await store.accounts.merchants()) == 2
    await store.close()
    assert complaints == []


async def test_a_large_write_lets_others_read_until_it_commits(tmp_path: Path) -> None:
    """However much a transaction writes, readers see what was there before, at once."""
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'cartage.db'}")
    pages = Table("pages", MetaData(), Column("html", String))
    async with writing(engine) as connection:
        await connection.run_sync(pages.create)

    async with writing(engine) as connection:
        await connection.execute(pages.insert(), [{"html": "x" * 100_000}] * 100)
        seen = await asyncio.wait_for(read(engine, select(pages.c.html)), 60)
    after = await read(engine, select(pages.c.html))

    assert (len(seen), len(after)) == (0, 100)
    await let_go(engine)


async def leave_in_the_middle(store: SqlStore, merchant_id: str, pauses: int) -> None:
    """Cancel a reading after some turns of the loop, again and again, as the end of a stream does."""
    reading = asyncio.ensure_future(store.catalogue.events(merchant_id))
    for _ in range(pauses):
        await asyncio.sleep(0)
    while not reading.done():
        reading.cancel()
        await asyncio.sleep(0)
