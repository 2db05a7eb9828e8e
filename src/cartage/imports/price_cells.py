"""Prices as people write them in the cells of a list: read exactly, or refused."""

import json
import re
from decimal import Decimal

from pydantic import ValidationError

from cartage.extraction.markets import SHARED, Market, currency_of
from cartage.model.errors import InvalidInput
from cartage.model.product import Money

NOWHERE = Market(None, None, None)
CELL = re.compile(
    r"(?P<before>[^\d\s.,'’+-][^\d\s,'’+-]{0,5})?\s*(?P<number>\d[\d.,'’\s]*)\s*(?P<after>[^\d\s.,'’+-]\S{0,5})?"
)
PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?|0[.,]\d+")
GROUPED = re.compile(
    r"\d{1,3}(?:,\d{3})+\.\d{1,2}|\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:\.\d{3}){2,}"
)
SPACED = re.compile(r"(?<=\d)['’\s](?=\d{3}(?!\d))")


def price_in(cell: str, currency: str, pointer: str) -> Money:
    """Read a price, whose currency stands beside it or in a cell of its own; raises `InvalidInput`.

    What may be read in two ways (1.299, or $ alone) is refused, and nothing is guessed.
    """
    if cell.startswith("{"):
        return _as_json(cell, pointer)
    found = CELL.fullmatch(cell)
    amount = _amount(found["number"]) if found and not (found["before"] and found["after"]) else None
    if found is None or amount is None:
        raise InvalidInput(
            f"{cell[:60]!r} is no plain price: write a number with its currency, such as 1299.90 EUR.", pointer
        )
    beside = found["before"] or found["after"] or ""
    return Money(amount=amount, currency=_currency(beside or currency, cell, pointer))


def names_currency(cell: str) -> bool:
    """Tell whether a cell holds a price that says its currency."""
    try:
        return bool(price_in(cell.strip(), "", ""))
    except InvalidInput:
        return False


def _as_json(cell: str, pointer: str) -> Money:
    try:
        return Money.model_validate(json.loads(cell))
    except (ValueError, RecursionError, ValidationError) as error:
        raise InvalidInput("A price is an amount and a currency, such as 12.90 and EUR.", pointer) from error


def _amount(number: str) -> Decimal | None:
    text = SPACED.sub("", number.strip())
    if PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if not GROUPED.fullmatch(text):
        return None
    mark = text[-3] if text[-3] in ".," else text[-2] if text[-2] in ".," else ""
    whole, _, part = text.rpartition(mark) if mark else (text, "", "")
    return Decimal(f"{re.sub('[.,]', '', whole)}.{part or 0}")


def _currency(written: str, cell: str, pointer: str) -> str:
    if not written:
        raise InvalidInput(
            f"The price {cell[:60]} has no currency: write it as 12.90 EUR, or in a column of its own.", pointer
        )
    known = None if written.strip().casefold() in SHARED else currency_of(written, NOWHERE)
    if known is None:
        raise InvalidInput(f"{written[:60]!r} may be any currency: write its code, such as EUR or USD.", pointer)
    return known
