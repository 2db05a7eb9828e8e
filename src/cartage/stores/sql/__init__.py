"""SQLite and Postgres, from one schema and one set of migrations."""

import functools
from collections.abc import Awaitable, Callable
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.model.errors import InvalidInput, SchemaOutdated, SchemaTooNew
from cartage.stores.sql.accounts import SqlAccounts
from cartage.stores.sql.artifacts import SqlArtifacts
from cartage.stores.sql.batches import SqlBatches
from cartage.stores.sql.bulk import SqlBulk
from cartage.stores.sql.catalogue import SqlCatalogue
from cartage.stores.sql.database import alone, let_go, make_engine, reached, writing
from cartage.stores.sql.enhancement import SqlEnhancements
from cartage.stores.sql.gallery import SqlGallery
from cartage.stores.sql.listing import SqlListing
from cartage.stores.sql.postbox import SqlPostbox
from cartage.stores.sql.replies import SqlReplies
from cartage.stores.sql.selling import SqlSelling
from cartage.stores.sql.spending import SqlSpending
from cartage.stores.sql.turns import SqlTurns
from cartage.stores.sql.upkeep import SqlUpkeep
from cartage.stores.sql.workers import SqlWorkers

Migration = Callable[[str, str], Awaitable[None]]


class SqlStore:
    """Hold the parts in one database."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)
        self.catalogue = SqlCatalogue(self._engine)
        self.accounts = SqlAccounts(self._engine)
        self.batches = SqlBatches(self._engine)
        self.spending = SqlSpending(self._engine)
        self.postbox = SqlPostbox(self._engine)
        self.enhancements = SqlEnhancements(self._engine)
        self.upkeep = SqlUpkeep(self._engine)
        self.listing = SqlListing(self._engine)
        self.selling = SqlSelling(self._engine)
        self.turns = SqlTurns(self._engine)
        self.replies = SqlReplies(self._engine)
        self.gallery = SqlGallery(self._engine)
        self.artifacts = SqlArtifacts(self._engine)
        self.bulk = SqlBulk(self._engine)
        self.workers = SqlWorkers(self._engine)

    async def open(self) -> None:
        """Check that the schema is the newest; raises `DatabaseUnreachable`, `SchemaOutdated` or `SchemaTooNew`."""
        try:
            await self.check()
        except BaseException:
            await self.close()
            raise

    async def check(self) -> str:
        """Ask the database for its schema's revision; raises as `open` does."""
        revision = await _present(self._engine)
        scripts = _scripts()
        newest = scripts.get_current_head()
        if revision and revision == newest:
            return revision
        known = {script.revision for script in scripts.walk_revisions()}
        detail = f"The database is at revision {revision or 'none'}, the program needs {newest}."
        raise SchemaOutdated(detail) if revision is None or revision in known else SchemaTooNew(detail)

    async def close(self) -> None:
        """Close all connections."""
        await let_go(self._engine)


async def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database's schema to a revision; a SQLite file is made where there is none."""
    await _migrate(url, lambda connection: command.upgrade(_config(connection), revision))


async def downgrade(url: str, revision: str) -> None:
    """Take a database's schema back to an earlier revision."""
    await _migrate(url, lambda connection: command.downgrade(_config(connection), revision))


async def revisions(url: str) -> tuple[str | None, str | None]:
    """Give a database's present revision, None where it has no schema, and the program's newest."""
    engine = make_engine(url)
    try:
        return await _present(engine), _scripts().get_current_head()
    finally:
        await engine.dispose()


async def _migrate(url: str, change: Callable[[Connection], None]) -> None:
    engine = make_engine(url)
    try:
        async with reached(), writing(engine) as connection:
            await alone(connection)
            await connection.run_sync(change)
    except CommandError as error:
        raise InvalidInput(f"The schema cannot go there: {error}.") from error
    finally:
        await engine.dispose()


async def _present(engine: AsyncEngine) -> str | None:
    async with reached(), engine.connect() as connection:
        return await connection.run_sync(_revision)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("cartage.stores.sql") / "migrations"))
    config.attributes["connection"] = connection
    return config


@functools.cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
