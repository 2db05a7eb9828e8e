"""Prices as they are told."""

from pydantic import BaseModel

from cartage.model.pricing import SellingPrice


class RepricedOut(BaseModel):
    """Show what rules do to one price; `variant` names the variant by its options."""

    product_id: str
    name: str | None
    variant: str
    before: SellingPrice
    after: SellingPrice


class EffectOut(BaseModel):
    """Count what rules would do to prices; `locked` were set by hand, `unknown` come out without a price.

    `more` tells that there are products that were not looked at.
    """

    products: int
    prices: int
    changed: int
    locked: int
    unknown: int
    more: bool
    examples: list[RepricedOut]


class PricesOut(BaseModel):
    """Show a product's selling prices: its own, and those of its variants in their order.

    `lock_unused` tells that the price which a person set for the product sells nothing, as each variant has its own.
    """

    own: SellingPrice
    variants: list[SellingPrice]
    lock_unused: bool = False
