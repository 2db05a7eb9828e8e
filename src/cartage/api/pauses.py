"""Pauses over HTTP: let imports wait, all or those of one site, and resume them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from cartage.api.callers import Asker
from cartage.imports.pausing import Pausing
from cartage.model.pause import Pause
from cartage.wire.pauses import PausedOut, PauseList, PauseOut

Site = Annotated[str, Path(description="A host, which stands for its subdomains as well; `all` for every import.")]


def add_pauses(router: APIRouter, pausing: Pausing, merchant: Any) -> None:
    """Add `/v1/pauses`."""

    async def shown(merchant_id: str, pause: Pause) -> PauseOut:
        waiting = await pausing.waiting(merchant_id, pause)
        return PauseOut(**PausedOut.of(pause).model_dump(), waiting=waiting)

    @router.get("/v1/pauses", tags=["pauses"])
    async def list_pauses(*, merchant_id: str = merchant) -> PauseList:
        """List what is paused.

        That of everything first, then by site; each says who paused when, and how many imports it holds.
        """
        return PauseList(pauses=[await shown(merchant_id, each) for each in await pausing.list(merchant_id)])

    @router.put("/v1/pauses/{site}", tags=["pauses"])
    async def pause_imports(site: Site, asked_by: Asker, *, merchant_id: str = merchant) -> PauseOut:
        """Let imports wait until they are resumed, those of a site or all.

        What is submitted meanwhile is accepted and waits, with `paused` saying why; imports under way end. A pause that
        is there already stays as it is.
        """
        return await shown(merchant_id, await pausing.pause(merchant_id, site, asked_by))

    @router.delete("/v1/pauses/{site}", status_code=204, tags=["pauses"])
    async def resume_imports(site: Site, *, merchant_id: str = merchant) -> Response:
        """Let imports go on that a pause holds, the oldest first, a few at a time; 404 where there is none.

        `all` is the pause of everything, which leaves those of single sites as they are.
        """
        await pausing.resume(merchant_id, site)
        return Response(status_code=204)
