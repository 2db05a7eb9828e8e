"""A look before a refresh: an import that reads a product's page, keeps what it read, and leaves the product alone."""

from cartage.imports.differences import Difference, differing
from cartage.imports.extractions import extraction_of, that_read
from cartage.imports.service import Imports, Submission
from cartage.model.catalogue import CatalogueProduct, Import, ImportState
from cartage.model.errors import Conflict
from cartage.model.picture import unmeasured
from cartage.model.product import Product
from cartage.model.refresh_policy import Renewal
from cartage.model.stated import Stated
from cartage.store import Store


async def look(imports: Imports, merchant_id: str, product_id: str) -> Submission:
    """Begin a look at a product's page; what it would change is told by `would_change` when it is over.

    Raises `Conflict` for a product of which nothing was read yet, and while it is imported or enhanced.
    """
    product = await imports.product(merchant_id, product_id)
    if product.facts is None:
        raise Conflict(f"Nothing was read of {product_id} yet: import it.")
    if any(not run.state.over for run in await imports.store.enhancements.runs(merchant_id, product_id, 1)):
        raise Conflict(f"{product_id} is being enhanced. Look at its page after that.")
    return await imports.retry(merchant_id, product_id, look=True)


async def would_change(store: Store, import_: Import) -> list[Difference]:
    """List what a refresh would change of a product as it is now, by what a look saw of its page.

    Raises `Conflict` for an import that is no look or that did not go well, `NotFound` where what it read is gone.
    """
    if not import_.wishes.look or import_.state is not ImportState.SUCCEEDED:
        raise Conflict(f"{import_.id} is no look at a page that went well.")
    read = that_read(await store.catalogue.attempts(import_.id))
    seen = (await extraction_of(store, import_, read)).product if read else None
    product = await store.catalogue.product(import_.merchant_id, import_.product_id)
    never = (await store.upkeep.policy(import_.merchant_id)).fields(Renewal.NEVER)
    return differing(stated_now(product), unmeasured(seen or Product()), product.locked, never)


def stated_now(product: CatalogueProduct) -> Product:
    """Give what a product's page is known to state: its facts, with what stands under a person's locks."""
    stated, facts = product.stated or Stated(), product.facts or Product()
    return unmeasured(facts.model_copy(update={field: getattr(stated.facts, field) for field in stated.known}))
