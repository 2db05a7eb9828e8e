"""JSON over HTTP: imports and products of the token's merchant."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from cartage.accounts.quota import Quota
from cartage.accounts.service import Accounts
from cartage.api.batches import LARGEST_LIST, add_batches
from cartage.api.callers import SAFE, Caller, Callers, TokenCallers
from cartage.api.costs import add_costs
from cartage.api.exports import add_exports
from cartage.api.once import Once
from cartage.api.pictures import add_pictures
from cartage.api.pricing import add_pricing
from cartage.api.route import guarded_route
from cartage.api.schemas import (
    AttemptOut,
    ImportOut,
    ImportPage,
    NewImport,
    PastedPage,
    ProductOut,
    ProductPage,
    StepOut,
)
from cartage.api.scrape_status import add_scrape_status
from cartage.api.upkeep import add_upkeep
from cartage.api.versions import tell_version
from cartage.exports.service import Exports
from cartage.imports.batch import Batches
from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.imports.spending import Costs
from cartage.imports.upkeep import Upkeep
from cartage.listing import Sort
from cartage.model.catalogue import CatalogueProduct, Import, Status
from cartage.model.filtering import Word, parse_filter
from cartage.pricing.service import Pricing

IN_THE_HISTORY = {"/v1/imports", "/v1/batches"}  # each submission is kept there anyway
Limit = Annotated[int, Query(ge=1, le=200)]
FILTER = Query(alias="filter", description="What to list, such as `status:failed site:shop.example -error:cancelled`.")
bearer = HTTPBearer(auto_error=False, description="A token from `cartage token create`.")


def create_api(
    imports: Imports, accounts: Accounts, site_url: str = "", *, callers: Callers | None = None
) -> APIRouter:
    """Make the API's routes over the use cases; `site_url` is where people reach the products' pages.

    Callers are known by their tokens, unless others are given.
    """

    async def merchant(request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> str:
        caller: Caller = request.state.caller
        if request.method not in SAFE and request.url.path not in IN_THE_HISTORY:
            await accounts.note(caller.merchant_id, f"token {caller.name}", request.method.lower(), request.url.path)
        return caller.merchant_id

    known, once = callers or TokenCallers(accounts, Quota()), Once(imports.store.replies)
    router = APIRouter(route_class=guarded_route(known, once))
    lists = APIRouter(route_class=guarded_route(known, once, LARGEST_LIST))
    public = APIRouter()
    add_scrape_status(public, imports, accounts)
    _add_imports(router, imports, Depends(merchant))
    _add_actions(router, imports, Depends(merchant))
    _add_products(router, imports, Depends(merchant))
    add_pictures(router, imports, Depends(merchant))
    add_upkeep(router, Upkeep(imports.store), Depends(merchant))
    add_costs(router, Costs(imports.store), Depends(merchant))
    add_exports(router, Exports(imports.store), Depends(merchant))
    add_pricing(router, Pricing(imports.store), Depends(merchant))
    add_batches(router, lists, Batches(imports.store, imports), Depends(merchant), site_url)
    for each in (router, lists):
        public.include_router(each)
    return public


def _add_imports(router: APIRouter, imports: Imports, merchant: Any) -> None:
    @router.post("/v1/imports", status_code=202, tags=["imports"])
    async def submit(body: NewImport, response: Response, *, merchant_id: str = merchant) -> ImportOut:
        """Import an address; 200 with `duplicate` true when it is already in the catalogue."""
        submission = await imports.submit(merchant_id, body.url)
        response.headers["Location"] = f"/v1/imports/{submission.import_.id}"
        if submission.duplicate:
            response.status_code = 200
        return await _shown(imports, merchant_id, submission.import_, duplicate=submission.duplicate)

    @router.get("/v1/imports", tags=["imports"])
    async def list_imports(
        wanted: Annotated[str, FILTER] = "",
        product: str = "",
        cursor: str = "",
        limit: Limit = 50,
        *,
        merchant_id: str = merchant,
    ) -> ImportPage:
        """List imports that a filter wants, or those of one product, newest first."""
        chosen = parse_filter(wanted, now())
        found = await imports.imports(merchant_id, chosen, product_id=product, before=cursor, limit=limit + 1)
        following = _following("/v1/imports", found, limit, {"filter": str(chosen), "product": product})
        return ImportPage(imports=[ImportOut.of(each) for each in found[:limit]], next=following)

    @router.get("/v1/imports/{import_id}", tags=["imports"])
    async def get_import(import_id: str, *, merchant_id: str = merchant) -> ImportOut:
        """Get an import with its steps and attempts."""
        return await _shown(imports, merchant_id, await imports.import_(merchant_id, import_id))


def _add_actions(router: APIRouter, imports: Imports, merchant: Any) -> None:
    @router.post("/v1/imports/{import_id}/retry", status_code=202, tags=["imports"])
    async def retry(import_id: str, *, merchant_id: str = merchant) -> ImportOut:
        """Import the product of an ended import again."""
        import_ = await imports.import_(merchant_id, import_id)
        return await _shown(imports, merchant_id, (await imports.retry(merchant_id, import_.product_id)).import_)

    @router.post("/v1/imports/{import_id}/continue", status_code=202, tags=["imports"])
    async def go_on(import_id: str, *, merchant_id: str = merchant) -> ImportOut:
        """Let an import that stopped at a budget go on; 409 for any other."""
        import_ = await imports.import_(merchant_id, import_id)
        return await _shown(imports, merchant_id, (await imports.go_on(merchant_id, import_.product_id)).import_)

    @router.put("/v1/imports/{import_id}/html", status_code=202, tags=["imports"])
    async def paste(import_id: str, body: PastedPage, *, merchant_id: str = merchant) -> ImportOut:
        """Import the product of an ended import from the page's HTML."""
        import_ = await imports.import_(merchant_id, import_id)
        return await _shown(
            imports, merchant_id, (await imports.paste(merchant_id, import_.product_id, body.html)).import_
        )


