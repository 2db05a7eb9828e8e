"""PrestaShop's two files: products, and the combinations that refer to them by reference.

Source: ProductFieldsProvider and CombinationFieldsProvider of PrestaShop. Prices are without tax, and a combination's
is a difference from the product's, which is that of its cheapest one. Fields are parted by `;`, values by `,`.
"""

from collections.abc import Iterator
from decimal import Decimal

from cartage.exports.amounts import amount_text, number_text, weight_text
from cartage.exports.article import Article, Offer
from cartage.exports.form import Row, Table, fixed
from cartage.exports.lint import check_article, check_cells, check_stock, found
from cartage.exports.target import Target, Terms, Written
from cartage.exports.wording import one_line, summary_of
from cartage.model.export import Finding
from cartage.model.product import Condition, Money

PRODUCTS = (
    "ID", "Active (0/1)", "Name", "Categories (x,y,z...)", "Price tax excluded", "Cost price", "Discount amount",
    "Reference #", "Brand", "EAN13", "UPC", "Weight", "Quantity", "Summary", "Description", "Tags (x,y,z...)",
    "Meta title", "Meta description", "Rewritten URL", "Image URLs (x,y,z...)", "Image alt texts (x,y,z...)",
    "Feature (Name:Value:Position:Customized)", "Condition", "Action when out of stock",
)  # fmt: skip
COMBINATIONS = (
    "Product reference", "Attribute (Name:Type:Position)*", "Value (Value:Position)*", "Reference", "EAN-13", "UPC",
    "MPN", "Cost price", "Impact on price", "Quantity", "Impact on weight", "Default (0 = No, 1 = Yes)",
    "Image URLs (x,y,z...)",
)  # fmt: skip
PRODUCT_FILE, COMBINATION_FILE = "products", "combinations"
HUNDRED = Decimal(100)
EXACT = Decimal("0.000001")
EAN, UPC = 13, 12
CONDITIONS = {Condition.NEW: "new", Condition.USED: "used", Condition.REFURBISHED: "refurbished"}
NOT_IN_NAMES = "<>;=#{}"
PARTING = ",:;"
DENY, ALLOW = "0", "1"


def write(article: Article, terms: Terms) -> Written:
    """Write a product, and its combinations where it has options."""
    combinations = [_combination(article, number, terms) for number in range(len(article.offers))]
    return Written(
        rows={PRODUCT_FILE: [_product(article, terms)], COMBINATION_FILE: combinations if article.options else []}
    )


def check(article: Article, terms: Terms, written: Written) -> Iterator[Finding]:
    """Look at a product and its rows as PrestaShop's importer does."""
    yield from check_article(article, terms.rules)
    yield from check_stock(article)
    yield from check_cells(article, [*written.of(PRODUCT_FILE), *written.of(COMBINATION_FILE)])
    if terms.settings.tax_percent is None:
        yield found("tax_not_stated", article, "Price tax excluded", "The tax in your prices is not set.")
    if any(sign in article.title for sign in NOT_IN_NAMES):
        yield found("separator_in_value", article, "Name", f"PrestaShop takes none of {NOT_IN_NAMES} in a name.")
    for offer in article.offers:
        if any(sign in part for pair in offer.options for part in pair for sign in PARTING):
            told = f"“{' / '.join(offer.values)}” has one of {PARTING} in it."
            yield found("separator_in_value", article, "Value (Value:Position)*", told)
    if any(offer.sold_out for offer in article.offers) and not all(offer.sold_out for offer in article.offers):
        yield found("stock_count_missing", article, "Quantity", "Some of it is sold out, and some is not.")


