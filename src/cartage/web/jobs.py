"""The figures above the list of imports, and its rows under way: what waits, how the last day went, and who works."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from cartage.imports.hands import Hand, hands_of
from cartage.imports.pausing import Pausing
from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.imports.spending import Costs, total_of
from cartage.listing import NO_PROGRESS, Ended, Progress, Queue
from cartage.model.catalogue import Import
from cartage.model.product import Money
from cartage.web.chart import Bar, bars_of
from cartage.web.facets import import_facets, read_filter
from cartage.web.language import gettext
from cartage.web.rendering import page
from cartage.web.session import Sessions, Visitor

HOUR = 3600
HOURS = 24
RUNNING_AT_MOST = 100
ROWS_AT_ONCE, ARRIVED = 30, 99
Asked = Annotated[list[str] | None, Query(alias="ask")]


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold the figures of a merchant's imports; `rate` is the percentage that succeeded, None where none ended.

    `paused` counts by site what waits for each pause.
    """

    queue: Queue
    succeeded: int
    failed: int
    spent: Money
    worker_seen: datetime | None
    worker_stopped: bool
    bars: list[Bar]
    hours: Sequence[Ended]
    workers: Sequence[Hand] = ()
    paused: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def rate(self) -> int | None:
        """Give how many of a hundred imports succeeded."""
        ended = self.succeeded + self.failed
        return round(100 * self.succeeded / ended) if ended else None


@dataclass(frozen=True, slots=True)
class Shown:
    """Say what a page shows that asks for news: its filter, its newest import, and the last event that it knows of.

    Where it `grows`, it takes new rows at its top.
    """

    written: Annotated[str, Query(alias="filter")] = ""
    after: str | None = None
    seen: int = 0
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """Count the imports that came since a page's newest one, `more` than that where they are too many to count."""

    after: str
    seen: int
    grows: bool
    number: int = 0
    more: bool = False

    @property
    def query(self) -> str:
        """Give what the page asks for news with."""
        return urlencode({"after": self.after, "seen": self.seen, **({"grows": "yes"} if self.grows else {})})


def add_figures(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    """Add what of the list of imports changes while it is looked at: the figures, and the rows that are asked for."""

    @router.get("/imports/now")
    async def now_(
        request: Request,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        shown: Annotated[Shown, Depends()],
        asked: Asked = None,
    ) -> Response:
        merchant_id = visitor.merchant_id
        sequence = await imports.store.catalogue.newest_sequence(merchant_id)
        news = await _news(imports, merchant_id, shown, sequence) if sequence != shown.seen else {}
        among = (asked or [])[:ROWS_AT_ONCE]
        rows = await imports.store.listing.imports(merchant_id, among=among) if among else ()
        listed = [*rows, *news.get("came", ())]
        progress = await progress_of(imports, merchant_id, listed)
        figures = await figures_of(imports, merchant_id)
        told = {"imports": rows, "progress": progress, "figures": figures, "filter": shown.written}
        return page(request, "imports_now.html", **told, **news)


async def _news(imports: Imports, merchant_id: str, shown: Shown, sequence: int) -> dict[str, Any]:
    """Tell what changed of a list since a sequence: its facets, and what stands above its newest import."""
    wanted, _ = read_filter(shown.written)
    listed = imports.store.listing.imports
    found = () if shown.after is None else await listed(merchant_id, wanted, after=shown.after, limit=ARRIVED + 1)
    fits = shown.grows and len(found) <= ROWS_AT_ONCE
    return {
        "facets": await import_facets(imports, merchant_id, wanted),
        "arrived": Arrived(shown.after or "", sequence, shown.grows, min(len(found), ARRIVED), len(found) > ARRIVED),
        "came": found if fits else (),
        "here": f"/imports?{urlencode({'filter': str(wanted)})}" if wanted.terms else "/imports",
    }


async def progress_of(imports: Imports, merchant_id: str, listed: Sequence[Import]) -> dict[str, Progress]:
    """Tell how far each import came, by its id."""
    ids = [each.id for each in listed]
    if not ids:
        return {}
    known = await imports.store.listing.progress(merchant_id, ids)
    return {each: known.get(each, NO_PROGRESS) for each in ids}


async def figures_of(imports: Imports, merchant_id: str) -> Figures:
    """Gather the figures of the last 24 hours."""
    at = now()
    start = _hour(at) - timedelta(hours=HOURS - 1)
    ended = await imports.store.listing.ended(merchant_id, start, HOUR)
    pausing = Pausing(imports.store)
    paused = {each.site: await pausing.waiting(merchant_id, each) for each in await pausing.list(merchant_id)}
    hours = _hours(start, ended)
    return Figures(
        queue=await imports.store.listing.queue(merchant_id),
        succeeded=sum(each.succeeded for each in ended),
        failed=sum(each.failed for each in ended),
        spent=total_of(await Costs(imports.store).of(merchant_id, days=1)),
        worker_seen=await imports.engine.last_seen(),
        worker_stopped=await imports.worker_stopped(),
        bars=_bars(hours),
        hours=hours,
        paused=paused,
        workers=await hands_of(imports, merchant_id, at, RUNNING_AT_MOST),
    )


def _hours(start: datetime, ended: Sequence[Ended]) -> list[Ended]:
    known = {each.at: each for each in ended}
    return [known.get(hour, Ended(at=hour)) for hour in (start + timedelta(hours=hour) for hour in range(HOURS))]


def _bars(hours: Sequence[Ended]) -> list[Bar]:
    return bars_of(
        [
            (
                gettext("%(hour)s:00 UTC: %(succeeded)s succeeded, %(failed)s failed")
                % {"hour": f"{each.at:%H}", "succeeded": each.succeeded, "failed": each.failed},
                {"good": each.succeeded, "bad": each.failed},
            )
            for each in hours
        ]
    )


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
