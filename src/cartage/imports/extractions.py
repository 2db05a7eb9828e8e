"""What was read of a page, as imports keep it."""

from collections.abc import Sequence

from cartage import __version__
from cartage.model.catalogue import Attempt, Import
from cartage.model.evidence import Extraction
from cartage.store import Store


async def keep_extraction(store: Store, import_: Import, extraction: Extraction) -> str:
    """Keep what an attempt of an import read, and give its id."""
    content = extraction.model_copy(update={"reader": __version__}).model_dump_json().encode()
    return await store.artifacts.put(import_.merchant_id, "application/json", content)


async def extraction_of(store: Store, import_: Import, attempt: Attempt) -> Extraction:
    """Load what an attempt read of its page; raises `NotFound` where it is no longer kept."""
    content = await store.artifacts.get(import_.merchant_id, attempt.extraction_id or "")
    return Extraction.model_validate_json(content)


def that_read(attempts: Sequence[Attempt]) -> Attempt | None:
    """Give the attempt that an import's product was read by: the last that went well and kept what it read."""
    return next((each for each in reversed(attempts) if each.extraction_id and not each.failure), None)
