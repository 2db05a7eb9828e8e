"""Turns at sites in the database, each taken by one guarded statement."""

from datetime import UTC, datetime

from sqlalchemy import case, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.stores.sql.database import inserting, writing
from cartage.stores.sql.tables import host_turns

NOBODY = ""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class SqlTurns:
    """Keep whose turn it is at each site, for every process that shares the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = inserting(engine)

    async def take(self, site: str, holder: str, now: datetime, until: datetime) -> datetime | None:
        """Take a site's turn, unless it is another's or the site rests."""
        table = host_turns.c
        taking = self._insert(host_turns).values(site=site, holder=holder, held_until=until, free_at=LONG_AGO)
        guarded = taking.on_conflict_do_update(
            index_elements=["site"],
            set_={"holder": holder, "held_until": until},
            where=(table.free_at <= now) & (table.held_until <= now),
        )
        async with writing(self._engine) as connection:
            if await connection.scalar(guarded.returning(table.holder)) is not None:
                return None
            free_at = await connection.scalar(select(table.free_at).where(table.site == site))
        return _in_utc(free_at or LONG_AGO)

    async def give_back(self, site: str, holder: str, free_at: datetime) -> None:
        """End the holder's turn."""
        table = host_turns.c
        later = case((table.free_at < free_at, free_at), else_=table.free_at)
        giving = update(host_turns).where(table.site == site, table.holder == holder)
        async with writing(self._engine) as connection:
            await connection.execute(giving.values(holder=NOBODY, held_until=LONG_AGO, free_at=later))

    async def rest(self, site: str, until: datetime) -> None:
        """Let nobody begin a turn before a moment."""
        resting = self._insert(host_turns).values(site=site, holder=NOBODY, held_until=LONG_AGO, free_at=until)
        guarded = resting.on_conflict_do_update(
            index_elements=["site"], set_={"free_at": until}, where=host_turns.c.free_at < until
        )
        async with writing(self._engine) as connection:
            await connection.execute(guarded)


def _in_utc(moment: datetime) -> datetime:
    # SQLite forgets the zone, and every moment was written in UTC; Postgres gives its session's zone.
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
