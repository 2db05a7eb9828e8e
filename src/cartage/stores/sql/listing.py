"""Products and imports by a filter, in the database."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.listing import PICTURES, Ended, Fetched, Progress, Queue, Sort, Tried
from cartage.model.catalogue import Attempt, CatalogueProduct, Import, ImportState, Step, StepState
from cartage.model.filtering import EVERYTHING, Filter, Word
from cartage.stores.sql.conditions import of_imports, of_products, only_of_imports
from cartage.stores.sql.database import read
from cartage.stores.sql.pauses import is_paused
from cartage.stores.sql.rows import value_of
from cartage.stores.sql.tables import attempts, batches, imports, products, steps

Key = Callable[[Any], ColumnElement[Any]]

DEAREST, CHEAPEST = 1e300, -1.0  # where products without a price stand: last, in either order
ORDERS: Mapping[Sort, tuple[Key, bool]] = {
    Sort.NEWEST: (lambda table: table.c.id, True),
    Sort.OLDEST: (lambda table: table.c.id, False),
    Sort.NAME: (lambda table: table.c.name_key, False),
    Sort.CHEAPEST: (lambda table: func.coalesce(table.c.amount, DEAREST), False),
    Sort.DEAREST: (lambda table: func.coalesce(table.c.amount, CHEAPEST), True),
    Sort.UPDATED: (lambda table: table.c.updated_at, True),
}
OVER = (ImportState.SUCCEEDED, ImportState.FAILED)
JOINED = imports.join(products, products.c.id == imports.c.product_id)


class SqlListing:
    """List what a merchant has."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def products(
        self,
        merchant_id: str,
        wanted: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        before: str = "",
        limit: int = 50,
    ) -> Sequence[CatalogueProduct]:
        """List products in an order."""
        made, falling = ORDERS[sort]
        key = made(products)
        order = key.desc() if falling else key.asc(), products.c.id.desc()
        ids = select(products.c.id).where(_own(products, merchant_id), of_products(wanted))
        if before:
            ids = ids.where(_after(made, before, falling=falling))
        # Whole products are read for the page alone: sorting would carry all that they hold.
        page = ids.order_by(*order).limit(limit).scalar_subquery()
        found = await read(self._engine, select(products).where(products.c.id.in_(page)).order_by(*order))
        return [value_of(CatalogueProduct, row) for row in found]

    async def product_ids(
        self, merchant_id: str, wanted: Filter = EVERYTHING, *, after: str = "", limit: int = 1000
    ) -> Sequence[str]:
        """List the ids alone, oldest first."""
        query = select(products.c.id).where(_own(products, merchant_id), of_products(wanted), products.c.id > after)
        return [row["id"] for row in await read(self._engine, query.order_by(products.c.id).limit(limit))]

    async def count_products(self, merchant_id: str, wanted: Filter = EVERYTHING) -> int:
        """Count products."""
        query = select(func.count().label("found")).select_from(products)
        return await self._count(query.where(_own(products, merchant_id), of_products(wanted)))

    async def imports(
        self,
        merchant_id: str,
        wanted: Filter = EVERYTHING,
        *,
        before: str = "",
        after: str = "",
        among: Sequence[str] = (),
        limit: int = 50,
    ) -> Sequence[Import]:
        """List imports, newest first."""
        query = select(imports).select_from(JOINED).where(_own(imports, merchant_id), of_imports(wanted))
        if before:
            query = query.where(imports.c.id < before)
        if after:
            query = query.where(imports.c.id > after)
        if among:
            query = query.where(imports.c.id.in_(among))
        found = await read(self._engine, query.order_by(imports.c.id.desc()).limit(limit))
        return [value_of(Import, row) for row in found]

    async def progress(self, merchant_id: str, import_ids: Sequence[str]) -> Mapping[str, Progress]:
        """Tell how far imports came, in two queries."""
        own = select(imports.c.id).where(_own(imports, merchant_id), imports.c.id.in_(import_ids)).scalar_subquery()
        stepped = select(steps).where(steps.c.import_id.in_(own)).order_by(steps.c.started_at, steps.c.name)
        tried = select(attempts).where(attempts.c.import_id.in_(own)).order_by(attempts.c.started_at)
        found: dict[str, tuple[list[Step], list[Attempt]]] = {}
        for row in await read(self._engine, stepped):
            found.setdefault(row["import_id"], ([], []))[0].append(value_of(Step, row))
        for row in await read(self._engine, tried):
            found.setdefault(row["import_id"], ([], []))[1].append(Attempt.model_validate_json(row["attempt"]))
        return {
            import_id: Progress(steps=tuple(begun), attempts=tuple(made)) for import_id, (begun, made) in found.items()
        }

    async def count_imports(self, merchant_id: str, wanted: Filter = EVERYTHING) -> int:
        """Count imports."""
        counted = imports if only_of_imports(wanted) else JOINED
        query = select(func.count().label("found")).select_from(counted)
        return await self._count(query.where(_own(imports, merchant_id), of_imports(wanted)))

    async def queue(self, merchant_id: str, *, before: Import | None = None) -> Queue:
        """Tell of the merchant's imports that wait."""
        columns = func.count().label("waiting"), func.min(imports.c.created_at).label("since")
        queued = (imports.c.state == ImportState.QUEUED.value) & ~is_paused()
        waits = _goes_before(before) if before else queued
        query = select(*columns).where(_own(imports, merchant_id), waits)
        return value_of(Queue, (await read(self._engine, query))[0])

    async def ended(self, merchant_id: str, since: datetime, seconds: int) -> Sequence[Ended]:
        """Count imports that ended since a moment."""
        epoch = extract("epoch", imports.c.finished_at)
        start = cast(epoch - epoch % seconds, BigInteger).label("start")
        counted = {state: func.sum(case((imports.c.state == state.value, 1), else_=0)) for state in OVER}
        columns = start, *(count.label(state.value) for state, count in counted.items())
        query = select(*columns).where(_own(imports, merchant_id), imports.c.finished_at >= since)
        found = await read(self._engine, query.group_by(start).order_by(start))
        return [
            Ended(
                at=datetime.fromtimestamp(int(row["start"]), UTC),
                succeeded=int(row[ImportState.SUCCEEDED.value]),
                failed=int(row[ImportState.FAILED.value]),
            )
            for row in found
        ]

    async def tried(self, merchant_id: str, provider: str, since: datetime) -> Tried:
        """Count the tries of one provider, and their time."""
        took = extract("epoch", steps.c.finished_at) - extract("epoch", steps.c.started_at)
        columns = func.count().label("tries"), func.coalesce(func.sum(took), 0).label("seconds")
        own = _own(imports, merchant_id), steps.c.started_at >= since, steps.c.finished_at.is_not(None)
        made = steps.c.name.startswith(f"try {provider} ", autoescape=True), steps.c.state != StepState.SKIPPED.value
        joined = steps.join(imports, imports.c.id == steps.c.import_id)
        found = await read(self._engine, select(*columns).select_from(joined).where(*own, *made))
        return Tried(tries=found[0]["tries"], seconds=int(found[0]["seconds"]))

    async def fetched(self, merchant_id: str, since: datetime, *, batch_id: str = "") -> Sequence[Fetched]:
        """Sum up what tries fetched, by provider, and what pictures took."""
        columns = (
            attempts.c.provider,
            func.count().label("tries"),
            func.sum(case((attempts.c.fetched_bytes.is_(None), 1), else_=0)).label("unknown"),
            func.coalesce(func.sum(attempts.c.fetched_bytes), 0).label("bytes"),
        )
        asked = [_own(imports, merchant_id), attempts.c.started_at >= since]
        asked += [imports.c.batch_id == batch_id] if batch_id else []
        made = select(*columns).select_from(attempts.join(imports, imports.c.id == attempts.c.import_id))
        found = await read(self._engine, made.where(*asked).group_by(attempts.c.provider).order_by(attempts.c.provider))
        summed = [
            Fetched(provider=row["provider"], tries=row["tries"], unknown=int(row["unknown"]), bytes=int(row["bytes"]))
            for row in found
        ]
        return [*summed, *await self._pictured(merchant_id, since, batch_id)]

    async def _pictured(self, merchant_id: str, since: datetime, batch_id: str) -> Sequence[Fetched]:
        size = imports.c.picture_bytes
        asked = [_own(imports, merchant_id), imports.c.created_at >= since, size.is_not(None)]
        asked += [imports.c.batch_id == batch_id] if batch_id else []
        sums = select(func.count().label("tries"), func.coalesce(func.sum(size), 0).label("bytes"))
        (found,) = await read(self._engine, sums.select_from(imports).where(*asked))
        told = Fetched(provider=PICTURES, tries=found["tries"], unknown=0, bytes=int(found["bytes"]))
        return [told] if told.tries else []

    async def choices(self, merchant_id: str, limit: int = 100) -> Mapping[Word, Sequence[str]]:
        """Give what there is to filter by."""
        counted = {Word.SITE: products.c.site, Word.BRAND: products.c.brand, Word.ERROR: products.c.error}
        found = {word: await self._frequent(column, merchant_id, limit) for word, column in counted.items()}
        newest = select(batches.c.id).where(_own(batches, merchant_id)).order_by(batches.c.id.desc()).limit(limit)
        return {**found, Word.BATCH: [row["id"] for row in await read(self._engine, newest)]}

    async def _frequent(self, column: Column[Any], merchant_id: str, limit: int) -> Sequence[str]:
        query = select(column.label("name")).where(_own(products, merchant_id), column != "").group_by(column)
        found = await read(self._engine, query.order_by(func.count().desc(), column).limit(limit))
        return [row["name"] for row in found]

    async def _count(self, query: Select[*tuple[Any, ...]]) -> int:
        return int((await read(self._engine, query))[0]["found"])


def _own(table: Any, merchant_id: str) -> ColumnElement[bool]:
    return table.c.merchant_id == merchant_id


def _after(made: Key, product_id: str, *, falling: bool) -> ColumnElement[bool]:
    """Ask for what stands after a product in an order."""
    shown, key = products.alias("shown"), made(products)
    last = select(made(shown)).where(shown.c.id == product_id).scalar_subquery()
    return or_(key < last if falling else key > last, and_(key == last, products.c.id < product_id))


def _goes_before(import_: Import) -> ColumnElement[bool]:
    begun = exists().where(steps.c.import_id == imports.c.id)
    waits = imports.c.state.in_((ImportState.QUEUED.value, ImportState.RUNNING.value)) & ~imports.c.held
    single = imports.c.batch_id.is_(None) & imports.c.action_id.is_(None) & ~imports.c.scheduled
    earlier = imports.c.id < import_.id
    first = or_(single, earlier) if import_.bulk else and_(single, earlier)
    return and_(waits, first, ~begun)  # the steps are looked for last, only of what would go first
