"""Products within the page's own state: whatever object is named like the page and has a price or a code."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from cartage.extraction.availability import availability_of
from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement
from cartage.extraction.document import LONGEST_RAW, Document
from cartage.extraction.images import image_url
from cartage.extraction.sources.schema_org import count_of, rating_of
from cartage.extraction.sources.things import as_dict, as_list
from cartage.extraction.sources.visible_anchors import likeness, stated_titles
from cartage.extraction.states import states_of
from cartage.model.evidence import Source
from cartage.model.product import Availability, Image

REFERENCE, MOST_REFERENCES = "__ref", 12
MOST_NODES, DEEPEST, MOST_KEPT, MOST_DIGITS = 30_000, 24, 4, 4
LEAST_LIKENESS = 0.55
NAMES = ("name", "title", "productname", "displayname", "producttitle", "itemname", "fullname")
BRANDS = ("brand", "brandname", "vendor", "manufacturer", "manufacturername", "itembrand", "productbrand")
SKUS = ("usitemid", "sku", "productsku", "productcode", "itemnumber", "partnumber", "stylecode", "articlenumber")
IDS = ("itemid", "skuid", "productid", "code", "id")
GTINS = ("gtin", "gtin13", "gtin14", "gtin12", "gtin8", "ean", "ean13", "upc", "barcode", "isbn")
MPNS = ("mpn", "modelnumber", "manufacturerpartnumber", "manufacturersku", "mfrpartnumber")
PRICES = (
    "priceinfo",
    "priceamount",
    "productprice",
    "itemprice",
    "saleprice",
    "specialprice",
    "currentprice",
    "finalprice",
    "discountedprice",
    "sellingprice",
    "offerprice",
    "pricenow",
    "price",
    "unitprice",
    "prices",
)
REGULAR_PRICES = (
    "listprice",
    "originalprice",
    "regularprice",
    "compareatprice",
    "wasprice",
    "msrp",
    "rrp",
    "strikeprice",
    "oldprice",
    "retailprice",
    "mrp",
)
CURRENCIES = ("currencyunit", "currency", "currencycode", "pricecurrency", "currencyisocode")
AVAILABILITIES = (
    "availability",
    "availabilitystatus",
    "stockstatus",
    "instock",
    "isinstock",
    "available",
    "isavailable",
    "inventorystatus",
    "purchasable",
)
IMAGES = (
    "imageinfo",
    "allimages",
    "images",
    "image",
    "imageurl",
    "mainimage",
    "primaryimage",
    "media",
    "featuredimage",
    "thumbnail",
    "gallery",
)
RATINGS = (
    "rating",
    "averagerating",
    "ratingvalue",
    "aggregaterating",
    "averagescore",
    "reviewrating",
    "averageoverallrating",
    "reviewaverage",
)
COUNTS = (
    "reviewcount",
    "reviewscount",
    "ratingcount",
    "ratingscount",
    "numberofreviews",
    "totalreviews",
    "totalreviewcount",
    "numreviews",
    "reviewcounts",
)
AMOUNT_KEYS = (
    "currentprice",
    "amount",
    "value",
    "current",
    "now",
    "sale",
    "final",
    "finalprice",
    "price",
    "selling",
    "min",
    "centamount",
    "actual",
    "regular",
)
ADDRESS_KEYS = ("fullurl", "url", "src", "href", "large", "original", "zoom", "full")
# An object with none of these keys is about nothing that is sold.
FOR_SALE = frozenset(
    {
        *PRICES,
        *REGULAR_PRICES,
        *SKUS,
        "skuid",
        "productid",
        "itemid",
        "offers",
        "variants",
        "selectedorfirstavailablevariant",
        "mastervariant",
    }
)
# The variant that a product's object shows first says what the object itself leaves to it.
SHOWN_FIRST = (
    "selectedorfirstavailablevariant",
    "selectedvariant",
    "firstavailablevariant",
    "mastervariant",
    "defaultvariant",
    "currentvariant",
    "selectedsku",
)
# An object with none of these keys has no name.
NAMING = frozenset({*NAMES, *SHOWN_FIRST})
HOLDERS = (dict, list)
TRAILS = ("breadcrumbs", "breadcrumb", "breadcrumblist", "categorypath", "category")
MARKS = re.compile(r"[\W_]")
LOCALE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2})?")
MODEL = re.compile(r"(?=\S*\d)\S{3,30}")
DECIMAL = re.compile(r"\d+[.,]\d{1,2}$")

Keys = dict[str, Any]
Place = tuple["Place", str | int] | None


def read(document: Document) -> list[Statement]:
    """Read the objects of the page's state that are named like the page; at most `MOST_KEPT`, surest first."""
    titles = stated_titles(document)
    found: list[tuple[float, Keys, str]] = []
    for state, where in states_of(document, _words(titles)):
        for data, place in _objects(state):
            if NAMING.isdisjoint(map(_bare, data)):
                continue
            keys = _with_shown_variant(_folded(data))
            if FOR_SALE.isdisjoint(keys) or not (name := _text(_first(keys, NAMES))):
                continue
            if (fit := likeness(name, titles)) >= LEAST_LIKENESS:
                found.append((fit + 0.02 * min(len(data), 25), _followed(keys, state), f"{where}{_pointer(place)}"))
    found.sort(key=lambda entry: -entry[0])
    return [_statement(keys, where, document) for _, keys, where in found[:MOST_KEPT]]


