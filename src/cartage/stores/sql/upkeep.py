"""Schedules, planned refreshes and what they saw, in the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cartage.model.catalogue import ImportState, Status
from cartage.model.product import Value
from cartage.model.refresh_policy import AS_EVER, RefreshPolicy
from cartage.model.upkeep import Due, Retention, Schedule, Sighting, Swept, is_news
from cartage.stores.sql.conditions import of_site
from cartage.stores.sql.database import read, writing
from cartage.stores.sql.rows import row_of, value_of
from cartage.stores.sql.tables import artifacts, events, imports, preferences, product_history, products, schedules

UNDER_WAY = (ImportState.QUEUED.value, ImportState.RUNNING.value)
RETENTION = "retention"
POLICY = "refresh_policy"
SETTLED = (products.c.status != Status.IMPORTING.value) & products.c.archived_at.is_(None)


class SqlUpkeep:
    """Keep schedules, planned refreshes and what they saw."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def schedules(self, merchant_id: str = "") -> Sequence[Schedule]:
        """List the schedules, or the one of a merchant."""
        query = select(schedules).order_by(schedules.c.merchant_id)
        if merchant_id:
            query = query.where(schedules.c.merchant_id == merchant_id)
        return [value_of(Schedule, row) for row in await read(self._engine, query)]

    async def set_schedule(self, merchant_id: str, schedule: Schedule | None) -> None:
        """Write a merchant's schedule, or remove it, and forget what was planned."""
        planned = (products.c.merchant_id == merchant_id) & products.c.refresh_at.is_not(None)
        async with writing(self._engine) as connection:
            await connection.execute(delete(schedules).where(schedules.c.merchant_id == merchant_id))
            if schedule:
                await connection.execute(insert(schedules).values(row_of(schedule)))
            await connection.execute(update(products).where(planned).values(refresh_at=None))

    async def unplanned(self, merchant_id: str, limit: int) -> Sequence[tuple[str, datetime]]:
        """List settled products with facts that nothing is planned for, and when each last changed."""
        own = (products.c.merchant_id == merchant_id) & products.c.refresh_at.is_(None)
        columns = products.c.id.label("product_id"), products.c.updated_at.label("at")
        query = select(*columns).where(own, SETTLED, products.c.facts.is_not(None)).limit(limit)
        found = [value_of(Due, row) for row in await read(self._engine, query)]
        return [(each.product_id, each.at) for each in found]

    async def plan(self, moments: Mapping[str, datetime]) -> None:
        """Write when products are to be refreshed, where they are settled and nothing is planned yet."""
        free = (products.c.id == bindparam("planned_id")) & products.c.refresh_at.is_(None)
        planning = update(products).where(free, SETTLED).values(refresh_at=bindparam("planned_at"))
        rows = [{"planned_id": product_id, "planned_at": at} for product_id, at in sorted(moments.items())]
        if rows:
            async with writing(self._engine) as connection:
                await connection.execute(planning, rows)

    async def due(self, merchant_id: str, at: datetime, limit: int, leaving: Collection[str] = ()) -> Sequence[Due]:
        """List a merchant's products whose planned moment has come, the most overdue first."""
        own = (products.c.merchant_id == merchant_id) & (products.c.refresh_at <= at)
        columns = products.c.id.label("product_id"), products.c.refresh_at.label("at")
        left = [~of_site(products.c.site, site) for site in leaving]
        query = select(*columns).where(own, SETTLED, *left).order_by(products.c.refresh_at).limit(limit)
        return [value_of(Due, row) for row in await read(self._engine, query)]

    async def refreshing(self, merchant_id: str) -> int:
        """Count a merchant's scheduled imports that are neither over nor held."""
        own = (imports.c.merchant_id == merchant_id) & imports.c.state.in_(UNDER_WAY) & ~imports.c.held
        query = select(func.count().label("imports")).where(own, imports.c.scheduled)
        return (await read(self._engine, query))[0]["imports"]

    async def history(self, merchant_id: str, product_id: str, limit: int = 100) -> Sequence[Sighting]:
        """List what was seen of a product, newest first; nothing for another merchant's."""
        seen = select(product_history).join(products, products.c.id == product_history.c.product_id)
        own = (product_history.c.product_id == product_id) & (products.c.merchant_id == merchant_id)
        query = seen.where(own).order_by(product_history.c.at.desc()).limit(limit)
        return [value_of(Sighting, row) for row in await read(self._engine, query)]

    async def retentions(self) -> Mapping[str, Retention]:
        """Give by merchant how long things are kept."""
        query = select(preferences.c.merchant_id, preferences.c.value).where(preferences.c.name == RETENTION)
        found = await read(self._engine, query)
        return {row["merchant_id"]: Retention.model_validate_json(row["value"]) for row in found}

    async def set_retention(self, merchant_id: str, retention: Retention) -> None:
        """Write how long a merchant's things are kept."""
        await self._prefer(merchant_id, RETENTION, retention)

    async def policy(self, merchant_id: str) -> RefreshPolicy:
        """Give what refreshes may change of a merchant's products."""
        own = (preferences.c.merchant_id == merchant_id) & (preferences.c.name == POLICY)
        found = await read(self._engine, select(preferences.c.value).where(own))
        return RefreshPolicy.model_validate_json(found[0]["value"]) if found else AS_EVER

    async def set_policy(self, merchant_id: str, policy: RefreshPolicy) -> None:
        """Write what refreshes may change of a merchant's products."""
        await self._prefer(merchant_id, POLICY, policy)

    async def _prefer(self, merchant_id: str, name: str, preference: Value) -> None:
        row = {"merchant_id": merchant_id, "name": name, "value": preference.model_dump_json()}
        own = (preferences.c.merchant_id == merchant_id) & (preferences.c.name == name)
        async with writing(self._engine) as connection:
            await connection.execute(delete(preferences).where(own))
            await connection.execute(insert(preferences).values(row))

    async def sweep(
        self, merchant_id: str, pages_before: datetime | None, events_before: datetime | None, limit: int = 1000
    ) -> Swept:
        """Delete old artifacts and events, so many of each at most."""
        pages = await self._drop(
            artifacts, artifacts.c.id, artifacts.c.created_at, merchant_id, pages_before, limit=limit
        )
        gone = await self._drop(events, events.c.sequence, events.c.at, merchant_id, events_before, limit=limit)
        return Swept(pages=pages, events=gone)

    async def _drop(
        self, table: Table, key: Column[Any], at: Column[Any], merchant_id: str, before: datetime | None, *, limit: int
    ) -> int:
        if before is None:
            return 0
        old = select(key).where(table.c.merchant_id == merchant_id, at < before).limit(limit)
        if not await read(self._engine, old.limit(1)):
            return 0
        async with writing(self._engine) as connection:
            return (await connection.execute(delete(table).where(key.in_(old)))).rowcount


async def note_sighting(connection: AsyncConnection, product_id: str, import_id: str, seen: Sighting) -> None:
    """Add what an import saw to a product's history where it is news, within a transaction."""
    own = product_history.c.product_id == product_id
    last = select(product_history).where(own).order_by(product_history.c.at.desc()).limit(1)
    row = (await connection.execute(last)).mappings().first()
    if is_news(seen, value_of(Sighting, row) if row else None):
        noted = row_of(seen, product_id=product_id, import_id=import_id)
        await connection.execute(insert(product_history).values(noted))
