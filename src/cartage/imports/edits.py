"""Edits made ready: what a person wrote is put in the form that facts have, or refused with what is wrong."""

import re
from collections.abc import Collection, Iterator, Sequence
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
from cartage.model.request_errors import raise_faults

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
    """Raise `InvalidInput` for prices, barcode numbers or a handle that cannot be, with their pointers."""
    raise_faults(faults_in(edit))


def faults_in(edit: Edit, above: str = "") -> Iterator[InvalidInput]:
    """Say what of an edit cannot be, by pointers that begin with that of the edit."""
    yield from _price_faults(edit.price, f"{above}/price")
    yield from _price_faults(edit.regular_price, f"{above}/regular_price")
    yield from _gtin_faults(edit.gtin, f"{above}/gtin")
    for place, each in enumerate(edit.variants):
        yield from _price_faults(each.price, f"{above}/variants/{place}/price")
        yield from _gtin_faults(each.gtin, f"{above}/variants/{place}/gtin")
    if edit.options and edit.variants:
        yield InvalidInput("Call options otherwise first, and set the variants in a second step.", f"{above}/options")
    if edit.handle and not is_handle(edit.handle):
        yield InvalidInput(NOT_A_HANDLE, f"{above}/handle")


def check_gtin(code: str | None, pointer: str) -> None:
    """Raise `InvalidInput` for a code that has not the digits of a GTIN, and say what its check digit would be."""
    raise_faults(_gtin_faults(code, pointer))


def _gtin_faults(code: str | None, pointer: str) -> Iterator[InvalidInput]:
    plain = SEPARATORS.sub("", code or "")
    if not plain:
        return
    if not plain.isascii() or not plain.isdigit() or len(plain) not in GTIN_LENGTHS:
        yield InvalidInput("A barcode number (GTIN) has 8, 12, 13 or 14 digits.", pointer)
    elif int(plain[-1]) != (right := check_digit(plain[:-1])):
        yield InvalidInput(
            f"The last digit of {code} does not fit the others: it would be {right}. Look for a slip in it.", pointer
        )


def _price_faults(price: Money | None, pointer: str) -> Iterator[InvalidInput]:
    if price and (not price.amount.is_finite() or price.amount < 0):
        yield InvalidInput("A price is a number from 0 on.", f"{pointer}/amount")
    if price and not is_currency(price.currency):
        yield InvalidInput(f"There is no currency {price.currency}.", f"{pointer}/currency")
