"""How every page is answered: the headers it carries, and a page of its own for each thing that goes wrong."""

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Match
from starlette.types import Scope

from cartage.api.problems import status_of, told_path
from cartage.model.errors import CartageError, NotAuthenticated, NotFound
from cartage.web.language import language_of, speaking
from cartage.web.rendering import page

CONTENT_POLICIES = (
    "default-src 'self'",
    "img-src 'self' data:",
    "style-src 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)
HEADERS = {
    "Content-Security-Policy": "; ".join(CONTENT_POLICIES),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SEE_OTHER = 303
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Say on a page what went wrong, and what to do."""

    status: int
    title: str
    detail: str
    advice: str


MISSING = Trouble(
    404,
    "There is nothing here",
    "The page does not exist, or it belongs to someone else.",
    "Check the address, or look for it in your products.",
)
REFUSED = {
    400: ("That could not be read", "Go back and send it again."),
    403: ("That was refused", "Go back, load the page anew and send it again."),
    405: ("That does not work here", "Go back and use the page's own buttons."),
    413: ("That is too large", "Send less: a page's HTML may have 10 MB."),
}
BROKEN = Trouble(
    500,
    "Something broke on our side",
    "This page could not be made.",
    "Try it again. If it happens again, please report it with the time and this address.",
)


class PageRoute(APIRoute):
    """Answer a route of pages: errors become pages, and each answer gets the headers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's own handler."""
        handle: Callable[[Request], Coroutine[Any, Any, Response]] = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                with speaking(language_of(request)):
                    response = await handle(request)
                if response.status_code < HTTPStatus.BAD_REQUEST and (note := getattr(request.state, "note", None)):
                    await note()
            except Exception as error:  # noqa: BLE001 - whatever it is, the visitor gets a page
                response = _trouble_page(request, error)
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return answered


class UnknownPage(PageRoute):
    """Take the GET requests of browsers that no other route takes; programs get the server's own answer."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match only where HTML is what is asked for."""
        asked = scope["type"] == "http" and "text/html" in Request(scope).headers.get("accept", "")
        return super().matches(scope) if asked else (Match.NONE, {})


async def unknown_page() -> Response:
    """Say that there is no such page."""
    raise NotFound("There is no such page.")


def go(url: str) -> RedirectResponse:
    """Send the browser on with GET."""
    return RedirectResponse(url, SEE_OTHER)


def own_path(path: str, otherwise: str) -> str:
    """Give a path on this site, or `otherwise` where the text could lead elsewhere."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if safe else otherwise


def _trouble_page(request: Request, error: Exception) -> Response:
    match error:
        case NotAuthenticated():
            return _to_login(request)
        case NotFound():
            trouble = MISSING
        case CartageError():
            failure = error.failure()
            trouble = Trouble(int(status_of(error)), "That did not work", failure.detail, failure.advice)
        case RequestValidationError():
            trouble = Trouble(
                422, "That could not be read", "A part of the address is not as it should be.", "Go back."
            )
        case HTTPException() | StarletteHTTPException():
            trouble = _refused(error)
        case _:
            log.error("%s %s broke", request.method, told_path(request), exc_info=error)
            trouble = BROKEN
    return _show(request, trouble)


def _refused(error: StarletteHTTPException) -> Trouble:
    if error.status_code == MISSING.status:
        return MISSING
    title, advice = REFUSED.get(error.status_code, (HTTPStatus(error.status_code).phrase, "Go back."))
    return Trouble(error.status_code, title, str(error.detail), advice)


def _show(request: Request, trouble: Trouble) -> Response:
    context: dict[str, Any] = {"trouble": trouble}
    return page(request, "trouble.html", trouble.status, **context)


def _to_login(request: Request) -> Response:
    if request.method != "GET":
        return go("/login")
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return go("/login" if wanted in {"/", "/import"} else f"/login?next={quote(wanted, safe='/')}")
