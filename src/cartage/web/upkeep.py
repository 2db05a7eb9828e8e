"""Pages of upkeep: editing a product, and the schedule of refreshes."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage.imports.upkeep import Upkeep
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import LOCKABLE, Edit, Lockable
from cartage.model.errors import InvalidInput
from cartage.model.product import Money, Product
from cartage.model.request_errors import Stale
from cartage.model.upkeep import Retention
from cartage.web.answers import go
from cartage.web.bulk import markup_of, tags_of
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

HERE = "/settings/schedule"
PERIODS = {6: "every 6 hours", 12: "twice a day", 24: "once a day", 72: "every 3 days", 168: "once a week"}
KEPT_DAYS = {7: "a week", 30: "30 days", 90: "90 days", 365: "a year"}
RULE = ("multiplier", "percent", "fixed")
CHANGED = "It has changed since you opened this form. Look at what it says now, and keep yours or take that over."
TEXTS = ("name", "brand", "description", "sku")


def add_schedule(router: APIRouter, upkeep: Upkeep, sessions: Sessions) -> None:
    """Add the page of the schedule."""

    @router.get(HERE)
    async def show_schedule(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], kept: str = ""
    ) -> Response:
        schedule = await upkeep.schedule(visitor.merchant_id)
        hours = schedule.every_hours if schedule else None
        periods = PERIODS | ({} if hours is None or hours in PERIODS else {hours: f"every {hours} hours"})
        return page(request, "schedule.html", hours=hours, periods=periods, kept=bool(kept))

    @router.post(HERE)
    async def set_schedule(posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        hours = posted.fields.get("every_hours", "")
        if hours and not hours.isdecimal():
            raise InvalidInput("A schedule is a number of hours.", "/every_hours")
        await upkeep.set_schedule(posted.merchant_id, int(hours) if hours else None)
        return go(f"{HERE}?kept=1")


def add_retention(router: APIRouter, upkeep: Upkeep, sessions: Sessions) -> None:
    """Add the page that says how long things are kept."""

    @router.get("/settings/retention")
    async def show_retention(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], kept: str = ""
    ) -> Response:
        retention = await upkeep.retention(visitor.merchant_id)
        return page(request, "retention.html", retention=retention, days=KEPT_DAYS, kept=bool(kept))

    @router.post("/settings/retention")
    async def set_retention(posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        named = {name: posted.fields.get(name) or None for name in ("pages_days", "events_days")}
        try:
            await upkeep.set_retention(posted.merchant_id, Retention.model_validate(named))
        except ValidationError as error:
            raise InvalidInput("Things are kept for a number of days.", "/pages_days") from error
        return go("/settings/retention?kept=1")


def add_editing(router: APIRouter, upkeep: Upkeep, sessions: Sessions) -> None:
    """Add the page that edits a product, and leaving a field to the product's page again."""

    @router.get("/products/{product_id}/edit")
    async def show_edit(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], product_id: str
    ) -> Response:
        product = await upkeep.store.catalogue.product(visitor.merchant_id, product_id)
        return _shown(request, product, fields_of(product.facts or Product()) | own_fields_of(product))

    @router.post("/products/{product_id}/edit")
    async def edit(request: Request, product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        product = await upkeep.store.catalogue.product(posted.merchant_id, product_id)
        written = own_fields_of(product) | posted.fields
        seen = posted.fields.get("version") or product.version
        try:
            changes = edit_of(product, posted.fields)
            if not changes.empty:
                await upkeep.edit(posted.merchant_id, product_id, changes, frozenset([seen]))
        except InvalidInput as error:
            return _shown(request, product, written, 422, error=error.detail)
        except Stale:
            product = await upkeep.store.catalogue.product(posted.merchant_id, product_id)
            return _shown(request, product, written, 412, error=CHANGED, now=fields_of(product.facts or Product()))
        return go(f"/products/{product_id}")

    @router.post("/products/{product_id}/unlock")
    async def unlock(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        wanted = posted.fields.get("field")
        named: list[Lockable] = [field for field in LOCKABLE if field == wanted]
        await upkeep.edit(posted.merchant_id, product_id, Edit(unlock=tuple(named)))
        return go(f"/products/{product_id}" + ("" if posted.fields.get("back") == "product" else "/edit"))


def fields_of(facts: Product) -> dict[str, str]:
    """Give the form's fields as a product has them."""
    price = {"amount": str(facts.price.amount), "currency": facts.price.currency} if facts.price else {}
    texts = {name: getattr(facts, name) or "" for name in TEXTS}
    return {"amount": "", "currency": "", **price, **texts}


def own_fields_of(product: CatalogueProduct) -> dict[str, str]:
    """Give the form's fields of what no page tells: tags, and a rule of the product's own."""
    rule = product.own_rule
    numbers = {name: f"{getattr(rule, name).normalize():f}" if rule else "" for name in RULE}
    return {"tags": ", ".join(product.tags), **numbers}


def edit_of(product: CatalogueProduct, fields: dict[str, str]) -> Edit:
    """Read the form: only what differs from the product is an edit; raises `InvalidInput`."""
    before = fields_of(product.facts or Product())
    given = {name: _plain(fields[name]) for name in before if name in fields}
    changes: dict[str, Any] = {name: given[name] for name in TEXTS if name in given and given[name] != before[name]}
    if any(given.get(name, before[name]) != before[name] for name in ("amount", "currency")):
        changes["price"] = _price(given.get("amount", ""), given.get("currency", ""))
    try:
        return Edit(**changes, **_own_changes(product, fields))
    except ValidationError as error:
        raise InvalidInput("A text is longer than it may be.", f"/{error.errors()[0]['loc'][0]}") from error


def _own_changes(product: CatalogueProduct, fields: dict[str, str]) -> dict[str, Any]:
    before, changes = own_fields_of(product), dict[str, Any]()
    if "tags" in fields and fields["tags"] != before["tags"]:
        wanted = tags_of(fields["tags"])
        changes |= {"add_tags": wanted, "remove_tags": tuple(tag for tag in product.tags if tag not in wanted)}
    if any(fields.get(name, before[name]).strip() != before[name] for name in RULE):
        priced = any(fields.get(name, "").strip() for name in RULE)
        changes |= {"own_rule": markup_of(fields)} if priced else {"by_ranges": True}
    return changes


def _shown(
    request: Request,
    product: CatalogueProduct,
    fields: dict[str, str],
    status: int = 200,
    *,
    error: str = "",
    now: dict[str, str] | None = None,
) -> Response:
    """Show the form; `now` is what the product says by now, where that is not what the person saw."""
    stands = {name: value for name, value in (now or {}).items() if value != _plain(fields.get(name, ""))}
    return page(request, "edit.html", status, product=product, fields=fields, error=error, stands=stands)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _price(amount: str, currency: str) -> Money | None:
    if not amount:
        return None
    try:
        return Money(amount=Decimal(amount.replace(",", ".")), currency=currency.upper())
    except (InvalidOperation, ValidationError) as error:
        raise InvalidInput("A price is a number, such as 12.90, and a currency, such as EUR.", "/price") from error
