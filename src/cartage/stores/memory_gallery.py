"""Pictures in memory, for as long as a product shows them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cartage.model.catalogue import CatalogueProduct
from cartage.model.errors import NotFound
from cartage.model.ids import new_id
from cartage.model.picture import Displayed, KeptPicture, Print, Size
from cartage.model.visit_errors import no_space


class Shown(Protocol):
    """Give the products that show pictures."""

    def all_products(self) -> Sequence[CatalogueProduct]:
        """List everybody's products."""
        ...


@dataclass(slots=True)
class _Hung:
    picture: KeptPicture
    print_: Print
    wanted_at: datetime


class MemoryGallery:
    """Keep pictures in memory."""

    def __init__(self, catalogue: Shown) -> None:
        self._catalogue = catalogue
        self._hung: dict[tuple[str, str], _Hung] = {}

    async def find(self, merchant_id: str, content_hash: str, at: datetime) -> KeptPicture | None:
        """Find the picture of an image that the merchant has already, and count it as wanted."""
        hung = self._hung.get((merchant_id, content_hash))
        if hung is None:
            return None
        hung.wanted_at = at
        return hung.picture

    async def put(self, merchant_id: str, print_: Print, space: int, at: datetime) -> KeptPicture:
        """Keep a picture, once for a merchant."""
        if known := await self.find(merchant_id, print_.content_hash, at):
            return known
        if await self.used(merchant_id) + print_.size > space:
            raise no_space(space)
        picture = KeptPicture(id=new_id("pic"), width=print_.width, height=print_.height)
        self._hung[merchant_id, print_.content_hash] = _Hung(picture, print_, at)
        return picture

    async def get(self, merchant_id: str, picture_id: str, size: Size) -> bytes:
        """Get a picture's bytes."""
        for (owner, _), hung in self._hung.items():
            if owner == merchant_id and hung.picture.id == picture_id:
                return hung.print_.full if size is Size.FULL else hung.print_.small
        raise NotFound(f"There is no {picture_id}.")

    async def displayed(self, token: str) -> Displayed | None:
        """Find anybody's picture that a product of its merchant shows by this token."""
        for product in self._catalogue.all_products():
            for picture in product.pictures:
                if picture.token == token and picture.id in await self.present(product.merchant_id, [picture.id or ""]):
                    return Displayed(merchant_id=product.merchant_id, picture_id=picture.id or "")
        return None

    async def present(self, merchant_id: str, picture_ids: Collection[str]) -> set[str]:
        """Give those of the ids that a merchant has pictures of."""
        own = {hung.picture.id for (owner, _), hung in self._hung.items() if owner == merchant_id}
        return own & set(picture_ids)

    async def used(self, merchant_id: str) -> int:
        """Count the bytes that a merchant's pictures take."""
        return sum(hung.print_.size for (owner, _), hung in self._hung.items() if owner == merchant_id)

    async def sweep(self, before: datetime) -> int:
        """Remove the pictures that no product shows and nobody wanted since a moment."""
        shown = {picture.id for product in self._catalogue.all_products() for picture in product.pictures}
        unwanted = [key for key, hung in self._hung.items() if hung.picture.id not in shown and hung.wanted_at < before]
        for key in unwanted:
            del self._hung[key]
        return len(unwanted)
