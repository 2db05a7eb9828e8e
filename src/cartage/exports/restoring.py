"""Products put back as they were exported in our own lines: each is whole again, with its evidence and its locks."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from cartage.archive import Gallery
from cartage.exports.targets.jsonl import ADDRESS
from cartage.imports.progress import event_for, now
from cartage.model.catalogue import CatalogueProduct, Import, ImportState, Status
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.ids import new_id
from cartage.model.picture import Picture, is_own, new_token
from cartage.store import Store

RESTORED = "product/restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """Tell what became of a line: the product that was put back, or the one that is there already.

    `lost` counts the pictures that somebody uploaded and of which there is nothing here.
    """

    product: CatalogueProduct
    new: bool
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """Hold what a line says: a product, and where the pictures that were uploaded for it are fetched, by name."""

    product: CatalogueProduct
    addresses: Mapping[str, str]


async def restore(store: Store, merchant_id: str, lines: Iterable[str]) -> AsyncIterator[Restored]:
    """Put products back that a merchant does not have, line by line.

    Ids are kept where they are free. An uploaded picture whose copy is not here becomes the image at the address that
    the line names, to be fetched like those of pages. Raises `InvalidInput`, which names the line, for one that is no
    product; those before it stay.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield await _put_back(store, read_record(line, number, merchant_id))


def read_record(line: str, number: int, merchant_id: str) -> Record:
    """Read one line; raises `InvalidInput`."""
    try:
        record: Any = json.loads(line)
        if not isinstance(record, dict):
            raise InvalidInput(f"Line {number} is no product.")
        told = {**cast("dict[str, Any]", record), "merchant_id": merchant_id}
        addresses = _addresses_in(told)
        known = CatalogueProduct.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"Line {number} is no product: {where}: {first['msg']}.") from error
    except ValueError as error:
        raise InvalidInput(f"Line {number} is not JSON: {error}.") from error
    if known.facts is None:
        raise InvalidInput(f"Line {number} has no facts.")
    settled = known if known.status.settled else known.model_copy(update={"status": Status.IMPORTED})
    return Record(settled, addresses)


def _addresses_in(told: dict[str, Any]) -> dict[str, str]:
    """Take the addresses of uploaded pictures out of a line, which a product has no place for."""
    listed: Any = told.get("pictures")
    pictures = [cast("dict[str, Any]", each) for each in listed if isinstance(each, dict)] if listed else []
    found = {str(each.get("url")): str(each.pop(ADDRESS)) for each in pictures if ADDRESS in each}
    return {name: each for name, each in found.items() if is_own(name) and each.startswith(("https://", "http://"))}


async def _with_copies(gallery: Gallery, record: Record) -> tuple[CatalogueProduct, int]:
    """Give a product with the pictures that there are copies of here, and count the uploaded ones that are lost."""
    product = record.product
    named = [picture.id for picture in product.pictures if picture.id]
    here = await gallery.present(product.merchant_id, named) if named else set[str]()
    kept = [_shown_again(each) for each in product.pictures if each.id is None or each.id in here]
    whole = product.model_copy(update={"pictures": tuple(kept)})
    images = {image.url for image in product.facts.images} if product.facts else set[str]()
    gone = {url for url in images if is_own(url)} - {each.url for each in kept if each.id}
    moved = gone & record.addresses.keys()
    if moved:
        line = whole.model_dump_json()
        for name in moved:
            line = line.replace(json.dumps(name)[1:-1], json.dumps(record.addresses[name])[1:-1])
        whole = CatalogueProduct.model_validate_json(line)
    return whole, len(gone) - len(moved)


def _shown_again(picture: Picture) -> Picture:
    return picture.model_copy(update={"token": new_token()}) if picture.id and is_own(picture.url) else picture


async def _put_back(store: Store, record: Record) -> Restored:
    catalogue, product = store.catalogue, record.product
    there = await catalogue.product_by_url(product.merchant_id, product.source_url)
    if there:
        return Restored(there, new=False)
    product, lost = await _with_copies(store.gallery, record)
    for candidate in (product, product.model_copy(update={"id": new_id("prd"), "import_id": new_id("imp")})):
        if there := await catalogue.product_by_url(product.merchant_id, product.source_url):
            return Restored(there, new=False)
        try:
            import_ = _import_of(candidate)
            await catalogue.add_product(candidate, import_, event_for(import_, RESTORED, {"productId": candidate.id}))
        except Conflict:  # the id is another merchant's, or somebody has added the address in this moment
            continue
        return Restored(candidate, new=True, lost=lost)
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
