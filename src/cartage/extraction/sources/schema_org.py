"""Schema.org's Product as a statement: the reader that JSON-LD, microdata and RDFa share."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from cartage.extraction.availability import availability_of, condition_of
from cartage.extraction.claims import Claim, Statement, VariantText
from cartage.extraction.document import Document
from cartage.extraction.images import image_url
from cartage.extraction.sources.offers import is_chosen, read_offers
from cartage.extraction.sources.things import Found, Thing
from cartage.model.evidence import Source
from cartage.model.product import Image, Option, Rating
from cartage.model.weight import grams_of, unit_of

PRODUCT_TYPES = frozenset(
    {
        "product", "products", "productgroup", "individualproduct", "productmodel", "someproducts", "vehicle", "car",
        "motorcycle", "offerforpurchase", "productcollection",
    }
)  # fmt: skip
MAYBE_TYPES = frozenset(
    {"book", "creativework", "softwareapplication", "movie", "musicalbum", "game", "videogame", "drug"}
)
GTIN_KEYS = ("gtin", "gtin13", "gtin14", "gtin12", "gtin8", "ean", "ean13", "upc", "barcode", "isbn", "isbn13")
AXES = (
    "color",
    "colour",
    "size",
    "material",
    "pattern",
    "width",
    "height",
    "weight",
    "suggestedage",
    "suggestedgender",
)
SHOWN_AS_ATTRIBUTE = ("color", "size", "material", "pattern", "weight", "width", "height", "depth", "model")
MOST_VARIANTS = 500
MOST_OFFERS_OF_VARIANT = 10
EAN = re.compile(r"\d{13}")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
UNIT_CODES = {
    "KGM": "kg", "GRM": "g", "LBR": "lb", "ONZ": "oz", "CMT": "cm", "MMT": "mm", "MTR": "m", "INH": "in", "FOT": "ft",
}  # fmt: skip
COUNT = re.compile(r"\d[\d.,\s\u00a0]*")


def is_product(thing: Thing) -> bool:
    """Tell whether a node describes something for sale."""
    types = thing.types
    if types & PRODUCT_TYPES:
        return True
    return bool(types & MAYBE_TYPES) and bool(thing.things("offers"))


def read_product(thing: Thing, source: Source, document: Document, *, main: bool) -> Statement:
    """Read a Product node, its offers, rating, pictures and variants into one statement."""
    statement = Statement(source, thing.where, main=main)
    _take_texts(statement, thing)
    _take_codes(statement, thing)
    read_offers(statement, thing, document.url)
    _take_pictures(statement, thing, document)
    _take_rating(statement, thing)
    _take_attributes(statement, thing)
    variants = [variant for variant in thing.things("hasvariant", "model") if variant.types & PRODUCT_TYPES]
    if variants and not statement.variants:
        take_variants(statement, variants[:MOST_VARIANTS], document)
        _take_chosen(statement, variants[:MOST_VARIANTS], document)
    return statement


def _take_chosen(statement: Statement, variants: list[Thing], document: Document) -> None:
    """Add the price, stock and codes of the one variant that the page's address chooses."""
    chosen = [variant for variant in variants if any(is_chosen(each, document.url) for each in _addressed(variant))]
    if len(chosen) == 1:
        _take_codes(statement, chosen[0])
        read_offers(statement, chosen[0], document.url)


def _addressed(variant: Thing) -> list[Thing]:
    return [variant, *variant.things("offers", most=MOST_OFFERS_OF_VARIANT)]


def _claims(statement: Statement, found: list[Found], score: float = 1.0) -> list[Claim[str]]:
    return [Claim(entry.text, statement.source, entry.where, entry.short, score) for entry in found if entry.text]


def _take_texts(statement: Statement, thing: Thing) -> None:
    statement.name += _claims(statement, thing.texts("name")[:2])
    statement.name += _claims(statement, thing.texts("title", "headline")[:1], 0.6)
    statement.brand += _claims(statement, thing.texts("brand")[:2])
    statement.brand += _claims(statement, thing.texts("manufacturer")[:1], 0.5)
    for entry in thing.texts("description")[:2]:
        statement.description.append(Claim(entry.raw, statement.source, entry.where, entry.short))
    for entry in thing.texts("itemcondition")[:1]:
        if condition := condition_of(entry.text):
            statement.condition.append(Claim(condition, statement.source, entry.where, entry.short))
    for entry in thing.texts("category")[:1]:
        trail = tuple(part.strip() for part in re.split(r"\s*[>»/]\s*", entry.text) if part.strip())
        if len(trail) > 1 and "://" not in entry.text:
            statement.breadcrumbs.append(Claim(trail, statement.source, entry.where, entry.short, 0.3))
    for entry in thing.texts("availability")[:1]:
        if availability := availability_of(entry.text):
            statement.availability.append(Claim(availability, statement.source, entry.where, entry.short, 0.8))


