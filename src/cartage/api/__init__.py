"""JSON over HTTP: imports and products of the token's merchant."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from cartage.accounts.quota import Quota
from cartage.accounts.service import Accounts
from cartage.api.access import add_access
from cartage.api.artifacts import add_artifacts
from cartage.api.batches import LARGEST_LIST, add_batches
from cartage.api.bulk import add_bulk
from cartage.api.business import add_business
from cartage.api.callers import SAFE, Asker, Caller, Callers, TokenCallers
from cartage.api.costs import add_costs
from cartage.api.enhancement import add_enhancement
from cartage.api.events import add_events
from cartage.api.exports import add_exports
from cartage.api.failing import told_in_full
from cartage.api.faults import check_import
from cartage.api.feeds import add_feeds
from cartage.api.listings import add_listings
from cartage.api.looks import add_looks
from cartage.api.narrowing import Narrowing
from cartage.api.once import Once
from cartage.api.openapi import operation_id
from cartage.api.paging import Paging
from cartage.api.pauses import add_pauses
from cartage.api.pictures import add_pictures
from cartage.api.pricing import add_pricing
from cartage.api.review import add_review
from cartage.api.route import guarded_route
from cartage.api.scrape_status import add_scrape_status
from cartage.api.spacings import add_spacings
from cartage.api.upkeep import add_upkeep
from cartage.api.versions import tell_version
from cartage.api.waiting import Patience, Seconds
from cartage.app import App
from cartage.exports.feeds import Feeds
from cartage.exports.service import Exports
from cartage.fetching.address import canonical_url
from cartage.imports.batch import Batches
from cartage.imports.batch_check import Outlook
from cartage.imports.bulk import BulkActions
from cartage.imports.enhancement import Enhancing
from cartage.imports.given import overridden
from cartage.imports.pausing import Pausing, pause_of
from cartage.imports.pictures import Curator
from cartage.imports.service import Imports, Submission
from cartage.imports.spacing import Spacings
from cartage.imports.spending import Costs
from cartage.imports.upkeep import Upkeep
from cartage.imports.uploads import Uploads
from cartage.imports.waiting import place_of
from cartage.imports.watching import Watching
from cartage.listing import Sort
from cartage.model.catalogue import Import, Status
from cartage.model.filtering import Standing
from cartage.pricing.service import Pricing
from cartage.scraping.coming import to_come
from cartage.webhooks.service import Webhooks
from cartage.wire.catalogue import (
    AttemptOut,
    ContinueBody,
    ImportOut,
    ImportPage,
    NewImport,
    PastedPage,
    ProductOut,
    ProductPage,
    RetryBody,
    StepOut,
)

IN_THE_HISTORY = {"/v1/imports", "/v1/batches"}  # each submission is kept there anyway
OfProduct = Annotated[str, Query(description="Only imports of this product.")]
OVER: dict[int | str, dict[str, Any]] = {200: {"model": ImportOut, "description": "It is over already."}}
AS_USUAL = Outlook()
bearer = HTTPBearer(scheme_name="token", auto_error=False, description="A token from `cartage token create`.")


def create_api(
    imports: Imports,
    accounts: Accounts,
    site_url: str = "",
    *,
    callers: Callers | None = None,
    model_off: str = "",
    outlook: Outlook = AS_USUAL,
    curator: Curator | None = None,
    public_site: str = "",
) -> APIRouter:
    """Make the API's routes over the use cases; `site_url` is where people reach the products' pages.

    Callers are known by their tokens, unless others are given. `model_off` says why there is no language model,
    where there is none, and `outlook` foretells of lists. `curator` keeps pictures that are uploaded, and shops fetch
    them at `public_site`.
    """

    async def merchant(request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> str:
        caller: Caller = request.state.caller
        return caller.merchant_id

    async def note(request: Request, caller: Caller) -> None:
        if request.method not in SAFE and request.url.path not in IN_THE_HISTORY:
            await accounts.note(caller.merchant_id, caller.signature, request.method.lower(), request.url.path)

    known, once = callers or TokenCallers(accounts, Quota()), Once(imports.store.replies)
    router = APIRouter(route_class=guarded_route(known, once, note), generate_unique_id_function=operation_id)
    lists = APIRouter(
        route_class=guarded_route(known, once, note, LARGEST_LIST), generate_unique_id_function=operation_id
    )
    public = APIRouter(generate_unique_id_function=operation_id)
    add_scrape_status(public, imports, accounts)
    _add_imports(router, imports, Depends(merchant))
    _add_again(router, imports, Depends(merchant))
    _add_actions(router, imports, Depends(merchant))
    add_artifacts(router, imports, Depends(merchant))
    add_listings(router, imports, Depends(merchant))
    add_events(router, Watching(imports), Depends(merchant))
    _add_products(router, imports, Depends(merchant))
    add_pictures(router, imports, Uploads(curator), Depends(merchant))
    add_access(router, accounts, Webhooks(imports.store, imports.rules), Depends(merchant))
    add_upkeep(router, Upkeep(imports.store), Depends(merchant))
    add_enhancement(router, Enhancing(imports.store, imports.engine, model_off), Depends(merchant))
    add_looks(router, imports, Depends(merchant))
    add_review(router, Upkeep(imports.store), Depends(merchant))
    add_costs(router, Costs(imports.store), Depends(merchant))
    add_business(router, imports, accounts, Depends(merchant))
    add_pauses(router, Pausing(imports.store), Depends(merchant))
    add_spacings(router, Spacings(imports.store), accounts, Depends(merchant))
    add_exports(router, Exports(imports.store, public_site), Depends(merchant))
    add_feeds(router, Feeds(imports.store, public_site), Depends(merchant), site_url)
    add_bulk(router, BulkActions(imports.store), Depends(merchant))
    add_pricing(router, Pricing(imports.store), Depends(merchant))
    add_batches(router, lists, Batches(imports.store, imports), Depends(merchant), outlook=outlook, site_url=site_url)
    for each in (router, lists):
        public.routes.extend(each.routes)  # `include_router` would make each of them once more
    return public


def api_of(app: App, callers: Callers) -> APIRouter:
    """Make the API's routes over an installation."""
    return create_api(
        app.imports,
        app.accounts,
        app.settings.site_url,
        callers=callers,
        model_off=app.model_off,
        outlook=app.outlook,
        curator=app.curator,
        public_site=app.settings.public_site,
    )


