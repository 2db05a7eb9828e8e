"""Feeding: rows of batches become imports, a few at a time, so that nobody's single import waits behind them."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from cartage.imports.progress import now
from cartage.imports.rounds import going_on
from cartage.imports.service import Imports, Submission
from cartage.model.batch import Batch, BatchRow, BatchState, OnDuplicate, RowState
from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.errors import CartageError, Conflict, TryLater
from cartage.model.pause import paused_sites
from cartage.store import Store

INTERVAL_SECONDS = 0.2
IDLE_SECONDS = 0.5
LAST_ROWS_SECONDS = 3.0
LEASE = timedelta(seconds=15)

logger = logging.getLogger("cartage.imports")

Key = tuple[str, int]


@dataclass(slots=True)
class Feeder:
    """Keep at most `window` imports of each merchant's batches under way.

    Each batch has one feeder at a time; when its process dies, another takes over where it stopped. A row
    that was submitted but not noted is recognised by its import's batch, and not submitted again.
    """

    store: Store
    imports: Imports
    window: int = 16
    name: str = field(default_factory=lambda: uuid4().hex)
    _under_hand: dict[Key, asyncio.Task[None]] = field(default_factory=dict[Key, asyncio.Task[None]])

    async def watch(self) -> None:
        """Feed for ever; when cancelled, end what is under hand first."""
        while True:
            looking = asyncio.ensure_future(self._look())
            try:
                await asyncio.sleep(await asyncio.shield(looking))
            except asyncio.CancelledError:
                await asyncio.wait([looking, *self._under_hand.values()], timeout=LAST_ROWS_SECONDS)
                for task in self._under_hand.values():
                    task.cancel()
                raise

    async def _look(self) -> float:
        """Feed once, and say how many seconds to rest."""
        with going_on(logger, "Feeding"):
            if await self.feed():
                return INTERVAL_SECONDS
        return IDLE_SECONDS

    async def feed(self) -> bool:
        """Fill every merchant's window once; tell whether any batch is being fed. While the disk is low, rows wait."""
        if self.imports.reserve.low:
            return False
        moment = now()
        batches = await self.store.batches.lease(self.name, moment, moment + LEASE)
        for batch in batches:
            await self._feed(batch)
        return bool(batches)

    async def settle(self) -> None:
        """Wait until every row under hand is noted."""
        while self._under_hand:
            await asyncio.wait(self._under_hand.values())

    async def _feed(self, batch: Batch) -> None:
        """Fill a batch's window, with rows of sites that are not paused."""
        paused = paused_sites(await self.store.pauses.pauses(batch.merchant_id))
        if paused is None:
            return
        mine = [key for key in self._under_hand if key[0] == batch.id]
        free = self.window - max(await self.store.batches.under_way(batch.merchant_id), len(mine))
        if batch.at_once is not None:
            own = await self.store.batches.under_way(batch.merchant_id, batch.id)
            free = min(free, batch.at_once - max(own, len(mine)))
        if free <= 0:
            return
        rows = await self.store.batches.waiting(batch.id, free + len(mine), paused)
        if not rows and not (paused and await self.store.batches.waiting(batch.id, 1)):
            await self.store.batches.finish_feeding(batch.id)
        for row in [row for row in rows if (row.batch_id, row.number) not in self._under_hand][:free]:
            key = row.batch_id, row.number
            task = asyncio.create_task(self._submit(batch, row))
            self._under_hand[key] = task
            task.add_done_callback(lambda _, key=key: self._under_hand.pop(key, None))

    async def _submit(self, batch: Batch, row: BatchRow) -> None:
        try:
            await self._settle(batch, row)
        except TryLater as error:
            logger.warning("Row %s of %s waits: %s", row.number, batch.id, error)
        except CartageError as error:
            invalid = {"state": RowState.INVALID, "failure": error.failure()}
            await self.store.batches.settle_row(row.model_copy(update=invalid))
        except Exception:
            logger.exception("Row %s of %s was not submitted and waits.", row.number, batch.id)

    async def _settle(self, batch: Batch, row: BatchRow) -> None:
        if (submission := await self._submitted(batch, row)) is None:
            return
        sent = {
            "state": RowState.SENT,
            "product_id": submission.product.id,
            "import_id": submission.import_.id,
            "known": submission.import_.batch_id != batch.id,
        }
        settled = await self.store.batches.settle_row(row.model_copy(update=sent))
        if settled or submission.import_.batch_id != batch.id:
            return
        present = await self.store.batches.batch(batch.merchant_id, batch.id)
        if present.state is BatchState.CANCELLED:  # while this row was on its way
            await self.imports.cancel(batch.merchant_id, submission.product.id)

    async def _submitted(self, batch: Batch, row: BatchRow) -> Submission | None:
        """Submit a row, unless its import ran before and only the note of it was lost.

        None where it waits: its words are set once another import of its product is over.
        """
        wishes = batch.wishes if row.render is None else batch.wishes.model_copy(update={"render": row.render})
        imports = self.imports.by(batch.asked_by)
        known = await self.store.catalogue.product_by_url(batch.merchant_id, row.source_url)
        refresh = row.again or batch.on_duplicate is OnDuplicate.REFRESH
        again = known is not None and known.status.settled and refresh
        if known and (again or known.status is Status.FAILED) and known.import_id != row.import_id:
            import_ = await self.store.catalogue.import_(batch.merchant_id, known.import_id)
            if import_.batch_id == batch.id:
                return Submission(known, import_, duplicate=True)
        if known and refresh and row.given and await self._busy(batch, known):
            return None
        asked: dict[str, Any] = {"batch_id": batch.id, "enhance": batch.enhance, "wishes": wishes, "given": row.given}
        if known and again:
            with contextlib.suppress(Conflict):  # somebody else imports it by now
                return await imports.retry(batch.merchant_id, known.id, **asked)
        return await imports.submit(batch.merchant_id, row.source_url, **asked)

    async def _busy(self, batch: Batch, product: CatalogueProduct) -> bool:
        """Tell whether an import of a product is under way that is not this batch's own."""
        import_ = await self.store.catalogue.import_(batch.merchant_id, product.import_id)
        return not product.status.settled and import_.batch_id != batch.id
