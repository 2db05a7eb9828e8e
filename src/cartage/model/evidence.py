"""Evidence for a field's value, and the verdict on what a page is."""

from enum import StrEnum
from typing import cast

from cartage.model.product import Product, Value

BETWEEN = " › "


class Source(StrEnum):
    """Name the place on a page where a field was stated.

    `model` is the page's own text, which a language model pointed at; `picture` is what one says a picture shows,
    which nothing but a person can verify. `gone` is a page that is there no more.
    """

    JSON_LD = "json_ld"
    MICRODATA = "microdata"
    RDFA = "rdfa"
    OPEN_GRAPH = "open_graph"
    EMBEDDED_JSON = "embedded_json"
    PLATFORM = "platform"
    SERVICE = "service"
    VISIBLE = "visible"
    HEAD = "head"
    ADDRESS = "address"
    PERSON = "person"
    MODEL = "model"
    PICTURE = "picture"
    GONE = "gone"


class Verdict(StrEnum):
    """Say what a page is."""

    PRODUCT = "product"
    THIN = "thin"
    BLOCKED = "blocked"
    LOGIN = "login"
    GONE = "gone"
    LISTING = "listing"
    NOT_A_PRODUCT = "not_a_product"
    EMPTY = "empty"


class Evidence(Value):
    """Show where a value was read: `where` is a JSON pointer or a CSS path, `raw` the text found there.

    The first evidence of a field is the chosen one; `agrees` tells whether this one states the same value. One that
    says otherwise keeps its own `value`, as `written` writes it. Where the first says otherwise, too, none was taken:
    a price whose currency the page does not say is its amount alone.
    """

    source: Source
    where: str
    raw: str
    agrees: bool = True
    value: str | None = None


class Drop(Value):
    """Keep what a language model said and was not believed, and why."""

    field: str
    said: str
    reason: str


class Extraction(Value):
    """Hold what reading a page gave: the product (None unless the page is one product's), why, and the evidence.

    `evidence` maps a JSON pointer into the product (`/price`) to its evidence, chosen first.
    `reason` says in one sentence why the verdict was given; `unverified` lists what only a picture shows. `reader` is
    the version of Cartage that read it, where it is kept.
    """

    product: Product | None
    verdict: Verdict
    reason: str
    evidence: dict[str, tuple[Evidence, ...]]
    missing: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    reader: str | None = None


def written(value: object) -> str:
    """Write a field's value in one text: a price as `79.90 EUR`, a way as `Clothing › Shirts`; nothing as nothing."""
    if isinstance(value, tuple):
        return BETWEEN.join(map(str, cast("tuple[object, ...]", value)))
    return "" if value is None else str(value)
