"""Weights: read as people and pages write them, kept in grams, and put in the unit that is asked for."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

WEIGHT = "weight_grams"
WeightUnit = Literal["g", "kg", "lb", "oz"]
GRAMS: Mapping[str, Decimal] = {
    "g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.59237"), "oz": Decimal("28.349523125"),
}  # fmt: skip
UNITS: Mapping[str, str] = {
    "kg": "kg kgs kgm kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo kilogramos chilogrammi "
    "kilogrammo quilo quilos quilograma quilogramas кг 公斤 كجم كغ كغم كيلوغرام كيلوجرام",
    "g": "g gr gm gms grm gram grams gramm gramme grammes gramo gramos grammi grammo grama "
    "gramas г гр グラム جم غ غم غرام جرام",
    "lb": "lb lbs lbr pound pounds libra libras livre livres libbra libbre رطل",
    "oz": "oz onz ounce ounces onza onzas once onces أونصة",
}
UNIT_OF: Mapping[str, str] = {word: unit for unit, words in UNITS.items() for word in words.split()}
FINEST = Decimal("0.001")
HEAVIEST = Decimal(10_000_000)
NUMBER = r"\d{1,9}(?:[.,]\d{1,9})?"
PART = re.compile(rf"({NUMBER})\s*([^\W\d_]+)\.?")
WRITTEN = re.compile(rf"({NUMBER}\s*[^\W\d_]+\.?)(?:[\s,]+({NUMBER}\s*[^\W\d_]+\.?))?(?:\s*\(.*\)|\s*/\s*\d.*)?")
ALONE = re.compile(NUMBER)
AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")  # one thousand two hundred, or one and a fifth
MARKS = re.compile(r"[\u200e\u200f\u202a-\u202e]")


class Units(StrEnum):
    """Name how a merchant measures: in grams and kilograms, or in ounces and pounds."""

    METRIC = "metric"
    US = "us"

    @property
    def small(self) -> WeightUnit:
        """Give the unit of what is light."""
        return "g" if self is Units.METRIC else "oz"

    @property
    def large(self) -> WeightUnit:
        """Give the unit of what is heavy."""
        return "kg" if self is Units.METRIC else "lb"


def unit_of(word: str) -> str:
    """Name the unit that a word stands for; empty for any other."""
    return UNIT_OF.get(word.strip().strip(".").casefold(), "")


def grams_of(text: str, *, exact: bool = False) -> Decimal | None:
    """Read a weight such as `1.5 kg` or `2 lb 3 oz`; None where there is no unit, or it may be read in two ways.

    Of an `exact` text a program wrote the number, so that no point parts thousands.
    """
    found = WRITTEN.fullmatch(MARKS.sub("", text).strip())
    if found is None:
        return None
    parts = [_part(part, exact=exact) for part in found.groups() if part]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or [unit for _, unit in known] not in ([known[0][1]], ["lb", "oz"], ["kg", "g"]):
        return None
    grams = sum((number * GRAMS[unit] for number, unit in known), Decimal(0)).quantize(FINEST)
    return plain(grams) if 0 < grams <= HEAVIEST else None


def with_unit(text: str, unit: str) -> str:
    """Give a weight with a unit where it is a bare number."""
    return f"{text.strip()} {unit}" if unit and ALONE.fullmatch(text.strip()) else text


def weighed(grams: Decimal, units: Units) -> tuple[Decimal, WeightUnit]:
    """Give a weight as people of these units tell it, rounded, and in which unit."""
    heavy = grams >= GRAMS[units.large] - FINEST
    unit, places = (units.large, FINEST) if heavy else (units.small, Decimal("0.01"))
    return plain((grams / GRAMS[unit]).quantize(places)), unit


def weight_written(grams: Decimal | None, units: Units) -> str:
    """Write a weight for a form, such as `1.5 kg`; nothing for None."""
    if grams is None:
        return ""
    number, unit = weighed(grams, units)
    return f"{number} {unit}"


def plain(number: Decimal) -> Decimal:
    """Give a number without needless zeros, and never as a power of ten."""
    short = number.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _part(text: str, *, exact: bool) -> tuple[Decimal, str] | None:
    found = PART.fullmatch(text)
    unit = unit_of(found[2]) if found else ""
    if found is None or not unit:
        return None
    if AMBIGUOUS.fullmatch(found[1]) and not (exact and "." in found[1]):
        return None
    return Decimal(found[1].replace(",", ".")), unit


def _read(value: Any) -> Any:
    """Read a text with a unit; leave all else to be read as a number of grams."""
    grams = grams_of(value) if isinstance(value, str) else None
    return value if grams is None else grams


Grams = Annotated[
    Decimal,
    BeforeValidator(_read, json_schema_input_type=Decimal | Annotated[str, Field(examples=["1.5 lb"])]),
    Field(gt=0, le=HEAVIEST, max_digits=18, decimal_places=9),
]
