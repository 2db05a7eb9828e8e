"""Wix Stores' options and variants, from the warm-up data that its pages carry.

Source: Wix's `wix-warmup-data` block; an app's part holds a product with `options` and `productItems`.
"""

from collections.abc import Iterator
from typing import Any

from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement, VariantText
from cartage.extraction.document import Document
from cartage.extraction.json_text import parse_json
from cartage.extraction.sources.things import as_dict, as_list
from cartage.model.evidence import Source
from cartage.model.product import Availability, Option

BLOCK, DEEPEST = "wix-warmup-data", 8
STOCKS = {"in_stock": Availability.IN_STOCK, "out_of_stock": Availability.OUT_OF_STOCK}

Data = dict[str, Any]


def read(document: Document) -> list[Statement]:
    """Read the options and variants of the page's own product; empty elsewhere."""
    for script in document.scripts:
        if script.id == BLOCK:
            for product in _products(parse_json(script.text), 0):
                statement = Statement(Source.PLATFORM, script.where, main=True)
                _take_options(statement, product)
                _take_variants(statement, product)
                return [statement]
    return []


def _products(value: Any, depth: int) -> Iterator[Data]:
    """Yield the objects that have options and items, outermost first."""
    data = as_dict(value)
    if data is None or depth > DEEPEST:
        return
    if isinstance(data.get("productItems"), list) and isinstance(data.get("options"), list):
        yield data
    for inner in data.values():
        yield from _products(inner, depth + 1)


def _dicts(value: Any) -> list[Data]:
    return [entry for item in as_list(value or []) if (entry := as_dict(item))]


def _shown(selection: Data) -> str:
    """Give what a choice is called: a colour's value is its code, its description the word."""
    return str(selection.get("description") or selection.get("value") or "")


def _take_options(statement: Statement, product: Data) -> None:
    options = tuple(
        Option(name=str(option.get("title") or ""), values=tuple(map(_shown, _dicts(option.get("selections")))))
        for option in _dicts(product.get("options"))
        if option.get("title")
    )
    if options:
        raw = ", ".join(option.name for option in options)
        statement.options.append(Claim(options, Source.PLATFORM, f"{statement.where}/options", raw))


def _take_variants(statement: Statement, product: Data) -> None:
    named = {
        selection.get("id"): (str(option.get("title") or ""), _shown(selection))
        for option in _dicts(product.get("options"))
        for selection in _dicts(option.get("selections"))
    }
    found = tuple(_variant(item, named, str(product.get("currency") or "")) for item in _dicts(product["productItems"]))
    if found:
        where = f"{statement.where}/productItems"
        statement.variants.append(Claim(found, Source.PLATFORM, where, f"{len(found)} variants"))


def _variant(item: Data, named: dict[Any, tuple[str, str]], currency: str) -> VariantText:
    chosen = as_list(item.get("optionsSelections") or [])
    inventory = as_dict(item.get("inventory")) or {}
    reduced = item.get("discountedPrice")
    return VariantText(
        id=str(item.get("id") or "") or None,
        sku=str(item.get("sku") or "") or None,
        options=tuple(named[place] for place in chosen if isinstance(place, int) and place in named),
        price=_price(reduced or item.get("price"), currency, PriceKind.NOW),
        regular_price=_price(item.get("price"), currency, PriceKind.REGULAR) if reduced else None,
        availability=STOCKS.get(str(inventory.get("status"))),
    )


def _price(value: Any, currency: str, kind: PriceKind) -> PriceText | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return PriceText(str(value), currency or None, kind) if is_number else None
