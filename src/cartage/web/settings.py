"""Pages of settings for who may do what: one's own password; for admins tokens, people and the audit log."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from cartage.accounts.service import Accounts
from cartage.api.problems import status_of
from cartage.model.access import USUAL, Role, Scope
from cartage.model.errors import Conflict, InvalidInput, NotAuthenticated
from cartage.web.answers import go
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

HERE = "/settings/access"
FIRST = "/settings/general"
LASTS_DAYS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """Show who may do what; an invitation's link begins with `site_url`, if that is known."""

    accounts: Accounts
    site_url: str

    async def shown(self, request: Request, visitor: Visitor, status: int = 200, **made: str) -> Response:
        """Make the page: secrets that were just made are on it this once; others than admins see little."""
        owned = await self._owned(visitor.merchant_id) if visitor.may("admin") else {}
        once = dict.fromkeys(("token", "link", "password_link", "error", "password_error"), "") | made
        shown: dict[str, Any] = {
            "at": datetime.now(UTC),
            "roles": list(Role),
            "lasts": LASTS_DAYS,
            "usual": USUAL,
            "site": self.site(request),
            "password_changed": request.query_params.get("changed") == "password",
        }
        return page(request, "access.html", status, once=once, **shown, **owned)

    async def refused(self, request: Request, visitor: Visitor, error: Conflict | InvalidInput) -> Response:
        """Make the page with what a form was refused for."""
        return await self.shown(request, visitor, int(status_of(error)), error=error.detail)

    def site(self, request: Request) -> str:
        """Give the address that links to the installation begin with."""
        return self.site_url or str(request.base_url).rstrip("/")

    async def _owned(self, merchant_id: str) -> dict[str, Any]:
        return {
            "tokens": [each for each in await self.accounts.tokens(merchant_id) if not each.revoked_at],
            "people": await self.accounts.people(merchant_id),
        }


def add_settings(router: APIRouter, settings: SettingsPage, sessions: Sessions) -> None:
    """Add the pages, with their tokens and people."""

    @router.get("/settings")
    async def show_settings(_: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        return go(FIRST)

    @router.get(HERE)
    async def show_access(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        return await settings.shown(request, visitor)

    @router.get("/settings/audit")
    async def show_audit(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        audit = await settings.accounts.audit(visitor.merchant_id) if visitor.may("admin") else ()
        return page(request, "audit.html", audit=audit)

    _add_password(router, settings, sessions)
    _add_tokens(router, settings, sessions)
    _add_people(router, settings, sessions)


def _add_password(router: APIRouter, settings: SettingsPage, sessions: Sessions) -> None:
    @router.post("/settings/password")
    async def change_password(
        request: Request, posted: Annotated[Posted, Depends(sessions.posted_by_anyone)]
    ) -> Response:
        current, password = posted.fields.get("current", ""), posted.fields.get("password", "")
        try:
            await settings.accounts.change_password(posted.visitor.session, current, password)
        except (InvalidInput, NotAuthenticated) as error:
            status = 422 if isinstance(error, InvalidInput) else 429
            return await settings.shown(request, posted.visitor, status, password_error=error.detail)
        return go(f"{HERE}?changed=password")


def _add_tokens(router: APIRouter, settings: SettingsPage, sessions: Sessions) -> None:
    @router.post("/settings/tokens")
    async def create_token(request: Request, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        scopes = tuple(scope for scope in Scope if posted.fields.get(f"scope_{scope.name.lower()}"))
        name, days = posted.fields.get("name", ""), posted.fields.get("days", "")
        ends = datetime.now(UTC) + timedelta(days=int(days)) if days in map(str, LASTS_DAYS) else None
        try:
            _, text = await settings.accounts.create_token(posted.merchant_id, name, scopes, ends)
        except InvalidInput as error:
            return await settings.refused(request, posted.visitor, error)
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
        return await settings.shown(request, posted.visitor, 201, link=f"{settings.site(request)}/join/{secret}")

    @router.post("/settings/people/{user_id}/role")
    async def change_role(
        request: Request, user_id: str, posted: Annotated[Posted, Depends(sessions.administered)]
    ) -> Response:
        try:
            await settings.accounts.change_role(posted.merchant_id, user_id, posted.fields.get("role", ""))
        except (Conflict, InvalidInput) as error:
            return await settings.refused(request, posted.visitor, error)
        return go(HERE)

    @router.post("/settings/people/{user_id}/password-link")
    async def link_to_password(
        request: Request, user_id: str, posted: Annotated[Posted, Depends(sessions.administered)]
    ) -> Response:
        secret = await settings.accounts.password_link(posted.merchant_id, user_id)
        link = f"{settings.site(request)}/password/{secret}"
        return await settings.shown(request, posted.visitor, 201, password_link=link)

    @router.post("/settings/people/{user_id}/remove")
    async def remove_person(
        request: Request, user_id: str, posted: Annotated[Posted, Depends(sessions.administered)]
    ) -> Response:
        try:
            await settings.accounts.remove(posted.merchant_id, user_id)
        except Conflict as error:
            return await settings.refused(request, posted.visitor, error)
        return go(HERE)
