"""Numbers as programs read them: a point for the decimals, no grouping, never a language's own way."""

from decimal import Decimal

from babel.numbers import get_currency_precision

from cartage.model.product import Money
from cartage.model.weight import GRAMS

FINEST = Decimal("0.0001")


def amount_text(money: Money | None) -> str:
    """Write an amount with its currency's decimals; nothing for None."""
    if money is None:
        return ""
    return f"{money.amount.quantize(Decimal(1).scaleb(-get_currency_precision(money.currency))):f}"


def money_text(money: Money | None) -> str:
    """Write an amount and its currency's code; nothing for None."""
    return f"{amount_text(money)} {money.currency}" if money else ""


def weight_text(grams: Decimal | None, unit: str) -> str:
    """Write a weight in a unit, to four decimals at most; nothing for None."""
    return "" if grams is None else number_text((grams / GRAMS[unit]).quantize(FINEST))


def number_text(number: Decimal) -> str:
    """Write a number without needless zeros."""
    return f"{number.normalize():f}" if number else "0"


def flag(value: bool) -> str:  # noqa: FBT001 - the one thing that is written
    """Write yes or no as `TRUE` or `FALSE`."""
    return "TRUE" if value else "FALSE"
