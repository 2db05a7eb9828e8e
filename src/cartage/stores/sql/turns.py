"""Turns at sites in the database, each taken by one guarded statement."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Float, String, Table, Text, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cartage.fetching.turns import Turn
from cartage.model.spacing import Spacing
from cartage.stores.sql.database import glance, inserting, writing
from cartage.stores.sql.rows import row_of, value_of
from cartage.stores.sql.tables import MOMENT, host_turns, schema

NOBODY = ""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

site_spacings = Table(
    "site_spacings",
    schema,
    Column("site", String(255), primary_key=True),
    Column("seconds", Float, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", MOMENT, nullable=False),
)


class SqlTurns:
    """Keep whose turn it is at each site, for every process that shares the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = inserting(engine)

    async def take(self, site: str, holder: str, now: datetime, until: datetime) -> Turn:
        """Take a site's turn, unless it is another's or the site rests; its own spacing comes in the same answer."""
        table = host_turns.c
        new = {"holder": holder, "held_until": until}
        taking = self._insert(host_turns).values(site=site, free_at=LONG_AGO, spaced_until=LONG_AGO, **new)
        guarded = taking.on_conflict_do_update(
            index_elements=["site"],
            set_=new,
            where=(table.free_at <= now) & (table.spaced_until <= now) & (table.held_until <= now),
        )
        own = select(site_spacings.c.seconds).where(site_spacings.c.site == site).scalar_subquery()
        async with writing(self._engine) as connection:
            taken = (await connection.execute(guarded.returning(own.label("spacing")))).first()
            if taken is not None:
                return Turn(spacing_seconds=taken.spacing)
            busy = select(table.free_at, table.spaced_until).where(table.site == site)
            moments = (await connection.execute(busy)).first() or (LONG_AGO,)
        return Turn(free_at=max(map(_in_utc, moments)))

    async def give_back(self, site: str, holder: str, free_at: datetime) -> None:
        """End the holder's turn."""
        giving = update(host_turns).where(host_turns.c.site == site, host_turns.c.holder == holder)
        async with writing(self._engine) as connection:
            await connection.execute(giving.values(holder=NOBODY, held_until=LONG_AGO, spaced_until=free_at))

    async def rest(self, site: str, until: datetime) -> None:
        """Let nobody begin a turn before a moment."""
        new = {"holder": NOBODY, "held_until": LONG_AGO, "spaced_until": LONG_AGO}
        resting = self._insert(host_turns).values(site=site, free_at=until, **new)
        guarded = resting.on_conflict_do_update(
            index_elements=["site"], set_={"free_at": until}, where=host_turns.c.free_at < until
        )
        async with writing(self._engine) as connection:
            await connection.execute(guarded)

    async def spacings(self) -> Sequence[Spacing]:
        """List the sites that have a time of their own between visits."""
        found = await glance(self._engine, select(site_spacings).order_by(site_spacings.c.site))
        return [value_of(Spacing, row) for row in found]

    async def space(self, spacing: Spacing) -> None:
        """Give a site a time of its own between visits."""
        row = row_of(spacing)
        keeping = self._insert(site_spacings).values(row).on_conflict_do_update(index_elements=["site"], set_=row)
        async with writing(self._engine) as connection:
            await connection.execute(keeping)
            await _cut_down(connection, spacing.site, spacing.set_at + timedelta(seconds=spacing.seconds))

    async def unspace(self, site: str, now: datetime) -> bool:
        """Let a site have the usual time again."""
        async with writing(self._engine) as connection:
            gone = await connection.execute(delete(site_spacings).where(site_spacings.c.site == site))
            await _cut_down(connection, site, now)
        return gone.rowcount == 1


async def _cut_down(connection: AsyncConnection, site: str, until: datetime) -> None:
    longer = (host_turns.c.site == site) & (host_turns.c.spaced_until > until)
    await connection.execute(update(host_turns).where(longer).values(spaced_until=until))


def _in_utc(moment: datetime) -> datetime:
    # SQLite forgets the zone, and every moment was written in UTC; Postgres gives its session's zone.
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
