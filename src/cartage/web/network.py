"""The page of the network: how shops are visited, and the sites that have a time of their own between visits."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from cartage.accounts.service import Accounts
from cartage.imports.spacing import Spacings
from cartage.model.access import Forbidden
from cartage.model.errors import InvalidInput
from cartage.model.spacing import LONGEST_SECONDS
from cartage.web.answers import go
from cartage.web.installation import NETWORK, Installation
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

HERE = "/settings/network"


def add_network(
    router: APIRouter, spacings: Spacings, accounts: Accounts, installation: Installation, sessions: Sessions
) -> None:
    """Add the page; sites' own times are for admins of the operator's business."""

    async def operates(visitor: Visitor) -> bool:
        try:
            await accounts.check_operates(visitor.merchant_id)
        except Forbidden:
            return False
        return visitor.may("admin")

    async def shown(request: Request, visitor: Visitor, status: int = 200, **told: Any) -> Response:
        may = await operates(visitor)
        return page(
            request,
            "network.html",
            status,
            rows=installation.rows(NETWORK),
            operates=may,
            spacings=await spacings.list() if may else (),
            usual=installation.settings.host_spacing_seconds,
            longest=int(LONGEST_SECONDS),
            **({"site": "", "seconds": "", "error": "", "pointer": "", "kept": False} | told),
        )

    @router.get(HERE)
    async def show_network(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], kept: str = ""
    ) -> Response:
        return await shown(request, visitor, kept=bool(kept))

    @router.post(f"{HERE}/spacings")
    async def set_spacing(request: Request, posted: Annotated[Posted, Depends(sessions.operated)]) -> Response:
        site, seconds = posted.fields.get("site", ""), posted.fields.get("seconds", "")
        try:
            await spacings.set(site, _number(seconds), posted.asked_by)
        except InvalidInput as error:
            told = {"site": site, "seconds": seconds, "error": error.detail, "pointer": error.pointer}
            return await shown(request, posted.visitor, 422, **told)
        return go(f"{HERE}?kept=1")

    @router.post(f"{HERE}/spacings/remove")
    async def remove_spacing(posted: Annotated[Posted, Depends(sessions.operated)]) -> Response:
        await spacings.remove(posted.fields.get("site", ""))
        return go(f"{HERE}?kept=1")


def _number(written: str) -> float:
    try:
        return float(written.strip().replace(",", "."))
    except ValueError as error:
        raise InvalidInput("The time between visits is a number of seconds.", "/seconds") from error
