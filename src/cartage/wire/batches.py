"""Batches as they are told."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from cartage.model.batch import Check, OnDuplicate, RowResult, RowStatus
from cartage.model.failure import Failure
from cartage.model.pricing import Markup
from cartage.model.product import Money
from cartage.model.wishes import Render
from cartage.wire.pauses import PausedOut


class RowOut(BaseModel):
    """Show a row of a list with what became of it; `row` counts from 1, without the head.

    Where the row itself is wrong, the `line` of its `error` is the one of the file on which it begins.
    """

    row: int
    url: str
    external_id: str | None
    status: str
    product_id: str | None
    import_id: str | None
    error: Failure | None

    @classmethod
    def of(cls, result: RowResult) -> "RowOut":
        """Map a row."""
        return cls(
            row=result.number,
            url=result.source_url,
            external_id=result.given and result.given.external_id,
            status=result.status.value,
            product_id=result.product_id,
            import_id=result.import_id,
            error=result.failure,
        )


class RowPage(BaseModel):
    """List rows in their order; `next` is the address of the following page, or null."""

    rows: list[RowOut]
    next: str | None


class BatchOut(BaseModel):
    """Show a batch; `counts` has every status that rows have, `errors` the first hundred rows that went wrong.

    `causes` counts all of those by the code of their error, the most frequent first. `per_second` is how many of its
    imports ended lately, `seconds_left` at best and at worst, null while nothing does.

    After a retry, `retried` counts the rows that run again, `left` those that are left as they are because they would
    fail again, by the code of their error.

    `max_cost` is what it may spend, `max_cost_each` what each of its imports may, null where only the installation's
    budgets bound it. `own_rule` prices the products that it brings instead of your ranges, where it has one. `at_once`
    is how many of its imports are under way at the same time at most, `asked_by` who handed it in. `used` names the
    columns that say something of the products, by what they say. `paused` says what all that is left of it waits for,
    and is empty where something of it goes on.
    """

    id: str
    status: str
    max_cost: Money | None
    max_cost_each: Money | None
    on_duplicate: OnDuplicate
    at_once: int | None
    asked_by: str | None
    enhance: bool | None
    render: Render
    language: str | None
    tags: list[str]
    own_rule: Markup | None
    used: dict[str, str]
    total: int
    counts: dict[str, int]
    causes: dict[str, int]
    per_second: float
    seconds_left: tuple[float, float] | None
    errors: list[RowOut]
    retried: int | None = None
    left: dict[str, int] | None = None
    paused: list[PausedOut] = Field(default_factory=list[PausedOut])
    created_at: datetime
    links: dict[str, str]


class BatchLine(BaseModel):
    """Name a batch in a list."""

    id: str
    created_at: datetime
    links: dict[str, str]


class BatchPage(BaseModel):
    """List batches, newest first, without counts; `next` is the address of the following page, or null."""

    batches: list[BatchLine]
    next: str | None


class BatchCheck(BaseModel):
    """Tell what a list holds without keeping it: `new` rows would be imported, `by_site` counts those.

    `used` names the columns that say something of the products, by what they say, and `handed_back` those that only
    come back with the result.
    `seconds` is about how long it takes, at best and at worst, `most_cost` what it costs at most before it asks, null
    where nothing bounds it. `errors` are the first rows that cannot be imported as they are.
    """

    status: Literal["dry_run"] = "dry_run"
    total: int
    new: int
    already_imported: int
    duplicate: int
    skipped: int
    invalid: int
    by_site: dict[str, int]
    seconds: tuple[float, float]
    most_cost: Money | None
    used: dict[str, str]
    handed_back: list[str]
    errors: list[RowOut]

    @classmethod
    def of(cls, check: Check, seconds: tuple[float, float], most_cost: Money | None) -> "BatchCheck":
        """Map what was counted and estimated."""
        bad = [
            RowResult(
                number=row.number,
                cells=row.cells,
                source_url=row.source_url,
                status=RowStatus.INVALID,
                failure=row.failure,
            )
            for row in check.bad
        ]
        return cls(
            total=check.rows,
            new=check.new,
            already_imported=check.known,
            duplicate=check.duplicates,
            skipped=check.skipped,
            invalid=check.invalid,
            by_site=dict(check.by_site),
            seconds=seconds,
            most_cost=most_cost,
            used=check.used,
            handed_back=list(check.handed_back),
            errors=[RowOut.of(each) for each in bad],
        )
