"""Batches and their rows in the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cartage.model.batch import (
    Batch,
    BatchRow,
    BatchState,
    RowResult,
    RowState,
    RowStatus,
    Tally,
    tally_of,
)
from cartage.model.catalogue import ImportState, Status
from cartage.model.errors import NotFound
from cartage.model.wishes import Render
from cartage.stores.sql.conditions import of_site
from cartage.stores.sql.database import read, writing
from cartage.stores.sql.rows import batch_row, row_of, value_of
from cartage.stores.sql.tables import attempts, batch_rows, batches, imports, products

UNDER_WAY = (ImportState.QUEUED.value, ImportState.RUNNING.value)
BROWSER = "browser"
SETTLED = ("state", "same_as", "failure", "error", "product_id", "import_id", "known")

first = batch_rows.alias("first")
PRODUCT = func.coalesce(first.c.product_id, batch_rows.c.product_id)
SENT = batch_rows.c.state == RowState.SENT.value
FAILED = and_(SENT, products.c.status == Status.FAILED.value)
STATUS: ColumnElement[str] = case(
    (batch_rows.c.state == RowState.WAITING.value, literal("queued")),
    (~SENT, batch_rows.c.state),
    (products.c.status == Status.FAILED.value, literal("failed")),
    (and_(products.c.status == Status.IMPORTING.value, imports.c.state == "queued"), literal("queued")),
    (products.c.status == Status.IMPORTING.value, literal("running")),
    (batch_rows.c.known, literal("already_imported")),
    else_=literal("imported"),
)
# Only of a product that is being imported does it matter where its import stands.
GOING = case((products.c.status == Status.IMPORTING.value, products.c.import_id))
FARING = (
    batch_rows.outerjoin(first, and_(first.c.batch_id == batch_rows.c.batch_id, first.c.number == batch_rows.c.same_as))
    .outerjoin(products, products.c.id == PRODUCT)
    .outerjoin(imports, imports.c.id == GOING)
)


class SqlBatches:
    """Keep batches."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add_batch(self, batch: Batch) -> None:
        """Write a batch, without rows."""
        async with writing(self._engine) as connection:
            await connection.execute(insert(batches).values(row_of(batch)))

    async def add_rows(self, rows: Sequence[BatchRow]) -> None:
        """Write rows of a batch that is being read."""
        async with writing(self._engine) as connection:
            await connection.execute(insert(batch_rows), [batch_row(row) for row in rows])

    async def discard_batch(self, batch_id: str) -> None:
        """Delete a batch that is being read, with its rows."""
        async with writing(self._engine) as connection:
            if await _hold(connection, batch_id) == BatchState.READING.value:
                await connection.execute(delete(batch_rows).where(batch_rows.c.batch_id == batch_id))
                await connection.execute(delete(batches).where(batches.c.id == batch_id))

    async def move_batch(self, batch_id: str, before: BatchState, after: BatchState) -> bool:
        """Change a batch's state, guarded by the state it is in."""
        mine = (batches.c.id == batch_id) & (batches.c.state == before.value)
        async with writing(self._engine) as connection:
            moved = await connection.execute(update(batches).where(mine).values(state=after.value))
        return moved.rowcount == 1

    async def batch(self, merchant_id: str, batch_id: str) -> Batch:
        """Get a batch."""
        own = (batches.c.id == batch_id) & (batches.c.merchant_id == merchant_id)
        found = await self._fetch(select(batches).where(own))
        if not found:
            raise NotFound(f"There is no {batch_id}.")
        return value_of(Batch, found[0])

    async def batches(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[Batch]:
        """List batches, newest first."""
        query = select(batches).where(batches.c.merchant_id == merchant_id)
        if before:
            query = query.where(batches.c.id < before)
        found = await self._fetch(query.order_by(batches.c.id.desc()).limit(limit))
        return [value_of(Batch, row) for row in found]

    async def counts(self, batch_id: str) -> Mapping[RowStatus, int]:
        """Count a batch's rows by how they fare."""
        status = STATUS.label("status")
        query = select(status, func.count().label("rows")).select_from(FARING)
        found = await self._fetch(query.where(batch_rows.c.batch_id == batch_id).group_by(status))
        return {RowStatus(row["status"]): row["rows"] for row in found}

    async def results(
        self, batch_id: str, *, status: RowStatus | None = None, after: int = 0, limit: int = 1000
    ) -> Sequence[RowResult]:
        """List rows with what became of them, in their order."""
        failure = func.coalesce(batch_rows.c.failure, products.c.failure)
        query = (
            select(
                *(batch_rows.c[name] for name in ("number", "cells", "source_url", "given")),
                STATUS.label("status"),
                case((STATUS.in_(("failed", "invalid")), failure)).label("failure"),
                PRODUCT.label("product_id"),
                func.coalesce(first.c.import_id, batch_rows.c.import_id).label("import_id"),
            )
            .select_from(FARING)
            .where(batch_rows.c.batch_id == batch_id, batch_rows.c.number > after)
        )
        if status:
            query = query.where(status.value == STATUS)
        found = await self._fetch(query.order_by(batch_rows.c.number).limit(limit))
        return [value_of(RowResult, row) for row in found]

    async def lease(self, feeder: str, now: datetime, until: datetime) -> Sequence[Batch]:
        """Take the batches to feed that no other feeder holds, in one statement."""
        free = or_(batches.c.feeder.is_(None), batches.c.feeder == feeder, batches.c.leased_until < now)
        mine = and_(batches.c.state == BatchState.FEEDING.value, free)
        if not await self._fetch(select(batches.c.id).where(mine).limit(1)):
            return []
        taking = update(batches).where(mine).values(feeder=feeder, leased_until=until).returning(*batches.c)
        async with writing(self._engine) as connection:
            taken = (await connection.execute(taking)).mappings().all()
        return sorted((value_of(Batch, row) for row in taken), key=lambda batch: batch.id)

    async def under_way(self, merchant_id: str, batch_id: str = "") -> int:
        """Count the imports of the merchant's batches, or of one of them, that are neither over nor held."""
        wanted = imports.c.batch_id == batch_id if batch_id else imports.c.batch_id.is_not(None)
        mine = (imports.c.merchant_id == merchant_id) & wanted
        query = select(func.count().label("imports")).select_from(imports)
        return (await self._fetch(query.where(mine, imports.c.state.in_(UNDER_WAY), ~imports.c.held)))[0]["imports"]

    async def waiting(self, batch_id: str, limit: int, leaving: Collection[str] = ()) -> Sequence[BatchRow]:
        """List rows that wait for an import, in their order."""
        left = [~of_site(batch_rows.c.site, site) for site in leaving]
        query = select(batch_rows).where(_waits(batch_id), *left).order_by(batch_rows.c.number).limit(limit)
        return [value_of(BatchRow, row) for row in await self._fetch(query)]

    async def count_waiting(self, batch_id: str, site: str = "") -> int:
        """Count the rows that wait for an import."""
        there = [of_site(batch_rows.c.site, site)] if site else []
        query = select(func.count().label("rows")).select_from(batch_rows)
        return (await self._fetch(query.where(_waits(batch_id), *there)))[0]["rows"]

    async def settle_row(self, row: BatchRow) -> bool:
        """Write what became of a row, guarded by its waiting."""
        values = {name: entry for name, entry in batch_row(row).items() if name in SETTLED}
        mine = _waits(row.batch_id) & (batch_rows.c.number == row.number)
        async with writing(self._engine) as connection:
            settled = await connection.execute(update(batch_rows).where(mine).values(values))
        return settled.rowcount == 1

    async def finish_feeding(self, batch_id: str) -> None:
        """Mark a batch as fed when none of its rows waits."""
        async with writing(self._engine) as connection:
            await _hold(connection, batch_id)
            done = and_(batches.c.id == batch_id, batches.c.state == BatchState.FEEDING.value)
            waits = exists(select(batch_rows.c.number).where(_waits(batch_id)))
            await connection.execute(update(batches).where(done, ~waits).values(state=BatchState.FED.value))

    async def cancel_batch(self, batch_id: str) -> Sequence[BatchRow]:
        """Stop feeding, cancel the rows that wait, and list those whose own imports are under way."""
        own = and_(
            batch_rows.c.batch_id == batch_id,
            batch_rows.c.state == RowState.SENT.value,
            batch_rows.c.import_id == imports.c.id,
            imports.c.batch_id == batch_id,
            imports.c.state.in_(UNDER_WAY),
        )
        cancelled = {"state": RowState.CANCELLED.value}
        async with writing(self._engine) as connection:
            await _hold(connection, batch_id)
            await connection.execute(update(batches).where(batches.c.id == batch_id).values(cancelled))
            await connection.execute(update(batch_rows).where(_waits(batch_id)).values(cancelled))
            found = (await connection.execute(select(batch_rows).where(own))).mappings().all()
        return [value_of(BatchRow, row) for row in found]

    async def cancel_rows(self, batch_id: str, numbers: Sequence[int]) -> None:
        """Mark rows whose imports were stopped as cancelled."""
        mine = and_(
            batch_rows.c.batch_id == batch_id,
            batch_rows.c.number.in_(numbers),
            batch_rows.c.state == RowState.SENT.value,
        )
        async with writing(self._engine) as connection:
            await connection.execute(update(batch_rows).where(mine).values(state=RowState.CANCELLED.value))

    async def retry_batch(
        self, batch_id: str, error: str = "", render: Render | None = None, leaving: Collection[str] = ()
    ) -> int:
        """Let failed and cancelled rows wait again, in one transaction with the batch's state."""
        reason = products.c.error == error if error else products.c.error.not_in(leaving)
        failed = select(products.c.id).where(products.c.status == Status.FAILED.value, reason)
        sent_in_vain = and_(batch_rows.c.state == RowState.SENT.value, batch_rows.c.product_id.in_(failed))
        stopped = false() if error else batch_rows.c.state == RowState.CANCELLED.value
        again = or_(stopped, sent_in_vain)
        async with writing(self._engine) as connection:
            state = await _hold(connection, batch_id)
            if state == BatchState.READING.value:
                return 0
            retried = await connection.execute(
                update(batch_rows)
                .where(batch_rows.c.batch_id == batch_id, again)
                .values(state=RowState.WAITING.value, known=False, render=render and render.value)
            )
            if retried.rowcount:
                feeding = (
                    update(batches)
                    .where(batches.c.id == batch_id)
                    .values(state=BatchState.FEEDING.value, announced=False)
                )
                await connection.execute(feeding)
        return retried.rowcount

    async def known_urls(self, merchant_id: str, urls: Sequence[str]) -> set[str]:
        """Give those source addresses whose product the merchant has, failed ones aside."""
        own = (products.c.merchant_id == merchant_id) & (products.c.status != Status.FAILED.value)
        found = await self._fetch(select(products.c.source_url).where(own, products.c.source_url.in_(urls)))
        return {row["source_url"] for row in found}

    async def tally(self, batch_id: str, *, closely: bool = False) -> Tally:
        """Count a batch's rows by how they fare, and why, in one statement."""
        invalid = batch_rows.c.state == RowState.INVALID.value
        code = case((invalid, batch_rows.c.error), (FAILED, products.c.error), else_="").label("code")
        told = [STATUS.label("status"), code, *((_site(),) if closely else ())]
        query = select(*told, func.count().label("rows"), *((_rendered(),) if closely else ())).select_from(FARING)
        found = await self._fetch(query.where(batch_rows.c.batch_id == batch_id).group_by(*told))
        return tally_of(
            (RowStatus(row["status"]), row["code"], row.get("site", ""), row["rows"], int(row.get("rendered", 0)))
            for row in found
        )

    async def ended_since(self, batch_id: str, since: datetime) -> int:
        """Count the batch's own imports that ended since a moment."""
        query = select(func.count().label("imports")).select_from(imports)
        own = (imports.c.batch_id == batch_id) & (imports.c.finished_at >= since)
        return (await self._fetch(query.where(own)))[0]["imports"]

    async def _fetch(self, query: Select[*tuple[Any, ...]]) -> Sequence[RowMapping]:
        return await read(self._engine, query)


async def _hold(connection: AsyncConnection, batch_id: str) -> str | None:
    """Lock a batch until the transaction ends, so that its rows and its state change together."""
    return await connection.scalar(select(batches.c.state).where(batches.c.id == batch_id).with_for_update())


def _site() -> ColumnElement[str]:
    return case((FAILED, products.c.site), else_="").label("site")


def _rendered() -> ColumnElement[int]:
    tried = (attempts.c.import_id == products.c.import_id) & (attempts.c.provider == BROWSER)
    opened = and_(FAILED, exists(select(attempts.c.number).where(tried)))
    return func.sum(case((opened, 1), else_=0)).label("rendered")


def _waits(batch_id: str) -> ColumnElement[bool]:
    return (batch_rows.c.batch_id == batch_id) & (batch_rows.c.state == RowState.WAITING.value)