async def _shown(imports: Imports, merchant_id: str, import_: Import, *, duplicate: bool = False) -> ImportOut:
    steps, attempts = await imports.progress(merchant_id, import_.id)
    return ImportOut.of(
        import_,
        [StepOut.of(each) for each in steps],
        [AttemptOut.of(each) for each in attempts],
        duplicate=duplicate,
    )


def _add_products(router: APIRouter, imports: Imports, merchant: Any) -> None:
    @router.get("/v1/products", tags=["products"])
    async def list_products(
        wanted: Annotated[str, FILTER] = "",
        status: Status | None = None,
        q: str = "",
        cursor: str = "",
        limit: Limit = 50,
        *,
        sort: Sort = Sort.NEWEST,
        merchant_id: str = merchant,
    ) -> ProductPage:
        """List products that a filter wants, in an order; `q` searches name, brand, SKU and address."""
        chosen = parse_filter(wanted, now())
        chosen = chosen.having(Word.STATUS, status.value.lower()) if status else chosen
        chosen = chosen.having(Word.TEXT, q) if q else chosen
        found = await imports.products(merchant_id, chosen, sort=sort, before=cursor, limit=limit + 1)
        query = {"filter": str(chosen), "sort": "" if sort is Sort.NEWEST else sort.value}
        following = _following("/v1/products", found, limit, query)
        return ProductPage(products=[ProductOut.of(each) for each in found[:limit]], next=following)

    @router.get("/v1/products/{product_id}", tags=["products"])
    async def get_product(
        product_id: str,
        response: Response,
        include: Annotated[str, Query(description="`evidence` adds each field's evidence.")] = "",
        *,
        merchant_id: str = merchant,
    ) -> ProductOut:
        """Get a product, with its version as `ETag`; 304 where `If-None-Match` names that version."""
        product = await imports.product(merchant_id, product_id)
        tell_version(response, product)
        return ProductOut.of(product, evidence="evidence" in include.split(","))


def _following(
    path: str, found: Sequence[CatalogueProduct] | Sequence[Import], limit: int, query: dict[str, str]
) -> str | None:
    """Give the address of the next page, which keeps what was asked for; None after the last one."""
    if len(found) <= limit:
        return None
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode({**kept, 'cursor': found[limit - 1].id, 'limit': limit})}"
