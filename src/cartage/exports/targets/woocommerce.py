"""WooCommerce's product CSV: the exporter's 40 default columns, and five for each attribute.

Source: WC_Product_CSV_Exporter and WC_Product_CSV_Importer. A parent's row stands before its variations'.
"""

from collections.abc import Iterable, Iterator, Sequence

from cartage.exports.amounts import amount_text, weight_text
from cartage.exports.article import Article, Offer
from cartage.exports.form import Row, Table
from cartage.exports.lint import check_amounts, check_article, check_cells, check_stock, found
from cartage.exports.target import Target, Terms, Written
from cartage.exports.wording import summary_of
from cartage.model.export import Finding, TargetSettings

HEAD = (
    "ID", "Type", "SKU", "GTIN, UPC, EAN, or ISBN", "Name", "Published", "Is featured?", "Visibility in catalog",
    "Short description", "Description", "Date sale price starts", "Date sale price ends", "Tax status", "Tax class",
    "In stock?", "Stock", "Low stock amount", "Backorders allowed?", "Sold individually?", "Weight ({weight})",
    "Length ({length})", "Width ({length})", "Height ({length})", "Allow customer reviews?", "Purchase note",
    "Sale price", "Regular price", "Categories", "Tags", "Shipping class", "Images", "Download limit",
    "Download expiry days", "Parent", "Grouped products", "Upsells", "Cross-sells", "External URL", "Button text",
    "Position",
)  # fmt: skip
FILE = "products"
SOURCE = "Meta: _import_source_url"
AMOUNTS = ("Sale price", "Regular price")
DRAFT, PUBLISHED = "-1", "1"


def columns(settings: TargetSettings, used: Iterable[str]) -> Sequence[str]:
    """Give the columns: the attributes are as many as the products with most of them have."""
    unit = settings.weight_unit or "kg"
    length = "in" if unit in {"lb", "oz"} else "cm"
    head = [name.format(weight=_shop_unit(unit), length=length) for name in HEAD]
    present = set(used)
    most = next((number for number in range(len(present), 0, -1) if f"Attribute {number} name" in present), 0)
    told = [
        f"Attribute {number} {part}"
        for number in range(1, most + 1)
        for part in ("name", "value(s)", "visible", "global")
    ]
    return [*head, *told, *(f"Attribute {number} default" for number in range(1, most + 1)), SOURCE]


def write(article: Article, terms: Terms) -> Written:
    """Write a simple product in one row, or a variable one and then its variations."""
    if not article.offers[0].values:  # options of which no variant is known cannot be chosen from
        return Written(rows={FILE: [_simple(article, article.offers[0], terms)]})
    variations = [_variation(article, offer, number, terms) for number, offer in enumerate(article.offers, 1)]
    return Written(rows={FILE: [_parent(article, terms), *variations]})


def check(article: Article, terms: Terms, written: Written) -> Iterator[Finding]:
    """Look at a product and its rows."""
    rows = written.of(FILE)
    yield from check_article(article, terms.rules)
    yield from check_stock(article)
    yield from check_amounts(article, rows, AMOUNTS)
    yield from check_cells(article, rows)
    pictures = {url for offer in article.offers for url in article.pictures_of(offer)}
    for row in rows:
        for url in filter(None, row.get("Images", "").split(", ")):
            if "," in url or url not in pictures:
                yield found("image_url_comma", article, "Images", url)


def _simple(article: Article, offer: Offer, terms: Terms) -> Row:
    status = PUBLISHED if terms.settings.status == "active" else DRAFT
    own = {"Type": "simple", "SKU": offer.key, "Published": status, "Position": "0"}
    return _product_cells(article, terms) | _offer_cells(offer, terms) | own


def _parent(article: Article, terms: Terms) -> Row:
    in_stock = not all(offer.sold_out for offer in article.offers)
    cells = _product_cells(article, terms) | {
        "Type": "variable",
        "SKU": article.group,
        "Published": PUBLISHED if terms.settings.status == "active" else DRAFT,
        "In stock?": "1" if in_stock else "0",
        "Backorders allowed?": "0",
        "Position": "0",
    }
    chosen = article.offers[0].values
    for number, option in enumerate(article.options, 1):
        cells |= {
            f"Attribute {number} name": option.name,
            f"Attribute {number} value(s)": _listed(option.values),
            f"Attribute {number} visible": "1",
            f"Attribute {number} global": "1",
            f"Attribute {number} default": chosen[number - 1],
        }
    return cells


def _variation(article: Article, offer: Offer, position: int, terms: Terms) -> Row:
    cells = _offer_cells(offer, terms) | {
        "Type": "variation",
        "SKU": offer.key,
        "Name": article.title_of(offer),
        "Published": PUBLISHED,
        "Is featured?": "0",
        "Visibility in catalog": "visible",
        "Tax status": "taxable",
        "Tax class": "parent",
        "Sold individually?": "0",
        "Allow customer reviews?": "0",
        "Images": offer.image,
        "Parent": article.group,
        "Position": str(position),
    }
    for number, (name, value) in enumerate(offer.options, 1):
        cells |= {
            f"Attribute {number} name": name,
            f"Attribute {number} value(s)": _escaped(value),
            f"Attribute {number} global": "1",
        }
    return cells


def _product_cells(article: Article, terms: Terms) -> dict[str, str]:
    return {
        "Name": article.title,
        "Is featured?": "0",
        "Visibility in catalog": "visible",
        "Short description": _unbroken(summary_of(article.text)),
        "Description": _unbroken(article.html),
        "Tax status": "taxable",
        "Sold individually?": "0",
        "Allow customer reviews?": "1",
        "Categories": _categories(article, terms.settings),
        "Tags": _listed(article.tags_with(terms.settings.tags)),
        "Images": ", ".join(image.url for image in article.images),
        SOURCE: article.product.source_url,
    }


def _offer_cells(offer: Offer, terms: Terms) -> dict[str, str]:
    unit = terms.settings.weight_unit or "kg"
    struck = offer.selling.compare_at
    return {
        "GTIN, UPC, EAN, or ISBN": offer.gtin,
        "In stock?": "0" if offer.sold_out else "backorder" if offer.to_come else "1",
        "Backorders allowed?": "1" if offer.to_come else "0",
        f"Weight ({_shop_unit(unit)})": weight_text(offer.weight_grams, unit),
        "Sale price": amount_text(offer.price) if struck else "",
        "Regular price": amount_text(struck or offer.price),
    }


def _categories(article: Article, settings: TargetSettings) -> str:
    trail = settings.category or " > ".join(crumb.replace(">", "›") for crumb in article.facts.breadcrumbs)
    return _escaped(trail)


def _listed(values: Iterable[str]) -> str:
    return ", ".join(map(_escaped, values))


def _escaped(value: str) -> str:
    return value.replace(",", "\\,")


def _unbroken(text: str) -> str:
    """Write line breaks as the importer reads them."""
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _shop_unit(unit: str) -> str:
    return "lbs" if unit == "lb" else unit


TARGET = Target(
    name="woocommerce",
    title="WooCommerce",
    about="CSV for Products → Import",
    files=(
        Table(
            FILE,
            columns,
            used_only=True,
            known=("Attribute 1 name",),
            note="There are as many attributes as the product with most options has; units are those of the settings.",
        ),
    ),
    settings=("status", "category", "tags", "weight_unit"),
    write=write,
    check=check,
)
