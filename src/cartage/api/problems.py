"""Errors as RFC 9457 problem details, and the handlers that make every JSON reply one."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

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

MEDIA_TYPE = "application/problem+json"
ASKED_OF_CALLERS: dict[int, dict[str, str]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "5"},
}
TYPE_ROOT = "https://cartage.dev/problems/"
STATUSES: tuple[tuple[type[CartageError], HTTPStatus], ...] = (
    (NotAuthenticated, HTTPStatus.UNAUTHORIZED),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (InvalidInput, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Refused, HTTPStatus.BAD_REQUEST),
    (Misconfigured, HTTPStatus.SERVICE_UNAVAILABLE),
    (Internal, HTTPStatus.INTERNAL_SERVER_ERROR),
    (Permanent, HTTPStatus.UNPROCESSABLE_ENTITY),
    (TryAnother, HTTPStatus.BAD_GATEWAY),
    (TryLater, HTTPStatus.SERVICE_UNAVAILABLE),
)


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
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[dict[str, str]] = (),
    **more: str,
) -> JSONResponse:
    """Make a problem reply; `errors` holds `{pointer, code, detail}` for each field at fault."""
    body: dict[str, Any] = {
        "type": TYPE_ROOT + code,
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        "instance": request.url.path,
        **more,
    }
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, int(status), ASKED_OF_CALLERS.get(status), MEDIA_TYPE)


async def _known(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, CartageError):
        return await _unknown(request, error)
    failure = error.failure()
    errors: list[dict[str, str]] = []
    if isinstance(error, InvalidInput) and error.pointer:
        errors = [{"pointer": error.pointer, "code": failure.code, "detail": failure.detail}]
    return problem(
        request,
        status_of(error),
        failure.code,
        failure.detail,
        errors=errors,
        advice=failure.advice,
        origin=failure.origin.value,
    )


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [
        {"pointer": _pointer(each["loc"]), "code": str(each["type"]), "detail": str(each["msg"])} for each in found
    ]
    detail = f"The request has {len(errors)} problem{'s' if len(errors) != 1 else ''}."
    return problem(
        request,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        InvalidInput.code,
        detail,
        errors=errors,
        advice="Mend the fields named in `errors` and send it again.",
        origin="you",
    )


async def _refused(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return await _unknown(request, error)
    status = HTTPStatus(error.status_code)
    code = status.phrase.lower().replace(" ", "_")
    reply = problem(request, status, code, str(error.detail), origin="you")
    reply.headers.update(error.headers or {})
    return reply


async def _unknown(request: Request, _: Exception) -> JSONResponse:
    failure = Internal("Something broke on our side.").failure()
    return problem(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        failure.code,
        failure.detail,
        advice=failure.advice,
        origin=failure.origin.value,
    )


def _pointer(location: Sequence[int | str]) -> str:
    """Turn pydantic's location into a JSON pointer into the body; a query parameter keeps its place's name."""
    place, *path = location or ("body",)
    start = "" if place == "body" else f"/{place}"
    return start + "".join(f"/{part}" for part in path)
