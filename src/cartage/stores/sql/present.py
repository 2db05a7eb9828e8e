"""Which revision a database has, and which there are; found without the machinery that migrates."""

import functools
from collections.abc import Sequence
from importlib import resources

from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.stores.sql.database import reached

VERSION = table("alembic_version", column("version_num"))
DIGITS = 4


@functools.cache
def known_revisions() -> Sequence[str]:
    """List the program's revisions, oldest first, by the names of their files."""
    files = (resources.files("cartage.stores.sql") / "migrations" / "versions").iterdir()
    return sorted(file.name[:DIGITS] for file in files if file.name[:DIGITS].isdigit())


async def present_revision(engine: AsyncEngine) -> str | None:
    """Give a database's revision, None where it has no schema; raises `DatabaseUnreachable`."""
    async with reached(), engine.connect() as connection:
        return await connection.run_sync(_revision)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION.name):
        return None
    return connection.scalar(select(VERSION.c.version_num))
