"""What sources say: a claim is one source asserting one field; a statement is all it says of one product."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from cartage.model.evidence import Source
from cartage.model.product import Availability, Condition, Image, Option, Rating

T = TypeVar("T")


class PriceKind(StrEnum):
    """Say what a price on a page is for; only the first three may become a product's price."""

    NOW = "now"
    FROM = "from"
    UNKNOWN = "unknown"
    REGULAR = "regular"
    PER_UNIT = "per_unit"
    INSTALMENT = "instalment"
    MEMBER = "member"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PriceText:
    """Hold a price as the page writes it; `currency` is a code or symbol found beside it, if any.

    `minor_units` says that the text counts cents (1999 for 19.99). `machine` says that the text is meant for
    programs (markup, JSON), where a point is the decimal mark unless the text itself shows otherwise.
    """

    text: str
    currency: str | None = None
    kind: PriceKind = PriceKind.NOW
    minor_units: bool = False
    machine: bool = True


@dataclass(frozen=True, slots=True)
class Claim(Generic[T]):
    """Hold a value that one source states, with where and how it was written there.

    `where` is a JSON pointer or a CSS path, `raw` the text found there (at most 300 characters). `score`
    ranks claims of one source against each other; 1.0 is a plain statement, less is a guess.
    """

    value: T
    source: Source
    where: str
    raw: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class VariantText:
    """Hold a variant as a source states it; `id` is the shop's own, `url` the variant's address."""

    id: str | None = None
    url: str | None = None
    sku: str | None = None
    gtin: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    price: PriceText | None = None
    regular_price: PriceText | None = None
    availability: Availability | None = None
    image: str | None = None
    weight_grams: Decimal | None = None


def _no_claims() -> list[Any]:
    """Begin a list; calling `list[Claim[str]]` takes six times as long, and a statement has twenty of them."""
    return []


@dataclass(slots=True)
class Statement:
    """Gather what one source says about one product.

    Text claims hold the text as written but for entities and white space; fusion normalises and judges.
    `urls` are the product's own addresses and `ids` its identifiers within the shop, for telling products apart.
    `main` says that the source itself presents this product as the page's subject.
    """

    source: Source
    where: str
    main: bool = False
    name: list[Claim[str]] = field(default_factory=_no_claims)
    brand: list[Claim[str]] = field(default_factory=_no_claims)
    description: list[Claim[str]] = field(default_factory=_no_claims)
    description_html: list[Claim[str]] = field(default_factory=_no_claims)
    price: list[Claim[PriceText]] = field(default_factory=_no_claims)
    regular_price: list[Claim[PriceText]] = field(default_factory=_no_claims)
    currency: list[Claim[str]] = field(default_factory=_no_claims)
    availability: list[Claim[Availability]] = field(default_factory=_no_claims)
    condition: list[Claim[Condition]] = field(default_factory=_no_claims)
    sku: list[Claim[str]] = field(default_factory=_no_claims)
    mpn: list[Claim[str]] = field(default_factory=_no_claims)
    gtin: list[Claim[str]] = field(default_factory=_no_claims)
    images: list[Claim[Image]] = field(default_factory=_no_claims)
    breadcrumbs: list[Claim[tuple[str, ...]]] = field(default_factory=_no_claims)
    options: list[Claim[tuple[Option, ...]]] = field(default_factory=_no_claims)
    variants: list[Claim[tuple[VariantText, ...]]] = field(default_factory=_no_claims)
    rating: list[Claim[Rating]] = field(default_factory=_no_claims)
    weight_grams: list[Claim[Decimal]] = field(default_factory=_no_claims)
    attributes: list[Claim[tuple[tuple[str, str], ...]]] = field(default_factory=_no_claims)
    urls: list[Claim[str]] = field(default_factory=_no_claims)
    ids: list[Claim[str]] = field(default_factory=_no_claims)
