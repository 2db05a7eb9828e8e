"""Products put back as they were exported in our own lines: each is whole again, with its evidence and its locks."""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from cartage.imports.progress import event_for, now
from cartage.model.catalogue import CatalogueProduct, Import, ImportState, Status
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.ids import new_id
from cartage.store import Catalogue

RESTORED = "product/restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """Tell what became of a line: the product that was put back, or the one that is there already."""

    product: CatalogueProduct
    new: bool


async def restore(catalogue: Catalogue, merchant_id: str, lines: Iterable[str]) -> AsyncIterator[Restored]:
    """Put products back that a merchant does not have, line by line.

    Ids are kept where they are free. Raises `InvalidInput`, which names the line, for one that is no product;
    those before it stay.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield await _put_back(catalogue, read_record(line, number, merchant_id))


def read_record(line: str, number: int, merchant_id: str) -> CatalogueProduct:
    """Read one line; raises `InvalidInput`."""
    try:
        record: Any = json.loads(line)
        if not isinstance(record, dict):
            raise InvalidInput(f"Line {number} is no product.")
        known = CatalogueProduct.model_validate({**cast("dict[str, Any]", record), "merchant_id": merchant_id})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"Line {number} is no product: {where}: {first['msg']}.") from error
    except ValueError as error:
        raise InvalidInput(f"Line {number} is not JSON: {error}.") from error
    if known.facts is None:
        raise InvalidInput(f"Line {number} has no facts.")
    return known if known.status.settled else known.model_copy(update={"status": Status.IMPORTED})


async def _put_back(catalogue: Catalogue, product: CatalogueProduct) -> Restored:
    for candidate in (product, product.model_copy(update={"id": new_id("prd"), "import_id": new_id("imp")})):
        there = await catalogue.product_by_url(product.merchant_id, product.source_url)
        if there:
            return Restored(there, new=False)
        try:
            import_ = _import_of(candidate)
            await catalogue.add_product(candidate, import_, event_for(import_, RESTORED, {"productId": candidate.id}))
        except Conflict:  # the id is another merchant's, or somebody has added the address in this moment
            continue
        return Restored(candidate, new=True)
    raise Conflict(f"{product.source_url} cannot be put back now.")


def _import_of(product: CatalogueProduct) -> Import:
    over = ImportState.FAILED if product.status is Status.FAILED else ImportState.SUCCEEDED
    return Import(
        id=product.import_id,
        product_id=product.id,
        merchant_id=product.merchant_id,
        source_url=product.source_url,
        number=1,
        state=over,
        failure=product.failure,
        created_at=product.created_at,
        finished_at=now(),
    )
