"""What the imports of a product read of its page, one after the other, as far back as it is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cartage.imports.extractions import extraction_of, that_read
from cartage.listing import NO_PROGRESS
from cartage.model.catalogue import Attempt, CatalogueProduct, Import, ImportState
from cartage.model.errors import NotFound
from cartage.model.picture import measured, unmeasured
from cartage.model.product import Product, Value
from cartage.model.stated import Stated
from cartage.store import Store

LOOKED_AT = 50
MOST_READINGS = 20


class Reading(Value):
    """Hold what an import read, when, and by which version of Cartage, where that is kept.

    `first` tells that it was the product's first import, `again` that a later one found the page unchanged.
    """

    facts: Product
    at: datetime
    reader: str | None = None
    first: bool = False
    again: bool = False


async def readings_of(store: Store, product: CatalogueProduct) -> list[Reading]:
    """Load the latest readings, newest first; imports that found the page unchanged share one, dated by the oldest."""
    return await _loaded(store, await _read(store, product))


async def last_stated(store: Store, product: CatalogueProduct) -> Stated | None:
    """Load what a product's page stated when it was read last; None where that is no longer kept."""
    for same in (await _read(store, product)).values():
        import_, attempt = same[-1]
        try:
            read = await extraction_of(store, import_, attempt)
        except NotFound:
            continue
        if read.product:
            return Stated.read(measured(read.product, product.pictures), read.evidence, read.missing, read.unverified)
    return None


async def _read(store: Store, product: CatalogueProduct) -> dict[str, list[tuple[Import, Attempt]]]:
    """Group the imports that read the page by what they read, newest first."""
    listed = await store.catalogue.imports(product.merchant_id, product_id=product.id, limit=LOOKED_AT)
    ended = [each for each in listed if each.state is ImportState.SUCCEEDED and not each.back_to]
    progress = await store.listing.progress(product.merchant_id, [each.id for each in ended])
    read: dict[str, list[tuple[Import, Attempt]]] = {}
    for import_ in ended:
        if kept := that_read(progress.get(import_.id, NO_PROGRESS).attempts):
            read.setdefault(kept.extraction_id or "", []).append((import_, kept))
    return read


async def _loaded(store: Store, read: Mapping[str, Sequence[tuple[Import, Attempt]]]) -> list[Reading]:
    found: list[Reading] = []
    for same in list(read.values())[:MOST_READINGS]:
        import_, attempt = same[-1]
        try:
            extraction = await extraction_of(store, import_, attempt)
        except NotFound:  # it is no longer kept
            continue
        if extraction.product:
            reading = Reading(
                facts=unmeasured(extraction.product),
                at=import_.finished_at or import_.created_at,
                reader=extraction.reader,
                first=import_.number == 1,
                again=len(same) > 1,
            )
            found.append(reading)
    return found
