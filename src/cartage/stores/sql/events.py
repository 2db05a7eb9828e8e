"""Events in the database, each merchant's in the order of their numbers."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from cartage.model.catalogue import Event
from cartage.stores.sql.database import in_turn
from cartage.stores.sql.rows import event_row
from cartage.stores.sql.tables import events


async def keep_event(connection: AsyncConnection, event: Event) -> None:
    """Write an event within a transaction."""
    await in_turn(connection, event.merchant_id)
    await connection.execute(insert(events).values(event_row(event)))
