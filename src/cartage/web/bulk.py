"""Pages of bulk actions: what one would do, running it, its progress and result, and undoing it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import ValidationError

from cartage.imports.bulk import BulkActions, Wish, undoable
from cartage.imports.edits import tags_in, trail_in
from cartage.imports.spending import SHOWN_DAYS, Costs
from cartage.imports.weight_cells import weight_in
from cartage.model.batch import RowStatus
from cartage.model.bulk import Act, BulkAction
from cartage.model.catalogue import ImportState
from cartage.model.edit import Edit, Lockable
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.filtering import FilterInvalid, quoted
from cartage.model.merchant import UNSAID, Preferences
from cartage.model.pricing import Markup
from cartage.model.product import Availability, Condition
from cartage.model.spending import Estimate, estimate
from cartage.model.weight import WEIGHT
from cartage.web.answers import go
from cartage.web.installation import Installation
from cartage.web.live import Drawing, following
from cartage.web.rendering import fragment, page
from cartage.web.segments import segments_of
from cartage.web.session import Posted, Sessions, Visitor

HERE = "/bulk"
LISTED = 50
EXPORT = "export"
EDITED = (
    "brand", "category", "condition", "availability", "weight", "add_tags", "remove_tags", "multiplier", "percent",
    "fixed", "by_ranges",
)  # fmt: skip
RELEASED: tuple[Lockable, ...] = ("name", "brand", "price", "availability", "condition", "weight_grams", "breadcrumbs")
NOTHING = "none"
Picked = Annotated[list[str] | None, Query(alias="pick")]


@dataclass(frozen=True, slots=True)
class BulkPages:
    """Look at what an act would do, and what it may cost; `asks_model` tells whether a language model is asked."""

    bulk: BulkActions
    installation: Installation
    asks_model: bool = False

    async def estimate(self, merchant_id: str, imports: int) -> Estimate:
        """Estimate what so many imports cost: nothing where nobody is paid, else by what paid ones did lately."""
        free = self.installation.most_of(imports, asks_model=self.asks_model)
        if free and not free.amount:
            return Estimate(imports=imports, each=free)
        lately = await Costs(self.bulk.store).of(merchant_id, "import")
        return estimate(imports, ((each.known_cost.amount, each.unknown) for each in lately))


def add_bulk(router: APIRouter, pages: BulkPages, sessions: Sessions) -> None:
    """Add the list of bulk actions, the check before one, and each one's own page."""
    bulk = pages.bulk
    _add_check(router, pages, sessions)
    _add_actions(router, bulk, sessions)
    _add_progress(router, bulk, sessions)


