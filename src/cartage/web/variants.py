"""Setting a product's variants: price, stock, SKU and picture of each, or of many at once, as one form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ValidationError

from cartage.imports.upkeep import Upkeep
from cartage.imports.weight_cells import weight_in
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.errors import InvalidInput
from cartage.model.merchant import UNSAID, Preferences
from cartage.model.product import Availability, Money, Product, Variant
from cartage.model.request_errors import Stale
from cartage.model.variant_edit import VariantEdit
from cartage.model.weight import WEIGHT, weight_written
from cartage.web.answers import go
from cartage.web.arranging import hung
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

PAGE_ROWS = 200
TO_PAGE = re.compile(r"page (\d{1,6})")
AT_ONCE = ("amount", "stock", "weight", "image")
ALL, TICKED, NONE = "all", "ticked", "none"
CHANGED = (
    "The product has changed since you opened this form. What stands here is kept as it is only if you press again."
)
NONE_TICKED = "Tick the variants that are to be set, or choose all of them."
NOT_A_PRICE = "A price is a number, such as 12.90, and a currency, such as EUR."


@dataclass(frozen=True, slots=True)
class Rows:
    """Cut a product's variants into pages, of which one is shown; its rows are counted from the first of all."""

    page: int
    pages: int
    first: int
    variants: Sequence[Variant]

    @property
    def numbered(self) -> Sequence[tuple[int, Variant]]:
        """Give each variant with its row."""
        return list(enumerate(self.variants, self.first))


@dataclass(frozen=True, slots=True)
class Group:
    """Hold variants that are set at once: how a form names them, and what they have in common."""

    name: str
    option: str
    value: str


def add_variants(router: APIRouter, upkeep: Upkeep, sessions: Sessions) -> None:
    """Add the page that sets a product's variants."""

    def shown(
        request: Request, visitor: Visitor, product: CatalogueProduct, fields: Mapping[str, str], **told: Any
    ) -> Response:
        facts, status = product.facts or Product(), told.pop("status", 200)
        rows = rows_of(facts, fields.get("page", ""))
        context: dict[str, Any] = {
            "fields": {**fields_of(facts, rows, visitor.merchant), **fields},
            "rows": rows,
            "groups": groups_of(facts),
            "hung": hung(product),
        }
        return page(request, "variants.html", status, product=product, facts=facts, **{"error": "", **told}, **context)

    @router.get("/products/{product_id}/variants")
    async def show_variants(
        request: Request,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        product_id: str,
        asked: Annotated[str, Query(alias="page")] = "",
    ) -> Response:
        product = await upkeep.store.catalogue.product(visitor.merchant_id, product_id)
        return shown(request, visitor, product, {"page": asked})

    @router.post("/products/{product_id}/variants")
    async def set_variants(
        request: Request, product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]
    ) -> Response:
        product = await upkeep.store.catalogue.product(posted.merchant_id, product_id)
        written = {"ticks": "", **posted.fields}
        try:
            product.check_version({posted.fields.get("version") or product.version})
            if edits := edits_of(product.facts or Product(), posted.fields, posted.visitor.merchant):
                await upkeep.edit(posted.merchant_id, product_id, Edit(variants=edits), frozenset([product.version]))
        except InvalidInput as error:
            return shown(request, posted.visitor, product, written, status=422, error=error.detail)
        except Stale:
            fresh = await upkeep.store.catalogue.product(posted.merchant_id, product_id)
            return shown(request, posted.visitor, fresh, written, status=412, error=CHANGED)
        onward = TO_PAGE.fullmatch(posted.fields.get("action", ""))
        return go(f"/products/{product_id}" + (f"/variants?page={onward[1]}" if onward else "?saved=1"))


