"""Open Graph and its kin: what the page's meta elements tell social networks about the product."""

from typing import TypeVar

from cartage.extraction.availability import availability_of, condition_of
from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement
from cartage.extraction.document import LONGEST_RAW, Document
from cartage.extraction.images import image_url
from cartage.model.evidence import Source
from cartage.model.product import Image
from cartage.model.weight import grams_of

T = TypeVar("T")

NAMES = {"og:title": 1.0, "twitter:title": 0.8, "title": 0.5}
DESCRIPTIONS = {"og:description": 1.0, "product:description": 1.0, "description": 0.9, "twitter:description": 0.8}
PRICES = (
    "product:sale_price:amount",
    "product:price:amount",
    "og:price:amount",
    "product:price",
    "og:price",
    "twitter:data1",
    "price",
)
REGULAR_PRICES = (
    "product:original_price:amount",
    "og:price:standard_amount",
    "product:original_price",
    "og:price:list",
)
CURRENCIES = (
    "product:sale_price:currency", "product:price:currency", "og:price:currency", "product:original_price:currency",
    "pricecurrency", "product:currency",
)  # fmt: skip
AVAILABILITIES = ("product:availability", "og:availability", "availability", "og:product:availability")
BRANDS = ("product:brand", "og:brand", "brand")
GTINS = (
    "product:gtin",
    "product:gtin13",
    "product:ean",
    "og:ean",
    "og:upc",
    "og:isbn",
    "product:upc",
    "product:isbn",
    "book:isbn",
    "gtin13",
    "ean",
)
SKUS = ("product:sku", "product:retailer_item_id", "product:retailer_part_no", "sku")
MPNS = ("product:mfr_part_no", "product:mpn", "mpn")
WEIGHTS = ("product:weight", "product:shipping_weight")
CONDITIONS = ("product:condition", "og:condition")
IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


def read(document: Document) -> list[Statement]:
    """Read the meta elements into one statement; empty when there are none."""
    statement = Statement(Source.OPEN_GRAPH, "head", main=True)
    _take_texts(statement, document)
    _take_prices(statement, document)
    for key, content in _contents(document, *AVAILABILITIES):
        if availability := availability_of(content):
            statement.availability.append(_claim(availability, key, content))
    for key, content in _contents(document, *CONDITIONS):
        if condition := condition_of(content):
            statement.condition.append(_claim(condition, key, content))
    _take_weight(statement, document)
    for key, content in _contents(document, *IMAGES):
        if address := image_url(content, document.base_url):
            statement.images.append(_claim(Image(url=address), key, content, 1.0 if key.startswith("og:") else 0.8))
    for key, content in _contents(document, "og:url"):
        statement.urls.append(_claim(content, key, content))
    return [statement]


def _contents(document: Document, *keys: str) -> list[tuple[str, str]]:
    return [(key, content) for key in keys for content in document.meta.get(key, [])[:20]]


def _claim(value: T, key: str, content: str, score: float = 1.0) -> Claim[T]:
    return Claim(value, Source.OPEN_GRAPH, f'meta[property="{key}"]', content[:LONGEST_RAW], score)


def _take_texts(statement: Statement, document: Document) -> None:
    for weights, claims in ((NAMES, statement.name), (DESCRIPTIONS, statement.description)):
        for key, score in weights.items():
            claims += [_claim(content, key, content, score) for _, content in _contents(document, key)[:1]]
    for keys, claims in (
        (BRANDS, statement.brand),
        (GTINS, statement.gtin),
        (SKUS, statement.sku),
        (MPNS, statement.mpn),
    ):
        claims += [_claim(content, key, content) for key, content in _contents(document, *keys)]


def _take_weight(statement: Statement, document: Document) -> None:
    for name in WEIGHTS:
        units = [unit for _, unit in _contents(document, f"{name}:units")]
        for key, content in _contents(document, f"{name}:value")[:1]:
            if grams := grams_of(" ".join((content, *units[:1])), exact=True):
                statement.weight_grams.append(_claim(grams, key, content))


def _take_prices(statement: Statement, document: Document) -> None:
    currencies = _contents(document, *CURRENCIES)
    currency = currencies[0][1] if currencies else None
    statement.currency += [_claim(content, key, content) for key, content in currencies[:1]]
    for keys, kind, claims in (
        (PRICES, PriceKind.NOW, statement.price),
        (REGULAR_PRICES, PriceKind.REGULAR, statement.regular_price),
    ):
        for key, content in _contents(document, *keys):
            if any(letter.isdigit() for letter in content) and len(content) < LONGEST_RAW:
                loose = key in ("twitter:data1", "price")
                price = PriceText(content, None if loose and not currency else currency, kind)
                claims.append(_claim(price, key, content, 0.5 if loose else 1.0))
