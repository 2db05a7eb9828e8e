"""Products, imports, attempts, steps and events in the database; every state change is guarded in SQL."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, func, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cartage.model.catalogue import (
    Attempt,
    CatalogueProduct,
    Event,
    Import,
    ImportState,
    Metadata,
    ProductStatus,
    Status,
    Step,
)
from cartage.model.errors import Conflict, NotFound
from cartage.model.locks import handed_in, left_by
from cartage.model.upkeep import sighting_of
from cartage.store import Change
from cartage.stores.sql.database import glance, in_turn, inserting, read, writing
from cartage.stores.sql.events import keep_event
from cartage.stores.sql.gallery import note_uses
from cartage.stores.sql.gathered import KEYS, gathered_by
from cartage.stores.sql.pauses import is_paused
from cartage.stores.sql.rows import import_row, product_row, row_of, value_of
from cartage.stores.sql.tables import attempts, events, imports, products, steps
from cartage.stores.sql.upkeep import note_sighting

V = TypeVar("V", bound=BaseModel)

STATUSES_AMONG = select(products.c.id, products.c.merchant_id, products.c.status, products.c.failure).where(
    products.c.id.in_(KEYS)
)
UNDER_WAY = (ImportState.QUEUED.value, ImportState.RUNNING.value)


class SqlCatalogue:
    """Keep a catalogue."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._statuses = gathered_by(engine, "id", ProductStatus, STATUSES_AMONG)
        self._insert = inserting(engine)

    async def add_product(self, product: CatalogueProduct, import_: Import, event: Event) -> None:
        """Write a new product, its first import and the event in one transaction."""
        address = (products.c.merchant_id == product.merchant_id) & (products.c.source_url == product.source_url)
        same = or_(address, products.c.id == product.id)
        async with writing(self._engine) as connection:
            await in_turn(connection, product.merchant_id)
            if await connection.scalar(select(products.c.id).where(same).limit(1)):
                raise Conflict("This address, or this id, is in the catalogue already.")
            await connection.execute(insert(products).values(product_row(product)))
            await connection.execute(insert(imports).values(import_row(import_)))
            if product.pictures:
                await note_uses(connection, product)
            await keep_event(connection, event)

    async def begin_import(
        self, import_: Import, event: Event, *, planned_at: datetime | None = None
    ) -> CatalogueProduct:
        """Start another import of a settled product, all in one transaction."""
        own = _own(products, import_.merchant_id, import_.product_id)
        planned = true() if planned_at is None else products.c.refresh_at == planned_at
        begun = {"import_id": import_.id, "status": Status.IMPORTING.value}
        if not import_.back_to:
            begun |= {"failure": None, "error": "", "metadata": Metadata().model_dump_json(), "refresh_at": None}
            begun |= {"updated_at": import_.created_at}
        settled = update(products).where(own, products.c.status != Status.IMPORTING.value, planned)
        async with writing(self._engine) as connection:
            begun = await _handed_in(connection, own, import_) | begun
            row = (await connection.execute(settled.values(begun).returning(*products.c))).mappings().first()
            if row is None:
                known = await connection.scalar(select(products.c.id).where(own))
                raise (
                    _none(import_.product_id)
                    if known is None
                    else Conflict(f"An import of {import_.product_id} is under way, or is not due.")
                )
            await connection.execute(insert(imports).values(import_row(import_)))
            await keep_event(connection, event)
        return value_of(CatalogueProduct, row)

    async def mark_running(self, import_id: str, planned: Sequence[str] = ()) -> bool:
        """Move an import from queued to running, unless it is paused."""
        begun = {"state": ImportState.RUNNING.value, "planned": json.dumps(list(planned))}
        queued = (imports.c.id == import_id) & (imports.c.state == ImportState.QUEUED.value)
        free = ~imports.c.held & ~is_paused()
        async with writing(self._engine) as connection:
            if (await connection.execute(update(imports).where(queued, free).values(begun))).rowcount == 1:
                return True
            # What is resumed in this very moment is held all the same, and released at once.
            return (await connection.execute(update(imports).where(queued).values(held=True))).rowcount == 0

    async def end_import(self, product: CatalogueProduct, import_: Import, event: Event) -> bool:
        """Write the end of an import in one transaction, guarded by its id and by nobody having ended it."""
        this_import = (products.c.id == product.id) & (products.c.import_id == import_.id)
        mine = this_import & (products.c.status == Status.IMPORTING.value)
        begun = (imports.c.id == import_.id) & imports.c.state.in_(UNDER_WAY)
        async with writing(self._engine) as connection:
            ended = await connection.execute(update(imports).where(begun).values(import_row(import_)))
            if ended.rowcount != 1:
                return False
            row = (await connection.execute(select(products).where(mine).with_for_update())).mappings().first()
            if row is None:
                await connection.rollback()
                return False
            kept = left_by(import_, value_of(CatalogueProduct, row), product)
            await connection.execute(update(products).where(mine).values(product_row(kept)))
            await note_uses(connection, kept)
            seen = sighting_of(product)
            if seen and import_.state is ImportState.SUCCEEDED and not import_.back_to:
                await note_sighting(connection, product.id, import_.id, seen)
            await keep_event(connection, event)
        return True

    async def change_product(
        self, merchant_id: str, product_id: str, change: Change, versions: frozenset[str] | None = None
    ) -> CatalogueProduct:
        """Write a changed product, with the product held so that no import ends in between."""
        own = _own(products, merchant_id, product_id)
        async with writing(self._engine) as connection:
            row = (await connection.execute(select(products).where(own).with_for_update())).mappings().first()
            if row is None:
                raise _none(product_id)
            kept = value_of(CatalogueProduct, row)
            kept.check_version(versions)
            if kept.facts is None:
                raise Conflict("No page was read for this product yet.")
            changed = change(kept)
            await connection.execute(update(products).where(own).values(product_row(changed)))
            if changed.pictures != kept.pictures:
                await note_uses(connection, changed)
        return changed

    async def product(self, merchant_id: str, product_id: str) -> CatalogueProduct:
        """Get one product."""
        found = await self._few(CatalogueProduct, select(products).where(_own(products, merchant_id, product_id)))
        if not found:
            raise _none(product_id)
        return found[0]

    async def status(self, merchant_id: str, product_id: str) -> ProductStatus:
        """Get a product's status alone."""
        found = await self._statuses.get(product_id)
        if found is None or found.merchant_id != merchant_id:
            raise _none(product_id)
        return found

    async def product_by_url(self, merchant_id: str, source_url: str) -> CatalogueProduct | None:
        """Find the merchant's product with this source address."""
        own = (products.c.merchant_id == merchant_id) & (products.c.source_url == source_url)
        newest = select(products).where(own).order_by(products.c.id.desc()).limit(1)
        found = await self._few(CatalogueProduct, newest)
        return found[0] if found else None

    async def import_(self, merchant_id: str, import_id: str) -> Import:
        """Get one import."""
        found = await self._few(Import, select(imports).where(_own(imports, merchant_id, import_id)))
        if not found:
            raise _none(import_id)
        return found[0]

    async def imports(
        self, merchant_id: str, *, product_id: str = "", before: str = "", limit: int = 50
    ) -> Sequence[Import]:
        """List imports, newest first."""
        query = select(imports).where(imports.c.merchant_id == merchant_id)
        if product_id:
            query = query.where(imports.c.product_id == product_id)
        if before:
            query = query.where(imports.c.id < before)
        return await self._list(Import, query.order_by(imports.c.id.desc()).limit(limit))

    async def unfinished_imports(self) -> Sequence[Import]:
        """List every merchant's imports that are not over, oldest first."""
        return await self._list(Import, select(imports).where(imports.c.state.in_(UNDER_WAY)).order_by(imports.c.id))

    async def import_counts(self) -> Mapping[ImportState, int]:
        """Count every merchant's imports by state."""
        query = select(imports.c.state, func.count().label("imports")).group_by(imports.c.state)
        return {ImportState(row["state"]): row["imports"] for row in await read(self._engine, query)}

    async def waiting_since(self) -> datetime | None:
        """Say since when the oldest queued import waits."""
        queued = (imports.c.state == ImportState.QUEUED.value) & ~imports.c.held
        oldest = select(imports).where(queued).order_by(imports.c.created_at).limit(1)
        found = await read(self._engine, oldest)
        return value_of(Import, found[0]).created_at if found else None

    async def record_steps(self, told: Sequence[tuple[Step, Event]]) -> None:
        """Write steps' present states, each with its event, in one transaction."""
        async with writing(self._engine) as connection:
            for step, event in told:
                await connection.execute(self._present(step))
                await keep_event(connection, event)

    def _present(self, step: Step) -> Any:
        row = row_of(step)
        changed = {name: row[name] for name in ("state", "detail", "started_at", "finished_at", "until")}
        return self._insert(steps).values(row).on_conflict_do_update(index_elements=["import_id", "name"], set_=changed)

    async def steps(self, import_id: str) -> Sequence[Step]:
        """List an import's steps in the order they started."""
        query = select(steps).where(steps.c.import_id == import_id)
        return await self._few(Step, query.order_by(steps.c.started_at, steps.c.name))

    async def record_attempt(self, import_id: str, attempt: Attempt) -> None:
        """Write an attempt once."""
        row = {
            "import_id": import_id,
            "provider": attempt.provider,
            "number": attempt.number,
            "started_at": attempt.started_at,
            "attempt": attempt.model_dump_json(),
            "fetched_bytes": attempt.fetched_bytes,
        }
        async with writing(self._engine) as connection:
            await connection.execute(self._insert(attempts).values(row).on_conflict_do_nothing())

    async def attempts(self, import_id: str) -> Sequence[Attempt]:
        """List an import's attempts in the order they were made."""
        query = select(attempts.c.attempt).where(attempts.c.import_id == import_id)
        found = await glance(self._engine, query.order_by(attempts.c.started_at))
        return [Attempt.model_validate_json(row["attempt"]) for row in found]

    async def events(
        self,
        merchant_id: str,
        *,
        product_id: str = "",
        import_id: str = "",
        batch_id: str = "",
        after: int = 0,
        limit: int = 200,
    ) -> Sequence[Event]:
        """List events above a sequence, oldest first."""
        query = select(events).where(events.c.merchant_id == merchant_id, events.c.sequence > after)
        if product_id:
            query = query.where(events.c.product_id == product_id)
        if import_id:
            query = query.where(events.c.import_id == import_id)
        if batch_id:
            query = query.join(imports, imports.c.id == events.c.import_id).where(imports.c.batch_id == batch_id)
        return await self._list(Event, query.order_by(events.c.sequence).limit(limit))

    async def newest_sequence(self, merchant_id: str) -> int:
        """Give the sequence of the newest event."""
        newest = func.coalesce(func.max(events.c.sequence), 0).label("newest")
        return (await read(self._engine, select(newest).where(events.c.merchant_id == merchant_id)))[0]["newest"]

    async def _list(self, kind: type[V], query: Select[*tuple[Any, ...]]) -> Sequence[V]:
        return [value_of(kind, row) for row in await read(self._engine, query)]

    async def _few(self, kind: type[V], query: Select[*tuple[Any, ...]]) -> Sequence[V]:
        return [value_of(kind, row) for row in await glance(self._engine, query)]


def _own(table: Any, merchant_id: str, wanted_id: str) -> ColumnElement[bool]:
    return (table.c.id == wanted_id) & (table.c.merchant_id == merchant_id)


async def _handed_in(connection: AsyncConnection, own: ColumnElement[bool], import_: Import) -> dict[str, Any]:
    """Give a product's columns with what was handed in with its address; none where nothing was."""
    if import_.given is None:
        return {}
    row = (await connection.execute(select(products).where(own).with_for_update())).mappings().first()
    return product_row(handed_in(value_of(CatalogueProduct, row), import_.given, import_.created_at)) if row else {}


def _none(wanted_id: str) -> NotFound:
    return NotFound(f"There is no {wanted_id}.")
