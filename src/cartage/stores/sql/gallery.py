"""Pictures in the database, and which products show them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cartage.model.catalogue import CatalogueProduct
from cartage.model.errors import NotFound
from cartage.model.ids import new_id
from cartage.model.picture import Displayed, KeptPicture, Print, Size
from cartage.model.visit_errors import no_space
from cartage.stores.sql.database import glance, in_turn, read, writing
from cartage.stores.sql.picture_tables import picture_uses, pictures
from cartage.stores.sql.rows import value_of
from cartage.stores.sql.tables import products

NAMED = (pictures.c.id, pictures.c.width, pictures.c.height)


class SqlGallery:
    """Keep pictures."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def find(self, merchant_id: str, content_hash: str, at: datetime) -> KeptPicture | None:
        """Find the picture of an image that the merchant has already, and count it as wanted."""
        async with writing(self._engine) as connection:
            return await _wanted(connection, _same(merchant_id, content_hash), at)

    async def put(self, merchant_id: str, print_: Print, space: int, at: datetime) -> KeptPicture:
        """Keep a picture, once for a merchant."""
        async with writing(self._engine) as connection:
            await in_turn(connection, merchant_id)
            if known := await _wanted(connection, _same(merchant_id, print_.content_hash), at):
                return known
            if await _used(connection, merchant_id) + print_.size > space:
                raise no_space(space)
            kept = KeptPicture(id=new_id("pic"), width=print_.width, height=print_.height)
            row = {
                **kept.model_dump(),
                "merchant_id": merchant_id,
                "content_hash": print_.content_hash,
                "size": print_.size,
                "wanted_at": at,
                "full": print_.full,
                "small": print_.small,
            }
            await connection.execute(insert(pictures).values(row))
        return kept

    async def get(self, merchant_id: str, picture_id: str, size: Size) -> bytes:
        """Get a picture's bytes."""
        own = (pictures.c.id == picture_id) & (pictures.c.merchant_id == merchant_id)
        found = await read(self._engine, select(pictures.c[size.value].label("content")).where(own))
        if not found:
            raise NotFound(f"There is no {picture_id}.")
        return found[0]["content"]

    async def displayed(self, token: str) -> Displayed | None:
        """Find anybody's picture that a product of its merchant shows by this token."""
        own = (products.c.id == picture_uses.c.product_id) & (products.c.merchant_id == pictures.c.merchant_id)
        query = (
            select(pictures.c.merchant_id, pictures.c.id.label("picture_id"))
            .join(picture_uses, picture_uses.c.picture_id == pictures.c.id)
            .join(products, own)
            .where(picture_uses.c.token == token)
            .limit(1)
        )
        found = await glance(self._engine, query)
        return value_of(Displayed, found[0]) if found else None

    async def present(self, merchant_id: str, picture_ids: Collection[str]) -> set[str]:
        """Give those of the ids that a merchant has pictures of."""
        own = (pictures.c.merchant_id == merchant_id) & pictures.c.id.in_(picture_ids)
        return {row["id"] for row in await read(self._engine, select(pictures.c.id).where(own))}

    async def used(self, merchant_id: str) -> int:
        """Count the bytes that a merchant's pictures take."""
        query = select(func.sum(pictures.c.size).label("used")).where(pictures.c.merchant_id == merchant_id)
        return int((await read(self._engine, query))[0]["used"] or 0)

    async def sweep(self, before: datetime) -> int:
        """Remove the pictures that no product shows and nobody wanted since a moment."""
        shown = select(picture_uses.c.picture_id).where(picture_uses.c.picture_id == pictures.c.id)
        async with writing(self._engine) as connection:
            unwanted = delete(pictures).where(pictures.c.wanted_at < before, ~shown.exists())
            return (await connection.execute(unwanted)).rowcount


async def note_uses(connection: AsyncConnection, product: CatalogueProduct) -> None:
    """Write which pictures a product shows, and by which tokens, within a transaction."""
    await connection.execute(delete(picture_uses).where(picture_uses.c.product_id == product.id))
    shown: dict[str, str | None] = {}
    for picture in product.pictures:
        if picture.id:
            shown[picture.id] = picture.token or shown.get(picture.id)
    if shown:
        rows = [{"product_id": product.id, "picture_id": each, "token": token} for each, token in shown.items()]
        await connection.execute(insert(picture_uses), rows)


async def _wanted(connection: AsyncConnection, same: ColumnElement[bool], at: datetime) -> KeptPicture | None:
    wanting = update(pictures).where(same).values(wanted_at=at).returning(*NAMED)
    row = (await connection.execute(wanting)).mappings().first()
    return value_of(KeptPicture, row) if row else None


async def _used(connection: AsyncConnection, merchant_id: str) -> int:
    query = select(func.sum(pictures.c.size)).where(pictures.c.merchant_id == merchant_id)
    return int(await connection.scalar(query) or 0)


def _same(merchant_id: str, content_hash: str) -> ColumnElement[bool]:
    return (pictures.c.merchant_id == merchant_id) & (pictures.c.content_hash == content_hash)