def _words(titles: list[str]) -> list[str]:
    """Choose the words that a state must hold to be worth decoding; other scripts may be escaped in it."""
    words = re.findall(r"[A-Za-z0-9]{4,}", titles[0] if titles else "")
    return sorted(words, key=len, reverse=True)[:1]


def _objects(state: Any) -> Iterator[tuple[dict[str, Any], Place]]:
    """Yield every object of a state with its place, which is a path of keys from the innermost out."""
    waiting: list[tuple[Any, Place, int]] = [(state, None, 0)]
    seen = 0
    while waiting and seen < MOST_NODES:
        value, place, depth = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            data = cast("dict[str, Any]", value)
            yield data, place
            inner = data.items()
        else:
            inner = enumerate(cast("list[Any]", value))
        if depth < DEEPEST:
            waiting += [(entry, (place, key), depth + 1) for key, entry in inner if isinstance(entry, HOLDERS)]


def _pointer(place: Place) -> str:
    """Write a place as a JSON pointer."""
    keys: list[str] = []
    while place is not None:
        place, key = place
        keys.append(f"/{key}")
    return "".join(reversed(keys))


@lru_cache(maxsize=16384)
def _bare(key: str) -> str:
    return (key if key.isalnum() else MARKS.sub("", key)).lower()


def _folded(data: dict[str, Any]) -> Keys:
    return {_bare(key): value for key, value in reversed(data.items())}


def _followed(keys: Keys, state: Any) -> Keys:
    """Put the entries that Apollo's cache refers to (`__ref`) in the references' places."""
    return {name: _entry(value, state) for name, value in keys.items()}


def _entry(value: Any, state: Any) -> Any:
    if isinstance(value, list):
        entries = as_list(value)
        referring = bool(entries) and REFERENCE in (as_dict(entries[0]) or {})
        return [_entry(entry, state) for entry in entries[:MOST_REFERENCES]] if referring else entries
    name = (as_dict(value) or {}).get(REFERENCE)
    if not isinstance(name, str):
        return value
    return next((data[name] for data, _ in _objects(state) if isinstance(data.get(name), dict)), value)


def _with_shown_variant(keys: Keys) -> Keys:
    shown = as_dict(_first(keys, SHOWN_FIRST)) if not keys.keys().isdisjoint(SHOWN_FIRST) else None
    return {**_folded(shown), **keys} if shown else keys


def _first(keys: Keys, names: tuple[str, ...]) -> Any:
    return next((keys[name] for name in names if keys.get(name) not in (None, "", [], {})), None)


def _text(value: Any) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    if data := as_dict(value):
        named = _text(_first(_folded(data), ("name", "label", "value", "title")))
        return named or (_text(next(iter(data.values()))) if all(map(LOCALE.fullmatch, data)) else "")
    return ""


def _statement(keys: Keys, where: str, document: Document) -> Statement:
    statement = Statement(Source.EMBEDDED_JSON, where, main=True)
    for names, claims in (
        (NAMES, statement.name),
        (BRANDS, statement.brand),
        (GTINS, statement.gtin),
        (MPNS, statement.mpn),
        (
            ("description", "descriptionhtml", "longdescription", "productdescription", "shortdescription"),
            statement.description,
        ),
        (("url", "producturl", "canonicalurl", "link"), statement.urls),
    ):
        _say(statement, claims, keys, names, 1.0)
    _say(statement, statement.sku, keys, SKUS, 0.8)
    _say(statement, statement.ids, keys, IDS, 0.5)
    _say(statement, statement.currency, keys, CURRENCIES, 0.8)
    _take_prices(statement, keys)
    _take_stock(statement, keys)
    _take_images(statement, keys, document)
    _take_rating(statement, keys)
    _take_trail(statement, keys)
    if MODEL.fullmatch(_text(keys.get("model"))) and not statement.mpn:
        _say(statement, statement.mpn, keys, ("model",), 0.8)
    return statement


