"""Ends of imports held to the merchant's refresh policy: what another import may change, and a page that is gone."""

from datetime import datetime

from cartage.imports.progress import event_for, now
from cartage.model.catalogue import CatalogueProduct, Event, Import, ImportState, Metadata, Status
from cartage.model.errors import PageNotFound
from cartage.model.failure import Failure
from cartage.model.refresh_policy import AS_EVER, WhenGone
from cartage.model.renewal import given_way, held, sold_out
from cartage.store import Store

LOOKED = "product/looked"


async def renewed(
    store: Store, product: CatalogueProduct, imported: CatalogueProduct
) -> tuple[CatalogueProduct, CatalogueProduct]:
    """Give a product without the edits that give way, and what its import brought with what stays as it was."""
    policy = await store.upkeep.policy(product.merchant_id)
    if policy == AS_EVER or product.facts is None:
        return product, imported
    if given_way(product, policy) != product:
        product = await store.catalogue.change_product(
            product.merchant_id, product.id, lambda kept: given_way(kept, policy)
        )
    return product, held(product, imported, policy)


async def failed_so(
    store: Store, product: CatalogueProduct, failure: Failure, metadata: Metadata, at: datetime
) -> CatalogueProduct:
    """Give a product whose import failed, out of stock where its page is gone and the policy says so."""
    changes = {"status": Status.FAILED, "failure": failure, "metadata": metadata, "updated_at": at}
    failed = product.model_copy(update=changes)
    marked = await _when_gone(store, failed) is WhenGone.OUT_OF_STOCK
    return sold_out(failed, failure.detail) if marked else failed


def looked_at(product: CatalogueProduct, import_: Import) -> tuple[CatalogueProduct, Import, Event]:
    """Give the end of a look that went well: the product as it was, and what is told of it."""
    ended = import_.model_copy(update={"state": ImportState.SUCCEEDED, "finished_at": now()})
    event = event_for(import_, LOOKED, {"productId": product.id})
    return product.model_copy(update={"status": import_.back_to}), ended, event


async def put_away(store: Store, failed: CatalogueProduct) -> None:
    """Archive a product whose import failed, where its page is gone and the policy says so."""
    if await _when_gone(store, failed) is WhenGone.ARCHIVE:
        await store.bulk.archive(failed.merchant_id, [failed.id], now())


async def _when_gone(store: Store, failed: CatalogueProduct) -> WhenGone:
    if failed.facts is None or failed.failure is None or failed.failure.code != PageNotFound.code:
        return WhenGone.KEEP
    return (await store.upkeep.policy(failed.merchant_id)).gone
