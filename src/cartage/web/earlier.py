"""What a product's page said of a field before: from the import before, and from its price's history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cartage.imports.differences import Difference
from cartage.model.upkeep import Sighting

MOST = 5
SEEN = ("price", "availability")


@dataclass(frozen=True, slots=True)
class Earlier:
    """Hold a value that a page stated before; `since` is when it was first seen so, None where that is not known."""

    value: Any
    since: datetime | None = None


def earlier_of(differences: Sequence[Difference] | None, history: Sequence[Sighting]) -> Mapping[str, list[Earlier]]:
    """List each field's earlier values, newest first; price and stock as far back as the history goes."""
    found = {each.field: [Earlier(each.before)] for each in differences or ()}
    for field in SEEN:
        if told := _changes(field, history):
            found[field] = told
    return found


def _changes(field: str, history: Sequence[Sighting]) -> list[Earlier]:
    """Give what stood before the present value, one entry for each change, with when each began."""
    kept: list[Earlier] = []
    for seen in reversed(history):
        value = getattr(seen, field)
        if not kept or kept[-1].value != value:
            kept.append(Earlier(value, seen.at))
    return kept[:-1][::-1][:MOST]
