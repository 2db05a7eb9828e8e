"""Pages of settings: API tokens, people with their roles, webhooks and the audit log, for admins."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from cartage.accounts.service import Accounts
from cartage.api.problems import status_of
from cartage.model.access import Role, Scope
from cartage.model.errors import Conflict, InvalidInput
from cartage.web.answers import go
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor
from cartage.webhooks.service import Webhooks

HERE = "/settings"
SCOPES = {"read": (Scope.READ,), "admin": (Scope.READ, Scope.WRITE, Scope.ADMIN)}


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """Show who may do what; an invitation's link begins with `site_url`, if that is known."""

    accounts: Accounts
    webhooks: Webhooks
    site_url: str

    async def shown(self, request: Request, visitor: Visitor, status: int = 200, **made: str) -> Response:
        """Make the page: secrets that were just made are on it this once; others than admins see little."""
        owned = await self._owned(visitor.merchant_id) if visitor.may("admin") else {}
        once = {"token": "", "link": "", "secret": "", "error": ""} | made
        site = self.site_url or str(request.base_url).rstrip("/")
        return page(request, "settings.html", status, roles=list(Role), once=once, site=site, **owned)

    async def _owned(self, merchant_id: str) -> dict[str, Any]:
        return {
            "tokens": [each for each in await self.accounts.tokens(merchant_id) if not each.revoked_at],
            "people": await self.accounts.people(merchant_id),
            "audit": await self.accounts.audit(merchant_id),
            "endpoints": await self.webhooks.endpoints(merchant_id),
            "deliveries": await self.webhooks.deliveries(merchant_id),
        }


def add_settings(router: APIRouter, settings: SettingsPage, sessions: Sessions) -> None:
    """Add the page, with its tokens and people."""

    @router.get("/settings")
    async def show_settings(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        return await settings.shown(request, visitor)

    _add_tokens(router, settings, sessions)
    _add_people(router, settings, sessions)


def _add_tokens(router: APIRouter, settings: SettingsPage, sessions: Sessions) -> None:
    @router.post("/settings/tokens")
    async def create_token(request: Request, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        scopes = SCOPES.get(posted.fields.get("scopes", ""), (Scope.READ, Scope.WRITE))
        name = posted.fields.get("name", "")
        try:
            _, text = await settings.accounts.create_token(posted.merchant_id, name, scopes)
        except InvalidInput as error:
            return await settings.shown(request, posted.visitor, 422, error=error.detail)
        return await settings.shown(request, posted.visitor, 201, token=text)

    @router.post("/settings/tokens/{token_id}/revoke")
    async def revoke_token(token_id: str, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        await settings.accounts.revoke_token(posted.merchant_id, token_id)
        return go(HERE)


def _add_people(router: APIRouter, settings: SettingsPage, sessions: Sessions) -> None:
    @router.post("/settings/invitations")
    async def invite(request: Request, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        role = posted.fields.get("role", Role.EDITOR.value)
        if role not in set(Role):
            return await settings.shown(request, posted.visitor, 422, error="There is no such role.")
        secret = await settings.accounts.invite(posted.merchant_id, role=Role(role))
        base = settings.site_url or str(request.base_url).rstrip("/")
        return await settings.shown(request, posted.visitor, 201, link=f"{base}/join/{secret}")

    @router.post("/settings/people/{user_id}/role")
    async def change_role(
        request: Request, user_id: str, posted: Annotated[Posted, Depends(sessions.administered)]
    ) -> Response:
        try:
            await settings.accounts.change_role(posted.merchant_id, user_id, posted.fields.get("role", ""))
        except (Conflict, InvalidInput) as error:
            return await settings.shown(request, posted.visitor, int(status_of(error)), error=error.detail)
        return go(HERE)
