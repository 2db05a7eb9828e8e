"""What the newest import of a product read otherwise than the one before it, field by field."""

from typing import Any

from cartage.imports.extractions import extraction_of
from cartage.model.catalogue import CatalogueProduct, Import, ImportState
from cartage.model.errors import NotFound
from cartage.model.picture import unmeasured
from cartage.model.product import Product, Value
from cartage.store import Store

LOOKED_AT = 10
TOLD = tuple(
    name for name in Product.model_fields if name not in {"url", "canonical_url", "platform", "description_html"}
)


class Difference(Value):
    """Hold a field as the page said it before and now; `kept` tells that a person's value stands instead."""

    field: str
    before: Any
    after: Any
    kept: bool = False

    @property
    def kind(self) -> str:
        """Say whether the field is new, gone or changed."""
        return "new" if not self.before else "gone" if not self.after else "changed"


async def differences_of(store: Store, product: CatalogueProduct) -> list[Difference] | None:
    """List what the newest import read otherwise; None where there are no two readings to compare."""
    read = await _latest(store, product, 2)
    if len(read) < 2:  # noqa: PLR2004 - now and before
        return None
    now, before = read
    return [
        Difference(field=name, before=getattr(before, name), after=getattr(now, name), kept=name in product.locked)
        for name in TOLD
        if getattr(now, name) != getattr(before, name)
    ]


async def _latest(store: Store, product: CatalogueProduct, many: int) -> list[Product]:
    """Load the latest so many readings, newest first, and no more of them."""
    found: list[Product] = []
    for import_ in await store.catalogue.imports(product.merchant_id, product_id=product.id, limit=LOOKED_AT):
        if facts := await _reading(store, import_):
            found.append(unmeasured(facts))
        if len(found) == many:
            break
    return found


async def _reading(store: Store, import_: Import) -> Product | None:
    if import_.state is not ImportState.SUCCEEDED or import_.pictures_for:
        return None
    attempts = await store.catalogue.attempts(import_.id)
    read = [each for each in attempts if each.extraction_id and not each.failure]
    try:
        return (await extraction_of(store, import_, read[-1])).product if read else None
    except NotFound:  # it is no longer kept
        return None
