"""Shopify's product CSV with the headers of 2025 on: 43 columns, or 57 with those for Google Shopping.

Source: help.shopify.com, Using CSV files to import and export products. The first row is the product, its first
variant and its first picture; later rows repeat the handle only.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from cartage.exports.amounts import amount_text, flag, number_text
from cartage.exports.article import Article, Offer
from cartage.exports.details import age_group_of, gender_of
from cartage.exports.form import Row, Table
from cartage.exports.lint import (
    check_amounts,
    check_article,
    check_cells,
    check_limits,
    check_stock,
    found,
)
from cartage.exports.target import Target, Terms, Written
from cartage.model.export import Finding, TargetSettings
from cartage.model.presentation import is_handle
from cartage.model.product import Condition, Image

CORE = (
    "Title", "URL handle", "Description", "Vendor", "Product category", "Type", "Tags", "Published on online store",
    "Status", "SKU", "Barcode", "Option1 name", "Option1 value", "Option1 Linked To", "Option2 name", "Option2 value",
    "Option2 Linked To", "Option3 name", "Option3 value", "Option3 Linked To", "Price", "Compare-at price",
    "Cost per item", "Charge tax", "Tax code", "Unit price total measure", "Unit price total measure unit",
    "Unit price base measure", "Unit price base measure unit", "Inventory tracker", "Inventory quantity",
    "Continue selling when out of stock", "Weight value (grams)", "Weight unit for display", "Requires shipping",
    "Fulfillment service", "Product image URL", "Image position", "Image alt text", "Variant image URL", "Gift card",
    "SEO title", "SEO description",
)  # fmt: skip
GOOGLE = (
    "Color (product.metafields.shopify.color-pattern)", "Google Shopping / Google product category",
    "Google Shopping / Gender", "Google Shopping / Age group", "Google Shopping / Manufacturer part number (MPN)",
    "Google Shopping / Ad group name", "Google Shopping / Ads labels", "Google Shopping / Condition",
    "Google Shopping / Custom product", "Google Shopping / Custom label 0", "Google Shopping / Custom label 1",
    "Google Shopping / Custom label 2", "Google Shopping / Custom label 3", "Google Shopping / Custom label 4",
)  # fmt: skip
FILE = "products"
MOST_OPTIONS, MOST_VARIANTS = 3, 2048
AMOUNTS = ("Price", "Compare-at price", "Cost per item", "Weight value (grams)")
CONDITIONS = {Condition.NEW: "new", Condition.USED: "used", Condition.REFURBISHED: "refurbished"}
SETTINGS = (
    "status", "category", "tags", "weight_unit", "google_columns", "google_category", "gender", "age_group",
    "condition",
)  # fmt: skip


def columns(settings: TargetSettings, _: Iterable[str]) -> Sequence[str]:
    """Give the columns: 43, or all 57."""
    return CORE + GOOGLE if settings.google_columns else CORE


def write(article: Article, terms: Terms) -> Written:
    """Write a product: a row for each variant, and for each picture beyond them."""
    rows: list[Row] = []
    for number, (offer, image) in enumerate(zip_longest(article.offers, article.images)):
        row = {"URL handle": article.handle}
        if number == 0:
            row |= product_cells(article, terms.settings)
        if offer:
            row |= _offer_cells(offer, terms.settings, first=number == 0)
        if image:
            row |= _picture_cells(image, number + 1)
        rows.append(row)
    return Written(rows={FILE: rows})


def check(article: Article, terms: Terms, written: Written) -> Iterator[Finding]:
    """Look at a product and its rows."""
    rows = written.of(FILE)
    yield from check_article(article, terms.rules)
    yield from check_stock(article)
    yield from check_limits(article, options=MOST_OPTIONS, variants=MOST_VARIANTS)
    yield from check_rows(article, rows, handle="URL handle", option="Option1", name="name", value="value")
    yield from check_amounts(article, rows, AMOUNTS)
    yield from check_cells(article, rows)


def check_rows(
    article: Article, rows: Sequence[Row], *, handle: str, option: str, name: str, value: str
) -> Iterator[Finding]:
    """Hold rows to Shopify's handles, and to options in every file, for an update without them deletes variants."""
    for row in rows:
        if not is_handle(row.get(handle, "")):
            yield found("handle_charset", article, handle, f"“{row.get(handle, '')}” is no handle.")
            return
    variants = rows[: len(article.offers)]
    if not (rows and rows[0].get(f"{option} {name}")) or not all(row.get(f"{option} {value}") for row in variants):
        yield found("option_missing_on_update", article, f"{option} {name}", "A row has no option.")


def product_cells(article: Article, settings: TargetSettings) -> dict[str, str]:
    """Write what stands in a product's first row only."""
    details = article.details
    return {
        "Title": article.title,
        "Description": article.html,
        "Vendor": article.brand,
        "Product category": settings.category,
        "Type": article.category,
        "Tags": ", ".join(tag.replace(",", " ") for tag in article.tags_with(settings.tags)),
        "Published on online store": flag(settings.status == "active"),
        "Status": settings.status,
        "Gift card": flag(value=False),
        "SEO title": article.seo_title,
        "SEO description": article.seo_description,
        "Google Shopping / Google product category": settings.google_category,
        "Google Shopping / Gender": gender_of(details.get("gender", "")) or settings.gender,
        "Google Shopping / Age group": age_group_of(details.get("age_group", "")) or settings.age_group,
        "Google Shopping / Manufacturer part number (MPN)": article.facts.mpn or "",
        "Google Shopping / Condition": CONDITIONS.get(article.condition, "")
        if article.condition
        else settings.condition,
    }


def stock_cells(offer: Offer) -> tuple[str, str, str]:
    """Give tracker, quantity, and whether it sells at 0: what is sold out must be tracked, or it could be bought."""
    if offer.sold_out:
        return "shopify", "0", "DENY"
    return ("shopify", "0", "CONTINUE") if offer.to_come else ("", "", "DENY")


def option_cells(offer: Offer) -> list[tuple[str, str]]:
    """Give an offer's options; a product without any has Shopify's own one."""
    return list(offer.options) or [("Title", "Default Title")]


def _offer_cells(offer: Offer, settings: TargetSettings, *, first: bool) -> dict[str, str]:
    tracker, quantity, policy = stock_cells(offer)
    cells = {
        "SKU": offer.sku,
        "Barcode": offer.gtin,
        "Price": amount_text(offer.price),
        "Compare-at price": amount_text(offer.selling.compare_at),
        "Cost per item": amount_text(offer.selling.cost),
        "Charge tax": flag(value=True),
        "Inventory tracker": tracker,
        "Inventory quantity": quantity,
        "Continue selling when out of stock": policy,
        "Weight value (grams)": "" if offer.weight_grams is None else number_text(offer.weight_grams),
        "Weight unit for display": "" if offer.weight_grams is None else settings.weight_unit or "g",
        "Requires shipping": flag(value=True),
        "Fulfillment service": "manual",
        "Variant image URL": offer.image,
    }
    for number, (name, value) in enumerate(option_cells(offer)[:MOST_OPTIONS], 1):
        cells |= {f"Option{number} name": name if first else "", f"Option{number} value": value}
    return cells


def _picture_cells(image: Image, position: int) -> dict[str, str]:
    return {"Product image URL": image.url, "Image position": str(position), "Image alt text": image.alt or ""}


TARGET = Target(
    name="shopify",
    title="Shopify",
    about="CSV with the column names that Shopify's help names now",
    files=(Table(FILE, columns),),
    settings=SETTINGS,
    write=write,
    check=check,
    split_mb=14,
    largest_mb=15,
)
