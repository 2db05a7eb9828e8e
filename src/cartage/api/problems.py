"""Errors as RFC 9457 problem details, and the handlers that make every JSON reply one."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match

from cartage.api.callers import Caller
from cartage.api.faults import other_faults
from cartage.model.access import Forbidden
from cartage.model.errors import (
    CartageError,
    Conflict,
    Internal,
    InvalidInput,
    Misconfigured,
    NotAuthenticated,
    NotFound,
    Permanent,
    Refused,
    TryAnother,
    TryLater,
)
from cartage.model.feed import FeedNotMade
from cartage.model.request_errors import (
    KeyReused,
    Malformed,
    MediaTypeUnsupported,
    MethodNotAllowed,
    NoSuchRoute,
    PicturesOff,
    RequestTooLarge,
    SeveralFaults,
    Stale,
    StillRunning,
    TooManyRequests,
)

MEDIA_TYPE = "application/problem+json"
ASKED_OF_CALLERS: dict[int, dict[str, str]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "5"},
}
OLDER = "/api/"  # its replies are promised to the letter
TYPE_ROOT = "https://cartage.dev/problems/"
STATUSES: tuple[tuple[type[CartageError], HTTPStatus], ...] = (
    (NotAuthenticated, HTTPStatus.UNAUTHORIZED),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
    (NoSuchRoute, HTTPStatus.NOT_FOUND),
    (MethodNotAllowed, HTTPStatus.METHOD_NOT_ALLOWED),
    (Conflict, HTTPStatus.CONFLICT),
    (StillRunning, HTTPStatus.CONFLICT),
    (PicturesOff, HTTPStatus.CONFLICT),
    (Stale, HTTPStatus.PRECONDITION_FAILED),
    (RequestTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (MediaTypeUnsupported, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (InvalidInput, HTTPStatus.UNPROCESSABLE_ENTITY),
    (KeyReused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (TooManyRequests, HTTPStatus.TOO_MANY_REQUESTS),
    (Refused, HTTPStatus.BAD_REQUEST),
    (Misconfigured, HTTPStatus.SERVICE_UNAVAILABLE),
    (Internal, HTTPStatus.INTERNAL_SERVER_ERROR),
    (Permanent, HTTPStatus.UNPROCESSABLE_ENTITY),
    (TryAnother, HTTPStatus.BAD_GATEWAY),
    (TryLater, HTTPStatus.SERVICE_UNAVAILABLE),
)
TURNED_DOWN: dict[int, type[CartageError]] = {
    HTTPStatus.NOT_FOUND: NoSuchRoute,
    HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowed,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: RequestTooLarge,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: MediaTypeUnsupported,
}

log = logging.getLogger(__name__)


def install_problems(server: FastAPI) -> None:
    """Answer every error with a problem; no reply holds a traceback."""
    server.add_exception_handler(CartageError, _known)
    server.add_exception_handler(RequestValidationError, _invalid)
    server.add_exception_handler(HTTPException, _refused)
    server.add_exception_handler(Exception, _unknown)


def status_of(error: CartageError) -> HTTPStatus:
    """Choose the HTTP status for an error."""
    fitting = (status for kind, status in STATUSES if isinstance(error, kind))
    return next(fitting, HTTPStatus.INTERNAL_SERVER_ERROR)


def problem(
    request: Request, error: CartageError, *, errors: Sequence[dict[str, str]] = (), status: int | None = None
) -> JSONResponse:
    """Make a problem reply; `errors` holds `{pointer, code, detail}` for each field at fault.

    `title` is what an error of this kind stands for; `trace_id` is what our log calls the request.
    """
    failure = error.failure()
    code, older = HTTPStatus(status or status_of(error)), request.url.path.startswith(OLDER)
    body: dict[str, Any] = {
        "type": TYPE_ROOT + failure.code,
        "title": code.phrase if older else type(error).title(),
        "status": int(code),
        "detail": failure.detail,
        "code": failure.code,
        "instance": request.url.path,
        "advice": failure.advice,
        "origin": failure.origin.value,
    }
    if not older:
        body["trace_id"] = trace_of(request)
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, int(code), _headers(request, error, code), MEDIA_TYPE)


def told_path(request: Request) -> str:
    """Name what was asked for without what the address itself may hold: feeds and invitations are known by theirs."""
    return str(getattr(request.scope.get("route"), "path", "an unknown path"))


def trace_of(request: Request) -> str:
    """Name the request as the log does."""
    if not hasattr(request.state, "trace_id"):
        request.state.trace_id = uuid4().hex
    return request.state.trace_id


def _headers(request: Request, error: CartageError, status: HTTPStatus) -> dict[str, str]:
    caller = getattr(request.state, "caller", None)
    headers = {"X-Request-Id": trace_of(request), "Cache-Control": "no-store"}
    headers |= caller.headers if isinstance(caller, Caller) else {}
    headers |= ASKED_OF_CALLERS.get(status, {})
    match error:
        case TooManyRequests():
            headers |= {"Retry-After": str(error.retry_after_seconds)}
            headers |= {"RateLimit": f'"token";r=0;t={error.retry_after_seconds}'}
        case StillRunning():
            headers |= {"Retry-After": "1"}
        case FeedNotMade(retry_after_seconds=float(seconds)):
            headers |= {"Retry-After": f"{seconds:.0f}"}
        case _:
            pass
    return headers


async def _known(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, CartageError):
        return await _unknown(request, error)
    if isinstance(error, SeveralFaults):
        return _several(request, [_fault(each) for each in error.faults])
    return problem(request, error, errors=[_fault(error)] if error.pointer else ())


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else []
    if found and found[0]["type"] == "json_invalid":
        place = found[0]["loc"][-1]
        return problem(request, Malformed(f"The body is not JSON: {found[0]['ctx']['error']} at character {place}."))
    errors = [
        {"pointer": _pointer(each["loc"]), "code": str(each["type"]), "detail": str(each["msg"])} for each in found
    ]
    body: Any = error.body if isinstance(error, RequestValidationError) else None
    told = {each["pointer"] for each in errors}
    others = [_fault(each) for each in other_faults(request, body) if each.pointer not in told]
    return _several(request, [*errors, *others])


def _fault(error: CartageError) -> dict[str, str]:
    return {"pointer": error.pointer, "code": error.code, "detail": error.detail}


def _several(request: Request, errors: Sequence[dict[str, str]]) -> JSONResponse:
    detail = f"The request has {len(errors)} problem{'s' if len(errors) != 1 else ''}."
    return problem(request, InvalidInput(detail), errors=errors)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return await _unknown(request, error)
    ours = error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    kind = TURNED_DOWN.get(error.status_code, Internal if ours else Malformed)
    reply = problem(request, kind(str(error.detail)), status=error.status_code)
    reply.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        reply.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return reply


def _methods(request: Request) -> set[str]:
    """Name all methods of a path: it has a route for each, and the framework names those of the first."""
    ways = iter_route_contexts(request.app.router.routes)
    return {each for way in ways if way.matches(request.scope)[0] is not Match.NONE for each in way.methods or ()}


async def _unknown(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s broke", request.method, told_path(request), exc_info=error, extra={"trace_id": trace_of(request)})
    return problem(request, Internal("Something broke on our side."))


def _pointer(location: Sequence[int | str]) -> str:
    """Turn pydantic's location into a JSON pointer into the body; a query parameter keeps its place's name."""
    place, *path = location or ("body",)
    start = "" if place == "body" else f"/{place}"
    return start + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
