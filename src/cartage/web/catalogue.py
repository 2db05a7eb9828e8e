"""Pages of the catalogue: products, one product with its evidence, imports, one import with its attempts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.imports.upkeep import Upkeep
from cartage.model.catalogue import CatalogueProduct, Import, Status
from cartage.model.filtering import EVERYTHING, Filter, FilterInvalid, Word, parse_filter
from cartage.web.answers import go
from cartage.web.curve import curve_of
from cartage.web.importing import status_path
from cartage.web.rendering import page
from cartage.web.session import Sessions, Visitor

CARDS, ROWS, HISTORY = 24, 30, 30
Listed = TypeVar("Listed", CatalogueProduct, Import)


def add_products(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    """Add the products and the page of each."""

    @router.get("/products")
    async def products(
        request: Request,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        written: Annotated[str, Query(alias="filter")] = "",
        status: str = "",
        before: str = "",
    ) -> Response:
        standing = Status(status) if status in set(Status) else None
        wanted, error = _read(written)
        chosen = wanted.having(Word.STATUS, standing.value.lower()) if standing else wanted
        found = await imports.products(visitor.merchant_id, chosen, before=before, limit=CARDS + 1)
        shown, more = _cut(found, CARDS, "/products", filter=str(chosen))
        context = {"filter": written, "error": error, "status": standing, "statuses": list(Status)}
        return page(request, "products.html", 422 if error else 200, products=shown, more=more, **context)

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
    """Add the imports and the page of each."""

    @router.get("/imports")
    async def list_imports(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], before: str = ""
    ) -> Response:
        found = await imports.imports(visitor.merchant_id, before=before, limit=ROWS + 1)
        shown, more = _cut(found, ROWS, "/imports")
        return page(request, "imports.html", imports=shown, more=more)

    @router.get("/imports/{import_id}")
    async def show_import(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], import_id: str
    ) -> Response:
        import_ = await imports.import_(visitor.merchant_id, import_id)
        steps, attempts = await imports.progress(visitor.merchant_id, import_id)
        return page(request, "one_import.html", import_=import_, steps=steps, attempts=attempts)


def _read(written: str) -> tuple[Filter, str]:
    """Read a filter; one that cannot be read wants everything, and says why."""
    try:
        return parse_filter(written, now()), ""
    except FilterInvalid as error:
        return EVERYTHING, str(error)


def _cut(found: Sequence[Listed], most: int, path: str, **query: str) -> tuple[Sequence[Listed], str]:
    """Split what is shown from the address of the rest, empty where there is no rest."""
    if len(found) <= most:
        return found, ""
    kept = {name: value for name, value in query.items() if value} | {"before": found[most - 1].id}
    return found[:most], f"{path}?{urlencode(kept)}"
