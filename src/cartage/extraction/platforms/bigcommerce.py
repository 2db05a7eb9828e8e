"""BigCommerce's product pages: the `BCData` object that its themes carry.

Source: BigCommerce's Stencil themes, `window.BCData.product_attributes`.
"""

import json
import re
from typing import Any

from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement
from cartage.extraction.document import LONGEST_RAW, Document
from cartage.extraction.sources.things import as_dict
from cartage.model.evidence import Source
from cartage.model.product import Availability
from cartage.model.weight import grams_of

MARK = re.compile(r"BCData\s*=\s*(?=\{)")


def read(document: Document) -> list[Statement]:
    """Read a BigCommerce page's own product attributes; empty elsewhere."""
    for script in document.scripts:
        match = MARK.search(script.text)
        if match is None:
            continue
        try:
            data, _ = json.JSONDecoder(strict=False).raw_decode(script.text, match.end())
        except (ValueError, RecursionError):
            continue
        attributes = as_dict((as_dict(data) or {}).get("product_attributes"))
        if attributes:
            return [_statement(attributes, f"{script.where}/product_attributes")]
    return []


def _statement(attributes: dict[str, Any], where: str) -> Statement:
    statement = Statement(Source.PLATFORM, where, main=True)
    for key, claims in (
        ("sku", statement.sku),
        ("upc", statement.gtin),
        ("gtin", statement.gtin),
        ("mpn", statement.mpn),
    ):
        value = attributes.get(key)
        if isinstance(value, str) and value.strip():
            claims.append(Claim(value, Source.PLATFORM, f"{where}/{key}", value[:LONGEST_RAW]))
    stock = attributes.get("instock")
    if isinstance(stock, bool):
        value = Availability.IN_STOCK if stock else Availability.OUT_OF_STOCK
        statement.availability.append(Claim(value, Source.PLATFORM, f"{where}/instock", str(stock), 0.6))
    weight = str((as_dict(attributes.get("weight")) or {}).get("formatted") or "")
    if grams := grams_of(weight, exact=True):
        statement.weight_grams.append(Claim(grams, Source.PLATFORM, f"{where}/weight/formatted", weight))
    prices = as_dict(attributes.get("price")) or {}
    for keys, kind, claims in (
        (("with_tax", "without_tax"), PriceKind.NOW, statement.price),
        (
            ("rrp_with_tax", "rrp_without_tax", "non_sale_price_with_tax", "non_sale_price_without_tax"),
            PriceKind.REGULAR,
            statement.regular_price,
        ),
    ):
        for key in keys:
            price = as_dict(prices.get(key)) or {}
            if isinstance(amount := price.get("value"), int | float | str):
                text = PriceText(str(amount), str(price.get("currency") or "") or None, kind)
                claims.append(Claim(text, Source.PLATFORM, f"{where}/price/{key}", str(amount), 0.7))
                break
    return statement
