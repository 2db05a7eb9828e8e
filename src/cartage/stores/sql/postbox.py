"""Webhook endpoints and deliveries in the database."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cartage.model.batch import Batch, BatchState
from cartage.model.catalogue import Event
from cartage.model.errors import NotFound
from cartage.model.webhook import Delivery, DeliveryState, Endpoint, MessageName
from cartage.stores.sql.database import in_turn, read, writing
from cartage.stores.sql.events import keep_event
from cartage.stores.sql.rows import row_of, value_of
from cartage.stores.sql.tables import batches, endpoints, events
from cartage.stores.sql.tables import deliveries as rows


class SqlPostbox:
    """Keep endpoints and deliveries."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add_endpoint(self, endpoint: Endpoint) -> None:
        """Write an endpoint that is told of what happens from now on."""
        async with writing(self._engine) as connection:
            await in_turn(connection, endpoint.merchant_id)
            last = await _newest(connection, endpoint.merchant_id)
            await connection.execute(insert(endpoints).values(row_of(endpoint, read_up_to=last)))

    async def endpoints(self, merchant_id: str = "") -> Sequence[Endpoint]:
        """List a merchant's endpoints, or everybody's."""
        query = select(endpoints).order_by(endpoints.c.id)
        if merchant_id:
            query = query.where(endpoints.c.merchant_id == merchant_id)
        return [value_of(Endpoint, row) for row in await read(self._engine, query)]

    async def set_events(self, merchant_id: str, endpoint_id: str, events: Sequence[MessageName]) -> None:
        """Write what an endpoint is told of."""
        written = json.dumps([name.value for name in events])
        changing = update(endpoints).where(_own(merchant_id, endpoint_id)).values(events=written)
        async with writing(self._engine) as connection:
            if (await connection.execute(changing)).rowcount != 1:
                raise NotFound(f"There is no {endpoint_id}.")

    async def switch_off(self, endpoint_id: str, at: datetime) -> None:
        """Tell an endpoint no more, and give up what waits for it."""
        on = (endpoints.c.id == endpoint_id) & endpoints.c.gone_at.is_(None)
        waiting = (rows.c.endpoint_id == endpoint_id) & (rows.c.state == DeliveryState.WAITING.value)
        async with writing(self._engine) as connection:
            if (await connection.execute(update(endpoints).where(on).values(gone_at=at))).rowcount == 1:
                await connection.execute(update(rows).where(waiting).values(state=DeliveryState.FAILED.value))

    async def switch_on(self, merchant_id: str, endpoint_id: str) -> None:
        """Tell an endpoint again, of what happens from now on."""
        own = _own(merchant_id, endpoint_id)
        async with writing(self._engine) as connection:
            await in_turn(connection, merchant_id)
            if await connection.scalar(select(endpoints.c.id).where(own)) is None:
                raise NotFound(f"There is no {endpoint_id}.")
            now_on = {"gone_at": None, "read_up_to": await _newest(connection, merchant_id)}
            await connection.execute(update(endpoints).where(own, endpoints.c.gone_at.is_not(None)).values(now_on))

    async def remove_endpoint(self, merchant_id: str, endpoint_id: str) -> None:
        """Delete an endpoint with its deliveries."""
        mine = _own(merchant_id, endpoint_id)
        async with writing(self._engine) as connection:
            if await connection.scalar(select(endpoints.c.id).where(mine).with_for_update()) is None:
                raise NotFound(f"There is no {endpoint_id}.")
            await connection.execute(delete(rows).where(rows.c.endpoint_id == endpoint_id))
            await connection.execute(delete(endpoints).where(mine))

    async def hand_in(self, endpoint: Endpoint, read_up_to: int, deliveries: Sequence[Delivery]) -> bool:
        """Write an endpoint's deliveries and how far its events were read, guarded by where it stood."""
        unmoved = (endpoints.c.id == endpoint.id) & (endpoints.c.read_up_to == endpoint.read_up_to)
        on = endpoints.c.gone_at.is_(None)
        async with writing(self._engine) as connection:
            moved = await connection.execute(update(endpoints).where(unmoved, on).values(read_up_to=read_up_to))
            if moved.rowcount != 1:
                return False
            if deliveries:
                await connection.execute(insert(rows), [row_of(each) for each in deliveries])
        return True

    async def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[tuple[Delivery, Endpoint]]:
        """Take deliveries that are due; those that another process takes at the same time are passed over."""
        on = rows.c.endpoint_id.in_(select(endpoints.c.id).where(endpoints.c.gone_at.is_(None)))
        due = (rows.c.state == DeliveryState.WAITING.value) & (rows.c.due_at <= now) & on
        chosen = select(rows.c.id).where(due).order_by(rows.c.due_at).limit(limit)
        if not await read(self._engine, chosen):
            return []
        locked = chosen.with_for_update(skip_locked=True).scalar_subquery()
        taking = update(rows).where(due, rows.c.id.in_(locked)).values(due_at=until)
        async with writing(self._engine) as connection:
            claimed = (await connection.execute(taking.returning(*rows.c))).mappings().all()
        known = {each.id: each for each in await self.endpoints()}
        taken = [value_of(Delivery, row) for row in claimed]
        return [(each, known[each.endpoint_id]) for each in taken if each.endpoint_id in known]

    async def settle(self, delivery: Delivery) -> None:
        """Write what became of a delivery."""
        async with writing(self._engine) as connection:
            mine = rows.c.id == delivery.id
            await connection.execute(update(rows).where(mine).values(row_of(delivery)))

    async def deliveries(self, merchant_id: str, limit: int = 50, endpoint_id: str = "") -> Sequence[Delivery]:
        """List a merchant's deliveries, newest first."""
        own = select(rows).where(rows.c.merchant_id == merchant_id)
        own = own.where(rows.c.endpoint_id == endpoint_id) if endpoint_id else own
        found = await read(self._engine, own.order_by(rows.c.id.desc()).limit(limit))
        return [value_of(Delivery, row) for row in found]

    async def delivery(self, merchant_id: str, delivery_id: str) -> Delivery:
        """Get a delivery."""
        mine = (rows.c.id == delivery_id) & (rows.c.merchant_id == merchant_id)
        found = await read(self._engine, select(rows).where(mine))
        if not found:
            raise NotFound(f"There is no {delivery_id}.")
        return value_of(Delivery, found[0])

    async def deliver_again(self, merchant_id: str, delivery_id: str, now: datetime) -> None:
        """Let a delivery wait again."""
        mine = (rows.c.id == delivery_id) & (rows.c.merchant_id == merchant_id)
        again = {"state": DeliveryState.WAITING.value, "tries": 0, "due_at": now}
        async with writing(self._engine) as connection:
            if (await connection.execute(update(rows).where(mine).values(again))).rowcount != 1:
                raise NotFound(f"There is no {delivery_id}.")

    async def unannounced(self, limit: int = 50) -> Sequence[Batch]:
        """List batches that are fed and were not announced."""
        fed = (batches.c.state == BatchState.FED.value) & ~batches.c.announced
        found = await read(self._engine, select(batches).where(fed).order_by(batches.c.id).limit(limit))
        return [value_of(Batch, row) for row in found]

    async def announce(self, batch_id: str, event: Event | None) -> bool:
        """Mark a batch as announced and write the event, guarded by its not being announced."""
        mine = (batches.c.id == batch_id) & (batches.c.state == BatchState.FED.value) & ~batches.c.announced
        async with writing(self._engine) as connection:
            if (await connection.execute(update(batches).where(mine).values(announced=True))).rowcount != 1:
                return False
            if event:
                await keep_event(connection, event)
        return True


def _own(merchant_id: str, endpoint_id: str) -> ColumnElement[bool]:
    return (endpoints.c.id == endpoint_id) & (endpoints.c.merchant_id == merchant_id)


async def _newest(connection: AsyncConnection, merchant_id: str) -> int:
    mine = events.c.merchant_id == merchant_id
    return await connection.scalar(select(func.coalesce(func.max(events.c.sequence), 0)).where(mine)) or 0
