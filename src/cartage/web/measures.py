"""Weights as the pages show them: in the units of whoever looks, and in their language."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal

from babel.units import format_unit

from cartage.model.merchant import UNSAID, Preferences
from cartage.model.weight import Units, WeightUnit, weighed
from cartage.web.language import spoken

MASSES: Mapping[WeightUnit, str] = {
    "g": "mass-gram", "kg": "mass-kilogram", "oz": "mass-ounce", "lb": "mass-pound",
}  # fmt: skip
_units: ContextVar[Units] = ContextVar("units", default=UNSAID.shown_units)


@contextmanager
def measuring(preferences: Preferences) -> Generator[None]:
    """Show weights in a merchant's units meanwhile."""
    before = _units.set(preferences.shown_units)
    try:
        yield
    finally:
        _units.reset(before)


def weight(grams: Decimal | str) -> str:
    """Write a weight."""
    amount, unit = weighed(Decimal(grams), _units.get())
    return format_unit(amount, MASSES[unit], length="short", format="#,##0.###", locale=spoken())
