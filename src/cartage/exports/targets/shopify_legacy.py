"""Shopify's product CSV with the headers until 2025, which many other programs still read.

Source: help.shopify.com's earlier template; the rules for rows are those of the new one.
"""

from collections.abc import Iterator
from itertools import zip_longest

from cartage.exports.amounts import amount_text, flag, number_text
from cartage.exports.article import Article, Offer
from cartage.exports.form import Row, Table, fixed
from cartage.exports.lint import check_amounts, check_article, check_cells, check_limits, check_stock
from cartage.exports.target import Target, Terms, Written
from cartage.exports.targets import shopify
from cartage.model.export import Finding, TargetSettings

COLUMNS = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published", "Option1 Name",
    "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value", "Variant SKU", "Variant Grams",
    "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Fulfillment Service",
    "Variant Price", "Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable", "Variant Barcode",
    "Image Src", "Image Position", "Image Alt Text", "Gift Card", "SEO Title", "SEO Description", "Variant Image",
    "Variant Weight Unit", "Variant Tax Code", "Cost per item", "Status",
)  # fmt: skip
RENAMED = {
    "Title": "Title",
    "Body (HTML)": "Description",
    "Vendor": "Vendor",
    "Product Category": "Product category",
    "Type": "Type",
    "Tags": "Tags",
    "Published": "Published on online store",
    "Gift Card": "Gift card",
    "SEO Title": "SEO title",
    "SEO Description": "SEO description",
    "Status": "Status",
}
AMOUNTS = ("Variant Price", "Variant Compare At Price", "Cost per item", "Variant Grams")


def write(article: Article, terms: Terms) -> Written:
    """Write a product: a row for each variant, and for each picture beyond them."""
    rows: list[Row] = []
    for number, (offer, image) in enumerate(zip_longest(article.offers, article.images)):
        row = {"Handle": article.handle}
        if number == 0:
            told = shopify.product_cells(article, terms.settings)
            row |= {name: told[new] for name, new in RENAMED.items()}
        if offer:
            row |= _offer_cells(offer, terms.settings, first=number == 0)
        if image:
            row |= {"Image Src": image.url, "Image Position": str(number + 1), "Image Alt Text": image.alt or ""}
        rows.append(row)
    return Written(rows={shopify.FILE: rows})


def check(article: Article, terms: Terms, written: Written) -> Iterator[Finding]:
    """Look at a product and its rows."""
    rows = written.of(shopify.FILE)
    yield from check_article(article, terms.rules)
    yield from check_stock(article)
    yield from check_limits(article, options=shopify.MOST_OPTIONS, variants=shopify.MOST_VARIANTS)
    yield from shopify.check_rows(article, rows, handle="Handle", option="Option1", name="Name", value="Value")
    yield from check_amounts(article, rows, AMOUNTS)
    yield from check_cells(article, rows)


def _offer_cells(offer: Offer, settings: TargetSettings, *, first: bool) -> dict[str, str]:
    tracker, quantity, policy = shopify.stock_cells(offer)
    cells = {
        "Variant SKU": offer.sku,
        "Variant Grams": "" if offer.weight_grams is None else number_text(offer.weight_grams),
        "Variant Inventory Tracker": tracker,
        "Variant Inventory Qty": quantity,
        "Variant Inventory Policy": policy.lower(),
        "Variant Fulfillment Service": "manual",
        "Variant Price": amount_text(offer.price),
        "Variant Compare At Price": amount_text(offer.selling.compare_at),
        "Variant Requires Shipping": flag(value=True),
        "Variant Taxable": flag(value=True),
        "Variant Barcode": offer.gtin,
        "Variant Image": offer.image,
        "Variant Weight Unit": "" if offer.weight_grams is None else settings.weight_unit or "g",
        "Cost per item": amount_text(offer.selling.cost),
    }
    for number, (name, value) in enumerate(shopify.option_cells(offer)[: shopify.MOST_OPTIONS], 1):
        cells |= {f"Option{number} Name": name if first else "", f"Option{number} Value": value}
    return cells


TARGET = Target(
    name="shopify-legacy",
    title="Shopify, earlier columns",
    about="CSV with Handle, Body (HTML) and Variant Price, as many other programs still read it",
    files=(Table(shopify.FILE, fixed(COLUMNS)),),
    settings=("status", "category", "tags", "weight_unit"),
    write=write,
    check=check,
    split_mb=14,
    largest_mb=15,
)
