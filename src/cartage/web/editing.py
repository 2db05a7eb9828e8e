"""The page that edits a product, and leaving a field to the product's page again."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage.imports.edits import tags_in, trail_in
from cartage.imports.upkeep import Upkeep
from cartage.imports.weight_cells import weight_in
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import EDITABLE, HTML, LOCKABLE, Edit, Lockable
from cartage.model.errors import InvalidInput
from cartage.model.evidence import written
from cartage.model.merchant import UNSAID, Preferences
from cartage.model.option_edit import deleted_by, values_of
from cartage.model.presentation import PRESENTED
from cartage.model.product import Availability, Condition, Money, Product
from cartage.model.request_errors import Stale
from cartage.model.weight import WEIGHT, weight_written
from cartage.pricing.products import sold_alike
from cartage.web.answers import go
from cartage.web.bulk import markup_of
from cartage.web.relabelling import option_edits_of, option_fields_of, option_order_of
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

RULE = ("multiplier", "percent", "fixed")
TEXTS = ("name", "brand", "sku", "gtin", "mpn")
CHOSEN = {"availability": Availability, "condition": Condition}
PARTS = {
    "amount": "price", "currency": "price", "regular_amount": "regular_price", "weight": WEIGHT,
    "category": "breadcrumbs",
}  # fmt: skip
NO_PRICE = "A price is a number, such as 12.90, and a currency, such as EUR."
CHANGED = "It has changed since you opened this form. Look at what it says now, and keep yours or take that over."


def add_editing(router: APIRouter, upkeep: Upkeep, sessions: Sessions) -> None:
    """Add the page that edits a product, and leaving a field to the product's page again."""

    @router.get("/products/{product_id}/edit")
    async def show_edit(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], product_id: str
    ) -> Response:
        product = await upkeep.store.catalogue.product(visitor.merchant_id, product_id)
        return _shown(request, visitor, product, {})

    @router.post("/products/{product_id}/edit")
    async def edit(request: Request, product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        product = await upkeep.store.catalogue.product(posted.merchant_id, product_id)
        seen = posted.fields.get("version") or product.version
        try:
            changes = edit_of(product, posted.fields, posted.visitor.merchant)
            if not changes.empty:
                await upkeep.edit(posted.merchant_id, product_id, changes, frozenset([seen]))
        except InvalidInput as error:
            return _shown(request, posted.visitor, product, posted.fields, 422, error=error)
        except Stale:
            product = await upkeep.store.catalogue.product(posted.merchant_id, product_id)
            told: dict[str, Any] = {"error": InvalidInput(CHANGED), "now": fields_of(product, posted.visitor.merchant)}
            return _shown(request, posted.visitor, product, posted.fields, 412, **told)
        return go(f"/products/{product_id}?saved=1")

    @router.post("/products/{product_id}/unlock")
    async def unlock(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        wanted = posted.fields.get("field")
        named: list[Lockable] = [field for field in LOCKABLE if field == wanted]
        await upkeep.edit(posted.merchant_id, product_id, Edit(unlock=tuple(named)))
        return go(f"/products/{product_id}" + ("?saved=1" if posted.fields.get("back") == "product" else "/edit"))


def add_choosing(router: APIRouter, upkeep: Upkeep, sessions: Sessions) -> None:
    """Add taking over what another source of a field says: an edit with its value."""

    @router.post("/products/{product_id}/use")
    async def use(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        await upkeep.store.catalogue.product(posted.merchant_id, product_id)
        field, seen = posted.fields.get("field", ""), posted.fields.get("version")
        value = " ".join(plain(posted.fields.get(name, "")) for name in ("value", "currency")).strip()
        edit = value_edit(field, value)
        await upkeep.edit(posted.merchant_id, product_id, edit, frozenset([seen]) if seen else None)
        return go(f"/products/{product_id}?saved=1")


def value_edit(field: str, value: str) -> Edit:
    """Read a field's value as `written` writes it; raises `InvalidInput` for what is none."""
    read: Any = value
    if field in {"price", "regular_price"}:
        amount, _, currency = value.rpartition(" ")
        if not amount:
            raise InvalidInput(NO_PRICE, f"/{field}")
        read = price_of(amount, currency, f"/{field}")
    elif field == "breadcrumbs":
        read = trail_in(value)
    elif field == WEIGHT:
        read = weight_in(value, "g", f"/{WEIGHT}")
    elif field not in EDITABLE:
        raise InvalidInput("This field is not for a person to set.", "/field")
    try:
        return Edit.model_validate({field: read})
    except ValidationError as error:
        raise InvalidInput("The value does not fit the field.", "/value") from error


def fields_of(product: CatalogueProduct, preferences: Preferences) -> dict[str, str]:
    """Give the form's fields of what a page states: the description as HTML where there is any."""
    facts = product.facts or Product()
    described = HTML if facts.description_html else "description"
    return {
        **{name: getattr(facts, name) or "" for name in (*TEXTS, described)},
        "amount": f"{facts.price.amount}" if facts.price else "",
        "currency": facts.price.currency if facts.price else preferences.currency or "",
        "regular_amount": f"{facts.regular_price.amount}" if facts.regular_price else "",
        **{name: getattr(facts, name) or "" for name in CHOSEN},
        "weight": weight_written(facts.weight_grams, preferences.shown_units),
        "category": written(facts.breadcrumbs),
    }


def own_fields_of(product: CatalogueProduct) -> dict[str, str]:
    """Give the form's fields of what no page tells: tags, a rule of the product's own, and how shops present it."""
    rule = product.own_rule
    numbers = {name: f"{getattr(rule, name).normalize():f}" if rule else "" for name in RULE}
    presented = {name: getattr(product.presentation, name) or "" for name in PRESENTED}
    return {"tags": ", ".join(product.tags), **numbers, **presented}


def edit_of(product: CatalogueProduct, fields: Mapping[str, str], preferences: Preferences = UNSAID) -> Edit:
    """Read the form: only what differs from the product is an edit; raises `InvalidInput`."""
    before = fields_of(product, preferences) | own_fields_of(product)
    given = {name: plain(fields[name]) for name in before if name in fields}
    changed = {name: value for name, value in given.items() if value != before[name]}
    changes: dict[str, Any] = {name: value for name, value in changed.items() if name in {*TEXTS, *PRESENTED, HTML}}
    if "description" in changed:
        changes[HTML if fields.get("as_html") else "description"] = changed["description"]
    changes |= _chosen(changed) | _prices(changed, {**before, **given}) | _own(product, changed, given)
    changes |= _options(product.facts or Product(), fields)
    if "weight" in changed:
        changes[WEIGHT] = weight_of(changed["weight"], before["weight"], preferences)
    if "category" in changed:
        changes["breadcrumbs"] = trail_in(changed["category"])
    try:
        return Edit(**changes)
    except ValidationError as error:
        raise InvalidInput("A text is longer than it may be.", f"/{error.errors()[0]['loc'][0]}") from error


def plain(text: str) -> str:
    """Give a text as a person meant it, whatever their browser made of its lines."""
    return text.replace("\r\n", "\n").strip()


def price_of(amount: str, currency: str, pointer: str = "/price") -> Money | None:
    """Read a price as people write it; None for nothing; raises `InvalidInput`."""
    if not amount:
        return None
    try:
        return Money(amount=Decimal(amount.replace(",", ".")), currency=currency.upper())
    except (InvalidOperation, ValidationError) as error:
        raise InvalidInput(NO_PRICE, pointer) from error


def weight_of(written: str, before: str, preferences: Preferences) -> Decimal | None:
    """Read a weight as people write it, a bare number in the unit that stood there; None for nothing."""
    unit = before.rpartition(" ")[2] or preferences.bare_weight
    return weight_in(written, unit, f"/{WEIGHT}") if written else None


def _chosen(changed: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: words(changed[name]) if changed[name] in set(words) else None
        for name, words in CHOSEN.items()
        if name in changed
    }


def _options(facts: Product, fields: Mapping[str, str]) -> dict[str, Any]:
    edits, order, deletes = option_edits_of(facts, fields), option_order_of(facts, fields), fields.get("deletes", "")
    confirmed = int(deletes) if deletes.isdecimal() and deleted_by(facts, edits) else 0
    called = {"options": edits, "deletes_variants": confirmed} if edits else {}
    return called | ({"option_order": order} if order else {})


def _prices(changed: Mapping[str, str], given: Mapping[str, str]) -> dict[str, Money | None]:
    prices: dict[str, Money | None] = {}
    if {"amount", "currency"} & changed.keys():
        prices["price"] = price_of(given["amount"], given["currency"])
    if "regular_amount" in changed:
        prices["regular_price"] = price_of(given["regular_amount"], given["currency"], "/regular_price")
    return prices


def _own(product: CatalogueProduct, changed: Mapping[str, str], given: Mapping[str, str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "tags" in changed:
        wanted = tags_in(changed["tags"])
        changes |= {"add_tags": wanted, "remove_tags": tuple(tag for tag in product.tags if tag not in wanted)}
    if set(RULE) & changed.keys():
        priced = any(given.get(name) for name in RULE)
        changes |= {"own_rule": markup_of(dict(given))} if priced else {"by_ranges": True}
    return changes


def _shown(
    request: Request,
    visitor: Visitor,
    product: CatalogueProduct,
    typed: Mapping[str, str],
    status: int = 200,
    *,
    error: InvalidInput | None = None,
    now: Mapping[str, str] | None = None,
) -> Response:
    """Show the form; `now` is what the product says by now, where that is not what the person saw."""
    facts = product.facts or Product()
    stated = fields_of(product, visitor.merchant)
    fields = {**stated, **own_fields_of(product), **option_fields_of(facts), "as_html": "", **typed}
    stands = {name: value for name, value in (now or {}).items() if value != plain(fields.get(name, ""))}
    wrong = (error.pointer or "").split("/")[1:2] if error else []
    amiss = {name for name in fields if PARTS.get(name, name) in wrong} | stands.keys() | set(wrong)
    wrong_count = error and error.pointer == "/deletes_variants"
    context: dict[str, Any] = {
        "fields": fields,
        "variants": len(facts.variants),
        "sold_alike": sold_alike(product),
        "error": error.detail if error else "",
        "stands": stands,
        "options": values_of(facts),
        "deletes": deleted_by(facts, option_edits_of(facts, typed)) if wrong_count else [],
    }
    return page(request, "edit.html", status, product=product, amiss=amiss, **context)
