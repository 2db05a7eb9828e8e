"""Bulk actions in the database, and acting on many products at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.model.bulk import Brief, BulkAction, BulkState
from cartage.model.catalogue import ImportState
from cartage.model.errors import NotFound
from cartage.model.filtering import Filter
from cartage.stores.sql.bulk_tables import bulk_actions
from cartage.stores.sql.conditions import of_products
from cartage.stores.sql.database import read, writing
from cartage.stores.sql.removal import remove_products
from cartage.stores.sql.rows import value_of
from cartage.stores.sql.tables import imports, products

NOT_OVER = (BulkState.WAITING.value, BulkState.RUNNING.value)
UNDER_WAY = (ImportState.QUEUED.value, ImportState.RUNNING.value)


class SqlBulk:
    """Keep bulk actions, and act on many products."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add_action(self, action: BulkAction) -> None:
        """Write a bulk action that waits."""
        async with writing(self._engine) as connection:
            await connection.execute(insert(bulk_actions).values(_row(action) | {"due_at": action.at}))

    async def action(self, merchant_id: str, action_id: str) -> BulkAction:
        """Get a bulk action."""
        found = await read(self._engine, select(bulk_actions).where(_own(merchant_id, action_id)))
        if not found:
            raise NotFound(f"There is no {action_id}.")
        return _action(found[0])

    async def actions(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[BulkAction]:
        """List bulk actions, newest first."""
        query = select(bulk_actions).where(bulk_actions.c.merchant_id == merchant_id)
        if before:
            query = query.where(bulk_actions.c.id < before)
        found = await read(self._engine, query.order_by(bulk_actions.c.id.desc()).limit(limit))
        return [_action(row) for row in found]

    async def lease_action(self, actor: str, now: datetime, until: datetime) -> BulkAction | None:
        """Take the action that is due the longest, in one statement."""
        due = bulk_actions.c.state.in_(NOT_OVER) & (bulk_actions.c.due_at <= now)
        oldest = select(bulk_actions.c.id).where(due).order_by(bulk_actions.c.due_at, bulk_actions.c.id).limit(1)
        if not await read(self._engine, oldest):
            return None
        held = {"actor": actor, "due_at": until, "state": BulkState.RUNNING.value}
        taking = update(bulk_actions).where(bulk_actions.c.id == oldest.scalar_subquery(), due).values(held)
        async with writing(self._engine) as connection:
            row = (await connection.execute(taking.returning(*bulk_actions.c))).mappings().first()
        return _action(row) if row else None

    async def note_action(self, action: BulkAction, actor: str, due_at: datetime) -> bool:
        """Write how far an action is, guarded by the lease and by nobody having ended it."""
        mine = (bulk_actions.c.id == action.id) & (bulk_actions.c.actor == actor)
        going_on = bulk_actions.c.state.in_(NOT_OVER)
        async with writing(self._engine) as connection:
            noting = update(bulk_actions).where(mine, going_on).values(_row(action) | {"due_at": due_at})
            return (await connection.execute(noting)).rowcount == 1

    async def stop_action(self, merchant_id: str, action_id: str, at: datetime) -> BulkAction:
        """End an action that is not over."""
        async with writing(self._engine) as connection:
            own = select(bulk_actions).where(_own(merchant_id, action_id)).with_for_update()
            row = (await connection.execute(own)).mappings().first()
            if row is None:
                raise NotFound(f"There is no {action_id}.")
            action = _action(row)
            if action.state.over:
                return action
            stopped = action.model_copy(update={"state": BulkState.STOPPED, "finished_at": at})
            await connection.execute(update(bulk_actions).where(_own(merchant_id, action_id)).values(_row(stopped)))
        return stopped

    async def briefs(
        self, merchant_id: str, wanted: Filter, made_by: datetime, *, after: str = "", limit: int = 500
    ) -> Sequence[Brief]:
        """Tell shortly of products, in the order of their ids."""
        columns = (
            products.c.id,
            products.c.status,
            products.c.error,
            products.c.site,
            products.c.facts.is_not(None).label("read"),
            products.c.archived_at.is_not(None).label("archived"),
            select(imports.c.action_id)
            .where(imports.c.id == products.c.import_id)
            .scalar_subquery()
            .label("action_id"),
        )
        own = (products.c.merchant_id == merchant_id) & (products.c.created_at <= made_by) & (products.c.id > after)
        query = select(*columns).where(own, of_products(wanted)).order_by(products.c.id).limit(limit)
        return [value_of(Brief, row) for row in await read(self._engine, query)]

    async def under_way(self, action_id: str) -> int:
        """Count the imports of an action that are neither over nor held."""
        own = (imports.c.action_id == action_id) & imports.c.state.in_(UNDER_WAY) & ~imports.c.held
        return (await read(self._engine, select(func.count().label("imports")).where(own)))[0]["imports"]

    async def archive(
        self, merchant_id: str, product_ids: Sequence[str], at: datetime | None, action_id: str | None = None
    ) -> int:
        """Archive or restore products in one statement."""
        own = (products.c.merchant_id == merchant_id) & products.c.id.in_(product_ids)
        other = products.c.archived_at.is_(None) if at else products.c.archived_at.is_not(None)
        archived = {"archived_at": at, "archived_by": action_id if at else None}
        async with writing(self._engine) as connection:
            return (await connection.execute(update(products).where(own, other).values(archived))).rowcount

    async def delete(self, merchant_id: str, product_ids: Sequence[str]) -> int:
        """Delete settled products for good, in one transaction."""
        async with writing(self._engine) as connection:
            return await remove_products(connection, merchant_id, product_ids)


def _own(merchant_id: str, action_id: str) -> ColumnElement[bool]:
    return (bulk_actions.c.id == action_id) & (bulk_actions.c.merchant_id == merchant_id)


def _row(action: BulkAction) -> dict[str, Any]:
    return {
        "id": action.id,
        "merchant_id": action.merchant_id,
        "state": action.state.value,
        "action": action.model_dump_json(exclude_unset=False),
    }


def _action(row: RowMapping) -> BulkAction:
    whole = BulkAction.model_validate_json(row["action"])
    return whole.model_copy(update={"state": BulkState(row["state"])})