def _take_trail(statement: Statement, keys: Keys) -> None:
    for name in TRAILS:
        value = keys.get(name)
        steps = (as_dict(value) or {}).get("path") if isinstance(value, dict) else value
        named = [as_dict(step) for step in as_list(steps)] if isinstance(steps, list) else []
        trail = tuple(text for step in named if step and (text := _text(step)))
        if trail and len(trail) == len(named):
            where, raw = f"{statement.where}/{name}", " > ".join(trail)[:LONGEST_RAW]
            statement.breadcrumbs.append(Claim(trail, Source.EMBEDDED_JSON, where, raw, 0.8))
            return


def _say(statement: Statement, claims: list[Claim[str]], keys: Keys, names: tuple[str, ...], score: float) -> None:
    for name in names:
        if text := _text(keys.get(name)):
            claims.append(Claim(text, Source.EMBEDDED_JSON, f"{statement.where}/{name}", text[:LONGEST_RAW], score))
            return


def _take_prices(statement: Statement, keys: Keys) -> None:
    stated = _text(_first(keys, CURRENCIES)) or None
    for names, kind, claims in (
        (PRICES, PriceKind.NOW, statement.price),
        (REGULAR_PRICES, PriceKind.REGULAR, statement.regular_price),
    ):
        for name in names:
            amount, currency = _amount(keys.get(name))
            if not amount:
                continue
            # A whole number may count cents: only what is written with decimals is a plain statement.
            score = 0.7 if DECIMAL.search(amount) else 0.4
            price = PriceText(amount, currency or stated, kind)
            claims.append(Claim(price, Source.EMBEDDED_JSON, f"{statement.where}/{name}", amount, score))
            break


def _amount(value: Any, depth: int = 0) -> tuple[str, str | None]:
    data = as_dict(as_list(value)[0] if isinstance(value, list) and value else value)
    if data is None:
        text = "" if isinstance(value, bool | list) else _text(value)
        return (text, None) if any(mark.isdigit() for mark in text) and len(text) < 40 else ("", None)
    if depth > 2:
        return "", None
    keys = _folded(data)
    currency = _text(_first(keys, CURRENCIES)) or None
    cents, digits = keys.get("centamount"), keys.get("fractiondigits")
    if isinstance(cents, int) and isinstance(digits, int) and 0 <= digits <= MOST_DIGITS:
        return str(Decimal(cents).scaleb(-digits)), currency
    for name in AMOUNT_KEYS:
        amount, inner = _amount(keys.get(name), depth + 1)
        if amount and name != "centamount":
            return amount, inner or currency
    return "", None


def _take_stock(statement: Statement, keys: Keys) -> None:
    if "showprice" in keys and "quantity" not in keys:
        # PrestaShop says `available` of every product where a shop hides its quantities.
        return
    for name in AVAILABILITIES:
        value = keys.get(name)
        stock = (Availability.IN_STOCK if value else Availability.OUT_OF_STOCK) if isinstance(value, bool) else None
        stock = stock or (availability_of(value) if isinstance(value, str) else None)
        if stock:
            claim = Claim(stock, Source.EMBEDDED_JSON, f"{statement.where}/{name}", str(value)[:LONGEST_RAW], 0.6)
            statement.availability.append(claim)
            return


def _take_images(statement: Statement, keys: Keys, document: Document) -> None:
    for name in IMAGES:
        for entry in _pictures(keys.get(name)):
            data = as_dict(entry)
            text = _text(_first(_folded(data), ADDRESS_KEYS)) if data else entry
            address = image_url(text, document.base_url) if isinstance(text, str) and "/" in text else None
            if address:
                where = f"{statement.where}/{name}"
                statement.images.append(Claim(Image(url=address), Source.EMBEDDED_JSON, where, address, 0.6))


def _pictures(value: Any) -> list[Any]:
    """List what a key for pictures holds; an object without an address of its own holds the list."""
    data = as_dict(value)
    keys = _folded(data) if data else {}
    inner = _first(keys, IMAGES) if keys and keys.keys().isdisjoint(ADDRESS_KEYS) else None
    return as_list(inner or value or [])[:30]


def _take_rating(statement: Statement, keys: Keys) -> None:
    stated = _first(keys, RATINGS)
    data = _folded(as_dict(stated) or {})
    value = _text(_first(data, ("value", "average", *RATINGS))) if data else _text(stated)
    counts = [_text(source.get(name)) for source in (data, keys) for name in (*COUNTS, "count") if source.get(name)]
    if not value or not any(count_of(count) for count in counts):
        return
    rating = rating_of(value, _text(_first(data, ("best", "bestrating", "max", "scale"))), counts)
    if rating:
        statement.rating.append(Claim(rating, Source.EMBEDDED_JSON, f"{statement.where}/rating", value, 0.7))
