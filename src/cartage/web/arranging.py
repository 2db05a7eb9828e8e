"""Arranging a product's pictures: their places, the words for them, and which are left out, as one form."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage.exports.targets.google import SMALLEST
from cartage.imports.service import Imports
from cartage.imports.upkeep import Upkeep
from cartage.imports.uploads import LARGEST_FILE, MOST_FILES, File, Uploaded, Uploads
from cartage.model.arrangement import LONGEST_ALT, Placed
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.picture import KeptPicture, is_own, own_url
from cartage.model.request_errors import PicturesOff
from cartage.web.answers import go
from cartage.web.rendering import page
from cartage.web.session import LARGEST_PICTURES, Posted, Sessions, Visitor

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


def arrangement_of(fields: Mapping[str, str], uploaded: Sequence[KeptPicture] = ()) -> tuple[Placed, ...]:
    """Read the form: images by their places; one that was moved goes before, or after, the one that was there.

    What is added comes last, or first where it is to stand for the product: `uploaded` pictures, and one by its
    address.

    Raises `InvalidInput` where none is left, or where the words for one are too long.
    """
    rows = [int(name[4:]) for name in fields if name[:4] == "url_" and name[4:].isdecimal()]
    kept = [row for row in rows if f"out_{row}" not in fields]
    url = fields.get("add", "").strip()
    if rows and not (kept or uploaded or url):
        raise InvalidInput(NONE_LEFT, "/images")
    order = sorted(kept, key=lambda row: place_of(row, fields.get(f"place_{row}", "")))
    there = {fields[f"url_{row}"] for row in kept}
    new = [each for each in dict.fromkeys(own_url(each.id) for each in uploaded) if each not in there]
    try:
        placed = tuple(Placed(url=fields[f"url_{row}"], alt=_alt(fields, f"alt_{row}")) for row in order)
        added = tuple(
            Placed(url=each, alt=_alt(fields, "add_alt"), add=True) for each in [*new, *([url] if url else [])]
        )
    except ValidationError as error:
        raise InvalidInput(TOO_LONG, "/images") from error
    return added + placed if "add_first" in fields else placed + added


def _alt(fields: Mapping[str, str], name: str) -> str | None:
    return fields.get(name, "").strip() or None


@dataclass(frozen=True, slots=True)
class Arranging:
    """Arrange a product's pictures, and add some, by address and from files.

    Shops reach those that were uploaded where there is a `public` address.
    """

    imports: Imports
    uploads: Uploads
    public: bool

    @property
    def upkeep(self) -> Upkeep:
        """Give what edits products."""
        return Upkeep(self.imports.store)

    async def shown(
        self, request: Request, merchant_id: str, product_id: str, status: int = 200, **told: Any
    ) -> Response:
        """Show the form, with what was wrong."""
        product = await self.imports.store.catalogue.product(merchant_id, product_id)
        bounds = {
            "longest": LONGEST_ALT,
            "most": MOST_FILES,
            "largest": LARGEST_FILE,
            "kept": bool(self.uploads.curator),
            "public": self.public,
            "bound": LARGEST_PICTURES,
            "too_large": False,
        }
        told = (
            {"errors": [], "saved": False, "add": "", "add_alt": "", "product": product, "hung": hung(product)}
            | bounds
            | told
        )
        return page(request, "arrange.html", status, **told)

    async def arrange(self, request: Request, posted: Posted, product_id: str) -> Response:
        """Save the form; a file that cannot be taken keeps nothing else of it back."""
        merchant_id, fields = posted.merchant_id, posted.fields
        product = await self.imports.store.catalogue.product(merchant_id, product_id)
        files = [File(each.name, each.content) for each in posted.uploads if each.name or each.content]
        uploaded, errors = Uploaded(), list[str]()
        try:
            uploaded = await self.uploads.keep(merchant_id, files) if files else uploaded
            errors += [each.detail for each in uploaded.refused.values()]
            placed = arrangement_of(fields, uploaded.kept)
            if placed and placed != tuple(Placed(url=each.url, alt=each.alt or None) for each in hung(product)):
                await self.upkeep.edit(merchant_id, product_id, Edit(images=placed), uploaded=uploaded.kept)
        except (Conflict, InvalidInput, PicturesOff) as error:
            add = fields.get("add", "")
            told = {"add": add, "add_alt": fields.get("add_alt", ""), "too_large": posted.too_large}
            return await self.shown(request, merchant_id, product_id, 422, errors=[error.detail, *errors], **told)
        if any(each.add and not is_own(each.url) for each in placed):
            with contextlib.suppress(Conflict, PicturesOff):
                await self.imports.by(posted.asked_by).fetch_pictures(merchant_id, product_id)
        if errors or posted.too_large:
            told = {"errors": errors, "saved": True, "too_large": posted.too_large}
            return await self.shown(request, merchant_id, product_id, 422, **told)
        return go(f"/products/{product_id}?saved=1")


def add_arranging(router: APIRouter, sessions: Sessions, arranging: Arranging) -> None:
    """Add the page that arranges a product's pictures, and adds some."""

    @router.get("/products/{product_id}/arrange")
    async def show_arrangement(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], product_id: str
    ) -> Response:
        return await arranging.shown(request, visitor.merchant_id, product_id)

    @router.post("/products/{product_id}/arrange")
    async def arrange(
        request: Request, product_id: str, posted: Annotated[Posted, Depends(sessions.pictured)]
    ) -> Response:
        return await arranging.arrange(request, posted, product_id)


def place_of(row: int, written: str) -> tuple[int, int, int]:
    """Order by the number that was written; of two alike, what came from below goes first, from above last."""
    place = int(written) if written.isdecimal() else row
    return place, (place > row) - (place < row), row
