"""The time between visits over HTTP, for the operator's tokens with the scope `admin`."""

from typing import Any

from fastapi import APIRouter, Response

from cartage.accounts.service import Accounts
from cartage.api.callers import Asker
from cartage.imports.spacing import Spacings
from cartage.wire.spacings import SpacingBody, SpacingList, SpacingOut


def add_spacings(router: APIRouter, spacings: Spacings, accounts: Accounts, merchant: Any) -> None:
    """Add `/v1/spacings`."""

    @router.get("/v1/spacings", tags=["installation"])
    async def list_spacings(*, merchant_id: str = merchant) -> SpacingList:
        """List the sites that have a time of their own between two visits.

        It holds for all businesses of this Cartage, so this is for the one that runs it: the first there was.
        """
        await accounts.check_operates(merchant_id)
        return SpacingList(spacings=[SpacingOut.of(each) for each in await spacings.list()])

    @router.put("/v1/spacings/{site}", tags=["installation"])
    async def set_spacing(site: str, body: SpacingBody, asked_by: Asker, *, merchant_id: str = merchant) -> SpacingOut:
        """Let so many seconds pass between two visits to a site, from the next visit on.

        The site is a host, taken for its registrable domain. What the site itself asks for holds where it is longer.
        """
        await accounts.check_operates(merchant_id)
        return SpacingOut.of(await spacings.set(site, body.seconds, asked_by))

    @router.delete("/v1/spacings/{site}", status_code=204, tags=["installation"])
    async def remove_spacing(site: str, *, merchant_id: str = merchant) -> Response:
        """Let a site have the usual time again.

        It holds for the whole installation from the next visit on. 404 where the site has none.
        """
        await accounts.check_operates(merchant_id)
        await spacings.remove(site)
        return Response(status_code=204)
