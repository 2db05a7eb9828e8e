"""The page of costs: what was spent and on what, what was expected, what may be spent, and what models used up."""

import asyncio
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from cartage.imports.spending import SHOWN_DAYS, Costs, total_of
from cartage.language_model import LanguageModel
from cartage.listing import Fetched
from cartage.model.errors import NotFound
from cartage.model.filtering import Filter, Term, Word
from cartage.model.product import Money
from cartage.model.spending import DOLLAR, CostLine, PriceList, together
from cartage.scraping.policy import BROWSER
from cartage.web.chart import Bar, bars_of
from cartage.web.installation import Installation
from cartage.web.language import gettext, language_of, speaking
from cartage.web.rendering import batch_title, money, page
from cartage.web.session import Sessions, Visitor
from cartage.web.words import provider_title

STEP = "step"
TITLES = {
    STEP: "By step",
    "provider": "By provider",
    "site": "By site",
    "batch": "By batch",
    "import": "By import",
}
GROUPS = ("day", *TITLES, "model")
FETCHING = "Get the page"
STEPS = {"language_model": "Fill what is missing", "enhance": "Write texts", "model_trial": "Try the language model"}
OLD_AFTER = timedelta(days=90)
PERIODS = (7, SHOWN_DAYS, 90)
LISTED = 20
CAPS = {"budget_import": "one import", "budget_batch": "one list", "budget_merchant_day": "your business in a day"}
BROUGHT = Filter(terms=(Term(word=Word.STATUS, values=("succeeded",)),))
SUMMED = ("attempts", "unknown", "tokens_in", "tokens_out", "tokens_cached", "duration_ms")


@dataclass(frozen=True, slots=True)
class Group:
    """Hold the dearest lines of one way to sum up, each with its title and where it leads; `more` are left out."""

    by: str
    title: str
    lines: Sequence[tuple[CostLine, str, str]]
    more: int


@dataclass(frozen=True, slots=True)
class CostsPage:
    """Show what was spent; `installation` tells what may be, and `model` by which prices its questions cost."""

    costs: Costs
    installation: Installation
    model: LanguageModel | None = None

    async def shown(self, request: Request, merchant_id: str, days: int) -> Response:
        """Make the page for so many days."""
        summed = {by: await self.costs.of(merchant_id, by, days) for by in (*TITLES, "day", "model") if by != STEP}
        summed[STEP] = _by_step(summed["provider"])
        groups = [await self._group(request, merchant_id, by, summed[by]) for by in TITLES]
        lines, by_day = summed["provider"], summed["day"]
        at = datetime.now(UTC)
        today = next((line for line in by_day if line.name == f"{at:%Y-%m-%d}"), None)
        with speaking(language_of(request)):
            bars = _bars(by_day, at, days)
        return page(
            request,
            "costs.html",
            days=days,
            periods=PERIODS,
            groups=groups,
            bars=bars,
            models=summed["model"],
            total=total_of(lines),
            attempts=sum(line.attempts for line in lines),
            unknown=sum(line.unknown for line in lines),
            budgets=self._budgets(),
            today=today,
            prices=await self._prices(),
            old_after=at.date() - OLD_AFTER,
            browsed=await self.costs.store.listing.tried(merchant_id, BROWSER, at - timedelta(days=days)),
            fetched=await self.costs.fetched(merchant_id, days),
            brought=await self.costs.store.listing.count_products(merchant_id, BROUGHT),
        )

    async def of(self, merchant_id: str, by: str, days: int) -> Sequence[CostLine]:
        """Sum up what was paid for, by the step that it was paid in, too."""
        return (
            _by_step(await self.of(merchant_id, "provider", days))
            if by == STEP
            else await self.costs.of(merchant_id, by, days)
        )

    async def _prices(self) -> PriceList | None:
        model = self.model  # whoever asks first has the public list read, which takes a moment
        return None if model is None else await asyncio.to_thread(lambda: model.price_list)

    def _budgets(self) -> list[tuple[str, Money | None]]:
        kept = {name: getattr(self.installation.settings, name) for name in CAPS}
        return [
            (CAPS[name], None if amount is None else Money(amount=amount, currency=DOLLAR))
            for name, amount in kept.items()
        ]

    async def _group(self, request: Request, merchant_id: str, by: str, summed: Sequence[CostLine]) -> Group:
        lines = sorted(summed, key=lambda line: -line.known_cost.amount)
        with speaking(language_of(request)):
            named = [(line, *await self._named(merchant_id, by, line.name)) for line in lines[:LISTED]]
        return Group(by, TITLES[by], named, len(lines) - len(named))

    async def _named(self, merchant_id: str, by: str, name: str) -> tuple[str, str]:
        """Give what a line is called, and the address of its page; empty where it has none."""
        if by in {STEP, "provider"}:
            return (gettext(name) if by == STEP else provider_title(name)), ""
        if by == "site":
            there = f"/imports?{urlencode({'filter': f'site:{name}'})}"
            return (name, there) if name else (gettext("Without a site"), "")
        if not name:
            return gettext("Without a list"), ""
        store = self.costs.store
        try:
            if by == "batch":
                return batch_title(await store.batches.batch(merchant_id, name)), f"/batches/{name}"
            return (await store.catalogue.import_(merchant_id, name)).source_url, f"/imports/{name}"
        except NotFound:  # a trial of the language model, an enhancement, or deleted since
            return gettext("Not an import, or deleted since"), ""


