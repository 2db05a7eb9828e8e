"""How long an import will wait for its turn, as far as what happened lately tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cartage.imports.progress import now
from cartage.listing import Listing
from cartage.model.catalogue import Import, Step

LATELY = timedelta(minutes=2)
LEAST = timedelta(seconds=5)
LEAST_ENDED = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Hold how many imports go first, and in how many seconds its turn comes; None where nobody can tell."""

    ahead: int
    seconds: float | None = None


async def place_of(listing: Listing, import_: Import, steps: Sequence[Step] = ()) -> Place | None:
    """Find the place in line of an import that waits; None where one of its `steps` has begun, or it is over.

    Its turn is estimated by how many imports ended since somebody waited, in the last two minutes at most: fewer than
    three say nothing.
    """
    if import_.state.over or steps:
        return None
    queue = await listing.queue(import_.merchant_id, before=import_)
    at = now()
    waited = at - (queue.since or import_.created_at)
    window = min(LATELY, max(LEAST, waited))
    ended = await listing.ended(import_.merchant_id, at - window, int(LATELY.total_seconds()))
    count = sum(each.succeeded + each.failed for each in ended)
    known = count >= LEAST_ENDED
    return Place(queue.waiting, (queue.waiting + 1) * window.total_seconds() / count if known else None)
