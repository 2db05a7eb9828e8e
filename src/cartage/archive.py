"""What keeps a merchant's bytes: artifacts by their ids, and pictures, each once."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from cartage.model.picture import Displayed, KeptPicture, Print, Size


class Artifacts(Protocol):
    """Keep pages and extractions by id."""

    async def put(self, merchant_id: str, media_type: str, content: bytes) -> str:
        """Store bytes and give their id."""
        ...

    async def get(self, merchant_id: str, artifact_id: str) -> bytes:
        """Get stored bytes; raises `NotFound`."""
        ...

    async def has(self, merchant_id: str, artifact_id: str) -> bool:
        """Tell whether bytes are stored, without reading them."""
        ...


class Gallery(Protocol):
    """Keep merchants' pictures. Which of them products show is written with the products."""

    async def find(self, merchant_id: str, content_hash: str, at: datetime) -> KeptPicture | None:
        """Find the picture of an image that the merchant has already; it then counts as wanted since that moment."""
        ...

    async def put(self, merchant_id: str, print_: Print, space: int, at: datetime) -> KeptPicture:
        """Keep a picture, once for a merchant.

        Raises `PictureRefused` when the merchant's pictures would take more than `space` bytes.
        """
        ...

    async def get(self, merchant_id: str, picture_id: str, size: Size) -> bytes:
        """Get a picture's bytes; raises `NotFound` for another merchant's id, as for an unknown one."""
        ...

    async def displayed(self, token: str) -> Displayed | None:
        """Find anybody's picture that a product of its merchant shows by this token."""
        ...

    async def present(self, merchant_id: str, picture_ids: Collection[str]) -> set[str]:
        """Give those of the ids that a merchant has pictures of."""
        ...

    async def used(self, merchant_id: str) -> int:
        """Count the bytes that a merchant's pictures take."""
        ...

    async def sweep(self, before: datetime) -> int:
        """Remove the pictures that no product shows and nobody wanted since a moment; give how many."""
        ...