def _take_codes(statement: Statement, thing: Thing) -> None:
    statement.sku += _claims(statement, thing.texts("sku")[:2])
    statement.mpn += _claims(statement, thing.texts("mpn")[:2])
    statement.gtin += _claims(statement, thing.texts(*GTIN_KEYS)[:4])
    # Shops without a part number write the EAN in its place.
    statement.gtin += [claim for claim in _claims(statement, thing.texts("mpn")[:1], 0.5) if EAN.fullmatch(claim.value)]
    for entry in thing.texts("productid", "identifier")[:3]:
        kind, _, code = entry.text.rpartition(":")
        claim = Claim(code.strip(), statement.source, entry.where, entry.short, 0.7)
        if kind.lower() in ("isbn", "ean", "upc", "gtin", "gtin13"):
            statement.gtin.append(claim)
        elif kind.lower() in ("mpn", "sku", "mfrpartno", "mfr_part_no"):
            (statement.sku if kind.lower() == "sku" else statement.mpn).append(claim)
        elif code:
            statement.ids.append(claim)
            statement.sku.append(Claim(claim.value, claim.source, claim.where, claim.raw, 0.4))
    statement.mpn += _claims(statement, thing.texts("model")[:1], 0.4)
    statement.urls += [claim for claim in _claims(statement, thing.texts("url")[:2]) if claim.value != "#"]
    if thing.id.startswith(("http", "/")):
        statement.urls.append(Claim(thing.id, statement.source, f"{thing.where}/@id", thing.id[:300], 0.6))


def _take_pictures(statement: Statement, thing: Thing, document: Document) -> None:
    for value, where in list(thing.values("image", "images", "photo"))[:60]:
        if isinstance(value, str):
            found, picture = Found(value, getattr(value, "where", where)), None
        else:
            picture = Thing(value, where, {}) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownArgumentType]
            stated = picture.texts("contenturl", "url", "@id", "src") if picture else []
            if not stated:
                continue
            found = stated[0]
        alt = picture.text("caption", "name", "alt") if picture else ""
        width, height = (_pixels(picture, "width"), _pixels(picture, "height")) if picture else (None, None)
        address = image_url(found.text, document.base_url)
        if address is None:
            continue
        image = Image(url=address, alt=alt or None, width=width, height=height)
        statement.images.append(Claim(image, statement.source, found.where, found.short))


def _pixels(picture: Thing, name: str) -> int | None:
    digits = NUMBER.match(picture.text(name))
    return int(float(digits[0].replace(",", "."))) or None if digits else None


def _number(text: str) -> Decimal | None:
    digits = NUMBER.search(text)
    try:
        return Decimal(digits[0].replace(",", ".")) if digits else None
    except InvalidOperation:
        return None


def count_of(text: str) -> int | None:
    """Read a count of reviews, thousands marks and words around it allowed."""
    digits = COUNT.search(text)
    number = re.sub(r"\D", "", digits[0]) if digits else ""
    return int(number) if 0 < len(number) < 9 else None


def rating_of(value: str, best: str, counts: list[str]) -> Rating | None:
    """Make a rating of its texts; None when nobody rated, or when the value exceeds the best."""
    score, most = _number(value), _number(best)
    found = [count for count in map(count_of, counts) if count is not None]
    if score is None or score <= 0 or (found and not found[0]):
        return None
    if most is None or most <= 0:
        most = Decimal(5)
    if score > most:
        most = next((Decimal(scale) for scale in (10, 100) if score <= scale), Decimal(0))
    return Rating(value=score, best=most, count=found[0] if found else None) if most else None


def _take_rating(statement: Statement, thing: Thing) -> None:
    for node in thing.things("aggregaterating", "rating", "review")[:3]:
        counts = node.texts("reviewcount", "count") + node.texts("ratingcount", "votes")
        value = node.texts("ratingvalue", "average")
        if not value and node.things("rating"):
            value = node.things("rating")[0].texts("ratingvalue", "average")
        if not value or "review" in node.types:
            continue
        rating = rating_of(value[0].text, node.text("bestrating", "best"), [entry.text for entry in counts])
        if rating:
            statement.rating.append(Claim(rating, statement.source, node.where, value[0].short))


