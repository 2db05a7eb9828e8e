"""`cartage costs`: what was spent on pages and on language models."""

import asyncio
import re
from collections.abc import Sequence
from typing import Literal

from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.manner import note
from cartage.cli.outcome import Miswritten
from cartage.cli.record import AS_USUAL, Form, write_all
from cartage.cli.shown import COSTS
from cartage.wire.costs import FetchedOut

MEGABYTE = 1_000_000
DAYS = re.compile(r"(\d{1,3})d?")


def costs(
    *,
    by: Literal["provider", "site", "batch", "model", "day", "import"] = "provider",
    since: str = "30d",
    batch: str = "",
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> None:
    """Sum up what was spent, with the total, and the bytes fetched by each provider, on standard error.

    Parameters
    ----------
    by
        What a line sums up.
    since
        How many days back, such as 7d.
    batch
        Only what this batch (bat_…) cost.
    """
    found = DAYS.fullmatch(since)
    if not found:
        raise Miswritten(f"{since!r} is no number of days; write it as 7d.")
    asyncio.run(_costs(by, int(found[1]), batch, form, where))


async def _costs(by: str, days: int, batch: str, form: Form, where: Where) -> None:
    async with connected(where) as client:
        spent = await client.costs(by, days=days, batch=batch)
    write_all(spent.costs, form, COSTS)
    unknown = f", and {spent.unknown} of unknown cost" if spent.unknown else ""
    note(f"{spent.total.amount} {spent.total.currency} in {days} days{unknown}")
    if spent.fetched:
        note(_fetched(spent.fetched))


def _fetched(lines: Sequence[FetchedOut]) -> str:
    """Say how much was fetched in all, and by whom."""
    told = ", ".join(f"{line.provider} {_size(line.bytes)}" for line in lines if line.unknown < line.tries)
    uncounted = sum(line.unknown for line in lines)
    unknown = f"not counted of {uncounted} tries" if uncounted else ""
    whole = f"{_size(sum(line.bytes for line in lines))} ({told})" if told else ""
    return f"fetched: {', '.join(filter(None, (whole, unknown)))}"


def _size(count: int) -> str:
    return f"{count / MEGABYTE:.1f} MB" if count >= MEGABYTE else f"{count / 1000:.1f} kB"
