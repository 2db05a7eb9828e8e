"""Keeping products up to date: schedules, what refreshes saw, and people's edits, which outlast every refresh."""

from datetime import datetime, timedelta
from typing import Annotated
from zlib import crc32

from pydantic import Field

from cartage.model.catalogue import CatalogueProduct
from cartage.model.product import Availability, Money, Value

LONGEST_PERIOD_HOURS = 24 * 90
LONGEST_KEPT_DAYS = 3650
SCATTER = 0.1  # of a period, to either side, so that what was imported together does not stay together


class Schedule(Value):
    """Say how often a merchant's products are refreshed."""

    merchant_id: str
    every_hours: Annotated[int, Field(ge=1, le=LONGEST_PERIOD_HOURS)]
    updated_at: datetime


class Retention(Value):
    """Say for how many days pages, with what was read of them, and events are kept; None is for good."""

    pages_days: Annotated[int, Field(ge=1, le=LONGEST_KEPT_DAYS)] | None = None
    events_days: Annotated[int, Field(ge=1, le=LONGEST_KEPT_DAYS)] | None = None


class Swept(Value):
    """Count what a sweep deleted."""

    pages: int = 0
    events: int = 0


class Sighting(Value):
    """Keep what the shop asked for a product, and whether it had it, from a moment on."""

    at: datetime
    price: Money | None = None
    availability: Availability | None = None


class Due(Value):
    """Name a product to be refreshed, and the planned moment that is claimed."""

    product_id: str
    at: datetime


def planned(product_id: str, updated_at: datetime, every: timedelta, at: datetime) -> datetime:
    """Choose when to refresh a product; what is overdue is spread over one whole period."""
    share = crc32(product_id.encode()) / 2**32
    regular = updated_at + every * (1 - SCATTER + 2 * SCATTER * share)
    return regular if regular > at else at + every * share


def sighting_of(product: CatalogueProduct) -> Sighting | None:
    """Give what an import saw, before people's edits are put over it."""
    facts = product.facts
    return facts and Sighting(at=product.updated_at, price=facts.price, availability=facts.availability)


def is_news(seen: Sighting, before: Sighting | None) -> bool:
    """Tell whether a sighting says something else than the one before it."""
    return before is None or (seen.price, seen.availability) != (before.price, before.availability)