def _take_attributes(statement: Statement, thing: Thing) -> None:
    for entry, grams in _weights(thing):
        statement.weight_grams.append(Claim(grams, statement.source, entry.where, entry.short))
    pairs: list[tuple[str, str]] = []
    for node in thing.things("additionalproperty", "additionalproperties")[:100]:
        name, value = node.text("name", "propertyid"), node.text("value")
        unit = node.text("unittext")
        if name and value:
            pairs.append((name, f"{value} {unit}".strip()))
    for key in SHOWN_AS_ATTRIBUTE:
        value = ", ".join(entry.text for entry in _measured(thing, key)[:12])
        if value and len(value) < 300:
            pairs.append((key.capitalize(), value))
    if pairs:
        raw = "; ".join(f"{name}: {value}" for name, value in pairs)[:300]
        statement.attributes.append(Claim(tuple(pairs), statement.source, thing.where, raw))


def _measured(thing: Thing, key: str) -> list[Found]:
    """List the texts of a key; a measure is its number with its unit."""
    found = thing.texts(key)
    units = [_unit(node) for node in thing.things(key)]
    if len(units) != len(found):
        return found
    return [
        replace(entry, raw=f"{entry.raw} {unit}") if unit and NUMBER.fullmatch(entry.text) else entry
        for entry, unit in zip(found, units, strict=True)
    ]


def _unit(measure: Thing) -> str:
    """Name a measure's unit; shops write its sign in the place of its code."""
    code = measure.text("unitcode")
    return UNIT_CODES.get(code.upper()) or measure.text("unittext") or unit_of(code)


def _weights(thing: Thing) -> Iterator[tuple[Found, Decimal]]:
    """Yield what a node weighs; what a program wrote has no marks that part thousands."""
    for entry in _measured(thing, "weight")[:2]:
        if grams := grams_of(entry.text, exact=True):
            yield entry, grams


def take_variants(statement: Statement, nodes: list[Thing], document: Document) -> None:
    """Add the variants that Product nodes describe, and the options along which they differ."""
    found = [_variant(node, document) for node in nodes]
    differing = {
        name for name in dict.fromkeys(name for variant in found for name, _ in variant.options)
        if len({dict(variant.options).get(name) for variant in found}) > 1
    }  # fmt: skip
    variants = tuple(_only(variant, differing or None) for variant in found)
    statement.variants.append(
        Claim(variants, statement.source, f"{statement.where}/hasVariant", f"{len(variants)} variants")
    )
    names = dict.fromkeys(name for variant in variants for name, _ in variant.options)
    options = tuple(
        Option(
            name=name, values=tuple(dict.fromkeys(v for variant in variants for n, v in variant.options if n == name))
        )
        for name in names
    )
    if options:
        raw = ", ".join(names)[:300]
        statement.options.append(Claim(options, statement.source, f"{statement.where}/hasVariant", raw))


def _only(variant: VariantText, names: set[str] | None) -> VariantText:
    if names is None:
        return variant
    kept = tuple(pair for pair in variant.options if pair[0] in names)
    return replace(variant, options=kept)


def _variant(thing: Thing, document: Document) -> VariantText:
    own = Statement(Source.JSON_LD, thing.where)
    _take_codes(own, thing)
    read_offers(own, thing, document.url, MOST_OFFERS_OF_VARIANT)
    _take_pictures(own, thing, document)
    pairs = [(axis.capitalize(), thing.text(axis)) for axis in AXES if thing.text(axis)]
    stated = [(node.text("name"), node.text("value")) for node in thing.things("additionalproperty")[:20]]
    pairs += [pair for pair in stated if all(pair)]
    return VariantText(
        id=next((claim.value for claim in own.ids), None),
        url=next((document.absolute(claim.value) for claim in own.urls), None),
        sku=next((claim.value for claim in own.sku), None),
        gtin=next((claim.value for claim in own.gtin), None),
        options=tuple(dict(pairs).items()),
        price=next((claim.value for claim in own.price), None),
        regular_price=next((claim.value for claim in own.regular_price), None),
        availability=next((claim.value for claim in own.availability), None),
        image=next((claim.value.url for claim in own.images), None),
        weight_grams=next((grams for _, grams in _weights(thing)), None),
    )
