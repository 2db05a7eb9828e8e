"""BigCommerce's product CSV of the modern import: a row for the product, for each variant, and for each picture.

Source: support.bigcommerce.com, Supported Product Fields and Importing Complex Attributes: new rows have no id, and
columns without a value are left out. How `Options` is written is what its exports show; the vendor does not say.
"""

from collections.abc import Iterable, Iterator, Sequence

from cartage.exports.amounts import amount_text, flag, weight_text
from cartage.exports.article import Article, Offer
from cartage.exports.form import Row, Table
from cartage.exports.lint import (
    check_amounts,
    check_article,
    check_cells,
    check_limits,
    check_stock,
    check_weight,
    found,
)
from cartage.exports.target import Target, Terms, Written
from cartage.model.export import Finding, TargetSettings
from cartage.model.product import Condition

ORDER = (
    "Item", "ID", "Name", "Type", "SKU", "Options", "Inventory Tracking", "Current Stock", "Price", "Cost Price",
    "Retail Price", "Sale Price", "Categories", "Description", "Page Title", "Product URL", "Meta Description",
    "Search Keywords", "UPC/EAN", "Global Trade Number", "Manufacturer Part Number", "Weight", "Is Visible",
    "Product Condition", "Variant Image URL", "Image URL (Import)", "Image Description", "Image is Thumbnail",
    "Image Sort Order",
)  # fmt: skip
REQUIRED = {"Item", "ID", "Name", "Type", "SKU", "Price"}
FILE = "products"
MOST_OPTIONS, MOST_VARIANTS, LONGEST_URL = 250, 600, 1024
AMOUNTS = ("Price", "Cost Price", "Retail Price", "Sale Price", "Weight")
CONDITIONS = {Condition.NEW: "New", Condition.USED: "Used", Condition.REFURBISHED: "Refurbished"}


def columns(_: TargetSettings, used: Iterable[str]) -> Sequence[str]:
    """Give the columns that are used."""
    present = set(used) | REQUIRED
    return [name for name in ORDER if name in present]


def write(article: Article, terms: Terms) -> Written:
    """Write a product, its variants, and its pictures."""
    variants = [_variant(article, offer, terms) for offer in article.offers] if article.options else []
    pictures = [
        {
            "Item": "Image",
            "Image URL (Import)": image.url,
            "Image Description": image.alt or article.title,
            "Image is Thumbnail": flag(number == 0),
            "Image Sort Order": str(number),
        }
        for number, image in enumerate(article.images)
    ]
    return Written(rows={FILE: [_only_used(row) for row in (_product(article, terms), *variants, *pictures)]})


def check(article: Article, terms: Terms, written: Written) -> Iterator[Finding]:
    """Look at a product and its rows as BigCommerce's importer does."""
    rows = written.of(FILE)
    yield from check_article(article, terms.rules)
    yield from check_stock(article)
    yield from check_weight(article)
    yield from check_limits(article, options=MOST_OPTIONS, variants=MOST_VARIANTS)
    yield from check_amounts(article, rows, AMOUNTS)
    yield from check_cells(article, rows)
    for offer in article.offers:
        if offer.sku and not offer.sku.isalnum():
            yield found("sku_not_alphanumeric", article, "SKU", f"“{offer.sku}” has other signs.", offer)
        if any("|" in part or "=" in part for pair in offer.options for part in pair):
            yield found("separator_in_value", article, "Options", f"“{' / '.join(offer.values)}” has | or = in it.")
    for image in article.images:
        if len(image.url) > LONGEST_URL:
            yield found("image_url_too_long", article, "Image URL (Import)", f"{len(image.url)} characters.")
    if is_tracked(article) and not all(offer.sold_out for offer in article.offers):
        yield found("stock_count_missing", article, "Current Stock", "Some of it is sold out, and some is not.")
    if not terms.settings.category:
        yield found("category_missing", article, "Categories", "It comes into no category.")


def _product(article: Article, terms: Terms) -> dict[str, str]:
    first, settings = article.offers[0], terms.settings
    tracked = is_tracked(article)
    level = "variant" if article.options else "product"
    return {
        "Item": "Product",
        "Name": article.title,
        "Type": "physical",
        "SKU": article.group if article.options else first.key,
        "Inventory Tracking": level if tracked else "none",
        "Current Stock": "0" if tracked and not article.options else "",
        **_price_cells(first),
        "Categories": settings.category,
        "Description": article.html,
        "Page Title": article.seo_title,
        "Product URL": f"/{article.handle}/",
        "Meta Description": article.seo_description,
        "Search Keywords": ",".join(article.tags_with(settings.tags)),
        "UPC/EAN": "" if article.options else first.gtin,
        "Manufacturer Part Number": article.facts.mpn or "",
        "Weight": weight_text(first.weight_grams, settings.weight_unit or "kg"),
        "Is Visible": flag(settings.status == "active"),
        "Product Condition": CONDITIONS.get(article.condition, "") if article.condition else settings.condition.title(),
    }


def _variant(article: Article, offer: Offer, terms: Terms) -> dict[str, str]:
    return {
        "Item": "Variant",
        "Name": article.title,
        "SKU": offer.key,
        "Options": "|".join(f"Type=Dropdown|Name={name}|Value={value}" for name, value in offer.options),
        "Current Stock": "0" if is_tracked(article) else "",
        **_price_cells(offer),
        "UPC/EAN": offer.gtin,
        "Weight": weight_text(offer.weight_grams, terms.settings.weight_unit or "kg"),
        "Variant Image URL": offer.image,
    }


def is_tracked(article: Article) -> bool:
    """Tell whether stock must be counted: what is sold out could be bought otherwise."""
    return any(offer.sold_out or offer.to_come for offer in article.offers)


def _price_cells(offer: Offer) -> dict[str, str]:
    struck = offer.selling.compare_at
    return {
        "Price": amount_text(struck or offer.price),
        "Cost Price": amount_text(offer.selling.cost),
        "Sale Price": amount_text(offer.price) if struck else "",
    }


def _only_used(row: dict[str, str]) -> Row:
    return {name: value for name, value in row.items() if value}


TARGET = Target(
    name="bigcommerce",
    title="BigCommerce",
    about="CSV for the modern product import",
    files=(Table(FILE, columns, used_only=True, known=ORDER, note="Only columns that are used are written."),),
    settings=("status", "category", "tags", "weight_unit", "condition"),
    write=write,
    check=check,
)
