"""A batch: many addresses handed in at once, each as a row of the merchant's own list."""

from datetime import datetime
from enum import StrEnum

from cartage.model.failure import Failure
from cartage.model.product import Value


class BatchState(StrEnum):
    """Name where a batch stands: while it is fed, rows become imports a few at a time."""

    READING = "reading"
    FEEDING = "feeding"
    FED = "fed"
    CANCELLED = "cancelled"


class Batch(Value):
    """Keep what was handed in: its columns, and how they were separated, so that it can be handed back."""

    id: str
    merchant_id: str
    state: BatchState = BatchState.READING
    columns: tuple[str, ...]
    delimiter: str = ","
    created_at: datetime


class RowState(StrEnum):
    """Name where a row stands before and besides its import."""

    WAITING = "waiting"
    SENT = "sent"
    DUPLICATE = "duplicate"
    INVALID = "invalid"
    CANCELLED = "cancelled"


class BatchRow(Value):
    """Keep one row as it was handed in; `number` counts from 1.

    `same_as` is the number of the earlier row with the same address. `known` tells that the merchant had the
    product before. `failure` says what is wrong with the row itself, whose `source_url` is then as written.
    """

    batch_id: str
    number: int
    cells: tuple[str, ...]
    source_url: str = ""
    state: RowState = RowState.WAITING
    same_as: int | None = None
    failure: Failure | None = None
    product_id: str | None = None
    import_id: str | None = None
    known: bool = False


class RowStatus(StrEnum):
    """Name how a row fares, as its owner sees it."""

    QUEUED = "queued"
    RUNNING = "running"
    IMPORTED = "imported"
    ALREADY_IMPORTED = "already_imported"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    INVALID = "invalid"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Tell whether nothing more happens to the row by itself."""
        return self not in {RowStatus.QUEUED, RowStatus.RUNNING}


class RowResult(Value):
    """Show a row with what became of it."""

    number: int
    cells: tuple[str, ...]
    source_url: str
    status: RowStatus
    failure: Failure | None = None
    product_id: str | None = None
    import_id: str | None = None
