"""Pauses in the database, and what of the imports they hold."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, String, Table, Text, delete, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.model.catalogue import Import, ImportState
from cartage.model.pause import Pause
from cartage.stores.sql.database import glance, inserting, writing
from cartage.stores.sql.rows import row_of, value_of
from cartage.stores.sql.tables import MOMENT, imports, products, schema

UNDER_WAY = (ImportState.QUEUED.value, ImportState.RUNNING.value)

pauses = Table(
    "pauses",
    schema,
    Column("merchant_id", String(40), primary_key=True),
    Column("site", String(255), primary_key=True),
    Column("paused_by", Text, nullable=False),
    Column("paused_at", MOMENT, nullable=False),
)
QUEUED = imports.c.state == ImportState.QUEUED.value


class SqlPauses:
    """Keep what merchants paused."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = inserting(engine)

    async def pauses(self, merchant_id: str) -> Sequence[Pause]:
        """List a merchant's pauses."""
        own = select(pauses).where(pauses.c.merchant_id == merchant_id).order_by(pauses.c.site)
        return [value_of(Pause, row) for row in await glance(self._engine, own)]

    async def count(self) -> int:
        """Count everybody's pauses."""
        return (await glance(self._engine, select(func.count().label("pauses")).select_from(pauses)))[0]["pauses"]

    async def pause(self, pause: Pause) -> Pause:
        """Write a pause, unless it is there already."""
        async with writing(self._engine) as connection:
            await connection.execute(self._insert(pauses).values(row_of(pause)).on_conflict_do_nothing())
            own = select(pauses).where(_own(pause.merchant_id, pause.site))
            return value_of(Pause, (await connection.execute(own)).mappings().one())

    async def resume(self, merchant_id: str, site: str) -> Pause | None:
        """Take a pause away."""
        ending = delete(pauses).where(_own(merchant_id, site)).returning(*pauses.c)
        async with writing(self._engine) as connection:
            row = (await connection.execute(ending)).mappings().first()
        return value_of(Pause, row) if row else None

    async def held_merchants(self) -> Sequence[str]:
        """Name the merchants that have held imports."""
        query = select(imports.c.merchant_id).where(imports.c.held, QUEUED).distinct()
        return [row["merchant_id"] for row in await glance(self._engine, query)]

    async def count_held(self) -> int:
        """Count everybody's held imports."""
        query = select(func.count().label("imports")).select_from(imports).where(imports.c.held, QUEUED)
        return (await glance(self._engine, query))[0]["imports"]

    async def under_way(self, merchant_id: str) -> int:
        """Count a merchant's released imports that are not over."""
        own = (imports.c.merchant_id == merchant_id) & imports.c.state.in_(UNDER_WAY)
        query = select(func.count().label("imports")).where(own, imports.c.released_at.is_not(None), ~imports.c.held)
        return (await glance(self._engine, query))[0]["imports"]

    async def release(self, merchant_id: str, at: datetime, most: int) -> Sequence[Import]:
        """Hold imports no longer, each guarded by its being held."""
        held = (imports.c.merchant_id == merchant_id) & imports.c.held & QUEUED
        oldest = select(imports.c.id).where(held, ~is_paused()).order_by(imports.c.id).limit(most)
        if not await glance(self._engine, oldest):
            return []
        releasing = update(imports).where(held, imports.c.id.in_(oldest.scalar_subquery()))
        async with writing(self._engine) as connection:
            released = await connection.execute(releasing.values(held=False, released_at=at).returning(*imports.c))
            rows = released.mappings().all()
        return sorted((value_of(Import, row) for row in rows), key=lambda import_: import_.id)


def is_paused() -> ColumnElement[bool]:
    """Ask of an import whether its merchant paused it, or its site."""
    own = products.alias("own")  # which no query around it joins
    site = select(own.c.site).where(own.c.id == imports.c.product_id).correlate(imports).scalar_subquery()
    ending = literal("%.") + func.replace(pauses.c.site, "_", "\\_")
    holds = or_(pauses.c.site == "", pauses.c.site == site, site.like(ending, escape="\\"))
    return exists(select(pauses.c.site).where(pauses.c.merchant_id == imports.c.merchant_id, holds))


def _own(merchant_id: str, site: str) -> ColumnElement[bool]:
    return (pauses.c.merchant_id == merchant_id) & (pauses.c.site == site)
