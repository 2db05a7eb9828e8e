"""What an import kept: each page that was brought, what was read out of it, and what a browser showed."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from cartage.imports.service import Imports
from cartage.model.catalogue import Attempt
from cartage.model.errors import NotFound
from cartage.model.page import Page, PageKind
from cartage.wire.artifacts import ArtifactList, ArtifactOut

SHOT_TYPE, JSON_TYPE, HTML_TYPE = "image/jpeg", "application/json", "text/html"
HTML = "html"
DOWNLOADED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_artifacts(router: APIRouter, imports: Imports, merchant: Any) -> None:
    """Add an import's artifacts."""

    async def kept(merchant_id: str, import_id: str) -> dict[str, tuple[ArtifactOut, str]]:
        _, attempts = await imports.progress(merchant_id, import_id)
        return kept_of(import_id, attempts)

    @router.get("/v1/imports/{import_id}/artifacts", tags=["imports"])
    async def list_artifacts(import_id: str, *, merchant_id: str = merchant) -> ArtifactList:
        """List the pages that an import kept, what was read out of them, and what a browser showed.

        Each is named by its try, and its `links` lead to it.
        """
        return ArtifactList(artifacts=[shown for shown, _ in (await kept(merchant_id, import_id)).values()])

    @router.get(
        "/v1/imports/{import_id}/artifacts/{artifact}",
        tags=["imports"],
        responses={200: {"content": {"application/json": {}, HTML_TYPE: {}, SHOT_TYPE: {}}}},
        response_class=Response,
    )
    async def get_artifact(request: Request, import_id: str, artifact: str, *, merchant_id: str = merchant) -> Response:
        """Download a page as it was brought, with its address, status and headers, what was read of it, or a shot.

        A page's own HTML, byte for byte, is what its name with `.html` in place of `.json` brings, and what `Accept:
        text/html` asks for.
        """
        stem, dot, form = artifact.rpartition(".")
        known = await kept(merchant_id, import_id)
        found = known.get(f"{stem}.json" if form == HTML else artifact)
        if found is None or (form == HTML and found[0].kind != "page"):
            raise NotFound(f"There is no artifact {artifact}.")
        content = await imports.store.artifacts.get(merchant_id, found[1])
        media_type = SHOT_TYPE if found[0].kind == "shot" else JSON_TYPE
        if found[0].kind == "page" and (form == HTML or wants_html(request.headers.get("accept", ""))):
            html = html_of(content)
            if html is None and form == HTML:
                raise NotFound("The page was brought by a shop's API or a service, not as HTML.")
            if html is not None:
                content, media_type, artifact = html, HTML_TYPE, f"{stem}{dot}{HTML}"
        named = {"Content-Disposition": f'attachment; filename="{import_id}-{artifact}"', "Vary": "Accept"}
        response = Response(content, headers=DOWNLOADED | named)
        response.headers["Content-Type"] = media_type  # a charset that we do not know is not named
        return response


def kept_of(import_id: str, attempts: Sequence[Attempt]) -> dict[str, tuple[ArtifactOut, str]]:
    """Give by its name what the attempts of an import kept, each with its artifact's id."""
    found = [pair for attempt in attempts for pair in _of(import_id, attempt)]
    return {shown.name: (shown, artifact_id) for shown, artifact_id in found}


def wants_html(accept: str) -> bool:
    """Tell whether a client names HTML among what it takes, and JSON not before it."""
    kinds = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    before = kinds[: kinds.index(HTML_TYPE)] if HTML_TYPE in kinds else [JSON_TYPE]
    return JSON_TYPE not in before


def html_of(content: bytes) -> bytes | None:
    """Give the HTML of a kept page; None of one that a shop's API or a service brought as JSON."""
    page = Page.model_validate_json(content)
    return page.body if page.kind is PageKind.HTML else None


def _of(import_id: str, attempt: Attempt) -> list[tuple[ArtifactOut, str]]:
    kept = {"page": attempt.page_id, "extraction": attempt.extraction_id, "shot": attempt.shot_id}
    return [
        (_shown(import_id, attempt, kind), artifact_id) for kind, artifact_id in kept.items() if artifact_id is not None
    ]


def _shown(import_id: str, attempt: Attempt, kind: str) -> ArtifactOut:
    name = f"{attempt.provider}-{attempt.number}-{kind}.{'jpg' if kind == 'shot' else 'json'}"
    here = f"/v1/imports/{import_id}/artifacts/{name}"
    links = {"self": here} | ({"html": f"{here.removesuffix('.json')}.{HTML}"} if kind == "page" else {})
    return ArtifactOut(name=name, provider=attempt.provider, number=attempt.number, kind=kind, links=links)