def _add_imports(router: APIRouter, imports: Imports, merchant: Any) -> None:
    @router.post("/v1/imports", status_code=202, tags=["imports"], responses=OVER)
    async def create_import(
        body: NewImport, seconds: Seconds, response: Response, asked_by: Asker, *, merchant_id: str = merchant
    ) -> ImportOut:
        """Import an address; 200 with `duplicate` true when it is already in the catalogue.

        With `Prefer: wait=30` the reply waits that many seconds (60 at most) for the end of the import, and then
        holds the product.
        """
        own = imports.by(asked_by)
        check_import(body)
        given = overridden(body.given, canonical_url(body.url)) if body.given else None
        submission = await own.submit(merchant_id, body.url, enhance=body.enhance, wishes=body.wishes, given=given)
        response.headers["Location"] = f"/v1/imports/{submission.import_.id}"
        if submission.duplicate:
            response.status_code = 200
        import_ = await Patience(imports).wait(response, submission.import_, seconds)
        return await _shown(imports, import_, duplicate=submission.duplicate, product=bool(seconds))

    @router.get("/v1/imports", tags=["imports"])
    async def list_imports(
        paging: Annotated[Paging, Depends()],
        narrowing: Annotated[Narrowing, Depends()],
        product: OfProduct = "",
        status: Annotated[Standing | None, Query(description="Only imports that stand there.")] = None,
        *,
        merchant_id: str = merchant,
    ) -> ImportPage:
        """List imports, newest first: those that `filter` wants and that all other parameters fit.

        `status`, `error` and `batch` look at the import itself, the others at its product. What names what there is not
        is refused (422), rather than listing everything.
        """
        chosen, limit = narrowing.having(status), paging.limit + 1
        found = await imports.imports(merchant_id, chosen, product_id=product, before=paging.after, limit=limit)
        shown, following = paging.cut(found, lambda each: each.id, filter=narrowing.written)
        pauses = await Pausing(imports.store).list(merchant_id)
        told = [ImportOut.of(each, paused=pause_of(pauses, each)) for each in shown]
        return ImportPage(imports=told, next=following)

    @router.get("/v1/imports/{import_id}", tags=["imports"])
    async def get_import(import_id: str, *, merchant_id: str = merchant) -> ImportOut:
        """Get an import with its steps, those to come too, its attempts, and while it waits its place in line.

        Where it failed, `error` says what happened, whose side it is on and what to do. Instead of asking again and
        again, follow its events.
        """
        return await _shown(imports, await imports.import_(merchant_id, import_id))


def _add_again(router: APIRouter, imports: Imports, merchant: Any) -> None:
    @router.post("/v1/imports/{import_id}/retry", status_code=202, tags=["imports"], responses=OVER)
    async def retry_import(
        import_id: str,
        seconds: Seconds,
        response: Response,
        asked_by: Asker,
        body: RetryBody | None = None,
        *,
        merchant_id: str = merchant,
    ) -> ImportOut:
        """Import the product of an ended import again, as a new import; 409 while one is under way.

        `from_step` says where it begins: `fetch` is the beginning, `extract` reads the page that is kept once more,
        `pictures` fetches the pictures alone. `render`, `language` and `max_cost_usd` change how it is done.
        """
        import_ = await imports.import_(merchant_id, import_id)
        asked = body or RetryBody()
        begun = await imports.by(asked_by).retry(
            merchant_id, import_.product_id, from_step=asked.from_step, wishes=asked.changed(import_.wishes)
        )
        return await _answered(imports, response, begun, seconds)

    @router.post("/v1/imports/{import_id}/continue", status_code=202, tags=["imports"], responses=OVER)
    async def continue_import(
        import_id: str,
        seconds: Seconds,
        response: Response,
        asked_by: Asker,
        body: ContinueBody | None = None,
        *,
        merchant_id: str = merchant,
    ) -> ImportOut:
        """Let an import that stopped at a budget, or asked no language model for it, go on as a new one; else 409.

        It has no bound of its own any more, or the `max_cost_usd` that is named, and the budgets of lists and days hold
        it no longer; what the installation allows one import is counted anew.
        """
        import_, bound = await imports.import_(merchant_id, import_id), body.max_cost_usd if body else None
        begun = await imports.by(asked_by).go_on(merchant_id, import_.product_id, bound)
        return await _answered(imports, response, begun, seconds)


