"""Batches and their rows in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.batch import Batch, BatchRow, BatchState, RowResult, RowState, RowStatus, Tally, tally_of
from cartage.model.catalogue import Attempt, CatalogueProduct, Import, ImportState, Status
from cartage.model.errors import NotFound
from cartage.model.pause import is_among
from cartage.model.traits import host_of
from cartage.model.wishes import Render

BROWSER = "browser"
PLAIN = {
    RowState.WAITING: RowStatus.QUEUED,
    RowState.DUPLICATE: RowStatus.DUPLICATE,
    RowState.SKIPPED: RowStatus.SKIPPED,
    RowState.INVALID: RowStatus.INVALID,
    RowState.CANCELLED: RowStatus.CANCELLED,
    RowState.DELETED: RowStatus.DELETED,
}


class Kept(Protocol):
    """Be the catalogue in memory, as its batches see it."""

    def kept_product(self, product_id: str) -> CatalogueProduct:
        """Get anybody's product."""
        ...

    def kept_import(self, import_id: str) -> Import:
        """Get anybody's import."""
        ...

    def all_products(self) -> Sequence[CatalogueProduct]:
        """List everybody's products."""
        ...

    def all_imports(self) -> Sequence[Import]:
        """List everybody's imports."""
        ...

    async def attempts(self, import_id: str) -> Sequence[Attempt]:
        """List anybody's attempts."""
        ...

    async def unfinished_imports(self) -> Sequence[Import]:
        """List every merchant's imports that are not over."""
        ...


