"""A product as read from a page, in schema.org's terms written in snake_case."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer


class Value(BaseModel):
    """Be a frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Partial(Value):
    """Be a value of which it matters what was set: only that is written, so that it is read back the same."""

    @model_serializer(mode="wrap")
    def _as_set(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: entry for name, entry in write(self).items() if name in self.model_fields_set}


class Availability(StrEnum):
    """Name what a shopper can do, with schema.org's ItemAvailability words."""

    IN_STOCK = "InStock"
    OUT_OF_STOCK = "OutOfStock"
    PRE_ORDER = "PreOrder"
    BACK_ORDER = "BackOrder"
    LIMITED_AVAILABILITY = "LimitedAvailability"
    DISCONTINUED = "Discontinued"


class Condition(StrEnum):
    """Name the item's condition, with schema.org's OfferItemCondition words."""

    NEW = "NewCondition"
    USED = "UsedCondition"
    REFURBISHED = "RefurbishedCondition"
    DAMAGED = "DamagedCondition"


class Money(Value):
    """Hold an exact amount in one ISO 4217 currency."""

    amount: Decimal
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Image(Value):
    """Point at one picture of the product; sizes are pixels where the page states them."""

    url: str
    alt: str | None = None
    width: int | None = None
    height: int | None = None


class Option(Value):
    """Name one axis along which variants differ, with its values in the shop's order."""

    name: str
    values: tuple[str, ...]


class Variant(Value):
    """Describe one buyable form of the product; `options` maps axis name to value."""

    sku: str | None = None
    gtin: str | None = None
    options: dict[str, str] = Field(default_factory=dict)
    price: Money | None = None
    regular_price: Money | None = None
    availability: Availability | None = None
    image: str | None = None
    weight_grams: Annotated[Decimal, Field(gt=0)] | None = None


class Rating(Value):
    """Hold the shoppers' average `value` out of `best`, over `count` reviews or ratings.

    `value` is None where the page counts reviews and shows their average as a picture only.
    """

    value: Decimal | None = None
    best: Decimal = Decimal(5)
    count: int | None = None


class Product(Value):
    """Describe one product as its page states it; a field nobody stated is None or empty."""

    name: str | None = None
    brand: str | None = None
    description: str | None = None
    description_html: str | None = None
    price: Money | None = None
    regular_price: Money | None = None
    availability: Availability | None = None
    condition: Condition | None = None
    sku: str | None = None
    mpn: str | None = None
    gtin: str | None = None
    weight_grams: Annotated[Decimal, Field(gt=0)] | None = None
    images: tuple[Image, ...] = ()
    breadcrumbs: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    variants: tuple[Variant, ...] = ()
    rating: Rating | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    url: str | None = None
    canonical_url: str | None = None
    language: str | None = None
    platform: str | None = None
