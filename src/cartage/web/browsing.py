"""Lists of products and imports, by a filter that the address holds; its words are completed, its facets counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from cartage.imports.service import Imports
from cartage.listing import Sort
from cartage.model.bulk import Act
from cartage.model.catalogue import CatalogueProduct, Import, Status
from cartage.model.errors import NotFound
from cartage.model.filtering import Filter, Word, complete
from cartage.model.lasting import lasting_codes
from cartage.web.columns import columns_of
from cartage.web.facets import import_facets, product_facets, read_filter
from cartage.web.jobs import ARRIVED, Arrived, add_figures, figures_of, progress_of
from cartage.web.language import language_of, speaking
from cartage.web.pauses import paused_among
from cartage.web.rendering import page
from cartage.web.session import Sessions, Visitor

CARDS, ROWS = 24, 30
ACTS = (Act.RETRY, Act.REFRESH, Act.EDIT, "export", Act.ARCHIVE, Act.CANCEL, Act.DELETE)
VIEWS = ("grid", "table")
FAILED_TODAY = "status:failed since:24h"
Written = Annotated[str, Query(alias="filter")]
Listed = TypeVar("Listed", CatalogueProduct, Import)


def add_lists_by_filter(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    """Add the lists of products and imports, and the completion of their filters."""
    add_figures(router, imports, sessions)
    _add_arrived(router, imports, sessions)
    _add_products(router, imports, sessions)
    _add_imports(router, imports, sessions)

    @router.get("/completions")
    async def completions(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], written: Written = ""
    ) -> Response:
        known = await imports.store.listing.choices(visitor.merchant_id)
        return page(request, "completions.html", offered=complete(written, known))


def _add_arrived(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    @router.get("/products/arrived")
    async def arrived(
        request: Request,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        after: str = "",
        written: Written = "",
    ) -> Response:
        wanted, _ = read_filter(written)
        listed = imports.store.listing.product_ids
        found = await listed(visitor.merchant_id, wanted, after=after, limit=ARRIVED + 1) if after else ()
        asked = {name: request.query_params.get(name, "") for name in ("filter", "sort", "view")}
        query = urlencode({name: value for name, value in asked.items() if value not in {"", Sort.NEWEST, VIEWS[0]}})
        here = f"/products?{query}" if query else "/products"
        return page(request, "arrived.html", here=here, number=min(len(found), ARRIVED), more=len(found) > ARRIVED)


def _add_products(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    @router.get("/products")
    async def products(
        request: Request,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        written: Written = "",
        sort: str = "",
        before: str = "",
    ) -> Response:
        wanted, error = read_filter(_with_status(written, request.query_params.get("status", "")))
        order = Sort(sort) if sort in set(Sort) else Sort.NEWEST
        view = request.query_params.get("view", "")
        columns = columns_of(request)
        kept = {
            "columns": columns.written,
            "sort": "" if order is Sort.NEWEST else order.value,
            "view": view if view in VIEWS and view != VIEWS[0] else "",
        }
        found = await imports.products(visitor.merchant_id, wanted, sort=order, before=before, limit=CARDS + 1)
        shown, more = _cut(found, CARDS, "/products", filter=str(wanted), **kept)
        context = {
            "filter": str(wanted) or written,
            "error": error,
            "facets": await product_facets(imports, visitor.merchant_id, wanted, kept),
            "sort": order,
            "sorts": list(Sort),
            "view": kept["view"] or VIEWS[0],
            "columns": columns,
            "newest": await _newest(imports, visitor.merchant_id, wanted, found, before=before, order=order),
            "total": await imports.store.listing.count_products(visitor.merchant_id, wanted),
            "paused_ids": await paused_among(imports.store, visitor, shown),
            "lasting_codes": lasting_codes(None),
            "acts": (*ACTS, Act.RESTORE) if wanted.asks(Word.ARCHIVED) else ACTS,
        }
        response = page(request, "products.html", 422 if error else 200, products=shown, more=more, **context)
        columns.keep(response, secure=sessions.secure)
        return response


async def _newest(
    imports: Imports, merchant_id: str, wanted: Filter, found: Sequence[CatalogueProduct], *, before: str, order: Sort
) -> str:
    """Name the newest product that fits, after which others may arrive; empty where there is none."""
    if before or order is not Sort.NEWEST:
        found = await imports.products(merchant_id, wanted, limit=1)
    return found[0].id if found else ""


@dataclass(frozen=True, slots=True)
class ImportList:
    """Show the list of imports."""

    imports: Imports

    async def shown(self, request: Request, visitor: Visitor, written: str = "", **asked: str) -> Response:
        """Show the imports that a filter wants, from `before` on, with the product that was imported `again`.

        `site` is what was to be paused, and `site_error` why that could not be.
        """
        (wanted, error), before, site_error = read_filter(written), asked.get("before", ""), asked.get("site_error", "")
        seen = await self.imports.store.catalogue.newest_sequence(visitor.merchant_id)
        found = await self.imports.imports(visitor.merchant_id, wanted, before=before, limit=ROWS + 1)
        newest = await self.imports.imports(visitor.merchant_id, wanted, limit=1) if before else found
        shown, more = _cut(found, ROWS, "/imports", filter=str(wanted))
        with speaking(language_of(request)):
            figures = await figures_of(self.imports, visitor.merchant_id)
        context = {
            "filter": str(wanted) or written,
            "error": error,
            "site": asked.get("site", ""),
            "site_error": site_error,
            "facets": await import_facets(self.imports, visitor.merchant_id, wanted),
            "figures": figures,
            "arrived": Arrived(newest[0].id if newest else "", seen, grows=not before and not wanted.terms),
            "progress": await progress_of(self.imports, visitor.merchant_id, shown),
            "again": await _begun_again(self.imports, visitor.merchant_id, asked.get("again", "")),
            "only_site": _only_site(wanted),
            "failed_today": str(wanted) == FAILED_TODAY,
            "total": await self.imports.store.listing.count_products(visitor.merchant_id, wanted),
            "acts": (Act.RETRY, Act.CANCEL, Act.REFRESH, Act.ARCHIVE, Act.DELETE),
        } | ({"came_from": "/imports", "path": "/imports"} if site_error else {})
        return page(request, "imports.html", 422 if error or site_error else 200, imports=shown, more=more, **context)


def _add_imports(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    listed = ImportList(imports)

    @router.get("/imports")
    async def list_imports(
        request: Request,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        written: Written = "",
        before: str = "",
        again: str = "",
    ) -> Response:
        return await listed.shown(request, visitor, written, before=before, again=again)


def _only_site(wanted: Filter) -> str:
    """Name the one site that a filter is about; empty where it is about none, or several."""
    named = [term for term in wanted.terms if term.word is Word.SITE and not term.turned]
    return named[0].values[0] if len(named) == 1 and len(named[0].values) == 1 else ""


async def _begun_again(imports: Imports, merchant_id: str, product_id: str) -> CatalogueProduct | None:
    """Give the product that was just imported again, while that can still be undone."""
    try:
        product = await imports.product(merchant_id, product_id) if product_id else None
    except NotFound:
        return None
    return None if product is None or product.status.settled else product


def _with_status(written: str, status: str) -> str:
    return f"{written} status:{status.lower()}".strip() if status in set(Status) else written


def _cut(found: Sequence[Listed], most: int, path: str, **query: str) -> tuple[Sequence[Listed], str]:
    """Split what is shown from the address of the rest, empty where there is no rest."""
    if len(found) <= most:
        return found, ""
    kept = {name: value for name, value in query.items() if value} | {"before": found[most - 1].id}
    return found[:most], f"{path}?{urlencode(kept)}"
