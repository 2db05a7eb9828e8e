"""SQLite and Postgres, from one schema and one set of migrations."""

from collections.abc import Awaitable, Callable

from cartage.model.errors import SchemaOutdated, SchemaTooNew
from cartage.stores.sql.accounts import SqlAccounts
from cartage.stores.sql.artifacts import SqlArtifacts
from cartage.stores.sql.batches import SqlBatches
from cartage.stores.sql.bulk import SqlBulk
from cartage.stores.sql.catalogue import SqlCatalogue
from cartage.stores.sql.database import let_go, make_engine
from cartage.stores.sql.enhancement import SqlEnhancements
from cartage.stores.sql.feeds import SqlFeeds
from cartage.stores.sql.gallery import SqlGallery
from cartage.stores.sql.listing import SqlListing
from cartage.stores.sql.pauses import SqlPauses
from cartage.stores.sql.postbox import SqlPostbox
from cartage.stores.sql.present import known_revisions, present_revision
from cartage.stores.sql.replies import SqlReplies
from cartage.stores.sql.selling import SqlSelling
from cartage.stores.sql.spending import SqlSpending
from cartage.stores.sql.turns import SqlTurns
from cartage.stores.sql.upkeep import SqlUpkeep
from cartage.stores.sql.workers import SqlWorkers

HEAD = "head"
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
        self.feeds = SqlFeeds(self._engine)
        self.turns = SqlTurns(self._engine)
        self.replies = SqlReplies(self._engine)
        self.gallery = SqlGallery(self._engine)
        self.artifacts = SqlArtifacts(self._engine)
        self.bulk = SqlBulk(self._engine)
        self.pauses = SqlPauses(self._engine)
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
        revision, known = await present_revision(self._engine), known_revisions()
        newest = known[-1]
        if revision and revision == newest:
            return revision
        detail = f"The database is at revision {revision or 'none'}, the program needs {newest}."
        raise SchemaOutdated(detail) if revision is None or revision in known else SchemaTooNew(detail)

    async def close(self) -> None:
        """Close all connections."""
        await let_go(self._engine)


async def upgrade(url: str, revision: str = HEAD) -> None:
    """Bring a database's schema to a revision; a SQLite file is made where there is none.

    Raises `DatabaseUnreachable`, and `DatabaseUpgradeFailed` where a step fails; the database then is as it was.
    """
    if revision == HEAD and await _is_newest(url):
        return
    from cartage.stores.sql.migrating import migrate_up

    await migrate_up(url, revision)


async def downgrade(url: str, revision: str) -> None:
    """Take a database's schema back to an earlier revision."""
    from cartage.stores.sql.migrating import migrate_down

    await migrate_down(url, revision)


async def revisions(url: str) -> tuple[str | None, str | None]:
    """Give a database's present revision, None where it has no schema, and the program's newest."""
    engine = make_engine(url)
    try:
        return await present_revision(engine), known_revisions()[-1]
    finally:
        await engine.dispose()


async def _is_newest(url: str) -> bool:
    present, newest = await revisions(url)
    return present == newest
