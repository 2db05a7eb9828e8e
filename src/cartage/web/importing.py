"""Pages of importing: the form, the live status of an import, and what to do when it failed."""

import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cartage.imports.listings import listed_by
from cartage.imports.pausing import Pausing
from cartage.imports.service import Imports
from cartage.imports.waiting import place_of
from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.errors import CartageError, Conflict, Failure, InvalidInput, Origin
from cartage.model.lasting import WALLED, lasting_codes
from cartage.scraping.remedies import mended_by_browser
from cartage.web.answers import go
from cartage.web.copying import copies_of
from cartage.web.known import KnownPage, known_query
from cartage.web.language import language_of, speaking
from cartage.web.pauses import paused_among
from cartage.web.rendering import fragment, page
from cartage.web.session import Posted, Sessions, Visitor
from cartage.web.so_far import so_far
from cartage.web.steps import LOG, steps_of
from cartage.web.wishes import OptionsDesk, enhance_of, wishes_of_one, wrong_of

RECENT = 6
SEQUENCE = re.compile(r"[0-9]{1,18}")
AT_ONCE = "return=representation"  # RFC 7240, section 4.2: what was begun is to be shown in the answer itself


@dataclass(frozen=True, slots=True)
class FormPage:
    """Show the form that starts an import, with links to try (label, address)."""

    imports: Imports
    desk: OptionsDesk
    links: tuple[tuple[str, str], ...] = ()

    async def shown(
        self,
        request: Request,
        merchant_id: str,
        fields: Mapping[str, str],
        status: int = 200,
        *,
        error: Failure | None = None,
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        """Make the page, with what is `wrong` with the options beside them."""
        with speaking(language_of(request)):
            options = await self.desk.options(merchant_id, fields, wrong)
        recent = await self.imports.products(merchant_id, limit=RECENT)
        return page(
            request,
            "import.html",
            status,
            links=self.links,
            recent=recent,
            paused_ids=await paused_among(self.imports.store, request.state.visitor, recent),
            url=fields.get("url", ""),
            options=options,
            error=error,
        )


def add_form(router: APIRouter, form: FormPage, sessions: Sessions) -> None:
    """Add the form that starts an import."""

    @router.get("/import")
    async def show_form(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], url: str = ""
    ) -> Response:
        return await form.shown(request, visitor.merchant_id, {"url": url})

    @router.post("/import")
    async def submit(request: Request, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        url, fields = posted.fields.get("url", ""), posted.fields
        try:
            enhance, wishes = enhance_of(fields), wishes_of_one(fields)
            submission = await form.imports.by(posted.asked_by).submit(
                posted.merchant_id, url, enhance=enhance, wishes=wishes
            )
        except CartageError as error:
            if error.origin is not Origin.YOU:
                raise
            wrong = wrong_of(error) if isinstance(error, InvalidInput) else {}
            told = None if wrong else error.failure()
            return await form.shown(request, posted.merchant_id, fields, 422, error=told, wrong=wrong)
        path = status_path(submission.product.id)
        if submission.duplicate or request.headers.get("prefer") != AT_ONCE:
            return go(path + (known_query(fields) if submission.duplicate else ""))
        reply = await status_page(form.imports, request, submission.product, 201)
        reply.headers["Content-Location"] = path
        return reply


def add_status(router: APIRouter, known_page: KnownPage, sessions: Sessions) -> None:
    """Add the page that shows an import as it runs, or what is there already, and its events."""
    imports = known_page.imports

    async def watched(product_id: str, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> CatalogueProduct:
        return await imports.product(visitor.merchant_id, product_id)

    @router.get("/import/status/{product_id}")
    async def show_status(
        request: Request, product: Annotated[CatalogueProduct, Depends(watched)], known: str = ""
    ) -> Response:
        if not product.status.settled or product.status is Status.FAILED:
            return await status_page(imports, request, product, known=bool(known))
        if known:
            return await known_page.shown(request, product, request.query_params)
        import_ = await imports.import_(product.merchant_id, product.import_id)
        return go(f"/products/{product.id}?" + (f"look={import_.id}" if import_.wishes.look else "imported=1"))

    @router.get("/import/status/{product_id}/events", response_class=EventSourceResponse)
    async def events(
        request: Request, product: Annotated[CatalogueProduct, Depends(watched)], after: str = ""
    ) -> AsyncIterator[ServerSentEvent]:
        """Send what changes whenever it does: the steps as they stand, and the lines of the log that are new.

        New is what comes after the last event that the browser had, or that its page shows.
        """
        last = request.headers.get("last-event-id", "") or after
        shown = int(last) if SEQUENCE.fullmatch(last) else 0
        async for sequence in imports.follow(product.merchant_id, product.id, shown):
            present = await imports.product(product.merchant_id, product.id)
            context = await _context(imports, present, request.query_params, shown)
            told = "log_news.html" if context["selection"].side == LOG else "told.html"
            names = ("progress.html", *(("so_far.html",) if context["brought"] else ()), told)
            parts = (fragment(request, name, **context) for name in names)
            yield ServerSentEvent(event="progress", id=str(sequence), raw_data="".join(parts))
            shown = sequence
        settled = await imports.product(product.merchant_id, product.id)
        yield ServerSentEvent(event="settled", raw_data=settled.status.value)


def add_actions(router: APIRouter, known_page: KnownPage, sessions: Sessions) -> None:
    """Add what a person can do about an import: retry, go on, paste its page, cancel."""
    imports = known_page.imports

    @router.post("/import/status/{product_id}/retry")
    async def retry(request: Request, product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        try:
            with contextlib.suppress(Conflict):
                await known_page.again(posted, product_id)
        except InvalidInput as error:
            product = await imports.product(posted.merchant_id, product_id)
            return await known_page.shown(request, product, posted.fields, 422, wrong=wrong_of(error))
        return go(_onward(posted, product_id, again=product_id))

    @router.post("/import/status/{product_id}/continue")
    async def go_on(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        with contextlib.suppress(Conflict):
            await imports.by(posted.asked_by).go_on(posted.merchant_id, product_id)
        return go(status_path(product_id))

    @router.post("/import/status/{product_id}/paste")
    async def paste(request: Request, product_id: str, posted: Annotated[Posted, Depends(sessions.pasted)]) -> Response:
        try:
            await imports.by(posted.asked_by).paste(posted.merchant_id, product_id, posted.fields.get("html", ""))
        except Conflict:
            return go(status_path(product_id))
        except InvalidInput as error:
            product = await imports.product(posted.merchant_id, product_id)
            return await status_page(imports, request, product, 422, paste_error=error.detail)
        return go(status_path(product_id))

    @router.post("/import/status/{product_id}/cancel")
    async def cancel(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        await imports.cancel(posted.merchant_id, product_id)
        return go(_onward(posted, product_id))


def _onward(posted: Posted, product_id: str, **told: str) -> str:
    """Lead back to the list that a form was sent from, saying what was done; else to the status page."""
    if posted.fields.get("back") != "imports":
        return status_path(product_id)
    query = {"filter": posted.fields.get("filter", ""), **told}
    return f"/imports?{urlencode({name: value for name, value in query.items() if value})}"


def status_path(product_id: str) -> str:
    """Give the address of a product's status page."""
    return f"/import/status/{product_id}"


async def status_page(
    imports: Imports,
    request: Request,
    product: CatalogueProduct,
    status: int = 200,
    *,
    paste_error: str = "",
    listed_error: str = "",
    known: bool = False,
) -> Response:
    """Show where a product's import stands; `known` tells that the address was there before it was handed in."""
    context = await _context(imports, product, request.query_params)
    if request.method == "POST":
        context["came_from"] = context["here"]
    context["copied"] = copies_of(context["import_"], context["attempts"], str(request.base_url).rstrip("/"))
    context["listed"] = await listed_by(imports.store, context["import_"])
    told = {"paste_error": paste_error, "listed_error": listed_error, "known": known}
    return page(request, "status.html", status, **told, **context)


async def _context(
    imports: Imports, product: CatalogueProduct, asked: Mapping[str, str], after: int = 0
) -> dict[str, Any]:
    import_ = await imports.import_(product.merchant_id, product.import_id)
    shown = await steps_of(imports, import_, asked, after)
    stopped = not product.status.settled and await imports.worker_stopped()
    failure, first = product.failure, product.facts is None and not product.status.settled
    pause = await Pausing(imports.store).holding(import_)
    return {
        **shown,
        "pause": pause,
        "brought": await so_far(imports, import_, shown["steps"], shown["attempts"]) if first else None,
        "product": product,
        "current": True,
        "keeps_pictures": imports.keeps_pictures,
        "here": status_path(product.id),
        "worker_stopped": stopped,
        "place": None if pause else await place_of(imports.store.listing, import_, shown["steps"]),
        "mended": bool(imports.renders and failure and mended_by_browser(failure, shown["attempts"])),
        "lasting_codes": lasting_codes(None),
        "walled_codes": WALLED,
    }
