"""Squarespace's variants, from the `data-variants` attribute of its product pages.

Source: Squarespace's commerce templates; amounts are `priceMoney` and `salePriceMoney`, stock is counted or unlimited.
"""

from typing import Any

from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement, VariantText
from cartage.extraction.document import Document, css_path
from cartage.extraction.json_text import parse_json
from cartage.extraction.sources.things import as_dict, as_list
from cartage.model.evidence import Source
from cartage.model.product import Availability, Option

MARK, MOST_VARIANTS = "priceMoney", 500

Data = dict[str, Any]


def read(document: Document) -> list[Statement]:
    """Read the variants and their options; empty elsewhere."""
    if MARK.encode() not in document.html:
        return []
    for node in document.tree.css("[data-variants]"):
        text = node.attributes.get("data-variants") or ""
        variants = [entry for item in as_list(parse_json(text)) if (entry := as_dict(item))] if MARK in text else []
        if variants:
            return [_statement(variants[:MOST_VARIANTS], css_path(node))]
    return []


def _statement(variants: list[Data], where: str) -> Statement:
    statement = Statement(Source.PLATFORM, where, main=True)
    found = tuple(map(_variant, variants))
    statement.variants.append(Claim(found, Source.PLATFORM, where, f"{len(found)} variants"))
    values: dict[str, dict[str, None]] = {}
    for variant in found:
        for name, value in variant.options:
            values.setdefault(name, {})[value] = None
    options = tuple(Option(name=name, values=tuple(given)) for name, given in values.items())
    if options:
        statement.options.append(Claim(options, Source.PLATFORM, where, ", ".join(values)))
    return statement


def _variant(variant: Data) -> VariantText:
    on_sale = variant.get("onSale") is True
    price, reduced = as_dict(variant.get("priceMoney")), as_dict(variant.get("salePriceMoney"))
    attributes = as_dict(variant.get("attributes")) or {}
    return VariantText(
        id=str(variant.get("id") or "") or None,
        sku=str(variant.get("sku") or "") or None,
        options=tuple((name, str(value)) for name, value in attributes.items() if value),
        price=_money(reduced if on_sale else price, PriceKind.NOW),
        regular_price=_money(price, PriceKind.REGULAR) if on_sale else None,
        availability=_stock(variant),
    )


def _money(money: Data | None, kind: PriceKind) -> PriceText | None:
    value = (money or {}).get("value")
    return PriceText(str(value), str((money or {}).get("currency") or "") or None, kind) if value else None


def _stock(variant: Data) -> Availability | None:
    if variant.get("unlimited") is True:
        return Availability.IN_STOCK
    count = variant.get("qtyInStock")
    if not isinstance(count, int):
        return None
    return Availability.IN_STOCK if count > 0 else Availability.OUT_OF_STOCK
