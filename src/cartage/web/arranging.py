"""Arranging a product's pictures: their places, the words for them, and which are left out, as one form."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage.exports.targets.google import SMALLEST
from cartage.imports.service import Imports
from cartage.imports.upkeep import Upkeep
from cartage.model.arrangement import LONGEST_ALT, Placed
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.request_errors import PicturesOff
from cartage.web.answers import go
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

NONE_LEFT = "At least one picture stays."
TOO_LONG = "The alt text of a picture is longer than it may be."


@dataclass(frozen=True, slots=True)
class Hung:
    """Hold one image as the form shows it: with our copy's id, where there is one."""

    url: str
    alt: str
    picture_id: str
    width: int | None
    height: int | None

    @property
    def small(self) -> bool:
        """Tell whether feeds refuse it for its size."""
        return bool(self.width and self.height) and min(self.width or 0, self.height or 0) < SMALLEST


def hung(product: CatalogueProduct) -> list[Hung]:
    """List a product's images in their order."""
    copies = {picture.url: picture.id or "" for picture in product.pictures}
    images = product.facts.images if product.facts else ()
    return [Hung(image.url, image.alt or "", copies.get(image.url, ""), image.width, image.height) for image in images]


def arrangement_of(fields: Mapping[str, str]) -> tuple[Placed, ...]:
    """Read the form: images by their places; one that was moved goes before, or after, the one that was there.

    One that is added comes last, or first where it is to stand for the product.

    Raises `InvalidInput` where none is left, or where the words for one are too long.
    """
    rows = [int(name[4:]) for name in fields if name[:4] == "url_" and name[4:].isdecimal()]
    kept = [row for row in rows if f"out_{row}" not in fields]
    if rows and not kept:
        raise InvalidInput(NONE_LEFT, "/images")
    order = sorted(kept, key=lambda row: place_of(row, fields.get(f"place_{row}", "")))
    try:
        placed = tuple(Placed(url=fields[f"url_{row}"], alt=_alt(fields, f"alt_{row}")) for row in order)
        url = fields.get("add", "").strip()
        added = (Placed(url=url, alt=_alt(fields, "add_alt"), add=True),) if url else ()
    except ValidationError as error:
        raise InvalidInput(TOO_LONG, "/images") from error
    return added + placed if "add_first" in fields else placed + added


def _alt(fields: Mapping[str, str], name: str) -> str | None:
    return fields.get(name, "").strip() or None


def add_arranging(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    """Add the page that arranges a product's pictures, and adds some."""
    upkeep = Upkeep(imports.store)

    def shown(
        request: Request, product: CatalogueProduct, status: int = 200, error: str = "", add: str = ""
    ) -> Response:
        told = {"product": product, "hung": hung(product), "longest": LONGEST_ALT, "error": error, "add": add}
        return page(request, "arrange.html", status, **told)

    @router.get("/products/{product_id}/arrange")
    async def show_arrangement(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], product_id: str
    ) -> Response:
        return shown(request, await upkeep.store.catalogue.product(visitor.merchant_id, product_id))

    @router.post("/products/{product_id}/arrange")
    async def arrange(
        request: Request, product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]
    ) -> Response:
        product = await upkeep.store.catalogue.product(posted.merchant_id, product_id)
        try:
            placed = arrangement_of(posted.fields)
            if placed and placed != tuple(Placed(url=each.url, alt=each.alt or None) for each in hung(product)):
                await upkeep.edit(posted.merchant_id, product_id, Edit(images=placed))
        except InvalidInput as error:
            return shown(request, product, 422, error.detail, posted.fields.get("add", ""))
        if any(each.add for each in placed):
            with contextlib.suppress(Conflict, PicturesOff):
                await imports.by(posted.asked_by).fetch_pictures(posted.merchant_id, product_id)
        return go(f"/products/{product_id}?saved=1")


def place_of(row: int, written: str) -> tuple[int, int, int]:
    """Order by the number that was written; of two alike, what came from below goes first, from above last."""
    place = int(written) if written.isdecimal() else row
    return place, (place > row) - (place < row), row
