"""What a store keeps of batches: lists of addresses, row by row, and what became of each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.batch import Batch, BatchRow, BatchState, RowResult, RowStatus, Tally
from cartage.model.wishes import Render


class Batches(Protocol):
    """Keep batches and their rows."""

    async def add_batch(self, batch: Batch) -> None:
        """Write a batch, without rows."""
        ...

    async def add_rows(self, rows: Sequence[BatchRow]) -> None:
        """Write rows of a batch that is being read."""
        ...

    async def discard_batch(self, batch_id: str) -> None:
        """Delete a batch that could not be read to its end, with its rows."""
        ...

    async def move_batch(self, batch_id: str, before: BatchState, after: BatchState) -> bool:
        """Change a batch's state from `before` to `after`; give False when it is in another state."""
        ...

    async def batch(self, merchant_id: str, batch_id: str) -> Batch:
        """Get a batch; raises `NotFound` for another merchant's id, as for an unknown one."""
        ...

    async def batches(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[Batch]:
        """List batches, newest first, with ids below `before` when it is given."""
        ...

    async def counts(self, batch_id: str) -> Mapping[RowStatus, int]:
        """Count a batch's rows by how they fare; statuses that no row has are left out."""
        ...

    async def results(
        self, batch_id: str, *, status: RowStatus | None = None, after: int = 0, limit: int = 1000
    ) -> Sequence[RowResult]:
        """List rows with what became of them, in their order, with numbers above `after`."""
        ...

    async def lease(self, feeder: str, now: datetime, until: datetime) -> Sequence[Batch]:
        """Take every merchant's batches to feed that no other feeder holds, oldest first, until a moment."""
        ...

    async def under_way(self, merchant_id: str, batch_id: str = "") -> int:
        """Count the imports of the merchant's batches, or of one of them, that are neither over nor held."""
        ...

    async def waiting(self, batch_id: str, limit: int, leaving: Collection[str] = ()) -> Sequence[BatchRow]:
        """List rows that wait for an import, in their order, without those of the sites `leaving`."""
        ...

    async def count_waiting(self, batch_id: str, site: str = "") -> int:
        """Count the rows that wait for an import, those of a site and its subdomains where one is named."""
        ...

    async def settle_row(self, row: BatchRow) -> bool:
        """Write what became of a row that waits; give False when it no longer waits."""
        ...

    async def finish_feeding(self, batch_id: str) -> None:
        """Mark a batch as fed when none of its rows waits."""
        ...

    async def cancel_batch(self, batch_id: str) -> Sequence[BatchRow]:
        """Stop feeding, cancel the rows that wait, and list those whose own imports are under way."""
        ...

    async def cancel_rows(self, batch_id: str, numbers: Sequence[int]) -> None:
        """Mark rows whose imports were stopped as cancelled."""
        ...

    async def retry_batch(
        self, batch_id: str, error: str = "", render: Render | None = None, leaving: Collection[str] = ()
    ) -> int:
        """Let failed and cancelled rows wait again, feed the batch again when there are any, and count them.

        With `error` only those rows whose import failed for this reason; those that failed for one of `leaving` are
        left as they are. `render` says when their pages are opened
        in a browser, None that it is as the batch says.
        """
        ...

    async def known_urls(self, merchant_id: str, urls: Sequence[str]) -> set[str]:
        """Give those source addresses whose product the merchant has, failed ones aside."""
        ...

    async def tally(self, batch_id: str, *, closely: bool = False) -> Tally:
        """Count a batch's rows by how they fare, and sum up the failed and invalid ones by reason.

        Where `closely`, a reason names its sites and counts the pages that a browser opened, which takes longer.
        """
        ...

    async def ended_since(self, batch_id: str, since: datetime) -> int:
        """Count the batch's own imports that ended since a moment."""
        ...
