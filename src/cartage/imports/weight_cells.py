"""Weights as people write them, in the cells of a list and in forms: read exactly, or refused."""

from decimal import Decimal

from cartage.model.errors import InvalidInput
from cartage.model.weight import ALONE, grams_of, with_unit

NOT_A_WEIGHT = "A weight is a number with g, kg, oz or lb, such as 250 g or 1.5 lb."
NO_UNIT = "A weight has a unit: write it as 250 g or 1.5 lb, or choose your units in the settings."


def weight_in(written: str, unit: str, pointer: str) -> Decimal:
    """Read a weight, a bare number in the unit that is given; raises `InvalidInput`.

    What may be read in two ways (1,250 g) is refused, and no unit is guessed.
    """
    text = written.strip()
    if ALONE.fullmatch(text) and not unit:
        raise InvalidInput(NO_UNIT, pointer)
    grams = grams_of(with_unit(text, unit))
    if grams is None:
        raise _refused(text, unit, pointer)
    return grams


def _refused(text: str, unit: str, pointer: str) -> InvalidInput:
    if grams_of(with_unit(text, unit).replace(",", "."), exact=True):
        told = f"{text[:60]!r} may be either of two weights: write it as 1250 g or 1.25 kg."
        return InvalidInput(told, pointer)
    return InvalidInput(NOT_A_WEIGHT, pointer)
