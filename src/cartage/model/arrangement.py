"""The arrangement of a product's pictures: their order, the words for them, and which are left out, set by a person."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from cartage.model.errors import InvalidInput
from cartage.model.evidence import Evidence
from cartage.model.picture import Picture, addresses_of, is_own
from cartage.model.product import Image, Product, Value

MOST_PLACED = 200
LONGEST_ALT = 1000
IMAGES = "images"

Told = Mapping[str, tuple[Evidence, ...]]


class Placed(Value):
    """Name one of a product's images, with the words that stand for it where it cannot be seen.

    `add` brings in one that the product does not have.
    """

    url: str
    alt: Annotated[str, Field(max_length=LONGEST_ALT)] | None = None
    add: bool = False


def check_placed(facts: Product, placed: Sequence[Placed]) -> None:
    """Raise `InvalidInput` for an image that the product neither has nor gets, or that is placed twice."""
    known = {image.url for image in facts.images}
    seen: set[str] = set()
    for place, each in enumerate(placed):
        if each.url not in known and not each.add:
            raise InvalidInput("The product has no such image.", f"/images/{place}/url")
        if each.url in seen:
            raise InvalidInput("An image is placed twice.", f"/images/{place}/url")
        seen.add(each.url)


def arranged(facts: Product, placed: Sequence[Placed]) -> tuple[Image, ...]:
    """Give the placed images of a product, in that order and with those words; its others are left out."""
    known = {each.url: Image(url=each.url) for each in placed if each.add}
    known |= {image.url: image for image in facts.images}
    return tuple(known[each.url].model_copy(update={"alt": each.alt or None}) for each in placed if each.url in known)


def evidence_of_images(
    images: Sequence[Image], *sources: tuple[Product | None, Told]
) -> dict[str, tuple[Evidence, ...]]:
    """Give each image's evidence at its place among `images`, from the first source that has the image."""
    found: dict[str, tuple[Evidence, ...]] = {}
    for facts, evidence in reversed(sources):
        places = {image.url: place for place, image in enumerate(facts.images)} if facts else {}
        for place, image in enumerate(images):
            if told := evidence.get(f"/{IMAGES}/{places.get(image.url, -1)}"):
                found[f"/{IMAGES}/{place}"] = told
    return found


def without_images(evidence: Told) -> dict[str, tuple[Evidence, ...]]:
    """Give evidence without that of single images, whose places do not hold any more."""
    return {pointer: told for pointer, told in evidence.items() if not pointer.startswith(f"/{IMAGES}/")}


def pictures_of(facts: Product, kept: Sequence[Picture], fresh: Sequence[Picture]) -> tuple[Picture, ...]:
    """Give the pictures of a product's images: what a newer import made of them, else what was kept.

    Of those that were uploaded nothing is newer than what was kept: an import has them from before it began.
    """
    own = (picture for picture in kept if is_own(picture.url))
    known = {picture.url: picture for picture in (*kept, *fresh, *own)}
    return tuple(known[url] for url in addresses_of(facts) if url in known)
