"""Pictures in the API: the copies that are kept of products' images."""

from typing import Any

from fastapi import APIRouter, Response

from cartage.api.callers import Asker
from cartage.imports.service import Imports
from cartage.model.picture import MEDIA_TYPE, Size
from cartage.wire.catalogue import ImportOut

HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Vary": "Authorization",
    "X-Content-Type-Options": "nosniff",
}
WEBP: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


def add_pictures(router: APIRouter, imports: Imports, merchant: Any) -> None:
    """Add the pictures, and fetching a product's anew."""

    @router.get("/v1/pictures/{picture_id}/{size}", tags=["products"], response_class=Response, responses=WEBP)
    async def get_picture(picture_id: str, size: Size, *, merchant_id: str = merchant) -> Response:
        """Get a picture as WebP: `full` has at most 2048 pixels a side, `small` 480."""
        content = await imports.store.gallery.get(merchant_id, picture_id, size)
        return Response(content, headers=HEADERS, media_type=MEDIA_TYPE)

    @router.post("/v1/products/{product_id}/pictures", status_code=202, tags=["products"])
    async def fetch_pictures(product_id: str, asked_by: Asker, *, merchant_id: str = merchant) -> ImportOut:
        """Fetch an imported product's pictures again, and nothing else.

        409 for any other product, and where keeping pictures is switched off.
        """
        return ImportOut.of((await imports.by(asked_by).fetch_pictures(merchant_id, product_id)).import_)
