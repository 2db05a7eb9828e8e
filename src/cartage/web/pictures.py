"""Pictures as the pages show them: our own copies, to their merchant only, and fetched again on request."""

import contextlib
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from cartage.imports.service import Imports
from cartage.model.errors import Conflict
from cartage.model.picture import MEDIA_TYPE, Size
from cartage.web.answers import go
from cartage.web.session import Posted, Sessions, Visitor

KEPT_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Cookie",
    "X-Content-Type-Options": "nosniff",
}


def add_pictures(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    """Add the pictures, and the button that fetches a product's anew."""

    @router.get("/pictures/{picture_id}/{size}")
    async def show(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], picture_id: str, size: Size
    ) -> Response:
        headers = {**KEPT_HEADERS, "ETag": f'"{picture_id}-{size.value}"'}
        content = await imports.store.gallery.get(visitor.merchant_id, picture_id, size)
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type=MEDIA_TYPE)

    @router.post("/products/{product_id}/pictures")
    async def fetch_again(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        with contextlib.suppress(Conflict):
            await imports.by(posted.asked_by).fetch_pictures(posted.merchant_id, product_id)
        return go(f"/import/status/{product_id}")
