"""Merchants' settings of enhancement, runs and enhancements in the database; every change is guarded in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cartage.model.catalogue import CatalogueProduct, Event, Status
from cartage.model.decision import decided, superseded, with_written
from cartage.model.enhancement import Enhancement, EnhancementState, EnhanceRun, EnhanceSettings, RunState
from cartage.model.errors import Conflict, NotFound
from cartage.stores.sql.database import inserting, read, writing
from cartage.stores.sql.enhancement_tables import enhance_runs, enhance_settings
from cartage.stores.sql.enhancement_tables import enhancements as table
from cartage.stores.sql.events import keep_event
from cartage.stores.sql.rows import product_row, row_of, value_of
from cartage.stores.sql.tables import products

UNDER_WAY = (RunState.QUEUED.value, RunState.RUNNING.value)
OPEN = tuple(state.value for state in EnhancementState if state.open)


class SqlEnhancements:
    """Keep settings, runs and enhancements."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = inserting(engine)

    async def settings(self, merchant_id: str) -> EnhanceSettings:
        """Get what a merchant wants written."""
        query = select(enhance_settings).where(enhance_settings.c.merchant_id == merchant_id)
        found = await read(self._engine, query)
        return value_of(EnhanceSettings, found[0]) if found else EnhanceSettings(merchant_id=merchant_id)

    async def set_settings(self, settings: EnhanceSettings) -> None:
        """Write what a merchant wants written, in one statement."""
        row = row_of(settings)
        writing_row = self._insert(enhance_settings).values(row)
        upsert = writing_row.on_conflict_do_update(index_elements=["merchant_id"], set_=row)
        async with writing(self._engine) as connection:
            await connection.execute(upsert)

    async def begin_run(self, run: EnhanceRun, event: Event, *, instead: bool = False) -> EnhanceRun:
        """Write a run that is to be done; an index lets a product have one under way."""
        try:
            async with writing(self._engine) as connection:
                await _own_product(connection, run.merchant_id, run.product_id)
                same = (await connection.execute(select(enhance_runs).where(enhance_runs.c.id == run.id))).mappings()
                if (row := same.first()) is not None:
                    return value_of(EnhanceRun, row)
                if instead:
                    await _supersede(connection, run)
                await connection.execute(insert(enhance_runs).values(row_of(run)))
                await keep_event(connection, event)
        except IntegrityError as error:
            raise Conflict(f"{run.product_id} is being enhanced already.") from error
        return run

    async def mark_running(self, run_id: str) -> None:
        """Move a run from queued to running."""
        queued = (enhance_runs.c.id == run_id) & (enhance_runs.c.state == RunState.QUEUED.value)
        async with writing(self._engine) as connection:
            await connection.execute(update(enhance_runs).where(queued).values(state=RunState.RUNNING.value))

    async def run(self, merchant_id: str, run_id: str) -> EnhanceRun:
        """Get a run."""
        own = (enhance_runs.c.id == run_id) & (enhance_runs.c.merchant_id == merchant_id)
        found = await read(self._engine, select(enhance_runs).where(own))
        if not found:
            raise NotFound(f"There is no {run_id}.")
        return value_of(EnhanceRun, found[0])

    async def runs(self, merchant_id: str, product_id: str, limit: int = 20) -> Sequence[EnhanceRun]:
        """List a product's runs, newest first."""
        await self._check_own(merchant_id, product_id)
        query = select(enhance_runs).where(enhance_runs.c.product_id == product_id)
        found = await read(self._engine, query.order_by(enhance_runs.c.id.desc()).limit(limit))
        return [value_of(EnhanceRun, row) for row in found]

    async def unfinished_runs(self) -> Sequence[EnhanceRun]:
        """List every merchant's runs that are not over, oldest first."""
        query = select(enhance_runs).where(enhance_runs.c.state.in_(UNDER_WAY)).order_by(enhance_runs.c.id)
        return [value_of(EnhanceRun, row) for row in await read(self._engine, query)]

    async def keep(self, enhancements: Sequence[Enhancement]) -> None:
        """Write what one try of a run gave, once, while product and run are held so that neither goes on."""
        async with writing(self._engine) as connection:
            for each in enhancements:
                await _own_product(connection, each.merchant_id, each.product_id)
                going = (enhance_runs.c.id == each.run_id) & enhance_runs.c.state.in_(UNDER_WAY)
                held = select(enhance_runs.c.id).where(going).with_for_update()
                known = select(table.c.id).where(table.c.id == each.id)
                if await connection.scalar(held) is None or await connection.scalar(known) is not None:
                    continue
                replaced = update(table).where(_same_place(each), table.c.state.in_(OPEN))
                await connection.execute(replaced.values(state=EnhancementState.REPLACED.value))
                await connection.execute(insert(table).values(row_of(each)))

    async def enhancements(self, merchant_id: str, product_id: str, *, run_id: str = "") -> Sequence[Enhancement]:
        """List a product's enhancements."""
        await self._check_own(merchant_id, product_id)
        query = select(table).where(table.c.product_id == product_id)
        if run_id:
            query = query.where(table.c.run_id == run_id)
        else:
            query = query.where(table.c.state != EnhancementState.REPLACED.value)
        found = await read(self._engine, query.order_by(table.c.id.desc()))
        return [value_of(Enhancement, row) for row in found]

    async def end_run(self, run: EnhanceRun, event: Event, *, enhanced: bool) -> bool:
        """Write the end of a run, and the product's status, each in one guarded statement.

        Whoever writes of a product's enhancement holds the product first, so that none waits for another in a circle.
        """
        going = (enhance_runs.c.id == run.id) & enhance_runs.c.state.in_(UNDER_WAY)
        as_left = (products.c.id == run.product_id) & (products.c.import_id == run.import_id)
        imported = as_left & (products.c.status == Status.IMPORTED.value)
        async with writing(self._engine) as connection:
            await _own_product(connection, run.merchant_id, run.product_id)
            ended = await connection.execute(update(enhance_runs).where(going).values(row_of(run)))
            if ended.rowcount != 1:
                return False
            if enhanced:
                await connection.execute(update(products).where(imported).values(status=Status.ENHANCED.value))
            await keep_event(connection, event)
        return True

    async def decide(
        self, merchant_id: str, product_id: str, decisions: Mapping[str, bool], at: datetime
    ) -> Sequence[Enhancement]:
        """Write a person's decision about enhancements, with the product held so that no import ends in between."""
        async with writing(self._engine) as connection:
            product = await _own_product(connection, merchant_id, product_id)
            query = select(table).where(table.c.product_id == product_id)
            known = [value_of(Enhancement, row) for row in (await connection.execute(query)).mappings()]
            changed = decided(known, decisions, at)
            for each in changed:
                mine = table.c.id == each.id
                await connection.execute(update(table).where(mine).values(row_of(each)))
            own = products.c.id == product_id
            await connection.execute(update(products).where(own).values(product_row(with_written(product, changed))))
        return [each for each in changed if each.id in decisions]

    async def _check_own(self, merchant_id: str, product_id: str) -> None:
        own = (products.c.id == product_id) & (products.c.merchant_id == merchant_id)
        if not await read(self._engine, select(products.c.id).where(own)):
            raise NotFound(f"There is no {product_id}.")


async def _own_product(connection: AsyncConnection, merchant_id: str, product_id: str) -> CatalogueProduct:
    """Get a product, held until the transaction ends."""
    own = (products.c.id == product_id) & (products.c.merchant_id == merchant_id)
    row = (await connection.execute(select(products).where(own).with_for_update())).mappings().first()
    if row is None:
        raise NotFound(f"There is no {product_id}.")
    return value_of(CatalogueProduct, row)


async def _supersede(connection: AsyncConnection, run: EnhanceRun) -> None:
    others = (enhance_runs.c.product_id == run.product_id) & enhance_runs.c.state.in_(UNDER_WAY)
    for row in (await connection.execute(select(enhance_runs).where(others))).mappings().all():
        ended = superseded(value_of(EnhanceRun, row), run.created_at)
        await connection.execute(update(enhance_runs).where(enhance_runs.c.id == ended.id).values(row_of(ended)))


def _same_place(each: Enhancement) -> ColumnElement[bool]:
    language = table.c.language.is_(None) if each.language is None else table.c.language == each.language
    return (table.c.product_id == each.product_id) & (table.c.field == each.field.value) & language
