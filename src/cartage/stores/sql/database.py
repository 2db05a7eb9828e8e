"""The connection to SQLite or Postgres, and the few things in which they differ."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, RowMapping, Select, Table, create_engine, event, make_url, text
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from cartage.model.errors import DatabaseUnreachable
from cartage.stores.sql.driver import Connection as Driven
from cartage.stores.sql.line import Line

BUSY_TIMEOUT_MS = 5000
# A cache that spills locks readers out long before the commit. A journal that stays where it is, instead of being made
# and deleted by each commit, makes commits a third faster.
PRAGMAS = (f"busy_timeout={BUSY_TIMEOUT_MS}", "synchronous=FULL", "foreign_keys=ON", "cache_spill=OFF")
LARGEST_JOURNAL_LEFT = 4 * 1024 * 1024
POOL_SIZE = 10
SCHEMA_KEY = 0x63617274  # any number that only Cartage's migrations lock
LINES: WeakKeyDictionary[Engine, Line] = WeakKeyDictionary()
GLANCES: WeakKeyDictionary[Engine, Connection] = WeakKeyDictionary()
READERS: WeakKeyDictionary[Engine, set[asyncio.Future[Any]]] = WeakKeyDictionary()
AT_ONCE = contextlib.nullcontext()
DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "sqlite": "sqlite+aiosqlite"}


def make_engine(url: str) -> AsyncEngine:
    """Make an engine for a database's address; a SQLite file's folder is made where it is missing."""
    address = _driven(make_url(url))
    if address.get_backend_name() != "sqlite":
        engine = create_async_engine(address, pool_pre_ping=True, pool_size=POOL_SIZE, max_overflow=POOL_SIZE)
        event.listen(engine.sync_engine, "before_cursor_execute", _without_nul, retval=True)
        event.listen(engine.sync_engine, "handle_error", _tell_of_loss)
        return engine
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(address, connect_args={"async_creator_fn": Driven})
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def inserting(engine: AsyncEngine) -> Callable[[Table], Any]:
    """Give the INSERT of an engine's database, which knows `ON CONFLICT`."""
    return postgres_insert if engine.dialect.name == "postgresql" else sqlite_insert


async def read(engine: AsyncEngine, query: Select[*tuple[Any, ...]], **parameters: Any) -> Sequence[RowMapping]:
    """Give the rows of a query with these parameters.

    The reading ends even when whoever asked goes away in the middle of it: SQLAlchemy cannot close a connection that
    is cancelled again and again, as a stream's end does it. The connection would stay, and with it a lock that keeps
    every writer out.
    """
    reading = asyncio.ensure_future(_rows(engine, query, parameters))
    under_way = READERS.setdefault(engine.sync_engine, set())
    under_way.add(reading)
    reading.add_done_callback(under_way.discard)
    return await asyncio.shield(reading)


async def glance(engine: AsyncEngine, query: Select[*tuple[Any, ...]], **parameters: Any) -> Sequence[RowMapping]:
    """Give the rows of a query that takes no time, such as one by key.

    From a SQLite file they are read on the loop's own thread: the way to another thread and back takes many times as
    long. Where another process commits in this moment, they are read as all others.
    """
    if not (_is_file(engine) and engine.url.database):
        return await read(engine, query, **parameters)
    await turn_to_read(engine)
    try:
        return _glances(engine).execute(query, parameters).mappings().all()
    except OperationalError:
        return await read(engine, query, **parameters)


async def turn_to_read(engine: AsyncEngine) -> None:
    """Wait until a reading would begin at once."""
    if _stands_in_line(engine):
        await _line(engine).turn()


async def let_go(engine: AsyncEngine) -> None:
    """Close all connections, once the readings that nobody waits for any more have ended."""
    if left := READERS.get(engine.sync_engine):
        await asyncio.wait(left, timeout=BUSY_TIMEOUT_MS / 1000)
    if glances := GLANCES.pop(engine.sync_engine, None):
        glances.close()
        glances.engine.dispose()
    await engine.dispose()


