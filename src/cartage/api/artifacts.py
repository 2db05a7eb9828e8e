"""What an import kept: each page that was brought, and what was read out of it."""

from typing import Any

from fastapi import APIRouter, Response

from cartage.imports.service import Imports
from cartage.model.catalogue import Attempt
from cartage.model.errors import NotFound
from cartage.wire.artifacts import ArtifactList, ArtifactOut

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
        """List the pages that an import kept, and what was read out of them."""
        return ArtifactList(artifacts=[shown for shown, _ in (await kept(merchant_id, import_id)).values()])

    @router.get(
        "/v1/imports/{import_id}/artifacts/{artifact}",
        tags=["imports"],
        responses={200: {"content": {"application/json": {}}}},
        response_class=Response,
    )
    async def get_artifact(import_id: str, artifact: str, *, merchant_id: str = merchant) -> Response:
        """Download a page as it was brought, with its address, status and headers, or what was read out of it."""
        found = (await kept(merchant_id, import_id)).get(artifact)
        if found is None:
            raise NotFound(f"There is no artifact {artifact}.")
        content = await imports.store.artifacts.get(merchant_id, found[1])
        headers = DOWNLOADED | {"Content-Disposition": f'attachment; filename="{import_id}-{artifact}"'}
        return Response(content, headers=headers, media_type="application/json")


def _of(import_id: str, attempt: Attempt) -> list[tuple[ArtifactOut, str]]:
    kept = {"page": attempt.page_id, "extraction": attempt.extraction_id}
    return [
        (_shown(import_id, attempt, kind), artifact_id) for kind, artifact_id in kept.items() if artifact_id is not None
    ]


def _shown(import_id: str, attempt: Attempt, kind: str) -> ArtifactOut:
    name = f"{attempt.provider}-{attempt.number}-{kind}.json"
    links = {"self": f"/v1/imports/{import_id}/artifacts/{name}"}
    return ArtifactOut(name=name, provider=attempt.provider, number=attempt.number, kind=kind, links=links)
