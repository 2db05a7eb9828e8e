"""The page of costs: what was spent, day by day, by provider, host and batch, and what language models used up."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from cartage.imports.spending import SHOWN_DAYS, Costs, total_of
from cartage.model.spending import CostLine
from cartage.web.chart import Bar, bars_of
from cartage.web.language import gettext, language_of, speaking
from cartage.web.rendering import money, page
from cartage.web.session import Sessions, Visitor

TITLES = {"provider": "By provider", "host": "By shop", "batch": "By batch"}
GROUPS = ("day", *TITLES, "model")
SUMMED = ("attempts", "unknown", "tokens_in", "tokens_out", "tokens_cached", "duration_ms")


def add_costs(router: APIRouter, costs: Costs, sessions: Sessions) -> None:
    """Add the page of costs, and its lines as a file."""

    @router.get("/costs")
    async def show_costs(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        tables = {title: await costs.of(visitor.merchant_id, by) for by, title in TITLES.items()}
        lines = tables[TITLES["provider"]]
        by_day = await costs.of(visitor.merchant_id, "day")
        with speaking(language_of(request)):
            bars = _bars(by_day, datetime.now(UTC))
        return page(
            request,
            "costs.html",
            days=SHOWN_DAYS,
            tables=tables,
            bars=bars,
            models=await costs.of(visitor.merchant_id, "model"),
            total=total_of(lines),
            attempts=sum(line.attempts for line in lines),
            unknown=sum(line.unknown for line in lines),
        )

    @router.get("/costs.csv")
    async def download(visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(("by", "name", "known_cost_usd", *SUMMED))
        for by in GROUPS:
            writer.writerows(_rows(by, await costs.of(visitor.merchant_id, by)))
        headers = {"Content-Disposition": 'attachment; filename="costs.csv"'}
        return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _rows(by: str, lines: Sequence[CostLine]) -> Iterator[tuple[object, ...]]:
    for line in lines:
        yield (by, line.name, f"{line.known_cost.amount:f}", *(getattr(line, name) for name in SUMMED))


def _bars(lines: Sequence[CostLine], at: datetime) -> list[Bar]:
    known = {line.name: line for line in lines}
    days = [f"{at.astimezone(UTC) - timedelta(days=ago):%Y-%m-%d}" for ago in range(SHOWN_DAYS - 1, -1, -1)]
    columns: list[tuple[str, dict[str, float]]] = []
    for day in days:
        line = known.get(day)
        told = _told(line) if line else gettext("nothing")
        columns.append((f"{day}: {told}", {"busy": float(line.known_cost.amount) if line else 0.0}))
    return bars_of(columns)


def _told(line: CostLine) -> str:
    return gettext("%(cost)s for %(count)s") % {"cost": money(line.known_cost), "count": line.attempts}
