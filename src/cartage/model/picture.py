"""Pictures: our own copies of the images that a product's page points at, and what became of each image."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from cartage.model.failure import Failure
from cartage.model.product import Product, Value

MEDIA_TYPE = "image/webp"
OURS = "picture:"
TOKEN_BYTES = 32
SUFFIX = ".webp"


class Size(StrEnum):
    """Name a stored form of a picture."""

    FULL = "full"
    SMALL = "small"


class Print(Value):
    """Hold a picture as it is kept: both forms are WebP without metadata; width and height are the original's pixels.

    `content_hash` is SHA-256 of the image as it was sent, in hex.
    """

    content_hash: str
    width: int
    height: int
    full: bytes
    small: bytes

    @property
    def size(self) -> int:
        """Give the bytes that it takes."""
        return len(self.full) + len(self.small)


class KeptPicture(Value):
    """Name a picture in the gallery, with the original's pixels."""

    id: str
    width: int
    height: int


class Picture(Value):
    """Say what became of one image of a page; `id` names our copy where there is one, `problem` what stood in the way.

    Both are there where an earlier copy is kept that could not be renewed. Of one that was uploaded, whoever knows the
    `token` may fetch our copy, as long as the product shows it.
    """

    url: str
    id: str | None = None
    token: Annotated[str | None, Field(repr=False)] = None
    width: int | None = None
    height: int | None = None
    problem: Failure | None = None
    fetched_at: datetime

    @property
    def public_path(self) -> str | None:
        """Give the path at which anybody fetches our copy; None where only its merchant does."""
        return f"/media/{self.token}{SUFFIX}" if self.token else None


class Displayed(Value):
    """Name a picture that a product shows to whoever knows its token."""

    merchant_id: str
    picture_id: str


class Collection(Value):
    """Hold what became of a product's images, in the page's order; `left_out` counts those beyond the limit.

    `fetched_bytes` came over the network for them; None where none was asked for.
    """

    pictures: tuple[Picture, ...] = ()
    left_out: int = 0
    fetched_bytes: int | None = None

    @property
    def kept(self) -> int:
        """Count the images that there is a copy of."""
        return sum(picture.id is not None for picture in self.pictures)


def own_url(picture_id: str) -> str:
    """Name a picture as the image that it is where it was uploaded: it has no address anywhere else."""
    return f"{OURS}{picture_id}"


def is_own(url: str) -> bool:
    """Tell whether an image is a picture that was uploaded, which nobody can fetch by its name."""
    return url.startswith(OURS)


def hung(picture: KeptPicture, at: datetime) -> Picture:
    """Give an uploaded picture as a product shows it, with a token that was never used before."""
    return Picture(
        url=own_url(picture.id),
        id=picture.id,
        token=new_token(),
        width=picture.width,
        height=picture.height,
        fetched_at=at,
    )


def new_token() -> str:
    """Make what nobody guesses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def addresses_of(facts: Product) -> list[str]:
    """List the addresses of a product's images, each once: first of the whole product, then of its variants."""
    of_variants = (variant.image for variant in facts.variants if variant.image)
    return list(dict.fromkeys([*(image.url for image in facts.images), *of_variants]))


def measured(facts: Product, pictures: Sequence[Picture]) -> Product:
    """Give facts whose images have the sizes that were measured, instead of what the page says of them."""
    sizes = {picture.url: picture for picture in pictures if picture.width and picture.height}
    images = tuple(
        image.model_copy(update={"width": found.width, "height": found.height})
        if (found := sizes.get(image.url))
        else image
        for image in facts.images
    )
    return facts.model_copy(update={"images": images})


def unmeasured(facts: Product) -> Product:
    """Give facts whose images have no sizes, which say nothing of the product."""
    images = tuple(image.model_copy(update={"width": None, "height": None}) for image in facts.images)
    return facts.model_copy(update={"images": images})
