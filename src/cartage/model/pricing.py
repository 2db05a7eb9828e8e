"""What a merchant asks for what a supplier sells: the rules, and one price with how it came about."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cartage.model.product import Money, Value

MOST_RANGES = 50
LARGEST = Decimal(1_000_000_000)
Amount = Annotated[Decimal, Field(ge=-LARGEST, le=LARGEST)]
Positive = Annotated[Decimal, Field(ge=0, le=LARGEST)]
Multiplier = Annotated[Decimal, Field(ge=0, le=1000)]
Percent = Annotated[Decimal, Field(ge=-100, le=100_000)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Markup(Value):
    """Raise a cost: times `multiplier`, plus `percent` of that, plus `fixed`."""

    multiplier: Multiplier = Decimal(1)
    percent: Percent = Decimal(0)
    fixed: Amount = Decimal(0)

    @classmethod
    def of(cls, **given: Decimal | None) -> Self | None:
        """Make one of what was given; None where nothing was."""
        numbers = {name: number for name, number in given.items() if number is not None}
        return cls.model_validate(numbers) if numbers else None


class PriceRange(Markup):
    """Raise the costs up to and including `up_to`, and above the range before; None is without end."""

    up_to: Positive | None = None


class Margin(Value):
    """Demand at least so much above the cost: `percent` of it plus `fixed`."""

    percent: Positive = Decimal(0)
    fixed: Positive = Decimal(0)


class Rounding(Value):
    """Move a price to one with an ending; `none` keeps the currency's own smallest coin."""

    direction: Literal["up", "nearest", "down"] = "nearest"
    ending: Literal["none", ".99", ".95", ".00"] = "none"


class PricingRules(Value):
    """Say how a supplier's price becomes the merchant's; without any change it stays what it is.

    Costs are converted to `currency` first, at `rates` (what one unit of the source's currency is worth), and the
    ranges, in their order, are of converted costs. `compare_at` is the source's regular price under the same rule,
    or none.
    """

    ranges: Annotated[tuple[PriceRange, ...], Field(min_length=1, max_length=MOST_RANGES)] = (PriceRange(),)
    minimum_margin: Margin = Margin()
    rounding: Rounding = Rounding()
    compare_at: Literal["source", "none"] = "source"
    currency: Currency | None = None
    rates: Mapping[Currency, Annotated[Decimal, Field(gt=0, le=LARGEST)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _cover_every_cost_once(self) -> Self:
        ends = [each.up_to for each in self.ranges]
        if ends[-1] is not None or None in ends[:-1]:
            raise ValueError("the last range, and only it, has no end")
        bounds = [end for end in ends if end is not None]
        if any(later <= earlier for earlier, later in pairwise(bounds)):
            raise ValueError("each range ends above the one before it")
        return self


class Basis(StrEnum):
    """Name what a selling price rests on."""

    RULE = "rule"
    PERSON = "person"
    UNKNOWN = "unknown"


class PriceStep(Value):
    """Name one step from the source's price to the selling price, and the amount after it."""

    kind: Literal["source", "currency", "rule", "margin", "rounding", "person"]
    text: str
    amount: Money


class SellingPrice(Value):
    """Hold what the merchant asks, and why; `cost` is the supplier's price in the merchant's currency.

    `price` is None where it is not known, which `reason` explains.
    """

    basis: Basis
    price: Money | None = None
    compare_at: Money | None = None
    cost: Money | None = None
    steps: tuple[PriceStep, ...] = ()
    reason: str = ""
