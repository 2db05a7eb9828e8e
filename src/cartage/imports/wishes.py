"""Wishes of the import before, some of which whoever asks again changes."""

from collections.abc import Mapping
from typing import Any

from cartage.model.wishes import Wishes
from cartage.store import Store


async def changed_wishes(store: Store, merchant_id: str, product_id: str, changed: Mapping[str, Any]) -> Wishes | None:
    """Give the wishes of a product's last import with some changed; None where none are. Raises `NotFound`."""
    if not changed:
        return None
    product = await store.catalogue.product(merchant_id, product_id)
    before = await store.catalogue.import_(merchant_id, product.import_id)
    return before.wishes.model_copy(update=changed)
