"""What retrying would do and may cost, told before anything is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cartage.cli.looking import product_of
from cartage.cli.manner import note
from cartage.client import AsyncClient
from cartage.model.batch import RowStatus
from cartage.model.bulk import HINDERED, Hindrance
from cartage.model.catalogue import Status
from cartage.model.lasting import lasting_codes
from cartage.model.spending import estimate
from cartage.model.wishes import Render
from cartage.wire.batches import BatchCheck, BatchOut
from cartage.wire.costs import CostOut

RUN_AGAIN = (RowStatus.FAILED, RowStatus.CANCELLED)
LONGEST_IN_SECONDS, LONGEST_IN_MINUTES = 90, 90
NO_PICTURES = "is not imported, so that it has no pictures to fetch"
NOTHING_FAILED = "has no rows that failed or were cancelled"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Say how many imports retrying an id begins; `why_not` says why there are none, or not for all of it."""

    id: str
    can: int
    cannot: int
    why_not: str = ""


async def forecast_of(client: AsyncClient, id_: str, from_step: str, render: Render | None = None) -> Forecast:
    """Look what retrying an import, a product or a batch would do; raises `NotFound`."""
    if id_.startswith("bat_"):
        batch = await client.batches.get(id_)
        left = {code: rows for code, rows in batch.causes.items() if code in lasting_codes(render)}
        unread = batch.counts.get(RowStatus.INVALID.value, 0)  # among the causes, though never run again
        rows = sum(batch.counts.get(status.value, 0) for status in RUN_AGAIN) - max(0, sum(left.values()) - unread)
        alone = sum(left.values())
        return Forecast(id_, max(0, rows), alone, _left_told(left) if left else "" if rows else NOTHING_FAILED)
    product = await product_of(client, id_)
    why_not = ""
    if product.status == Status.IMPORTING.value:
        why_not = HINDERED[Hindrance.UNDER_WAY]
    elif from_step == "pictures" and product.status == Status.FAILED.value:
        why_not = NO_PICTURES
    return Forecast(id_, 0 if why_not else 1, 1 if why_not else 0, why_not)


def retry_told(batch: BatchOut) -> BatchOut:
    """Say how many rows of a list run again, and how many are left as they are, and why; give the list."""
    note(f"{batch.id}: {batch.retried} rows run again.")
    if batch.left:
        note(f"  {_left_told(batch.left)}.")
    return batch


def check_told(check: BatchCheck) -> str:
    """Say in one line what a list holds, how long it takes, and what it costs at most."""
    counted = ((check.new, "new"), (check.already_imported, "already imported"), (check.duplicate, "twice"),
               (check.skipped, "skipped"), (check.invalid, "not usable"))  # fmt: skip
    rows = ", ".join(f"{count} {told}" for count, told in counted if count)
    most = check.most_cost
    cost = "no bound on what it costs" if most is None else f"${most.amount:f} at most" if most.amount else "free"
    low, high = (_span(seconds) for seconds in check.seconds)
    return f"{check.total} rows: {rows}; {low if low == high else f'{low} to {high}'}, {cost}"


def _span(seconds: float) -> str:
    if seconds < LONGEST_IN_SECONDS:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < LONGEST_IN_MINUTES else f"{minutes / 60:.1f} h"


def estimate_told(count: int, lately: Sequence[CostOut]) -> str:
    """Say what so many imports may cost, by what the paid ones of the last 30 days did."""
    told = estimate(count, ((each.known_cost.amount, each.unknown) for each in lately))
    aside = f" ({told.unknown} more at a cost that is not known)" if told.unknown else ""
    if told.each is None or told.whole is None:
        return f"Estimated cost: not known; no import of the last 30 days was paid for at a known cost{aside}."
    return (
        f"Estimated cost: ${told.whole.amount:.4f} if all {count} are paid for;"
        f" {told.paid} imports of the last 30 days were, at ${told.each.amount:.4f} each{aside}."
    )


def _left_told(left: Mapping[str, int]) -> str:
    why = ", ".join(f"{rows} {code}" for code, rows in left.items())
    return f"{sum(left.values())} cannot be retried, for they would fail again: {why}"
