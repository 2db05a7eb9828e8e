"""Pages of the catalogue: one product with its evidence, one import with its attempts."""

import contextlib
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response

from cartage.exports.service import Exports
from cartage.imports.differences import differences_of
from cartage.imports.enhancement import Enhancing
from cartage.imports.look import look as begin_look
from cartage.imports.look import would_change
from cartage.imports.pausing import pause_of
from cartage.imports.readings import readings_of
from cartage.imports.service import Imports
from cartage.imports.spending import waits_for_budget
from cartage.imports.upkeep import Upkeep
from cartage.model.catalogue import CatalogueProduct, Import
from cartage.model.errors import Conflict, NotFound
from cartage.model.page import Page, PageKind
from cartage.model.refresh_policy import Renewal
from cartage.web.answers import go
from cartage.web.copying import copies_of
from cartage.web.curve import curve_of
from cartage.web.earlier import earlier_of
from cartage.web.enhancement import texts_of
from cartage.web.exports import selling_of
from cartage.web.importing import status_path
from cartage.web.language import language_of, speaking
from cartage.web.matrix import matrix_of
from cartage.web.pauses import paused_among
from cartage.web.pictures import KEPT_HEADERS
from cartage.web.rendering import page
from cartage.web.review import drafts_of
from cartage.web.session import Posted, Sessions, Visitor
from cartage.web.steps import steps_of

SHOT_TYPE = "image/jpeg"
CARDS, ROWS, HISTORY = 24, 30, 30
Listed = TypeVar("Listed", CatalogueProduct, Import)


def add_products(
    router: APIRouter, imports: Imports, exports: Exports, enhancing: Enhancing, sessions: Sessions
) -> None:
    """Add the page of each product."""

    @router.get("/products/{product_id}")
    async def product(
        request: Request,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        product_id: str,
        saved: str = "",
        imported: str = "",
        *,
        look: str = "",
    ) -> Response:
        found = await imports.product(visitor.merchant_id, product_id)
        if found.facts is None:
            return go(status_path(found.id))
        history = await Upkeep(imports.store).history(visitor.merchant_id, product_id, HISTORY)
        readings = await readings_of(imports.store, found)
        never = (await imports.store.upkeep.policy(visitor.merchant_id)).fields(Renewal.NEVER)
        with speaking(language_of(request)):
            texts = await texts_of(enhancing, found)
        return page(
            request,
            "product.html",
            product=found,
            facts=found.facts,
            done="saved" if saved else "imported" if imported else "",
            history=history,
            curve=curve_of(history, datetime.now(UTC)),
            **await selling_of(exports, found),
            **texts,
            **await _looked(imports, found, look),
            drafts=drafts_of(found),
            differences=differences_of(readings, found.locked, never),
            earlier=earlier_of(readings, history),
            readings=readings,
            matrix=matrix_of(found.facts),
            copies={each.url: f"/pictures/{each.id}/small" for each in found.pictures if each.id},
            asks_for_budget=waits_for_budget(found),
            keeps_pictures=imports.keeps_pictures,
            paused_ids=await paused_among(imports.store, visitor, [found]),
        )


def add_look(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    """Add looking at a product's page before a refresh."""

    @router.post("/products/{product_id}/look")
    async def look_first(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        with contextlib.suppress(Conflict):  # one is under way: its page shows it
            await begin_look(imports.by(posted.asked_by), posted.merchant_id, product_id)
        return go(status_path(product_id))


async def _looked(imports: Imports, product: CatalogueProduct, asked: str) -> dict[str, Any]:
    """Tell what a look saw, as long as it is the product's newest import; why not, where it did not go well."""
    if not asked or asked != product.import_id:
        return {"look": None, "would_change": []}
    import_ = await imports.import_(product.merchant_id, asked)
    with contextlib.suppress(Conflict, NotFound):
        return {"look": import_, "would_change": await would_change(imports.store, import_)}
    return {"look": import_ if import_.failure else None, "would_change": []}


def add_imports(router: APIRouter, imports: Imports, sessions: Sessions) -> None:
    """Add the page of each import."""

    @router.get("/imports/{import_id}")
    async def show_import(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], import_id: str
    ) -> Response:
        import_ = await imports.import_(visitor.merchant_id, import_id)
        shown = await steps_of(imports, import_, request.query_params)
        context = {
            "copied": copies_of(import_, shown["attempts"], str(request.base_url).rstrip("/")),
            "here": f"/imports/{import_id}",
            "place": None,
            "pause": pause_of(visitor.pauses, import_),
            "worker_stopped": False,
            "keeps_pictures": imports.keeps_pictures,
            "current": (await imports.product(visitor.merchant_id, import_.product_id)).import_id == import_id,
        }
        return page(request, "one_import.html", **shown, **context)

    @router.get("/imports/{import_id}/artifacts/{artifact_id}")
    async def artifact(
        visitor: Annotated[Visitor, Depends(sessions.visitor)], import_id: str, artifact_id: str
    ) -> Response:
        content, media_type, name = await kept_by(imports, visitor.merchant_id, import_id, artifact_id)
        shown = "inline" if media_type == SHOT_TYPE else "attachment"
        headers = {**KEPT_HEADERS, "Content-Disposition": f'{shown}; filename="{import_id}-{name}"'}
        return Response(content, media_type=media_type, headers=headers)


async def kept_by(imports: Imports, merchant_id: str, import_id: str, artifact_id: str) -> tuple[bytes, str, str]:
    """Get what an import kept: its bytes, what they are, and a file name; raises `NotFound` for anything else."""
    _, attempts = await imports.progress(merchant_id, import_id)
    pages, extractions = {each.page_id for each in attempts}, {each.extraction_id for each in attempts}
    shots = {each.shot_id for each in attempts}
    if artifact_id not in pages | extractions | shots:
        raise NotFound(f"There is no {artifact_id}.")
    content = await imports.store.artifacts.get(merchant_id, artifact_id)
    if artifact_id in extractions:
        return content, "application/json", "read.json"
    if artifact_id in shots:
        return content, SHOT_TYPE, "shot.jpg"
    kept = Page.model_validate_json(content)
    html = kept.kind is PageKind.HTML
    return kept.body, "application/octet-stream" if html else "application/json", "page.html" if html else "page.json"