def _add_actions(router: APIRouter, imports: Imports, merchant: Any) -> None:
    @router.post("/v1/imports/{import_id}/cancel", tags=["imports"])
    async def cancel_import(import_id: str, *, merchant_id: str = merchant) -> ImportOut:
        """Stop an import that is under way; one that is over stays as it is.

        Answers with the import as it stands then: failed, with the code `cancelled`. What was imported before stays;
        404 for an import there is not.
        """
        import_ = await imports.import_(merchant_id, import_id)
        if not import_.state.over:
            await imports.cancel(merchant_id, import_.product_id)
        return await _shown(imports, await imports.import_(merchant_id, import_id))

    @router.put("/v1/imports/{import_id}/html", status_code=202, tags=["imports"], responses=OVER)
    async def paste_page(
        import_id: str,
        body: PastedPage,
        seconds: Seconds,
        response: Response,
        asked_by: Asker,
        *,
        merchant_id: str = merchant,
    ) -> ImportOut:
        """Import the product of an ended import from the page's HTML, as a new import.

        Nothing is fetched but pictures. 409 while another import of the product is under way; with `Prefer: wait=30`
        the reply waits for the end.
        """
        import_ = await imports.import_(merchant_id, import_id)
        begun = await imports.by(asked_by).paste(merchant_id, import_.product_id, body.html)
        return await _answered(imports, response, begun, seconds)


async def _answered(imports: Imports, response: Response, begun: Submission, seconds: int) -> ImportOut:
    response.headers["Location"] = f"/v1/imports/{begun.import_.id}"
    import_ = await Patience(imports).wait(response, begun.import_, seconds)
    return await _shown(imports, import_, product=bool(seconds))


async def _shown(imports: Imports, import_: Import, *, duplicate: bool = False, product: bool = False) -> ImportOut:
    merchant_id = import_.merchant_id
    steps, attempts = await imports.progress(merchant_id, import_.id)
    begun, coming = [StepOut.of(each) for each in steps], to_come(import_, steps)
    left = [StepOut.pending(each.name, each.condition) for each in coming]
    tried, pause = [AttemptOut.of(each) for each in attempts], await Pausing(imports.store).holding(import_)
    shown = ImportOut.of(import_, begun + left, tried, duplicate=duplicate, paused=pause)
    if pause is None and (place := await place_of(imports.store.listing, import_, steps)):
        shown.queue_position = place.ahead + 1
        shown.starts_in_seconds = None if place.seconds is None else round(place.seconds)
    if import_.failure and shown.error:
        shown.error = await told_in_full(imports, import_, shown.error, steps, attempts)
    if product and import_.state.over:
        shown.product = ProductOut.of(await imports.product(merchant_id, import_.product_id))
    return shown


def _add_products(router: APIRouter, imports: Imports, merchant: Any) -> None:
    @router.get("/v1/products", tags=["products"])
    async def list_products(
        paging: Annotated[Paging, Depends()],
        narrowing: Annotated[Narrowing, Depends()],
        status: Annotated[Status | None, Query(description="Only products that stand there.")] = None,
        *,
        sort: Annotated[Sort, Query(description="Which come first.")] = Sort.NEWEST,
        merchant_id: str = merchant,
    ) -> ProductPage:
        """List products, in an order: those that `filter` wants and that all other parameters fit.

        A product holds what its page states, and what you set by hand.
        """
        chosen, limit = narrowing.having(status and status.value.lower()), paging.limit + 1
        found = await imports.products(merchant_id, chosen, sort=sort, before=paging.after, limit=limit)
        shown, following = paging.cut(found, lambda each: each.id, filter=narrowing.written)
        return ProductPage(products=[ProductOut.of(each) for each in shown], next=following)

    @router.get("/v1/products/{product_id}", tags=["products"])
    async def get_product(
        product_id: str,
        response: Response,
        include: Annotated[str, Query(description="`evidence` adds each field's evidence.")] = "",
        *,
        merchant_id: str = merchant,
    ) -> ProductOut:
        """Get a product, with its version as `ETag`; 304 where `If-None-Match` names that version.

        Send that version as `If-Match` when you change the product, so that nothing is overwritten unseen.
        """
        product = await imports.product(merchant_id, product_id)
        tell_version(response, product)
        return ProductOut.of(product, evidence="evidence" in include.split(","))
