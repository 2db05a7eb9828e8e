"""Pausing and resuming from the pages, and which of the products that a page lists wait for it."""

from collections.abc import Sequence
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response

from cartage.imports.pausing import Pausing, pause_of
from cartage.model.catalogue import CatalogueProduct
from cartage.model.errors import InvalidInput, NotFound
from cartage.store import Store
from cartage.web.answers import go, own_path
from cartage.web.session import Posted, Sessions, Visitor

HERE = "/imports"


class Listed(Protocol):
    """Show the page that the form stands on."""

    async def shown(self, request: Request, visitor: Visitor, written: str = "", **asked: str) -> Response:
        """Show it with the `site` that was named, and what is wrong with it."""
        ...


def add_pauses(router: APIRouter, pausing: Pausing, sessions: Sessions, listed: Listed) -> None:
    """Add the forms that pause and resume, of everything or of one site."""

    @router.post("/pauses")
    async def pause(request: Request, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        site = posted.fields.get("site", "")
        try:
            await pausing.pause(posted.merchant_id, site, posted.asked_by)
        except InvalidInput as error:
            return await listed.shown(request, posted.visitor, site=site, site_error=error.detail)
        return go(own_path(posted.fields.get("back", HERE), HERE))

    @router.post("/pauses/resume")
    async def resume(posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        try:
            await pausing.resume(posted.merchant_id, posted.fields.get("site", ""))
        except NotFound:  # somebody resumed it in this very moment
            return go(HERE)
        return go(own_path(posted.fields.get("back", HERE), HERE))


async def paused_among(store: Store, visitor: Visitor, products: Sequence[CatalogueProduct]) -> set[str]:
    """Name those of a visitor's products that wait because importing is paused."""
    ids = [each.import_id for each in products if not each.status.settled] if visitor.pauses else []
    found = await store.listing.imports(visitor.merchant_id, among=ids, limit=len(ids)) if ids else ()
    return {each.product_id for each in found if pause_of(visitor.pauses, each)}
