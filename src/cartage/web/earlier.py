"""What a product's page said of a field before: of each reading that is kept, and from its price's history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cartage.imports.differences import TOLD
from cartage.imports.readings import Reading
from cartage.model.upkeep import Sighting

MOST = 20
SEEN = ("price", "availability")


@dataclass(frozen=True, slots=True)
class Earlier:
    """Hold a value that a page stated before; `since` is when it was first seen so, None where that is not known."""

    value: Any
    since: datetime | None = None


def earlier_of(readings: Sequence[Reading], history: Sequence[Sighting]) -> Mapping[str, list[Earlier]]:
    """List each field's earlier values, newest first; price and stock as far back as the history goes.

    Since when the oldest value that is kept stood is known only of the product's first import.
    """
    read = [(each.facts, each.at if each.first or place else None) for place, each in enumerate(reversed(readings))]
    found = {field: _changes(field, read) for field in TOLD}
    seen = [(each, each.at) for each in reversed(history)]
    found |= {field: told for field in SEEN if (told := _changes(field, seen))}
    return {field: told for field, told in found.items() if told}


def _changes(field: str, told: Sequence[tuple[Any, datetime | None]]) -> list[Earlier]:
    """Give what stood before the present value, one entry for each change, with when each began."""
    kept: list[Earlier] = []
    for statement, at in told:
        value = getattr(statement, field)
        if not kept or kept[-1].value != value:
            kept.append(Earlier(value, at))
    return kept[:-1][::-1][:MOST]
