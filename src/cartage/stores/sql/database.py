"""The connection to SQLite or Postgres, and the few things in which they differ."""

import contextlib
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

BUSY_TIMEOUT_MS = 5000


def make_engine(url: str) -> AsyncEngine:
    """Make an engine for a database's address; a SQLite file's folder is made where it is missing."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_async_engine(address, pool_pre_ping=True)
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(address)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


@contextlib.asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Give a connection in a transaction that will write."""
    async with engine.connect() as connection:
        await connection.execution_options(cartage_writes=True)
        async with connection.begin():
            yield connection


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Tell whether this SQLite has the fix for the WAL-reset race (https://sqlite.org/wal.html#walresetbug)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def _prepare(connection: Any, _: object) -> None:
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info[:3]) else "DELETE"
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", f"journal_mode={journal}", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once instead of waiting its turn.
    writes = connection.get_execution_options().get("cartage_writes")
    connection.execute(text("BEGIN IMMEDIATE" if writes else "BEGIN"))
