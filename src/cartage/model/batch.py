"""A batch: many addresses handed in at once, each as a row of the merchant's own list."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from cartage.model.edit import Edit
from cartage.model.failure import Failure
from cartage.model.product import Value
from cartage.model.wishes import AS_USUAL, Render, Wishes

SITES_NAMED = 5
MOST_AT_ONCE = 1000
AtOnce = Annotated[int, Field(ge=1, le=MOST_AT_ONCE)]


class BatchState(StrEnum):
    """Name where a batch stands: while it is fed, rows become imports a few at a time."""

    READING = "reading"
    FEEDING = "feeding"
    FED = "fed"
    CANCELLED = "cancelled"


class OnDuplicate(StrEnum):
    """Name what a batch does with a row whose product is there already: leave it, or import it again."""

    SKIP = "skip"
    REFRESH = "refresh"


class BatchTerms(Value):
    """Say how a list is to be imported; `max_cost` bounds its paid attempts, in millionths of a US dollar.

    `enhance` and `wishes` are those of each import that it begins. `at_once` is how many of them are under way at the
    same time, where that is fewer than there is room for.
    """

    max_cost: int | None = None
    on_duplicate: OnDuplicate = OnDuplicate.SKIP
    enhance: bool | None = None
    wishes: Wishes = AS_USUAL
    at_once: AtOnce | None = None


class Batch(BatchTerms):
    """Keep what was handed in, and by whom: its name, its columns and how they were separated, to hand it back.

    `used` names the columns that say something of the products, by what they say.
    """

    id: str
    merchant_id: str
    name: str = ""
    state: BatchState = BatchState.READING
    columns: tuple[str, ...]
    delimiter: str = ","
    used: dict[str, str] = Field(default_factory=dict)
    asked_by: str = ""
    created_at: datetime


class RowState(StrEnum):
    """Name where a row stands before and besides its import."""

    WAITING = "waiting"
    SENT = "sent"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    INVALID = "invalid"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class BatchRow(Value):
    """Keep one row as it was handed in; `number` counts from 1.

    `same_as` is the number of the earlier row with the same address. `known` tells that the merchant had the
    product before. `failure` says what is wrong with the row itself, whose `source_url` is then as written. `render`
    says when its page is opened in a browser this time, where that is not as the batch says. `given` is what the row
    says of its product, and `again` that this is imported again where it is there already.
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
    render: Render | None = None
    given: Edit | None = None
    again: bool = False


class RowStatus(StrEnum):
    """Name how a row fares, as its owner sees it."""

    QUEUED = "queued"
    RUNNING = "running"
    IMPORTED = "imported"
    ALREADY_IMPORTED = "already_imported"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    FAILED = "failed"
    INVALID = "invalid"
    CANCELLED = "cancelled"
    DELETED = "deleted"

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
    given: Edit | None = None


class Cause(Value):
    """Sum up rows that went wrong for one reason.

    Where it was looked at closely, `sites` names those that have most of them and how many each has, and `rendered`
    counts the rows whose page was opened in a browser.
    """

    code: str
    rows: int
    rendered: int = 0
    sites: tuple[tuple[str, int], ...] = ()


class Retried(Value):
    """Count the rows that run again, and those that are left as they are because they would fail again, by reason."""

    rows: int
    left: tuple[Cause, ...] = ()


class Tally(Value):
    """Count a list's rows by how they fare, with the causes of what went wrong, the most frequent first."""

    counts: dict[RowStatus, int] = Field(default_factory=dict[RowStatus, int])
    causes: tuple[Cause, ...] = ()


def tally_of(counted: Iterable[tuple[RowStatus, str, str, int, int]]) -> Tally:
    """Sum up (status, code, site, rows, of these rendered); what did not go wrong has no code."""
    counts: Counter[RowStatus] = Counter()
    rows: Counter[str] = Counter()
    rendered: Counter[str] = Counter()
    sites: dict[str, Counter[str]] = {}
    for status, code, site, number, opened in counted:
        counts[status] += number
        if code:
            rows[code] += number
            rendered[code] += opened
            sites.setdefault(code, Counter())[site] += number
    ordered = sorted(rows, key=lambda code: (-rows[code], code))
    causes = (Cause(code=code, rows=rows[code], rendered=rendered[code], sites=_named(sites[code])) for code in ordered)
    return Tally(counts=dict(counts), causes=tuple(causes))


def _named(sites: Counter[str]) -> tuple[tuple[str, int], ...]:
    most = sorted(((site, rows) for site, rows in sites.items() if site), key=lambda each: (-each[1], each[0]))
    return tuple(most[:SITES_NAMED])


class Check(Value):
    """Say what a list holds before it is started; `bad` are the first rows that cannot be imported as they are.

    `again` counts the known rows that ask to be imported again, `skipped` those that ask to be left alone.
    `used` names the columns that say something of the products, by what they say, `handed_back` the others.
    `by_site` counts the rows that would be imported, the sites with most of them first; `spacings` are the seconds
    between two visits to those of them that have a time of their own.
    """

    rows: int = 0
    new: int = 0
    known: int = 0
    again: int = 0
    duplicates: int = 0
    skipped: int = 0
    invalid: int = 0
    by_site: tuple[tuple[str, int], ...] = ()
    spacings: dict[str, float] = Field(default_factory=dict)
    bad: tuple[BatchRow, ...] = ()
    used: dict[str, str] = Field(default_factory=dict)
    handed_back: tuple[str, ...] = ()
