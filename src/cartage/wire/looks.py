"""Refreshes of a product, and what a look before one saw, as they are told."""

from typing import Any, Literal

from pydantic import BaseModel

from cartage.wire.body import Body

Apply = Literal["none", "unlocked"]


class RefreshBody(Body):
    """Say what a refresh does: `unlocked` takes what the page says but for locks, `none` only looks at it."""

    apply: Apply = "unlocked"


class DifferenceOut(BaseModel):
    """Show a field that a refresh would change: `kind` is new, changed or gone.

    `kept` tells why the product would keep its value all the same: `edited`, because a person set it, or `policy`; null
    where it would change.
    """

    field: str
    kind: str
    before: Any
    after: Any
    kept: Literal["edited", "policy"] | None


class DifferencesOut(BaseModel):
    """List what a refresh would change of a product as it is now; none where its page says what it said before."""

    import_id: str
    product_id: str
    differences: list[DifferenceOut]
