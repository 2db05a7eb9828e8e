"""Products as hosted services state them, read into claims: one line for each field says where it stands."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from cartage.extraction.availability import availability_of
from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement
from cartage.extraction.document import LONGEST_RAW
from cartage.extraction.fields import Context
from cartage.extraction.fusion import fuse
from cartage.extraction.reader import extraction_of, market
from cartage.extraction.sources.schema_org import rating_of
from cartage.extraction.sources.things import as_dict
from cartage.model.evidence import Evidence, Extraction, Source, Verdict
from cartage.model.page import Page, PageKind
from cartage.model.product import Availability, Image, Product

SOURCE = Source.SERVICE
MOST_ENTRIES = 100
FURNITURE = re.compile(r"^(?:visit the .* store|brand:\s*)", re.IGNORECASE)
# A star in a pointer stands for every entry of a list; of several pointers the first that leads anywhere counts.
SHAPES: Mapping[PageKind, Mapping[str, tuple[str, ...]]] = {
    PageKind.OXYLABS: {
        "name": ("/product/title", "/product/product_name"),
        "brand": ("/product/brand", "/product/manufacturer"),
        "description": ("/product/description",),
        "price": ("/product/price",),
        "regular_price": ("/product/price_strikethrough", "/product/old_price"),
        "currency": ("/product/currency",),
        "availability": ("/product/stock", "/product/availability"),
        "sku": ("/product/sku", "/product/asin"),
        "mpn": ("/product/mpn",),
        "gtin": ("/product/gtin",),
        "rating": ("/product/rating",),
        "best": (),
        "count": ("/product/reviews_count", "/product/review_count"),
        "images": ("/product/images/*", "/product/image"),
        "breadcrumbs": ("/product/category/0/ladder/*/name", "/product/breadcrumbs/*/name", "/product/breadcrumbs/*"),
        "attributes": ("/product/product_details",),
    },
    PageKind.APIFY: {
        "name": ("/product/name", "/product/title"),
        "brand": ("/product/brand/name", "/product/brand"),
        "description": ("/product/description",),
        "price": ("/product/offers/price", "/product/price"),
        "regular_price": ("/product/additionalProperties/listPrice/value",),
        "currency": ("/product/offers/priceCurrency", "/product/offers/currency", "/product/currency"),
        "availability": ("/product/additionalProperties/inStock", "/product/offers/availability"),
        "sku": ("/product/sku", "/product/additionalProperties/sku", "/product/additionalProperties/asin"),
        "mpn": ("/product/mpn", "/product/additionalProperties/mpn"),
        "gtin": ("/product/gtin", "/product/additionalProperties/gtin", "/product/additionalProperties/ean"),
        "rating": ("/product/additionalProperties/stars",),
        "best": (),
        "count": ("/product/reviewCount", "/product/additionalProperties/reviewsCount"),
        "images": ("/product/images/*", "/product/image", "/product/additionalProperties/galleryThumbnails/*"),
        "breadcrumbs": ("/product/additionalProperties/breadCrumbs/*",),
        "attributes": ("/product/additionalProperties/attributes",),
    },
}
TEXTS = ("name", "brand", "description", "sku", "mpn", "gtin", "currency")


def read_hosted(page: Page) -> Extraction:
    """Read a service's product; never fails. Without a name it is no product that anyone could check."""
    try:
        document = json.loads(page.body)
    except (ValueError, RecursionError):
        document = {}
    statement = statement_of(document, SHAPES[page.kind])
    if not statement.name:
        return extraction_of(Product(), Verdict.EMPTY, "The service's answer names no product.", {})
    facts, evidence = fuse([statement], Context(page.url, market([statement], None, page.url)))
    facts["url"] = page.url
    evidence["/url"] = (Evidence(source=Source.ADDRESS, where="", raw=page.url),)
    product = Product(**facts)
    whole = product.images and (product.price or product.availability)
    return extraction_of(
        product, Verdict.PRODUCT if whole else Verdict.THIN, "The product as a service states it.", evidence
    )


