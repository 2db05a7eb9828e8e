"""The driver for SQLite: aiosqlite, but a statement is one way to its thread and back, where SQLAlchemy makes four.

Each way there waits for the interpreter's lock: under load that is most of what a small query costs.
"""

import functools
import sqlite3
from collections.abc import Iterable
from typing import Any

import aiosqlite

FETCHED_AT_ONCE = 64


class Cursor(aiosqlite.Cursor):
    """Run a statement and fetch all its rows in one go."""

    def __init__(self, connection: aiosqlite.Connection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "Cursor":
        """Run a statement, and keep its rows."""
        self._rows = await self._execute(self._fetched, sql, parameters or ())  # pyright: ignore[reportUnknownMemberType]
        return self

    async def fetchall(self) -> list[Any]:
        """Give the rows that were kept."""
        return self._rows

    async def close(self) -> None:
        """Close the cursor, whose rows are all fetched."""
        self._cursor.close()

    def _fetched(self, sql: str, parameters: Any) -> list[Any]:
        return self._cursor.execute(sql, parameters).fetchall()


class Connection(aiosqlite.Connection):
    """Be a connection whose thread ends with the program, at the latest."""

    def __init__(self, *address: Any, **options: Any) -> None:
        super().__init__(functools.partial(sqlite3.connect, *address, **options), FETCHED_AT_ONCE)
        self._thread.daemon = True

    def cursor(self) -> Cursor:  # pyright: ignore[reportIncompatibleMethodOverride] - a cursor enters by itself, too
        """Make a cursor."""
        return Cursor(self, self._conn.cursor())

    async def rollback(self) -> None:
        """Take a transaction back, where there is one."""
        if self.in_transaction:
            await super().rollback()
