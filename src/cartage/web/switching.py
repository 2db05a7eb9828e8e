"""The switch between languages, which works for whoever looks at a page, and without a script."""

from fastapi import APIRouter, Request, Response

from cartage.web.answers import go, own_path
from cartage.web.language import COOKIE, LANGUAGES
from cartage.web.session import read_form

COOKIE_LASTS = 365 * 86400


def add_language(router: APIRouter, *, secure: bool) -> None:
    """Add the switch."""

    @router.post("/language")
    async def choose(request: Request) -> Response:
        fields = await read_form(request)
        response = go(own_path(fields.get("next", ""), "/"))
        chosen = fields.get("language", "")
        if chosen in LANGUAGES:
            response.set_cookie(
                COOKIE, chosen, max_age=COOKIE_LASTS, secure=secure, httponly=True, samesite="lax", path="/"
            )
        return response
