"""Workers' signs of life in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, String, Table, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.model.worker import Worker
from cartage.stores.sql.database import glance, inserting, writing
from cartage.stores.sql.rows import row_of, value_of
from cartage.stores.sql.tables import MOMENT, schema

workers = Table(
    "workers",
    schema,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("engine", String(40), nullable=False),
    Column("started_at", MOMENT, nullable=False),
    Column("seen_at", MOMENT, nullable=False),
    Column("running", Text, nullable=False),
)


class SqlWorkers:
    """Keep each worker's newest sign."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = inserting(engine)

    async def beat(self, worker: Worker) -> None:
        """Write a worker's newest sign."""
        row = row_of(worker)
        changed = {name: row[name] for name in ("seen_at", "running")}
        writing_sign = self._insert(workers).values(row).on_conflict_do_update(index_elements=["id"], set_=changed)
        async with writing(self._engine) as connection:
            await connection.execute(writing_sign)

    async def leave(self, worker_id: str) -> None:
        """Forget a worker."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(workers).where(workers.c.id == worker_id))

    async def seen(self, since: datetime) -> Sequence[Worker]:
        """List the workers seen since a moment, and forget the others."""
        query = select(workers).order_by(workers.c.started_at, workers.c.id)
        found = await glance(self._engine, query)
        kept = [value_of(Worker, row) for row in found]
        lost = [each.id for each in kept if each.seen_at < since]
        if lost:
            async with writing(self._engine) as connection:
                await connection.execute(delete(workers).where(workers.c.id.in_(lost), workers.c.seen_at < since))
        return [each for each in kept if each.id not in lost]
