"""The fields of a product: what claims each takes, how it is normalised, and when two values agree."""

import html
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar

from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement
from cartage.extraction.grams import weighings
from cartage.extraction.identifiers import gtin_of, mpn_of, sku_of
from cartage.extraction.markets import Market
from cartage.extraction.prices import money_of
from cartage.extraction.text import DESCRIPTION_HEADING, clean, plain_text, sanitised
from cartage.extraction.weights import WEIGHTS
from cartage.model.evidence import Source
from cartage.model.product import Availability, Condition, Money, Rating

R = TypeVar("R")
T = TypeVar("T")

LONGEST_NAME, LONGEST_BRAND, LONGEST_DESCRIPTION = 500, 80, 20_000
PRICES_AFTER = re.compile(r"(?<=\w)(?:\s+(?:[$€£₹]\s?\d[\d.,]*|\d[\d.,]*\s?[$€£₹]))+$")
PRICE_BEFORE = re.compile(r"^(?:[$€£₹]\s?\d[\d.,]*|\d[\d.,]*\s?[$€£₹])\s*[·|–—-]\s+(?=\w)")
MARKS = re.compile(r"[\W_]+")
SEPARATOR = re.compile(r"\s+[|\-–—·»:•]+\s+|\s*\|\s*|:\s+")
JUNK_BRANDS = {
    "",
    "n/a",
    "na",
    "none",
    "null",
    "unknown",
    "undefined",
    "unbranded",
    "generic",
    "brand",
    "no brand",
    "-",
    "nan",
    "default",
    "does not apply",
}
VISIT = re.compile(
    r"visit the (.+) (?:store|shop)|visita lo store di (.+)|visiter la boutique (?:de )?(.+)|besuchen? (?:sie )?den (.+?)[- ]store|visita la tienda de (.+)"
    r"|visite a loja (?:da |de )?(.+)|bezoek de (.+?)[- ]store|odwiedź sklep (.+)|besök (.+?)[- ]butiken|(.+) mağazasını ziyaret edin|(.+)のストアを表示"
    r"|(?:brand|marke|marca|marque|merk|marka|by|von) ?: ?(.+)",
    re.IGNORECASE,
)
BUYABLE = frozenset({PriceKind.NOW, PriceKind.FROM, PriceKind.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Context:
    """Hold what normalising needs to know of the page: its address, its market and the shop's own names."""

    base_url: str
    market: Market
    shops: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Field(Generic[R, T]):
    """Say how one field is fused: the claims it takes, its normal form and its identity."""

    name: str
    claims: Callable[[Statement], list[Claim[R]]]
    normal: Callable[[R, Context], T | None]
    key: Callable[[T], Hashable]

    @property
    def weights(self) -> Mapping[Source, float]:
        """Give each source's weight for this field."""
        return WEIGHTS[self.name]


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Reduce a text to its letters and digits, whatever the case."""
    return MARKS.sub("", text.casefold())


def opening(text: str) -> str:
    """Reduce a long text to how it begins: sources cut descriptions at different lengths."""
    return folded(text[:120])


def name_of(text: str, context: Context) -> str | None:
    """Clean a name and drop the shop's own name from its end or its start."""
    name = clean(html.unescape(text))[:LONGEST_NAME]
    name = PRICE_BEFORE.sub("", PRICES_AFTER.sub("", name)) or name
    while True:
        parts = list(SEPARATOR.finditer(name))
        if parts and folded(name[parts[-1].end() :]) in context.shops:
            name = name[: parts[-1].start()].strip()
        elif parts and folded(name[: parts[0].start()]) in context.shops:
            name = name[parts[0].end() :].strip()
        else:
            return name or None


def brand_of(text: str, _: Context) -> str | None:
    """Clean a brand; None for placeholders."""
    brand = clean(text).strip(" :-|")
    visit = VISIT.fullmatch(brand)
    brand = next(filter(None, visit.groups()), brand).strip(" :-|") if visit else brand
    junk = brand.casefold() in JUNK_BRANDS or brand.isdigit() or "://" in brand or brand.startswith("/")
    return None if junk or len(brand) > LONGEST_BRAND else brand


def description_of(text: str, _: Context) -> str | None:
    """Give a description as plain lines, without the heading that says that it is one."""
    plain = plain_text(text)
    first = plain.split("\n", 1)[0]
    told = plain.removeprefix(first).strip() if DESCRIPTION_HEADING.fullmatch(first) else plain
    return told[:LONGEST_DESCRIPTION] or None


def description_html_of(text: str, context: Context) -> str | None:
    """Give a description's own structure, made safe; None for plain text."""
    return sanitised(text, context.base_url)


def price_of(price: PriceText, context: Context) -> Money | None:
    """Read what a shopper would pay; None for instalments, unit prices and other amounts."""
    return money_of(price, context.market) if price.kind in BUYABLE else None


def other_price_of(price: PriceText, context: Context) -> Money | None:
    """Read an amount that the page shows beside the price: a struck one, one without tax, an instalment."""
    return None if price.kind in BUYABLE else money_of(price, context.market)


def regular_price_of(price: PriceText, context: Context) -> Money | None:
    """Read the price before a reduction."""
    return money_of(price, context.market)


def _amount(money: Money) -> tuple[Decimal, str]:
    return money.amount, money.currency


def _rating(rating: Rating) -> Decimal | None:
    return None if rating.value is None else round(rating.value / rating.best, 2)


def _itself(value: Hashable) -> Hashable:
    return value


NAME = Field[str, str]("name", lambda s: s.name, name_of, folded)
BRAND = Field[str, str]("brand", lambda s: s.brand, brand_of, folded)
DESCRIPTION = Field[str, str]("description", lambda s: [*s.description_html, *s.description], description_of, opening)
PRICE = Field[PriceText, Money]("price", lambda s: s.price, price_of, _amount)
NOT_PRICE = Field[PriceText, Money](
    "price",
    lambda s: [*s.price, *s.regular_price] if s.source is Source.VISIBLE else [],
    other_price_of,
    _amount,
)
REGULAR_PRICE = Field[PriceText, Money]("regular_price", lambda s: s.regular_price, regular_price_of, _amount)
AVAILABILITY = Field[Availability, Availability](
    "availability", lambda s: s.availability, lambda value, _: value, _itself
)
CONDITION = Field[Condition, Condition]("condition", lambda s: s.condition, lambda value, _: value, _itself)
SKU = Field[str, str]("sku", lambda s: s.sku, lambda text, _: sku_of(text), folded)
MPN = Field[str, str]("mpn", lambda s: s.mpn, lambda text, _: mpn_of(text), folded)
GTIN = Field[str, str](
    "gtin",
    lambda s: s.gtin,
    lambda text, _: gtin_of(text),
    lambda code: code.lstrip("0"),
)
WEIGHT = Field[Decimal, Decimal](
    "weight_grams", lambda s: list(weighings(s)), lambda grams, _: grams, lambda grams: round(grams, 1)
)
RATING = Field[Rating, Rating]("rating", lambda s: s.rating, lambda value, _: value, _rating)
BREADCRUMBS = Field[tuple[str, ...], tuple[str, ...]](
    "breadcrumbs",
    lambda s: s.breadcrumbs,
    lambda trail, _: trail,
    lambda trail: tuple(map(folded, trail)),
)
SCALARS: tuple[Field[Any, Any], ...] = (
    BRAND,
    AVAILABILITY,
    CONDITION,
    SKU,
    MPN,
    GTIN,
    WEIGHT,
    RATING,
)