def _product(article: Article, terms: Terms) -> Row:
    first, settings = article.offers[0], terms.settings
    struck = _reduction(article)
    eans = {} if article.options else _barcode(first.gtin, "EAN13")
    return {
        "Active (0/1)": "1" if settings.status == "active" else "0",
        "Name": article.title,
        "Categories (x,y,z...)": settings.category or article.category.replace(",", " "),
        "Price tax excluded": _without_tax(_base(article), terms),
        "Cost price": amount_text(first.selling.cost),
        "Discount amount": amount_text(struck),
        "Reference #": article.group if article.options else first.key,
        "Brand": article.brand,
        **eans,
        "Weight": weight_text(_lightest(article), settings.weight_unit or "kg"),
        "Quantity": "0",
        "Summary": summary_of(article.text),
        "Description": article.html,
        "Tags (x,y,z...)": ",".join(tag.replace(",", " ") for tag in article.tags_with(settings.tags)),
        "Meta title": article.seo_title,
        "Meta description": article.seo_description,
        "Rewritten URL": article.handle,
        "Image URLs (x,y,z...)": ",".join(image.url for image in article.images),
        "Image alt texts (x,y,z...)": ",".join(_alone(image.alt or article.title) for image in article.images),
        "Feature (Name:Value:Position:Customized)": _features(article),
        "Condition": CONDITIONS.get(article.condition, "") if article.condition else settings.condition,
        "Action when out of stock": DENY if any(offer.sold_out for offer in article.offers) else ALLOW,
    }


def _combination(article: Article, number: int, terms: Terms) -> Row:
    offer = article.offers[number]
    base, lightest = _base(article), _lightest(article)
    asked = _before_reduction(article, offer)
    impact = Money(amount=asked.amount - base.amount, currency=base.currency) if asked and base else None
    heavier = offer.weight_grams - lightest if offer.weight_grams and lightest else None
    names = enumerate(name for name, _ in offer.options)
    return {
        "Product reference": article.group,
        "Attribute (Name:Type:Position)*": ",".join(f"{name}:select:{place}" for place, name in names),
        "Value (Value:Position)*": ",".join(f"{value}:{_place(article, name, value)}" for name, value in offer.options),
        "Reference": offer.key,
        **_barcode(offer.gtin, "EAN-13"),
        "MPN": article.facts.mpn or "",
        "Cost price": amount_text(offer.selling.cost),
        "Impact on price": _without_tax(impact, terms),
        "Quantity": "0",
        "Impact on weight": weight_text(heavier, terms.settings.weight_unit or "kg"),
        "Default (0 = No, 1 = Yes)": "1" if number == 0 else "0",
        "Image URLs (x,y,z...)": offer.image,
    }


def _base(article: Article) -> Money | None:
    asked = [price for offer in article.offers if (price := _before_reduction(article, offer))]
    return min(asked, key=lambda price: price.amount, default=None)


def _before_reduction(article: Article, offer: Offer) -> Money | None:
    return offer.selling.compare_at if _reduction(article) else offer.price


def _reduction(article: Article) -> Money | None:
    """Give what the price is reduced by, where that is the same for all: PrestaShop has one for a product."""
    pairs = [(each.selling.price, each.selling.compare_at) for each in article.offers]
    off = {str(struck.amount - price.amount) if price and struck else "" for price, struck in pairs}
    price = pairs[0][0]
    return (
        Money(amount=Decimal(off.pop()), currency=price.currency) if price and len(off) == 1 and "" not in off else None
    )


def _lightest(article: Article) -> Decimal | None:
    return min((offer.weight_grams for offer in article.offers if offer.weight_grams), default=None)


def _without_tax(money: Money | None, terms: Terms) -> str:
    if money is None:
        return ""
    tax = terms.settings.tax_percent or Decimal(0)
    return number_text((money.amount / (1 + tax / HUNDRED)).quantize(EXACT))


def _barcode(gtin: str, ean: str) -> dict[str, str]:
    return {{EAN: ean, UPC: "UPC"}[len(gtin)]: gtin} if len(gtin) in {EAN, UPC} else {}


def _features(article: Article) -> str:
    pairs = [(_alone(name), _alone(value)) for name, value in article.facts.attributes]
    return ",".join(f"{name}:{value}:{place}:1" for place, (name, value) in enumerate(pairs) if name and value)


def _place(article: Article, name: str, value: str) -> int:
    values = next((option.values for option in article.options if option.name == name), ())
    return values.index(value) if value in values else 0


def _alone(text: str) -> str:
    """Take the signs out that would part a value."""
    return one_line(text.translate(str.maketrans(PARTING, " " * len(PARTING))))


TARGET = Target(
    name="prestashop",
    title="PrestaShop",
    about="two CSV files: import the products, then the combinations",
    files=(
        Table(PRODUCT_FILE, fixed(PRODUCTS), delimiter=";"),
        Table(COMBINATION_FILE, fixed(COMBINATIONS), delimiter=";"),
    ),
    settings=("status", "category", "tags", "weight_unit", "condition", "tax_percent"),
    write=write,
    check=check,
)
