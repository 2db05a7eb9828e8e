"""What an import under way has brought of a product that nothing was known of: its facts, and its pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartage.imports.extractions import extraction_of, that_read
from cartage.imports.hanging import PICTURES
from cartage.imports.service import Imports
from cartage.model.catalogue import Attempt, Import, Step
from cartage.model.errors import NotFound
from cartage.model.product import Product
from cartage.web.log import MOST_LINES


@dataclass(frozen=True, slots=True)
class SoFar:
    """Hold the facts of the latest page that was read, none before, and the ids of the pictures that have come."""

    facts: Product | None = None
    pictures: tuple[str, ...] = ()


async def so_far(imports: Imports, import_: Import, steps: Sequence[Step], attempts: Sequence[Attempt]) -> SoFar:
    """Gather what an import has brought by now."""
    attempt = that_read(attempts)
    if attempt is None:
        return SoFar()
    try:
        extraction = await extraction_of(imports.store, import_, attempt)
    except NotFound:  # it was not to be kept for so long
        return SoFar()
    begun = any(step.name == PICTURES for step in steps)
    return SoFar(extraction.product, await _pictures(imports, import_) if begun else ())


async def _pictures(imports: Imports, import_: Import) -> tuple[str, ...]:
    events = await imports.store.catalogue.events(import_.merchant_id, import_id=import_.id, limit=MOST_LINES)
    return tuple(dict.fromkeys(each for event in events for each in event.data.get("pictures", ())))
