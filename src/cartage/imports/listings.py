"""Listings: what a page that an import found to be a list leads to, and importing that as a batch."""

import asyncio
from collections.abc import Collection

from cartage.extraction import list_products
from cartage.imports.batch import Batches
from cartage.imports.batch_file import BatchFile
from cartage.model.batch import Batch, BatchTerms, RowStatus
from cartage.model.catalogue import Import
from cartage.model.errors import InvalidInput, NotFound
from cartage.model.listed import Listed
from cartage.model.page import Page
from cartage.model.visit_errors import ProductsListed
from cartage.store import Store

LONGEST_NAME = 100
READ_AT_ONCE = 200  # pages of listings, each parsed anew


async def listed_by(store: Store, import_: Import) -> tuple[Listed, ...]:
    """List the products that an import's page lists; none where it lists none, or is no longer kept."""
    attempts = await store.catalogue.attempts(import_.id)
    page_id = next((each.page_id for each in reversed(attempts) if each.listed), None)
    if page_id is None:
        return ()
    try:
        page = Page.model_validate_json(await store.artifacts.get(import_.merchant_id, page_id))
    except NotFound:  # it was not to be kept for so long
        return ()
    return await asyncio.to_thread(list_products, page)


async def listed_in(batches: Batches, batch: Batch) -> tuple[str, ...]:
    """Give the addresses that listings among a batch's rows lead to, each once; of so many as are read at once."""
    found, after, read = dict[str, None](), 0, 0
    while rows := await batches.results(batch.merchant_id, batch.id, status=RowStatus.FAILED, after=after):
        after = rows[-1].number
        for row in rows:
            if row.import_id is None or row.failure is None or row.failure.code != ProductsListed.code:
                continue
            import_ = await batches.imports.import_(batch.merchant_id, row.import_id)
            found |= dict.fromkeys(each.url for each in await listed_by(batches.store, import_))
            read += 1
            if read >= READ_AT_ONCE:
                return tuple(found)
    return tuple(found)


async def submit_listed(batches: Batches, import_: Import, urls: Collection[str]) -> Batch:
    """Import those of the listed products whose addresses are named, as a batch, in the way the import was asked for.

    Raises `InvalidInput` where none of them is named, and as handing a list in does.
    """
    chosen = [(0, (each.url,)) for each in await listed_by(batches.store, import_) if each.url in urls]
    if not chosen:
        raise InvalidInput("Choose at least one of the products.", "/urls")
    terms = BatchTerms(enhance=import_.enhance, wishes=import_.wishes.model_copy(update={"look": None}))
    name = import_.source_url.partition("//")[2][:LONGEST_NAME]
    return await batches.submit(import_.merchant_id, BatchFile(("url",), 0, ",", iter(chosen)), name, terms)
