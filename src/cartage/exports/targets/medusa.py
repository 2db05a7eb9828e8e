"""Medusa 2's product CSV: a row for each variant, each with the product's own cells.

Source: csv-normalizer.ts of Medusa. A column that it does not know refuses the whole file, each row needs a handle,
and each option a value. What is sold out has its inventory managed, with no stock: otherwise it could be bought.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from cartage.exports.amounts import amount_text, flag, number_text
from cartage.exports.article import Article, Offer
from cartage.exports.form import Table
from cartage.exports.lint import check_article, check_cells, check_stock, found
from cartage.exports.target import Target, Terms, Written
from cartage.model.export import Finding, TargetSettings

FIRST = (
    "Product Handle", "Product Title", "Product Description", "Product Status", "Product Thumbnail",
    "Product Material", "Product Metadata",
)  # fmt: skip
VARIANT = (
    "Variant Title", "Variant SKU", "Variant UPC", "Variant EAN", "Variant Barcode", "Variant Weight",
    "Variant Manage Inventory", "Variant Allow Backorder",
)  # fmt: skip
NUMBERED = re.compile(
    r"Product (?:Image|Tag|Category|Sales Channel) \d+|Variant Price [A-Z]{3}|Variant Option \d+ (?:Name|Value)"
)
ONCE_EACH = (
    "Product Image 1", "Product Category 1", "Product Sales Channel 1", "Shipping Profile Id", "Variant Price EUR",
    "Variant Option 1 Name", "Variant Option 1 Value",
)  # fmt: skip
KNOWN = {*FIRST, *VARIANT, "Product Id", "Shipping Profile Id"}
FILE = "products"
EAN, UPC = 13, 12
DIGITS = re.compile(r"(\d+)")


def columns(_: TargetSettings, used: Iterable[str]) -> Sequence[str]:
    """Give the columns that are used, in the order of Medusa's own files."""
    return sorted(set(used), key=_place)


def write(article: Article, terms: Terms) -> Written:
    """Write a row for each variant."""
    product = {name: value for name, value in _product_cells(article, terms.settings).items() if value}
    return Written(rows={FILE: [product | _offer_cells(offer) for offer in article.offers]})


def check(article: Article, terms: Terms, written: Written) -> Iterator[Finding]:
    """Look at a product and its rows as Medusa's importer does."""
    rows = written.of(FILE)
    yield from check_article(article, terms.rules)
    yield from check_stock(article)
    yield from check_cells(article, rows)
    for column in dict.fromkeys(column for row in rows for column in row):
        if column not in KNOWN and not NUMBERED.fullmatch(column):
            yield found("unknown_column", article, column, f"“{column}” is no column of Medusa.")
    if any(not row.get("Product Handle") and not row.get("Product Id") for row in rows):
        yield found("handle_charset", article, "Product Handle", "A row has neither handle nor id.")


def _product_cells(article: Article, settings: TargetSettings) -> dict[str, str]:
    images = {f"Product Image {number}": image.url for number, image in enumerate(article.images, 1)}
    return {
        "Product Handle": article.handle,
        "Product Title": article.title,
        "Product Description": article.html,
        "Product Status": "published" if settings.status == "active" else "draft",
        "Product Thumbnail": article.images[0].url if article.images else "",
        "Product Material": article.details.get("material", ""),
        "Product Metadata": json.dumps({"source_url": article.product.source_url}, ensure_ascii=False),
        **images,
        "Product Category 1": settings.category,
        "Product Sales Channel 1": settings.sales_channel,
        "Shipping Profile Id": settings.shipping_profile,
    }


def _offer_cells(offer: Offer) -> dict[str, str]:
    cells = {
        "Variant Title": " / ".join(offer.values) or "Default",
        "Variant SKU": offer.sku,
        **_barcode(offer.gtin),
        "Variant Weight": "" if offer.weight_grams is None else number_text(offer.weight_grams),
    }
    kept = {name: value for name, value in cells.items() if value}
    kept |= {
        "Variant Manage Inventory": flag(offer.sold_out or offer.to_come),
        "Variant Allow Backorder": flag(offer.to_come),
    }
    if offer.price:
        kept[f"Variant Price {offer.price.currency}"] = amount_text(offer.price)
    for number, (name, value) in enumerate(offer.options or (("Title", "Default"),), 1):
        kept |= {f"Variant Option {number} Name": name, f"Variant Option {number} Value": value}
    return kept


def _barcode(gtin: str) -> dict[str, str]:
    names = {EAN: "Variant EAN", UPC: "Variant UPC"}
    return {names.get(len(gtin), "Variant Barcode"): gtin} if gtin else {}


def _place(column: str) -> tuple[int, int, int, str]:
    """Sort a column: the product's, its pictures and ids, the variant's, prices, then options by number."""
    number = int(found_number[1]) if (found_number := DIGITS.search(column)) else 0
    if column in FIRST:
        return 0, FIRST.index(column), 0, column
    if column in VARIANT:
        return 2, VARIANT.index(column), 0, column
    groups = ("Product ", "Variant Price ", "Variant Option ")
    floor = {0: 1, 1: 3, 2: 4}.get(
        next((place for place, start in enumerate(groups) if column.startswith(start)), -1), 1
    )
    if floor == 1:
        return 1, 0 if column.startswith("Product Image") else 1, number, column
    return floor, 0, number, column


TARGET = Target(
    name="medusa",
    title="Medusa",
    about="CSV for Medusa 2's product import",
    files=(
        Table(
            FILE,
            columns,
            used_only=True,
            known=(*FIRST, *VARIANT, *ONCE_EACH),
            note="Only columns that are used are written; numbers go on, and each currency has its own price.",
        ),
    ),
    settings=("status", "category", "sales_channel", "shipping_profile"),
    write=write,
    check=check,
    one_currency=False,
)
