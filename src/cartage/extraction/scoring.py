"""How well an extraction agrees with a hand-made label of the page, field by field."""

import html
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from cartage.model.product import Product

HOME = {"home", "homepage", "startseite", "start", "inicio", "início", "accueil", "anasayfa", "beranda", "úvod", "hem"}
SIZE_SUFFIX = re.compile(r"(_\d+x\d*|-\d+x\d+|_(grande|large|small|compact|medium|master)|\._[a-z0-9_,]+_?)$")
CENT, RATING_STEP = Decimal("0.005"), Decimal("0.011")


class Label(BaseModel):
    """Say what a shopper sees on a saved page; a field that is None is not judged, but for `price`.

    `price` None means that the page offers no price, and then none may be found. `..._alt` and `..._accept`
    list other answers that are right too. `file` is relative to the labels' own folder; `.gz` is unpacked.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    file: str
    url: str | None = None
    is_product: bool
    name: str | None = None
    name_alt: tuple[str, ...] = ()
    price: str | None = None
    price_accept: tuple[str, ...] = ()
    currency: str | None = None
    regular_price: str | None = None
    availability: str | None = "unknown"
    brand: str | None = None
    brand_alt: tuple[str, ...] = ()
    sku: str | None = None
    sku_alt: tuple[str, ...] = ()
    mpn: str | None = None
    gtin: str | None = None
    main_image: str | None = None
    breadcrumbs: tuple[str, ...] | None = None
    rating_value: str | None = None
    rating_best: str | None = None
    review_count: int | None = None
    review_count_accept: tuple[int, ...] = ()


class Mark(StrEnum):
    """Judge one field of one page."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"


def marks(label: Label, product: Product) -> dict[str, Mark]:
    """Judge each field that the label speaks of."""
    found = {field: judge(label, product) for field, judge in JUDGES.items()}
    return {field: mark for field, mark in found.items() if mark is not None}


def folded(text: str) -> str:
    """Reduce a text to its letters and digits, for comparing."""
    return re.sub(r"[\W_]+", "", html.unescape(html.unescape(text)).casefold())


def picture_name(url: str) -> str:
    """Reduce an image's address to its file's own name, without the sizes that shops add."""
    path = html.unescape(url)
    parts = (path if "image?" in path else path.split("?")[0]).rstrip("/").split("/")
    name = parts[-1].lower()
    if len(parts) > 1 and re.fullmatch(r"(s-l\d+|[a-z]?\d+x\d+)\.\w+", name):
        name = parts[-2].lower()
    return SIZE_SUFFIX.sub("", re.sub(r"\.(jpe?g|png|webp|gif|avif)$", "", name))


def _mark(value: object, *, right: bool) -> Mark:
    if right:
        return Mark.RIGHT
    return Mark.MISSING if value in (None, "", ()) else Mark.WRONG


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _near(value: Decimal | None, accepted: Sequence[str], step: Decimal) -> bool:
    amounts = [amount for text in accepted if (amount := _amount(text)) is not None]
    return value is not None and any(abs(value - amount) < step for amount in amounts)


def _name(label: Label, product: Product) -> Mark | None:
    return _text(product.name, label.name, label.name_alt)


def _text(value: str | None, wanted: str | None, also: Sequence[str] = ()) -> Mark | None:
    if not wanted:
        return None
    return _mark(value, right=bool(value) and folded(value or "") in {folded(text) for text in (wanted, *also)})


def _price(label: Label, product: Product) -> Mark | None:
    if label.price is None:
        return None
    value = product.price and product.price.amount
    return _mark(value, right=_near(value, (label.price, *label.price_accept), CENT))


def _no_price(label: Label, product: Product) -> Mark | None:
    if label.price is not None:
        return None
    return _mark(product.price, right=product.price is None)


def _currency(label: Label, product: Product) -> Mark | None:
    if label.price is None:
        return None
    value = product.price and product.price.currency
    return _mark(value, right=value == label.currency)


def _regular_price(label: Label, product: Product) -> Mark | None:
    if not label.regular_price:
        return None
    value = product.regular_price and product.regular_price.amount
    return _mark(value, right=_near(value, (label.regular_price,), CENT))


def _availability(label: Label, product: Product) -> Mark | None:
    if label.availability in (None, "unknown"):
        return None
    value = product.availability and product.availability.value
    return _mark(value, right=value == label.availability)


def _gtin(label: Label, product: Product) -> Mark | None:
    if not label.gtin:
        return None
    return _mark(product.gtin, right=(product.gtin or "").lstrip("0") == label.gtin.lstrip("0"))


def _main_image(label: Label, product: Product) -> Mark | None:
    if not label.main_image:
        return None
    value = product.images[0].url if product.images else None
    return _mark(value, right=bool(value) and picture_name(value or "") == picture_name(label.main_image))


def _breadcrumbs(label: Label, product: Product) -> Mark | None:
    if not label.breadcrumbs:
        return None
    dropped = HOME | {folded(text) for text in (label.name or "", *label.name_alt)}

    def trail(crumbs: Sequence[str]) -> list[str]:
        return [crumb for crumb in map(folded, crumbs) if crumb and crumb not in dropped]

    return _mark(product.breadcrumbs, right=trail(product.breadcrumbs) == trail(label.breadcrumbs))


def _rating(label: Label, product: Product) -> Mark | None:
    if not label.rating_value:
        return None
    rating = product.rating
    share = Decimal(label.rating_value) / Decimal(label.rating_best or "5")
    shown = rating.value / rating.best if rating and rating.value is not None and rating.best else None
    right = shown is not None and abs(shown - share) <= RATING_STEP
    return _mark(rating, right=right)


def _review_count(label: Label, product: Product) -> Mark | None:
    if not label.review_count:
        return None
    value = product.rating and product.rating.count
    return _mark(value, right=value in (label.review_count, *label.review_count_accept))


JUDGES: dict[str, Callable[[Label, Product], Mark | None]] = {
    "name": _name,
    "price": _price,
    "no_price": _no_price,
    "currency": _currency,
    "availability": _availability,
    "brand": lambda label, product: _text(product.brand, label.brand, label.brand_alt),
    "sku": lambda label, product: _text(product.sku, label.sku, label.sku_alt),
    "gtin": _gtin,
    "mpn": lambda label, product: _text(product.mpn, label.mpn),
    "main_image": _main_image,
    "breadcrumbs": _breadcrumbs,
    "rating": _rating,
    "review_count": _review_count,
    "regular_price": _regular_price,
}


def read_label(row: dict[str, Any]) -> Label:
    """Read one line of a labels file."""
    return Label.model_validate({name: value for name, value in row.items() if value is not None})
