"""SQLite and Postgres, from one schema and one set of migrations."""

from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from cartage.model.errors import SchemaOutdated
from cartage.stores.sql.accounts import SqlAccounts
from cartage.stores.sql.artifacts import SqlArtifacts
from cartage.stores.sql.catalogue import SqlCatalogue
from cartage.stores.sql.database import make_engine, writing


class SqlStore:
    """Hold the three parts in one database."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)
        self.catalogue = SqlCatalogue(self._engine)
        self.accounts = SqlAccounts(self._engine)
        self.artifacts = SqlArtifacts(self._engine)

    async def open(self) -> None:
        """Check that the schema is the newest; raises `SchemaOutdated`."""
        async with self._engine.connect() as connection:
            revision = await connection.run_sync(_revision)
        newest = _scripts().get_current_head()
        if revision != newest:
            raise SchemaOutdated(f"The database is at revision {revision or 'none'}, the program needs {newest}.")

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


async def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database's schema to a revision, making the database where there is none."""
    engine = make_engine(url)
    try:
        async with writing(engine) as connection:
            await connection.run_sync(lambda sync: command.upgrade(_config(sync), revision))
    finally:
        await engine.dispose()


async def downgrade(url: str, revision: str) -> None:
    """Take a database's schema back to an earlier revision."""
    engine = make_engine(url)
    try:
        async with writing(engine) as connection:
            await connection.run_sync(lambda sync: command.downgrade(_config(sync), revision))
    finally:
        await engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("cartage.stores.sql") / "migrations"))
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
