"""Schema.org's offers: prices with what they are for, stock, condition, and variants told apart by offer."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from cartage.extraction.availability import availability_of, condition_of
from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement, VariantText
from cartage.extraction.sources.things import Found, Thing
from cartage.model.evidence import Source
from cartage.model.product import Condition

REGULAR_TYPE = re.compile(r"strike|list ?price|srp|msrp|rrp|regular", re.IGNORECASE)
OTHER_TYPE = re.compile(r"minimum|invoice|shipping|delivery", re.IGNORECASE)
MOST_OFFERS = 300
GTIN_KEYS = ("gtin", "gtin13", "gtin14", "gtin12", "gtin8", "ean", "isbn")
DIGIT = re.compile(r"\d")


def read_offers(statement: Statement, thing: Thing, page_url: str, most: int = MOST_OFFERS) -> None:
    """Add what a node's offers say to a statement: prices, stock, condition, codes, addresses, variants.

    The offer that the page's own address chooses comes first, then those of new goods; no more than `most` are read.
    """
    offers = _unfolded(thing, most)
    offers.sort(key=lambda offer: (not is_chosen(offer, page_url), _is_used(offer)))
    for number, offer in enumerate(offers[:most]):
        _take_offer(statement, offer, 1.0 if number == 0 else 0.5)
    if not offers:
        _take_prices(statement, thing, 0.8)
    simple = [offer for offer in offers if "aggregateoffer" not in offer.types]
    if len(simple) == 1:
        _take_codes(statement, simple[0])
    _take_variants(statement, simple[:most])


def is_chosen(thing: Thing, page_url: str) -> bool:
    """Tell whether the page's address, by its query, chooses this variant or offer of its product."""
    asked = set(_query(page_url))
    addresses = (entry.text for entry in thing.texts("url", "@id"))
    stated = (set(_query(address)) for address in addresses)
    return bool(asked) and any(query and query <= asked for query in stated)


def _query(url: str) -> Iterable[tuple[str, str]]:
    try:
        query = urlsplit(url).query
    except ValueError:
        return []
    return [(name, value) for name, value in parse_qsl(query) if not name.startswith(("utm_", "srsltid", "gclid"))]


def _unfolded(thing: Thing, most: int) -> list[Thing]:
    found: list[Thing] = []
    for offer in thing.things("offers", "offer", "offerdetails", most=most):
        if len(found) > most:
            break
        inner = offer.things("offers", "offer", most=most)
        found += [entry for entry in inner if entry.texts("price") or entry.things("pricespecification")]
        found.append(offer)
    return found


def _is_used(offer: Thing) -> bool:
    return condition_of(offer.text("itemcondition")) in (Condition.USED, Condition.REFURBISHED, Condition.DAMAGED)


def _take_offer(statement: Statement, offer: Thing, score: float) -> None:
    _take_prices(statement, offer, score)
    for entry in offer.texts("availability")[:2]:
        if availability := availability_of(entry.text):
            statement.availability.append(Claim(availability, statement.source, entry.where, entry.short, score))
    for entry in offer.texts("itemcondition")[:1]:
        if condition := condition_of(entry.text):
            statement.condition.append(Claim(condition, statement.source, entry.where, entry.short, score))
    for entry in offer.texts("url")[:1]:
        statement.urls.append(Claim(entry.text, statement.source, entry.where, entry.short, 0.8 * score))


def _take_codes(statement: Statement, offer: Thing) -> None:
    for names, claims in ((("sku",), statement.sku), (("mpn",), statement.mpn), (GTIN_KEYS, statement.gtin)):
        for entry in offer.texts(*names)[:1]:
            claims.append(Claim(entry.text, statement.source, entry.where, entry.short, 0.8))


def _take_prices(statement: Statement, offer: Thing, score: float) -> None:
    currencies = offer.texts("pricecurrency", "currency")
    currency = currencies[0].text if currencies else None
    for entry in currencies[:1]:
        statement.currency.append(Claim(entry.text, statement.source, entry.where, entry.short, score))
    for number, entry in enumerate(offer.texts("price")[:6]):
        _add(statement, entry, currency, PriceKind.NOW, score if number == 0 else score * 0.5)
    for node in offer.things("pricespecification")[:10]:
        for entry in node.texts("price")[:1]:
            kind = _kind(node, alone=not offer.texts("price"))
            own = node.text("pricecurrency") or currency
            _add(statement, entry, own, kind, score * (0.9 if _taxed(node) else 0.6))
    low, high = offer.texts("lowprice"), offer.texts("highprice")
    for entry in low[:1]:
        same = bool(high) and high[0].text == entry.text
        _add(statement, entry, currency, PriceKind.NOW if same else PriceKind.FROM, score * 0.9)


def _taxed(node: Thing) -> bool:
    return node.text("valueaddedtaxincluded").lower() not in ("false", "http://schema.org/false")


def _kind(node: Thing, *, alone: bool) -> PriceKind:
    stated = f"{node.text('pricetype')} {node.text('name')}"
    if REGULAR_TYPE.search(stated):
        return PriceKind.REGULAR
    if node.things("validformembertier") or node.texts("membershippointsearned"):
        return PriceKind.MEMBER
    if node.texts("billingduration", "billingincrement"):
        return PriceKind.INSTALMENT
    if OTHER_TYPE.search(f"{stated} {' '.join(node.types)}"):
        return PriceKind.OTHER
    if not alone and node.things("referencequantity"):
        return PriceKind.PER_UNIT
    return PriceKind.NOW


def _add(statement: Statement, entry: Found, currency: str | None, kind: PriceKind, score: float) -> None:
    if not DIGIT.search(entry.raw) or len(entry.raw) > 200:
        return
    claim = Claim(PriceText(entry.text, currency, kind), statement.source, entry.where, entry.short, score)
    (statement.regular_price if kind is PriceKind.REGULAR else statement.price).append(claim)


def _take_variants(statement: Statement, offers: list[Thing]) -> None:
    codes = {(offer.text("sku"), offer.text("url")) for offer in offers}
    if len(offers) < 2 or len(codes) < len(offers) or not all(any(pair) for pair in codes):
        return
    variants = tuple(_variant(offer) for offer in offers)
    where = f"{statement.where}/offers"
    statement.variants.append(Claim(variants, statement.source, where, f"{len(variants)} offers", 0.5))


def _variant(offer: Thing) -> VariantText:
    own = Statement(Source.JSON_LD, offer.where)
    _take_prices(own, offer, 1.0)
    return VariantText(
        url=offer.text("url") or None,
        sku=offer.text("sku") or None,
        gtin=offer.text(*GTIN_KEYS) or None,
        price=own.price[0].value if own.price else None,
        regular_price=own.regular_price[0].value if own.regular_price else None,
        availability=availability_of(offer.text("availability")),
    )