class MemoryBatches:
    """Keep batches in memory."""

    def __init__(self, catalogue: Kept) -> None:
        self._catalogue = catalogue
        self._batches: dict[str, Batch] = {}
        self._rows: dict[str, dict[int, BatchRow]] = {}
        self._leases: dict[str, tuple[str, datetime]] = {}

    def forget_product(self, product_id: str) -> None:
        """Mark the rows of a product as deleted."""
        for row in [row for rows in self._rows.values() for row in rows.values() if row.product_id == product_id]:
            changes = {"state": RowState.DELETED, "product_id": None, "import_id": None}
            self._keep(row.model_copy(update=changes))

    async def add_batch(self, batch: Batch) -> None:
        """Write a batch, without rows."""
        self._batches[batch.id] = batch
        self._rows[batch.id] = {}

    async def add_rows(self, rows: Sequence[BatchRow]) -> None:
        """Write rows of a batch that is being read."""
        for row in rows:
            self._keep(row)

    async def discard_batch(self, batch_id: str) -> None:
        """Delete a batch that is being read, with its rows."""
        if self._batches[batch_id].state is BatchState.READING:
            del self._batches[batch_id], self._rows[batch_id]

    async def move_batch(self, batch_id: str, before: BatchState, after: BatchState) -> bool:
        """Change a batch's state, guarded by the state it is in."""
        if self._batches[batch_id].state is not before:
            return False
        self._move(batch_id, after)
        return True

    async def batch(self, merchant_id: str, batch_id: str) -> Batch:
        """Get a batch."""
        batch = self._batches.get(batch_id)
        if batch is None or batch.merchant_id != merchant_id:
            raise NotFound(f"There is no {batch_id}.")
        return batch

    async def batches(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[Batch]:
        """List batches, newest first."""
        own = (each for each in self._batches.values() if each.merchant_id == merchant_id)
        earlier = (each for each in own if not before or each.id < before)
        return sorted(earlier, key=lambda batch: batch.id, reverse=True)[:limit]

    async def counts(self, batch_id: str) -> Mapping[RowStatus, int]:
        """Count a batch's rows by how they fare."""
        counted: dict[RowStatus, int] = {}
        for row in self._rows.get(batch_id, {}).values():
            status = self._status(row)
            counted[status] = counted.get(status, 0) + 1
        return counted

    async def results(
        self, batch_id: str, *, status: RowStatus | None = None, after: int = 0, limit: int = 1000
    ) -> Sequence[RowResult]:
        """List rows with what became of them, in their order."""
        later = (row for number, row in sorted(self._rows.get(batch_id, {}).items()) if number > after)
        fitting = (self._result(row) for row in later)
        return [result for result in fitting if status in (None, result.status)][:limit]

    async def lease(self, feeder: str, now: datetime, until: datetime) -> Sequence[Batch]:
        """Take the batches to feed that no other feeder holds."""
        taken: list[Batch] = []
        for batch in self._batches.values():
            holder, ends_at = self._leases.get(batch.id, (feeder, now))
            if batch.state is BatchState.FEEDING and (holder == feeder or ends_at < now):
                self._leases[batch.id] = feeder, until
                taken.append(batch)
        return sorted(taken, key=lambda batch: batch.id)

    async def under_way(self, merchant_id: str, batch_id: str = "") -> int:
        """Count the imports of the merchant's batches, or of one of them, that are neither over nor held."""
        unfinished = await self._catalogue.unfinished_imports()
        own = [each.batch_id for each in unfinished if each.merchant_id == merchant_id and not each.held]
        own = [batch for batch in own if batch is not None]
        return own.count(batch_id) if batch_id else len(own)

    async def waiting(self, batch_id: str, limit: int, leaving: Collection[str] = ()) -> Sequence[BatchRow]:
        """List rows that wait for an import, in their order."""
        waits = (row for row in self._in_order(batch_id) if row.state is RowState.WAITING)
        return [row for row in waits if not is_among(host_of(row.source_url), leaving)][:limit]

    async def count_waiting(self, batch_id: str, site: str = "") -> int:
        """Count the rows that wait for an import."""
        waits = [host_of(row.source_url) for row in self._in_order(batch_id) if row.state is RowState.WAITING]
        return sum(not site or is_among(each, (site,)) for each in waits)

    async def settle_row(self, row: BatchRow) -> bool:
        """Write what became of a row, guarded by its waiting."""
        if self._rows[row.batch_id][row.number].state is not RowState.WAITING:
            return False
        self._keep(row)
        return True

    async def finish_feeding(self, batch_id: str) -> None:
        """Mark a batch as fed when none of its rows waits."""
        if self._batches[batch_id].state is BatchState.FEEDING and not await self.waiting(batch_id, 1):
            self._move(batch_id, BatchState.FED)

    async def cancel_batch(self, batch_id: str) -> Sequence[BatchRow]:
        """Stop feeding, cancel the rows that wait, and list those whose own imports are under way."""
        self._move(batch_id, BatchState.CANCELLED)
        for row in await self.waiting(batch_id, len(self._rows[batch_id])):
            self._keep(row.model_copy(update={"state": RowState.CANCELLED}))
        return [row for row in self._in_order(batch_id) if self._runs(row)]

    async def cancel_rows(self, batch_id: str, numbers: Sequence[int]) -> None:
        """Mark rows whose imports were stopped as cancelled."""
        for number in numbers:
            row = self._rows[batch_id][number]
            if row.state is RowState.SENT:
                self._keep(row.model_copy(update={"state": RowState.CANCELLED}))

    async def retry_batch(
        self, batch_id: str, error: str = "", render: Render | None = None, leaving: Collection[str] = ()
    ) -> int:
        """Let failed and cancelled rows wait again."""
        if self._batches[batch_id].state is BatchState.READING:
            return 0
        wanted = (RowStatus.FAILED,) if error else (RowStatus.FAILED, RowStatus.CANCELLED)
        results = [(row, self._result(row)) for row in self._in_order(batch_id)]
        codes = [(row, told.failure.code if told.failure else "") for row, told in results if told.status in wanted]
        again = [row for row, code in codes if (code == error if error else code not in leaving)]
        for row in again:
            self._keep(row.model_copy(update={"state": RowState.WAITING, "known": False, "render": render}))
        if again:
            self._move(batch_id, BatchState.FEEDING)
        return len(again)

    async def known_urls(self, merchant_id: str, urls: Sequence[str]) -> set[str]:
        """Give those source addresses whose product the merchant has, failed ones aside."""
        own = (each for each in self._catalogue.all_products() if each.merchant_id == merchant_id)
        return {each.source_url for each in own if each.status is not Status.FAILED} & set(urls)

    async def tally(self, batch_id: str, *, closely: bool = False) -> Tally:
        """Count a batch's rows by how they fare, and why."""
        results = [self._result(row) for row in self._in_order(batch_id)]
        return tally_of([await self._told(each, closely=closely) for each in results])

    async def _told(self, result: RowResult, *, closely: bool) -> tuple[RowStatus, str, str, int, int]:
        wrong = result.status in (RowStatus.FAILED, RowStatus.INVALID) and result.failure
        if not (wrong and closely):
            return result.status, wrong.code if wrong else "", "", 1, 0
        return result.status, wrong.code, self._site(result), 1, await self._rendered(result)

    async def _rendered(self, result: RowResult) -> int:
        if result.product_id is None:
            return 0
        attempts = await self._catalogue.attempts(self._catalogue.kept_product(result.product_id).import_id)
        return int(any(each.provider == BROWSER for each in attempts))

    async def ended_since(self, batch_id: str, since: datetime) -> int:
        """Count the batch's own imports that ended since a moment."""
        own = (each for each in self._catalogue.all_imports() if each.batch_id == batch_id)
        return sum(each.finished_at is not None and each.finished_at >= since for each in own)

    def kept(self) -> Sequence[Batch]:
        """List everybody's batches, for the postbox."""
        return sorted(self._batches.values(), key=lambda batch: batch.id)

    def products_of(self, batch_id: str) -> set[str]:
        """Name the products of a batch's rows, for lists."""
        return {row.product_id for row in self._rows.get(batch_id, {}).values() if row.product_id}

    def _in_order(self, batch_id: str) -> list[BatchRow]:
        return [row for _, row in sorted(self._rows.get(batch_id, {}).items())]

    def _keep(self, row: BatchRow) -> None:
        self._rows[row.batch_id][row.number] = row

    def _move(self, batch_id: str, state: BatchState) -> None:
        self._batches[batch_id] = self._batches[batch_id].model_copy(update={"state": state})

    def _runs(self, row: BatchRow) -> bool:
        if row.state is not RowState.SENT or row.import_id is None:
            return False
        import_ = self._catalogue.kept_import(row.import_id)
        return import_.batch_id == row.batch_id and not import_.state.over

    def _site(self, told: RowResult) -> str:
        return host_of(self._catalogue.kept_product(told.product_id).source_url) if told.product_id else ""

    def _result(self, row: BatchRow) -> RowResult:
        whose = self._rows[row.batch_id][row.same_as] if row.same_as else row
        status = self._status(row)
        failure = row.failure
        if status is RowStatus.FAILED and row.product_id:
            failure = self._catalogue.kept_product(row.product_id).failure
        return RowResult(
            number=row.number,
            cells=row.cells,
            source_url=row.source_url,
            status=status,
            failure=failure,
            product_id=whose.product_id,
            import_id=whose.import_id,
            given=row.given,
        )

    def _status(self, row: BatchRow) -> RowStatus:
        if row.product_id is None or row.state in PLAIN:
            return PLAIN[row.state]
        product = self._catalogue.kept_product(row.product_id)
        match product.status:
            case Status.FAILED:
                return RowStatus.FAILED
            case Status.IMPORTING:
                queued = self._catalogue.kept_import(product.import_id).state is ImportState.QUEUED
                return RowStatus.QUEUED if queued else RowStatus.RUNNING
            case _:
                return RowStatus.ALREADY_IMPORTED if row.known else RowStatus.IMPORTED
