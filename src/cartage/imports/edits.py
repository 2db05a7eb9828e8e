"""Edits made ready: what a person wrote is put in the form that facts have, or refused with what is wrong."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from babel.numbers import is_currency

from cartage.extraction.identifiers import GTIN_LENGTHS, SEPARATORS, check_digit
from cartage.extraction.text import plain_text, sanitised
from cartage.fetching.address import canonical_url
from cartage.model.arrangement import Placed
from cartage.model.edit import HTML, Edit
from cartage.model.errors import InvalidInput, SchemeUnsupported, UrlInvalid
from cartage.model.presentation import is_handle
from cartage.model.product import Money

NOT_A_HANDLE = "A handle has small letters from a to z, digits, and hyphens between them, such as linen-camp-shirt."

BETWEEN = re.compile(r"\s*[›>]\s*")


def tags_in(written: str | Sequence[str]) -> tuple[str, ...]:
    """Read tags, each once: with commas between them, or one by one."""
    parts = written.split(",") if isinstance(written, str) else written
    return tuple(dict.fromkeys(" ".join(tag.split()) for tag in parts if tag.strip()))


def trail_in(written: str | Sequence[str]) -> tuple[str, ...]:
    """Read the way to a category, such as `Clothing › Shirts`, or its steps one by one."""
    parts = BETWEEN.split(written) if isinstance(written, str) else written
    return tuple(part.strip() for part in parts if part.strip())


def tidied(edit: Edit, source_url: str, uploaded: Collection[str] = ()) -> Edit:
    """Put codes, addresses and HTML in their plain form; images that are `uploaded` are called as they are.

    Raises `InvalidInput` for a description that is given twice, and for an added picture's address that is none.
    """
    changes: dict[str, Any] = {"gtin": SEPARATORS.sub("", edit.gtin)} if edit.gtin else {}
    if edit.images:
        changes["images"] = tuple(
            _added(each, place) if each.add and each.url not in uploaded else each
            for place, each in enumerate(edit.images)
        )
    if edit.variants:
        changes["variants"] = tuple(
            each.model_copy(update={"gtin": SEPARATORS.sub("", each.gtin)}) if each.gtin else each
            for each in edit.variants
        )
    if HTML in edit.model_fields_set:
        if "description" in edit.model_fields_set:
            raise InvalidInput("Write the description as text or as HTML, not both.", f"/{HTML}")
        written = edit.description_html or ""
        changes |= {"description": plain_text(written), HTML: sanitised(written, source_url)}
    return edit.model_copy(update=changes)


def _added(placed: Placed, place: int) -> Placed:
    try:
        return placed.model_copy(update={"url": canonical_url(placed.url)})
    except (UrlInvalid, SchemeUnsupported) as error:
        raise InvalidInput(f"A picture cannot be added from there: {error.detail}", f"/images/{place}/url") from error


def check_edit(edit: Edit) -> None:
    """Raise `InvalidInput` for a price, a barcode number or a handle that cannot be, with its pointer."""
    _check_price(edit.price, "/price")
    _check_price(edit.regular_price, "/regular_price")
    check_gtin(edit.gtin, "/gtin")
    for place, each in enumerate(edit.variants):
        _check_price(each.price, f"/variants/{place}/price")
        check_gtin(each.gtin, f"/variants/{place}/gtin")
    if edit.options and edit.variants:
        raise InvalidInput("Call options otherwise first, and set the variants in a second step.", "/options")
    if edit.handle and not is_handle(edit.handle):
        raise InvalidInput(NOT_A_HANDLE, "/handle")


def check_gtin(code: str | None, pointer: str) -> None:
    """Raise `InvalidInput` for a code that has not the digits of a GTIN, and say what its check digit would be."""
    if not code:
        return
    if not code.isascii() or not code.isdigit() or len(code) not in GTIN_LENGTHS:
        raise InvalidInput("A barcode number (GTIN) has 8, 12, 13 or 14 digits.", pointer)
    right = check_digit(code[:-1])
    if int(code[-1]) != right:
        raise InvalidInput(
            f"The last digit of {code} does not fit the others: it would be {right}. Look for a slip in it.", pointer
        )


def _check_price(price: Money | None, pointer: str) -> None:
    if price and (not price.amount.is_finite() or price.amount < 0):
        raise InvalidInput("A price is a number from 0 on.", f"{pointer}/amount")
    if price and not is_currency(price.currency):
        raise InvalidInput(f"There is no currency {price.currency}.", f"{pointer}/currency")