def statement_of(document: Any, shape: Mapping[str, tuple[str, ...]]) -> Statement:
    """Gather what a document of this shape states of its product."""
    statement = Statement(SOURCE, "/product", main=True)
    for name in TEXTS:
        for where, text in _texts(document, shape[name]):
            if not FURNITURE.search(text):
                getattr(statement, name).append(Claim(text, SOURCE, where, text[:LONGEST_RAW]))
                break
    _take_prices(statement, document, shape)
    _take_stock(statement, document, shape)
    _take_rating(statement, document, shape)
    for where, text in _texts(document, shape["images"]):
        statement.images.append(Claim(Image(url=text), SOURCE, where, text[:LONGEST_RAW]))
    trail = list(_texts(document, shape["breadcrumbs"]))
    if trail:
        names = tuple(text for _, text in trail)
        statement.breadcrumbs.append(Claim(names, SOURCE, shape["breadcrumbs"][0], " > ".join(names)[:LONGEST_RAW]))
    _take_attributes(statement, document, shape)
    return statement


def _take_prices(statement: Statement, document: Any, shape: Mapping[str, tuple[str, ...]]) -> None:
    currency = statement.currency[0].value if statement.currency else None
    for name, kind in (("price", PriceKind.NOW), ("regular_price", PriceKind.REGULAR)):
        for where, text in _texts(document, shape[name]):
            # Services write 0 for a price that they did not find.
            if _amount(text) == 0:
                continue
            claim = Claim(PriceText(text, currency, kind), SOURCE, where, text[:LONGEST_RAW])
            getattr(statement, name).append(claim)
            break


def _take_stock(statement: Statement, document: Any, shape: Mapping[str, tuple[str, ...]]) -> None:
    for pointer in shape["availability"]:
        for where, value in _values(document, pointer):
            stock = _stock(value)
            if stock:
                statement.availability.append(Claim(stock, SOURCE, where, str(value)[:LONGEST_RAW]))
                return


def _stock(value: Any) -> Availability | None:
    if isinstance(value, bool):
        return Availability.IN_STOCK if value else Availability.OUT_OF_STOCK
    return availability_of(value) if isinstance(value, str) else None


def _take_rating(statement: Statement, document: Any, shape: Mapping[str, tuple[str, ...]]) -> None:
    counts = [text for _, text in _texts(document, shape["count"])][:1]
    for where, text in _texts(document, shape["rating"]):
        rating = rating_of(text, "5", counts)
        if rating:
            statement.rating.append(Claim(rating, SOURCE, where, text))
        return


def _take_attributes(statement: Statement, document: Any, shape: Mapping[str, tuple[str, ...]]) -> None:
    for pointer in shape["attributes"]:
        for where, value in _values(document, pointer):
            pairs = tuple((str(name), text) for name, given in _entries(value) if (text := _text(given)))[:MOST_ENTRIES]
            if pairs:
                statement.attributes.append(Claim(pairs, SOURCE, where, f"{len(pairs)} details"))


def _entries(value: Any) -> Iterator[tuple[Any, Any]]:
    for entry in value if isinstance(value, list) else [value]:  # pyright: ignore[reportUnknownVariableType]
        found = as_dict(entry) or {}
        if "name" in found and "value" in found:
            yield found["name"], found["value"]
        elif "key" in found and "value" in found:
            yield found["key"], found["value"]
        else:
            yield from found.items()


def _texts(document: Any, pointers: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pointer in pointers:
        found = [(where, text) for where, value in _values(document, pointer) if (text := _text(value))]
        if found:
            yield from found[:MOST_ENTRIES]
            return


def _values(document: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    places: list[tuple[str, Any]] = [("", document)]
    for name in pointer.split("/")[1:]:
        places = [inner for place in places for inner in _inner(place, name)]
    yield from places


def _inner(place: tuple[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    where, value = place
    if isinstance(value, list):
        entries: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        chosen = range(len(entries)) if name == "*" else [int(name)] if name.isdigit() else []
        yield from ((f"{where}/{number}", entries[number]) for number in chosen if number < len(entries))
        return
    found = as_dict(value) or {}
    if name in found:
        yield f"{where}/{name}", found[name]


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
