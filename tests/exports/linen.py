"""The linen shirt that the golden files are of: two options, three variants, three pictures, one variant sold out."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from cartage.exports.article import Article, article_of
from cartage.exports.book import Book
from cartage.exports.known import TARGETS
from cartage.exports.making import Making
from cartage.exports.naming import Roll
from cartage.exports.target import Terms
from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.evidence import Evidence, Source
from cartage.model.export import ExportReport, Finding, TargetSettings
from cartage.model.pricing import PriceRange, PricingRules
from cartage.model.product import Availability, Image, Money, Option, Product, Variant

GOLDEN = Path(__file__).parents[1] / "cases" / "exports"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
MEDIA = "https://media.example.com/p"
RULES = PricingRules(ranges=(PriceRange(multiplier=Decimal("2.5")),))
LINK = "https://shop.example.com/products/{handle}?variant={sku}"
SHOPIFY = TargetSettings(category="Apparel & Accessories > Clothing > Shirts & Tops", tags=("linen", "summer"))
GOOGLE = TargetSettings(link_template=LINK, google_category="212", gender="unisex", age_group="adult", condition="new")


def eur(amount: str) -> Money:
    """Make an amount in euros."""
    return Money(amount=Decimal(amount), currency="EUR")


def a_variant(sku: str, gtin: str, options: tuple[str, str], cost: str, **more: Any) -> Variant:
    """Make a variant of a colour and a size."""
    usual = {"availability": Availability.IN_STOCK, "image": f"{MEDIA}/linen-natural-1.jpg"}
    named = dict(zip(("Color", "Size"), options, strict=True))
    return Variant.model_validate({"sku": sku, "gtin": gtin, "options": named, "price": eur(cost), **usual, **more})


VARIANTS = (
    a_variant(
        "NOR-LCS-NAT-S", "4006381333931", ("Natural", "S"), "31.96",
        regular_price=eur("39.96"), weight_grams=Decimal(240),
    ),
    a_variant(
        "NOR-LCS-NAT-M", "4006381333948", ("Natural", "M"), "31.96",
        regular_price=eur("39.96"), weight_grams=Decimal(250),
    ),
    a_variant(
        "NOR-LCS-SAG-M", "4006381333955", ("Sage", "M"), "33.96",
        availability=Availability.OUT_OF_STOCK, image=f"{MEDIA}/fill(white,80)/linen-sage-1.jpg",
        weight_grams=Decimal(250),
    ),
)  # fmt: skip
SHIRT = Product(
    name="Linen Camp Shirt",
    brand="Norrland Studio",
    sku="NOR-LCS",
    description="Boxy camp-collar shirt in 100% European flax linen.",
    description_html="<p>Boxy camp-collar shirt in 100% European flax linen.</p>"
    "<ul><li>170 g/m² fabric</li><li>Corozo buttons</li></ul>",
    price=eur("31.96"),
    images=(
        Image(url=f"{MEDIA}/linen-natural-1.jpg", alt="Natural linen shirt, front"),
        Image(url=f"{MEDIA}/linen-natural-2.jpg", alt="Natural linen shirt, back"),
        Image(url=f"{MEDIA}/fill(white,80)/linen-sage-1.jpg", alt="Sage linen shirt, front"),
    ),
    breadcrumbs=("Clothing", "Shirts"),
    options=(Option(name="Color", values=("Natural", "Sage")), Option(name="Size", values=("S", "M"))),
    variants=VARIANTS,
    attributes=(("Material", "linen"),),
)
TOLD = (Evidence(source=Source.PLATFORM, where="/product/variants", raw="3 variants"),)


def a_shirt(**changes: Any) -> CatalogueProduct:
    """Make the shirt as it is kept, with other facts where they are given."""
    return CatalogueProduct(
        id="prd_01J9ZLINENCAMPSHIRT0000001",
        merchant_id="mer_1",
        import_id="imp_1",
        source_url="https://supplier.example.net/products/linen-camp-shirt",
        status=Status.IMPORTED,
        facts=SHIRT.model_copy(update=changes),
        evidence={"/variants": TOLD, "/regular_price": TOLD},
        created_at=AT,
        updated_at=AT,
    )


def a_mug(number: int = 1, **facts: Any) -> CatalogueProduct:
    """Make a product without variants, the same but for its number."""
    told = {
        "name": f"Mug {number}",
        "sku": f"MUG-{number}",
        "description": "A mug.",
        "brand": "Kiln",
        "price": eur("9.50"),
        "availability": Availability.IN_STOCK,
        "images": (Image(url=f"{MEDIA}/mug-{number}.jpg"),),
    }
    shirt = a_shirt()
    changes = {
        "id": f"prd_01J9ZMUG{number:018d}",
        "facts": Product.model_validate({**told, **facts}),
        "source_url": f"https://supplier.example.net/products/mug-{number}",
    }
    return shirt.model_copy(update=changes)


def article(product: CatalogueProduct, rules: PricingRules = RULES) -> Article:
    """Make a product ready to be written."""
    return article_of(product, rules, Roll())


def exported(
    target: str,
    *products: CatalogueProduct,
    settings: TargetSettings | None = None,
    rules: PricingRules = RULES,
    site: str = "",
    **how: Any,
) -> tuple[dict[str, bytes], ExportReport]:
    """Export products, and give the files by name with the report."""
    terms = Terms(settings or TargetSettings(), rules, site)
    book = Book(TARGETS[target], terms, **how)
    making = Making(TARGETS[target], terms, book)
    making.add(products)
    report, parts = making.finish()
    contents = [b""] * len(parts)
    for part, _, piece in book.pieces():
        contents[part] += piece
    book.discard()
    return {part.name: content for part, content in zip(parts, contents, strict=True)}, report


def findings(
    target: str, product: CatalogueProduct, settings: TargetSettings | None = None, rules: PricingRules = RULES
) -> list[Finding]:
    """Check one product for a target."""
    terms, known = Terms(settings or TargetSettings(), rules), TARGETS[target]
    made = article(product, rules)
    return list(known.check(made, terms, known.write(made, terms)))


def codes(
    target: str, product: CatalogueProduct, settings: TargetSettings | None = None, rules: PricingRules = RULES
) -> set[str]:
    """Name what is found in one product for a target."""
    return {finding.code for finding in findings(target, product, settings, rules)}


def rows(target: str, product: CatalogueProduct, settings: TargetSettings | None = None) -> list[dict[str, str]]:
    """Export one product and read the first file back as a spreadsheet program does."""
    (content, *_), _ = list(exported(target, product, settings=settings)[0].values()), None
    delimiter = {"google": "\t", "prestashop": ";"}.get(target, ",")
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), delimiter=delimiter))
