"""`cartage merchant`: what your business is called, and what it counts and measures in."""

import asyncio
from typing import Any, Literal

from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.record import AS_USUAL, Form, write_record
from cartage.cli.shown import MERCHANT
from cartage.model.errors import InvalidInput

NONE = "none"


def merchant(
    *,
    name: str = "",
    currency: str = "",
    units: Literal["", "metric", "us", "none"] = "",
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> None:
    """Show your business, or change what it is called, and what its own numbers are in.

    Parameters
    ----------
    name
        What it is called from now on.
    currency
        The currency of a price that you write without one, such as EUR; none for no such currency.
    units
        How weights are shown, and what a weight without a unit is in: metric (grams) or us (ounces); none for no such
        unit.
    """
    given = {"name": name, "currency": currency.upper(), "units": units}
    changes = {what: None if said.lower() == NONE else said for what, said in given.items() if said}
    if changes.get("name", "") is None:
        raise InvalidInput("A business has a name.")
    asyncio.run(_merchant(changes, form, where))


async def _merchant(changes: dict[str, Any], form: Form, where: Where) -> None:
    async with connected(where) as client:
        write_record(await client.change_merchant(changes) if changes else await client.merchant(), form, MERCHANT)
