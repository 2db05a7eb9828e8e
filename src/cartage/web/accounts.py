"""Pages of accounts: login, sign-up by invitation, and a new password by a link."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from cartage.accounts.service import Accounts
from cartage.api.scrape_status import SESSION_COOKIE
from cartage.model.errors import InvalidInput, NotAuthenticated
from cartage.web.answers import go, own_path
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor, read_form

HOME = "/import"


def add_login(router: APIRouter, accounts: Accounts, sessions: Sessions, demo_login: tuple[str, str] | None) -> None:
    """Add logging in and out."""
    email, password = demo_login or ("", "")

    @router.get("/")
    async def start(visitor: Annotated[Visitor | None, Depends(sessions.anyone)]) -> Response:
        return go(HOME if visitor else "/login")

    @router.get("/login")
    async def show_login(
        request: Request,
        visitor: Annotated[Visitor | None, Depends(sessions.anyone)],
        wanted: Annotated[str, Query(alias="next")] = HOME,
    ) -> Response:
        if visitor:
            return go(own_path(wanted, HOME))
        return page(request, "login.html", email=email, password=password, next=wanted, error="", demo=demo_login)

    @router.post("/login")
    async def log_in(request: Request) -> Response:
        fields = await read_form(request)
        email, wanted = fields.get("email", ""), fields.get("next", HOME)
        client = request.client.host if request.client else ""
        replaced = request.cookies.get(SESSION_COOKIE, "")
        try:
            login = await accounts.log_in(email, fields.get("password", ""), replaced, client)
        except NotAuthenticated as error:
            known = {"email": email, "password": "", "next": wanted, "error": error.detail, "demo": demo_login}
            return page(request, "login.html", 401, **known)
        response = go(own_path(wanted, HOME))
        sessions.begin(response, login)
        return response

    @router.post("/logout")
    async def log_out(posted: Annotated[Posted, Depends(sessions.posted_by_anyone)]) -> Response:
        await accounts.log_out(posted.visitor.secret)
        response = go("/login")
        sessions.forget(response)
        return response


def add_join(router: APIRouter, accounts: Accounts, sessions: Sessions) -> None:
    """Add signing up by a one-time link."""

    @router.get("/join/{secret}")
    async def show_join(request: Request, secret: str) -> Response:
        return page(request, "join.html", action=f"/join/{secret}", email="", business="", error=None, used_up="")

    @router.post("/join/{secret}")
    async def join(request: Request, secret: str) -> Response:
        fields = await read_form(request)
        email, business = fields.get("email", ""), fields.get("business", "")
        kept = {"action": f"/join/{secret}", "email": email, "business": business}
        try:
            login = await accounts.sign_up(secret, email, fields.get("password", ""), business)
        except InvalidInput as error:
            return page(request, "join.html", 422, **kept, error=error, used_up="")
        except NotAuthenticated as error:
            return page(request, "join.html", 410, **kept, error=None, used_up=error.detail)
        response = go(HOME)
        sessions.begin(response, login)
        return response


def add_passwords(router: APIRouter, accounts: Accounts, sessions: Sessions) -> None:
    """Add choosing a new password by a one-time link."""

    @router.get("/password/{secret}")
    async def show_password(request: Request, secret: str) -> Response:
        return page(request, "password.html", action=f"/password/{secret}", error=None, used_up="")

    @router.post("/password/{secret}")
    async def choose_password(request: Request, secret: str) -> Response:
        fields = await read_form(request)
        action = f"/password/{secret}"
        try:
            login = await accounts.renew_password(secret, fields.get("password", ""))
        except InvalidInput as error:
            return page(request, "password.html", 422, action=action, error=error, used_up="")
        except NotAuthenticated as error:
            return page(request, "password.html", 410, action=action, error=None, used_up=error.detail)
        response = go(HOME)
        sessions.begin(response, login)
        return response
