"""Ends of imports held to the merchant's refresh policy: what another import may change, and a page that is gone."""

from cartage.imports.progress import now
from cartage.model.catalogue import CatalogueProduct
from cartage.model.errors import PageNotFound
from cartage.model.refresh_policy import AS_EVER, WhenGone
from cartage.model.renewal import given_way, held, sold_out
from cartage.store import Store


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


async def failed_so(store: Store, failed: CatalogueProduct) -> CatalogueProduct:
    """Give a product whose import failed, out of stock where its page is gone and the policy says so."""
    if await _when_gone(store, failed) is not WhenGone.OUT_OF_STOCK or failed.failure is None:
        return failed
    return sold_out(failed, failed.failure.detail)


async def put_away(store: Store, failed: CatalogueProduct) -> None:
    """Archive a product whose import failed, where its page is gone and the policy says so."""
    if await _when_gone(store, failed) is WhenGone.ARCHIVE:
        await store.bulk.archive(failed.merchant_id, [failed.id], now())


async def _when_gone(store: Store, failed: CatalogueProduct) -> WhenGone:
    if failed.facts is None or failed.failure is None or failed.failure.code != PageNotFound.code:
        return WhenGone.KEEP
    return (await store.upkeep.policy(failed.merchant_id)).gone