@contextlib.asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Give a connection in a transaction that will write."""
    line = _line(engine) if _is_file(engine) else None
    async with line.writing() if line else AT_ONCE, engine.connect() as connection:
        await connection.execution_options(cartage_writes=True)
        async with connection.begin():
            yield connection
            if line:
                await line.commit()


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Tell whether this SQLite has the fix for the WAL-reset race (https://sqlite.org/wal.html#walresetbug)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


@contextlib.asynccontextmanager
async def reached() -> AsyncGenerator[None]:
    """Say in one sentence that the database cannot be reached; raises `DatabaseUnreachable`."""
    try:
        yield
    except (OperationalError, OSError) as error:
        raise _unreachable(getattr(error, "orig", error)) from error


async def alone(connection: AsyncConnection) -> None:
    """Wait until no other process changes the schema, until this transaction ends."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SCHEMA_KEY})


async def in_turn(connection: AsyncConnection, merchant_id: str) -> None:
    """Let a merchant's events be committed in the order of their numbers, until this transaction ends.

    Postgres hands out a sequence's numbers before the commit; without a turn a reader that has seen number 8
    would never see 7. SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:who, 0))"), {"who": merchant_id})


def _is_file(engine: AsyncEngine) -> bool:
    return engine.dialect.name == "sqlite"


def _glances(engine: AsyncEngine) -> Connection:
    """Give the connection for glances, which stays open: taking one from a pool takes as long as the glance."""
    if engine.sync_engine not in GLANCES:
        impatient = {"timeout": 0, "check_same_thread": False}
        address = engine.url.set(drivername="sqlite")
        GLANCES[engine.sync_engine] = create_engine(
            address, connect_args=impatient, isolation_level="AUTOCOMMIT"
        ).connect()
    return GLANCES[engine.sync_engine]


def _stands_in_line(engine: AsyncEngine) -> bool:
    return _is_file(engine) and not wal_is_safe(sqlite3.sqlite_version_info[:3])


def _line(engine: AsyncEngine) -> Line:
    """Give the line in which users of a SQLite file stand within this process.

    Those that wait inside SQLite sleep and try again, so that under load the unlucky wait for a second. With WAL
    only writers have to wait, without it readers too, for commits.
    """
    return LINES.setdefault(engine.sync_engine, Line())


async def _rows(
    engine: AsyncEngine, query: Select[*tuple[Any, ...]], parameters: Mapping[str, Any]
) -> Sequence[RowMapping]:
    async with _line(engine).reading() if _stands_in_line(engine) else AT_ONCE, engine.connect() as connection:
        return (await connection.execute(query, parameters)).mappings().all()


def _tell_of_loss(context: Any) -> DatabaseUnreachable | None:
    lost = context.is_disconnect or isinstance(context.sqlalchemy_exception, OperationalError)
    return _unreachable(context.original_exception) if lost else None


def _unreachable(error: BaseException) -> DatabaseUnreachable:
    reason = str(error).strip().splitlines()
    return DatabaseUnreachable(f"The database does not answer: {reason[0] if reason else type(error).__name__}.")


def _driven(address: URL) -> URL:
    return address.set(drivername=DRIVERS.get(address.drivername, address.drivername))


def _without_nul(_: object, __: object, statement: str, parameters: Any, *___: object) -> tuple[str, Any]:
    # Postgres refuses the character NUL in a text, which pages and addresses of strangers may hold.
    return statement, _clean(parameters)


def _clean(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\0", "")
        case dict():
            return {name: _clean(entry) for name, entry in cast("dict[str, Any]", value).items()}
        case list() | tuple():
            return [_clean(entry) for entry in cast("list[Any]", value)]
        case _:
            return value


def _prepare(connection: Any, _: object) -> None:
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info[:3]) else "PERSIST"
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (*PRAGMAS, f"journal_mode={journal}", f"journal_size_limit={LARGEST_JOURNAL_LEFT}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A reading is one statement, and needs no transaction. A deferred one that reads and then writes fails at once
    # instead of waiting its turn.
    if connection.get_execution_options().get("cartage_writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