def rows_of(facts: Product, asked: str) -> Rows:
    """Give the page of rows that is asked for; the nearest where there is no such page."""
    pages = max(1, -(-len(facts.variants) // PAGE_ROWS))
    number = min(pages, max(1, int(asked[:6]))) if asked.isdecimal() else 1
    first = (number - 1) * PAGE_ROWS
    return Rows(number, pages, first, facts.variants[first : first + PAGE_ROWS])


def fields_of(facts: Product, rows: Rows, preferences: Preferences) -> dict[str, str]:
    """Give the form's fields as a product has them."""
    prices = [facts.price, *(each.price for each in facts.variants)]
    fields = {"to": ALL, "amount": "", "stock": "", "weight": "", "image": "", "ticks": ""}
    fields["currency"] = next((price.currency for price in prices if price), preferences.currency or "")
    for row, variant in rows.numbered:
        fields |= {f"{name}_{row}": value for name, value in _cells(facts, variant, preferences).items()}
    return fields


def groups_of(facts: Product) -> list[Group]:
    """List the values of options that more than one variant has, and not all."""
    counted: dict[tuple[str, str], int] = {}
    for variant in facts.variants:
        for pair in variant.options.items():
            counted[pair] = counted.get(pair, 0) + 1
    many = [pair for pair, count in counted.items() if 1 < count < len(facts.variants)]
    return [Group(f"group {number}", option, value) for number, (option, value) in enumerate(many)]


def edits_of(facts: Product, fields: Mapping[str, str], preferences: Preferences = UNSAID) -> tuple[VariantEdit, ...]:
    """Read the form: the rows that were changed, then what is set at once; raises `InvalidInput`."""
    currency = fields.get("currency", "").strip().upper()
    edits = [_row_edit(facts, variant, row, fields, preferences) for row, variant in enumerate(facts.variants)]
    if fields.get("action") == "at once":
        given = {name: fields.get(name, "") for name in AT_ONCE}
        at_once = _changes(facts, given, currency, preferences.bare_weight)
        wanted = _wanted(facts, fields)
        if not wanted:
            raise InvalidInput(NONE_TICKED, "/to")
        edits += [_edit(each, at_once) for each in wanted if at_once]
    return tuple(edit for edit in edits if edit)


def _wanted(facts: Product, fields: Mapping[str, str]) -> Sequence[Variant]:
    """Give the variants that are to be set at once."""
    to = fields.get("to", "")
    if to == ALL:
        return facts.variants
    if to == TICKED:
        return [each for row, each in enumerate(facts.variants) if fields.get(f"tick_{row}")]
    group = next((each for each in groups_of(facts) if each.name == to), None)
    return [each for each in facts.variants if group and each.options.get(group.option) == group.value]


def _row_edit(
    facts: Product, variant: Variant, row: int, fields: Mapping[str, str], preferences: Preferences
) -> VariantEdit | None:
    before = _cells(facts, variant, preferences)
    given = {name: fields.get(f"{name}_{row}", value).strip() for name, value in before.items()}
    changed = {name: value or NONE for name, value in given.items() if value != before[name]}
    currency = variant.price.currency if variant.price else fields.get("currency", "").strip().upper()
    changes = _changes(facts, changed, currency, before["weight"].rpartition(" ")[2] or preferences.bare_weight)
    return _edit(variant, changes) if changes else None


def _edit(variant: Variant, changes: Mapping[str, Any]) -> VariantEdit:
    try:
        return VariantEdit(options=variant.options, **changes)
    except ValidationError as error:
        raise InvalidInput("A text is longer than it may be.", f"/{error.errors()[0]['loc'][0]}") from error


def _cells(facts: Product, variant: Variant, preferences: Preferences) -> dict[str, str]:
    """Give a row's fields; a picture is named by its place among the product's."""
    places = {image.url: str(place) for place, image in enumerate(facts.images, 1)}
    return {
        "amount": f"{variant.price.amount:f}" if variant.price else "",
        "stock": variant.availability.value if variant.availability else "",
        "sku": variant.sku or "",
        "gtin": variant.gtin or "",
        "weight": weight_written(variant.weight_grams, preferences.shown_units),
        "image": places.get(variant.image or "", ""),
    }


def _changes(facts: Product, written: Mapping[str, str], currency: str, unit: str) -> dict[str, Any]:
    """Read what was written: nothing stays as it is, `none` is emptied; raises `InvalidInput`."""
    given = {name: "" if value == NONE else value for name, value in written.items() if value.strip()}
    changes: dict[str, Any] = {}
    if "amount" in given:
        changes["price"] = _price(given["amount"], currency)
    if "stock" in given:
        changes["availability"] = Availability(given["stock"]) if given["stock"] in set(Availability) else None
    if "sku" in given:
        changes["sku"] = given["sku"] or None
    if "gtin" in given:
        changes["gtin"] = given["gtin"] or None
    if "weight" in given:
        changes[WEIGHT] = weight_in(given["weight"], unit, f"/{WEIGHT}") if given["weight"] else None
    if "image" in given:
        changes["image"] = _image(facts, given["image"])
    return changes


def _price(amount: str, currency: str) -> Money | None:
    try:
        return Money(amount=Decimal(amount.strip().replace(",", ".")), currency=currency) if amount else None
    except (InvalidOperation, ValidationError) as error:
        raise InvalidInput(NOT_A_PRICE, "/price") from error


def _image(facts: Product, place: str) -> str | None:
    if not place:
        return None
    if not place.isdecimal() or not 1 <= int(place) <= len(facts.images):
        raise InvalidInput("The product has no such image.", "/image")
    return facts.images[int(place) - 1].url
