"""Paid attempts and host records in the database."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, cast, extract, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cartage.model.language import Usage
from cartage.model.spending import Caps, CostLine, HostRecord, PaidAttempt, dollars, settlement
from cartage.stores.sql.database import inserting, read, writing
from cartage.stores.sql.rows import row_of, value_of
from cartage.stores.sql.tables import host_records, paid_attempts

BUDGET_KEY = 0x636F7374  # any number that only reservations lock
COUNTED = ("tries", "successes", "total_ms", "total_cost")
SUMMED = ("tokens_in", "tokens_out", "tokens_cached", "duration_ms")
DAY_SECONDS = 86400
EPOCH = extract("epoch", paid_attempts.c.at)
NAMED: dict[str, ColumnElement[Any]] = {
    "provider": paid_attempts.c.provider,
    "site": paid_attempts.c.host,
    "batch": paid_attempts.c.batch_id,
    "model": paid_attempts.c.model,
    "import": paid_attempts.c.import_id,
    "day": cast(EPOCH - EPOCH % DAY_SECONDS, BigInteger),
}


class SqlSpending:
    """Keep what was spent, and how providers fared with hosts."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = inserting(engine)

    async def reserve(self, attempt: PaidAttempt, caps: Caps, day: datetime) -> str | None:
        """Write an attempt that is about to be made, one reservation at a time, unless a cap is reached."""
        table = paid_attempts.c
        today = table.at >= day
        reach: dict[str, ColumnElement[bool]] = {
            "per_import": table.import_id == attempt.import_id,
            "per_batch": table.batch_id == (attempt.batch_id or ""),
            "per_merchant_and_day": today & (table.merchant_id == attempt.merchant_id),
            "per_day": today,
        }
        async with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": BUDGET_KEY})
            if await connection.scalar(select(table.number).where(*_same(attempt))) is not None:
                return None
            for name, cap in caps.model_dump().items():
                if cap is not None and await _spent(connection, reach[name]) >= cap:
                    return name
            await connection.execute(insert(paid_attempts).values(row_of(attempt)))
        return None

    async def settle(
        self, import_id: str, provider: str, number: int, cost: int | None, usage: Usage | None = None
    ) -> None:
        """Write what an attempt cost, once, and what a language model used up."""
        table = paid_attempts.c
        mine = (table.import_id == import_id) & (table.provider == provider) & (table.number == number)
        async with writing(self._engine) as connection:
            await connection.execute(update(paid_attempts).where(mine, ~table.settled).values(settlement(cost, usage)))

    async def costs(self, merchant_id: str, since: datetime, by: str, *, batch_id: str = "") -> Sequence[CostLine]:
        """Sum a merchant's paid attempts under one of the names."""
        table = paid_attempts.c
        name = (NAMED[by] if by == "day" else func.coalesce(NAMED[by], "")).label("name")
        sums = (
            name,
            func.count().label("attempts"),
            func.sum(case((table.cost.is_(None), 1), else_=0)).label("unknown"),
            func.coalesce(func.sum(table.cost), 0).label("cost"),
            func.sum(table.estimated).label("estimated"),
            func.sum(case((table.estimated.is_(None), 1), else_=0)).label("unforeseen"),
            *(func.coalesce(func.sum(table[name]), 0).label(name) for name in SUMMED),
            func.max(table.price_table).label("price_table"),
        )
        mine = (table.merchant_id == merchant_id) & (table.at >= since)
        mine = mine & table.model.is_not(None) if by == "model" else mine
        mine = mine & (table.batch_id == batch_id) if batch_id else mine
        found = await read(self._engine, select(*sums).where(mine).group_by(name).order_by(name))
        return [
            CostLine(
                name=f"{datetime.fromtimestamp(row['name'], UTC):%Y-%m-%d}" if by == "day" else row["name"],
                attempts=row["attempts"],
                unknown=row["unknown"],
                known_cost=dollars(int(row["cost"])),
                estimated=None if row["unforeseen"] else dollars(int(row["estimated"])),
                price_table=row["price_table"],
                **{name: int(row[name]) for name in SUMMED},
            )
            for row in found
        ]

    async def note_host(self, record: HostRecord) -> None:
        """Add one try to what is known of a host, in one statement."""
        adding = self._insert(host_records).values(row_of(record))
        added = {name: host_records.c[name] + adding.excluded[name] for name in COUNTED}
        async with writing(self._engine) as connection:
            await connection.execute(adding.on_conflict_do_update(index_elements=["host", "provider"], set_=added))

    async def host_records(self, host: str) -> Sequence[HostRecord]:
        """List what is known of a host."""
        found = await read(self._engine, select(host_records).where(host_records.c.host == host))
        return [value_of(HostRecord, row) for row in found]


async def _spent(connection: AsyncConnection, reach: ColumnElement[bool]) -> int:
    return int(await connection.scalar(select(func.coalesce(func.sum(paid_attempts.c.counted), 0)).where(reach)) or 0)


def _same(attempt: PaidAttempt) -> tuple[ColumnElement[bool], ...]:
    table = paid_attempts.c
    return (
        table.import_id == attempt.import_id,
        table.provider == attempt.provider,
        table.number == attempt.number,
    )