def add_costs(router: APIRouter, costs_page: CostsPage, sessions: Sessions) -> None:
    """Add the page of costs, and its lines as a file."""

    @router.get("/costs")
    async def show_costs(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], days: str = ""
    ) -> Response:
        return await costs_page.shown(request, visitor.merchant_id, _period(days))

    @router.get("/costs.csv")
    async def download(visitor: Annotated[Visitor, Depends(sessions.visitor)], days: str = "") -> Response:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(("by", "name", "known_cost_usd", "estimated_usd", *SUMMED, "fetched_bytes"))
        for by in GROUPS:
            writer.writerows(_rows(by, await costs_page.of(visitor.merchant_id, by, _period(days))))
        fetched = await costs_page.costs.fetched(visitor.merchant_id, _period(days))
        writer.writerows(map(_fetched_row, fetched))
        headers = {"Content-Disposition": 'attachment; filename="costs.csv"'}
        return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _by_step(lines: Sequence[CostLine]) -> list[CostLine]:
    parts: dict[str, list[CostLine]] = {}
    for line in lines:
        parts.setdefault(STEPS.get(line.name, FETCHING), []).append(line)
    return [together(step, lines) for step, lines in parts.items()]


def _period(days: str) -> int:
    return next((each for each in PERIODS if days == str(each)), SHOWN_DAYS)


def _rows(by: str, lines: Sequence[CostLine]) -> Iterator[tuple[object, ...]]:
    for line in lines:
        known = "" if line.unknown == line.attempts else f"{line.known_cost.amount:f}"
        estimated = f"{line.estimated.amount:f}" if line.estimated else ""
        yield (by, line.name, known, estimated, *(getattr(line, name) for name in SUMMED), "")


def _fetched_row(fetched: Fetched) -> tuple[object, ...]:
    counted = "" if fetched.unknown == fetched.tries else fetched.bytes
    return ("fetched", fetched.provider, "", "", fetched.tries, *[""] * (len(SUMMED) - 1), counted)


def _bars(lines: Sequence[CostLine], at: datetime, shown: int) -> list[Bar]:
    known = {line.name: line for line in lines}
    days = [f"{at.astimezone(UTC) - timedelta(days=ago):%Y-%m-%d}" for ago in range(shown - 1, -1, -1)]
    columns: list[tuple[str, dict[str, float]]] = []
    for day in days:
        line = known.get(day)
        told = _told(line) if line else gettext("nothing")
        columns.append((f"{day}: {told}", {"busy": float(line.known_cost.amount) if line else 0.0}))
    return bars_of(columns)


def _told(line: CostLine) -> str:
    return gettext("%(cost)s for %(count)s") % {"cost": money(line.known_cost), "count": line.attempts}