def _add_check(router: APIRouter, pages: BulkPages, sessions: Sessions) -> None:
    bulk = pages.bulk

    async def checked(request: Request, visitor: Visitor, fields: Mapping[str, str], error: str = "") -> Response:
        act, wanted = act_of(fields), fields.get("filter", "")
        forecast = await bulk.forecast(visitor.merchant_id, act, wanted)
        values = {name: fields.get(name, "") for name in (*EDITED, *map(_release, RELEASED))}
        context: dict[str, Any] = {"act": act, "filter": wanted, "forecast": forecast, "fields": values}
        context["names"] = await bulk.names(visitor.merchant_id, forecast.left)
        context["released"] = RELEASED
        expected = await pages.estimate(visitor.merchant_id, forecast.possible) if act.imports else None
        context |= {"estimate": expected, "days": SHOWN_DAYS}
        return page(request, "bulk_check.html", 422 if error else 200, error=error, **context)

    @router.get("/bulk/check")
    async def check(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], picked: Picked = None
    ) -> Response:
        asked = request.query_params
        written, everything = asked.get("filter", ""), asked.get("all")
        if not everything and not picked:
            return page(request, "bulk_none.html", 422, back=written)
        wanted = written if everything else f"id:{','.join(quoted(each) for each in dict.fromkeys(picked or ()))}"
        if asked.get("act") == EXPORT:
            return go(f"/exports?{urlencode({'filter': wanted})}")
        return await checked(request, visitor, {"act": asked.get("act", ""), "filter": wanted})

    @router.post(HERE)
    async def run(request: Request, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        try:
            wish, expected = wish_of(posted.fields, posted.visitor.merchant)
            action = await bulk.submit(posted.merchant_id, wish, expect_count=expected, asked_by=posted.asked_by)
        except FilterInvalid:
            raise
        except (Conflict, InvalidInput) as error:
            return await checked(request, posted.visitor, posted.fields, error.detail)
        return go(f"{HERE}/{action.id}")


def _add_actions(router: APIRouter, bulk: BulkActions, sessions: Sessions) -> None:
    @router.get(HERE)
    async def list_actions(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        return page(request, "bulk_list.html", actions=await bulk.actions(visitor.merchant_id, limit=LISTED))

    @router.post("/bulk/{action_id}/stop")
    async def stop(action_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        await bulk.stop(posted.merchant_id, action_id)
        return go(f"{HERE}/{action_id}")

    @router.post("/bulk/{action_id}/undo")
    async def undo(action_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        undoing = await bulk.undo(posted.merchant_id, action_id, asked_by=posted.asked_by)
        return go(f"{HERE}/{undoing.id}")


def _add_progress(router: APIRouter, bulk: BulkActions, sessions: Sessions) -> None:
    async def shown(action: BulkAction) -> dict[str, Any]:
        imports = await bulk.imports(action)
        ongoing = not action.state.over or any(not state.over for state in imports)
        told: dict[str, Any] = {"action": action, "imports": imports, "undoable": undoable(action)}
        told["names"] = await bulk.names(action.merchant_id, action.left)
        return told | {"segments": segments_of(counts_of(action, imports)), "ongoing": ongoing}

    async def watched(action_id: str, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> BulkAction:
        return await bulk.action(visitor.merchant_id, action_id)

    @router.get("/bulk/{action_id}")
    async def show(request: Request, action: Annotated[BulkAction, Depends(watched)]) -> Response:
        return page(request, "bulk.html", **await shown(action))

    @router.get("/bulk/{action_id}/events", response_class=EventSourceResponse)
    async def events(
        request: Request, action: Annotated[BulkAction, Depends(watched)]
    ) -> AsyncIterator[ServerSentEvent]:
        async def look() -> Drawing:
            now = await shown(await bulk.action(action.merchant_id, action.id))
            return Drawing(fragment(request, "bulk_progress.html", **now), over=not now["ongoing"])

        async for event in following(request, look, f"{HERE}/{action.id}"):
            yield event


def counts_of(action: BulkAction, imports: Mapping[ImportState, int]) -> dict[RowStatus, int]:
    """Count how far an action is, as the bar shows it: done (and how its imports fare), left alone, and to come."""
    done = {RowStatus.IMPORTED: action.done}
    if action.act.imports:
        done = {
            RowStatus.IMPORTED: imports.get(ImportState.SUCCEEDED, 0),
            RowStatus.FAILED: imports.get(ImportState.FAILED, 0),
            RowStatus.RUNNING: imports.get(ImportState.QUEUED, 0) + imports.get(ImportState.RUNNING, 0),
        }
    left = {RowStatus.DUPLICATE: action.seen - action.done, RowStatus.QUEUED: max(0, action.total - action.seen)}
    return {status: count for status, count in {**done, **left}.items() if count}


def act_of(fields: Mapping[str, str]) -> Act:
    """Read the act; raises `InvalidInput` for one that there is not."""
    if fields.get("act") not in set(Act):
        raise InvalidInput("There is no such act.", "/act")
    return Act(fields["act"])


def wish_of(fields: Mapping[str, str], preferences: Preferences = UNSAID) -> tuple[Wish, int | None]:
    """Read what was confirmed, and how many products were seen to match; raises `InvalidInput`."""
    act = act_of(fields)
    if act is Act.DELETE and fields.get("sure") != "yes":
        raise InvalidInput("Say that you are sure: what is deleted cannot be brought back.", "/sure")
    expected = int(fields["count"]) if fields.get("count", "").isdecimal() else None
    return Wish(act, fields.get("filter", ""), edit_of(fields, preferences) if act is Act.EDIT else None), expected


def edit_of(fields: Mapping[str, str], preferences: Preferences = UNSAID) -> Edit:
    """Read the form of a bulk edit: what is left empty stays as it is; raises `InvalidInput`."""
    given: dict[str, Any] = _facts_of(fields) | {
        name: tags_in(fields.get(name, "")) for name in ("add_tags", "remove_tags")
    }
    if weight := fields.get("weight", "").strip():
        given[WEIGHT] = weight_in(weight, preferences.bare_weight, f"/{WEIGHT}")
    given["unlock"] = released = [field for field in RELEASED if fields.get(_release(field))]
    if both := [field for field in released if field in given]:
        raise InvalidInput("A field is either set or left to the page.", f"/{both[0]}")
    if any(fields.get(name, "").strip() for name in ("multiplier", "percent", "fixed")):
        given["own_rule"] = markup_of(fields)
    try:
        return Edit(**given, by_ranges=fields.get("by_ranges") == "yes")
    except ValidationError as error:
        raise InvalidInput("A text is longer than it may be.", f"/{error.errors()[0]['loc'][0]}") from error


def markup_of(fields: Mapping[str, str]) -> Markup:
    """Read a rule of a product's own; raises `InvalidInput`."""
    plain = {name: fields.get(name, "").strip().replace(",", ".") for name in ("multiplier", "percent", "fixed")}
    try:
        return Markup(**{name: Decimal(value) for name, value in plain.items() if value})
    except (InvalidOperation, ValidationError) as error:
        raise InvalidInput("A rule has numbers, such as 2.5 times, 10 percent, or 1.50 more.", "/own_rule") from error


def _facts_of(fields: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if brand := fields.get("brand", "").strip():
        given["brand"] = brand
    if category := trail_in(fields.get("category", "")):
        given["breadcrumbs"] = category
    for name, words in (("condition", Condition), ("availability", Availability)):
        if (chosen := fields.get(name, "")) in {*words, NOTHING}:
            given[name] = None if chosen == NOTHING else words(chosen)
    return given


def _release(field: str) -> str:
    return f"unlock_{field}"
