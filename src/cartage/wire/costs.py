"""Costs as they are told."""

from pydantic import BaseModel

from cartage.model.product import Money


class CostOut(BaseModel):
    """Sum up paid tries under one name; `unknown` counts those whose cost nobody told.

    `estimated` is what they were expected to cost before; null where that was not known of each. Tokens, time and the
    price table are language models'.
    """

    name: str
    attempts: int
    unknown: int
    known_cost: Money
    estimated: Money | None
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    duration_ms: int
    price_table: str | None


class FetchedOut(BaseModel):
    """Sum up the bytes that a provider's tries fetched, paid or not, as they were sent.

    `unknown` counts the tries of which nobody counted them. `pictures` is no provider, but what pictures took.
    """

    provider: str
    tries: int
    unknown: int
    bytes: int


class CostsOut(BaseModel):
    """Show what was spent: the known costs in all, and line by line; and what was fetched, by provider."""

    group_by: str
    days: int
    total: Money
    unknown: int
    costs: list[CostOut]
    fetched: list[FetchedOut]
