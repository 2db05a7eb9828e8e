"""What an import kept: each page that was brought, what was read out of it, and what a browser showed."""

from typing import Any

from fastapi import APIRouter, Response

from cartage.imports.service import Imports
from cartage.model.catalogue import Attempt
from cartage.model.errors import NotFound
from cartage.wire.artifacts import ArtifactList, ArtifactOut

SHOT_TYPE = "image/jpeg"
DOWNLOADED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_artifacts(router: APIRouter, imports: Imports, merchant: Any) -> None:
    """Add an import's artifacts."""

    async def kept(merchant_id: str, import_id: str) -> dict[str, tuple[ArtifactOut, str]]:
        _, attempts = await imports.progress(merchant_id, import_id)
        found = [pair for attempt in attempts for pair in _of(import_id, attempt)]
        return {shown.name: (shown, artifact_id) for shown, artifact_id in found}

    @router.get("/v1/imports/{import_id}/artifacts", tags=["imports"])
    async def list_artifacts(import_id: str, *, merchant_id: str = merchant) -> ArtifactList:
        """List the pages that an import kept, what was read out of them, and what a browser showed."""
        return ArtifactList(artifacts=[shown for shown, _ in (await kept(merchant_id, import_id)).values()])

    @router.get(
        "/v1/imports/{import_id}/artifacts/{artifact}",
        tags=["imports"],
        responses={200: {"content": {"application/json": {}, SHOT_TYPE: {}}}},
        response_class=Response,
    )
    async def get_artifact(import_id: str, artifact: str, *, merchant_id: str = merchant) -> Response:
        """Download a page as it was brought, with its address, status and headers, what was read of it, or a shot."""
        found = (await kept(merchant_id, import_id)).get(artifact)
        if found is None:
            raise NotFound(f"There is no artifact {artifact}.")
        content = await imports.store.artifacts.get(merchant_id, found[1])
        headers = DOWNLOADED | {"Content-Disposition": f'attachment; filename="{import_id}-{artifact}"'}
        media_type = SHOT_TYPE if found[0].kind == "shot" else "application/json"
        return Response(content, headers=headers, media_type=media_type)


def _of(import_id: str, attempt: Attempt) -> list[tuple[ArtifactOut, str]]:
    kept = {"page": attempt.page_id, "extraction": attempt.extraction_id, "shot": attempt.shot_id}
    return [
        (_shown(import_id, attempt, kind), artifact_id) for kind, artifact_id in kept.items() if artifact_id is not None
    ]


def _shown(import_id: str, attempt: Attempt, kind: str) -> ArtifactOut:
    name = f"{attempt.provider}-{attempt.number}-{kind}.{'jpg' if kind == 'shot' else 'json'}"
    links = {"self": f"/v1/imports/{import_id}/artifacts/{name}"}
    return ArtifactOut(name=name, provider=attempt.provider, number=attempt.number, kind=kind, links=links)
