"""Pages of the catalogue: one product with its evidence, one import with its attempts."""

from datetime import UTC, datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request, Response

from cartage.imports.service import Imports
from cartage.imports.upkeep import Upkeep
from cartage.model.catalogue import CatalogueProduct, Import
from cartage.web.answers import go
from cartage.web.curve import curve_of
from cartage.web.importing import status_path
from cartage.web.rendering import page
from cartage.web.session import Sessions, Visitor

CARDS, ROWS, HISTORY = 24, 30, 30
Listed = TypeVar("Listed", CatalogueProduct, Import)


def add_products(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    """Add the page of each product."""

    @router.get("/products/{product_id}")
    async def product(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], product_id: str, known: str = ""
    ) -> Response:
        found = await imports.product(visitor.merchant_id, product_id)
        if found.facts is None:
            return go(status_path(found.id))
        history = await Upkeep(imports.store).history(visitor.merchant_id, product_id, HISTORY)
        return page(
            request,
            "product.html",
            product=found,
            facts=found.facts,
            known=bool(known),
            history=history,
            curve=curve_of(history, datetime.now(UTC)),
        )


def add_imports(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    """Add the page of each import."""

    @router.get("/imports/{import_id}")
    async def show_import(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], import_id: str
    ) -> Response:
        import_ = await imports.import_(visitor.merchant_id, import_id)
        steps, attempts = await imports.progress(visitor.merchant_id, import_id)
        return page(request, "one_import.html", import_=import_, steps=steps, attempts=attempts)
