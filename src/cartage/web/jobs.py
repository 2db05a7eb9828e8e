"""The figures above the list of imports, and its rows under way: what waits, how the last day went, and who works."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from cartage.imports.hands import Hand, hands_of
from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.imports.spending import Costs, total_of
from cartage.listing import NO_PROGRESS, Ended, Queue
from cartage.model.catalogue import Import
from cartage.model.errors import NotFound
from cartage.model.product import Money
from cartage.web.chart import Bar, bars_of
from cartage.web.language import gettext
from cartage.web.rendering import page
from cartage.web.session import Sessions, Visitor

HOUR = 3600
HOURS = 24
RUNNING_AT_MOST = 100
ROWS_AT_ONCE = 30
Asked = Annotated[list[str] | None, Query(alias="ask")]


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold the figures of a merchant's imports; `rate` is the percentage that succeeded, None where none ended."""

    queue: Queue
    succeeded: int
    failed: int
    spent: Money
    worker_seen: datetime | None
    worker_stopped: bool
    bars: list[Bar]
    workers: Sequence[Hand] = ()

    @property
    def rate(self) -> int | None:
        """Give how many of a hundred imports succeeded."""
        ended = self.succeeded + self.failed
        return round(100 * self.succeeded / ended) if ended else None


def add_figures(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    """Add what of the list of imports changes while it is looked at: the figures, and the rows that are asked for."""

    @router.get("/imports/now")
    async def now_(
        request: Request,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        asked: Asked = None,
        written: Annotated[str, Query(alias="filter")] = "",
    ) -> Response:
        rows = await _rows(imports, visitor.merchant_id, (asked or [])[:ROWS_AT_ONCE])
        progress = await imports.store.listing.progress(visitor.merchant_id, [each.id for each in rows])
        told = {"imports": rows, "progress": {each.id: progress.get(each.id, NO_PROGRESS) for each in rows}}
        figures = await figures_of(imports, visitor.merchant_id)
        return page(request, "imports_now.html", figures=figures, filter=written, **told)


async def _rows(imports: Imports, merchant_id: str, asked: Sequence[str]) -> list[Import]:
    found: list[Import] = []
    for import_id in asked:
        with contextlib.suppress(NotFound):  # deleted since
            found.append(await imports.import_(merchant_id, import_id))
    return found


async def figures_of(imports: Imports, merchant_id: str) -> Figures:
    """Gather the figures of the last 24 hours."""
    at = now()
    start = _hour(at) - timedelta(hours=HOURS - 1)
    ended = await imports.store.listing.ended(merchant_id, start, HOUR)
    return Figures(
        queue=await imports.store.listing.queue(merchant_id),
        succeeded=sum(each.succeeded for each in ended),
        failed=sum(each.failed for each in ended),
        spent=total_of(await Costs(imports.store).of(merchant_id, days=1)),
        worker_seen=await imports.engine.last_seen(),
        worker_stopped=await imports.worker_stopped(),
        bars=_bars(start, ended),
        workers=await hands_of(imports, merchant_id, at, RUNNING_AT_MOST),
    )


def _bars(start: datetime, ended: Sequence[Ended]) -> list[Bar]:
    known = {each.at: each for each in ended}
    hours = [start + timedelta(hours=hour) for hour in range(HOURS)]
    counted = [known.get(hour, Ended(at=hour)) for hour in hours]
    return bars_of(
        [
            (
                gettext("%(hour)s:00 UTC: %(succeeded)s succeeded, %(failed)s failed")
                % {"hour": f"{each.at:%H}", "succeeded": each.succeeded, "failed": each.failed},
                {"good": each.succeeded, "bad": each.failed},
            )
            for each in counted
        ]
    )


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
