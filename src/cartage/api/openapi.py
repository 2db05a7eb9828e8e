"""The API's OpenAPI document: what FastAPI knows of the routes, and what holds for all of them."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from cartage import __version__
from cartage.api.problems import MEDIA_TYPE, TYPE_ROOT, status_of
from cartage.api.scopes import asked_for
from cartage.model.access import Forbidden
from cartage.model.errors import CartageError, Conflict, InvalidInput, NotAuthenticated, NotFound
from cartage.model.request_errors import (
    Malformed,
    MediaTypeUnsupported,
    RequestTooLarge,
    Stale,
    TooManyRequests,
)
from cartage.wire.problem import Problem

DESCRIPTION = """
Paste a product's address from any shop, and get a clean product with evidence for every field.

- Every path under `/v1` asks for a token: `Authorization: Bearer`, with one from `cartage token create`.
  It has one of the scopes that the path names, or the reply is 403.
- Every error is a problem (`application/problem+json`) with a `code` that does not change, what to do, and the
  fields at fault. That a shop could not be read is no error: the import is there, and says why it failed.
- A POST with an `Idempotency-Key` is done once, however often it is sent within 24 hours.
- Lists come a page at a time: follow `next` until it is null. Nothing is shown twice or left out meanwhile.
- `GET …/events` with `Accept: text/event-stream` streams what happens, and goes on after `Last-Event-ID`.
- Money is `{"amount": "79.90", "currency": "EUR"}`, a moment is RFC 3339 in UTC, and null is not known.
"""
TAGS = {
    "imports": "One run of the work that fills a product, with its steps and attempts.",
    "products": "What is in the catalogue: facts, evidence, edits, price and stock over time.",
    "bulk actions": "One act on all products that a filter picks: told before, followed, stopped and undone.",
    "batches": "Whole lists of addresses: handed in at once, looked at row by row, and handed back.",
    "pauses": "Imports that wait until they are resumed, all or those of one site.",
    "events": "What happens, as it happens.",
    "enhancement": "Texts that language models propose, for people to accept.",
    "exports": "Files for shops and feeds, and what an importer would stumble over.",
    "feeds": "Exports at addresses that shops and marketplaces fetch by themselves.",
    "pricing": "What to ask for a product, by rules.",
    "costs": "What was spent on getting pages.",
    "schedule": "How often products are imported again by themselves, and how long pages and events are kept.",
    "installation": "What the business that runs this Cartage sets for all others, too.",
    "merchant": "Your business, and the workers that run its imports.",
    "tokens": "Tokens for programs.",
    "webhooks": "Whom to tell what happens.",
    "health": "What a load balancer and Prometheus ask.",
}
ALWAYS = (NotAuthenticated, Forbidden, TooManyRequests)
WITH_A_BODY = (Malformed, RequestTooLarge, MediaTypeUnsupported)
ERRORS: dict[str, type[CartageError]] = {
    str(int(status_of(each("…")))): each for each in (*ALWAYS, *WITH_A_BODY, NotFound, Conflict, Stale, InvalidInput)
}
HEADERS: dict[str, Any] = {
    "RequestId": {"description": "What the server's log calls the request.", "schema": {"type": "string"}},
    "RateLimit": {
        "description": "What is left of the token's requests, and when all of them are there again.",
        "schema": {"type": "string", "examples": ['"token";r=1187;t=1']},
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A text of your own, new for each thing you want done: the same request with the same key is done "
    "once, and gets the same reply for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
TOLD = {
    "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
    "RateLimit": {"$ref": "#/components/headers/RateLimit"},
}
OURS = ("/v1/", "/api/")
UNSAID = "Successful Response"
SUCCESSES = {"200": "Here it is.", "201": "Made.", "202": "Accepted; it goes on by itself.", "204": "Done."}


def operation_id(route: APIRoute) -> str:
    """Name an operation by its function, which is unique among the API's."""
    return route.name


def describe(server: FastAPI) -> None:
    """Let a server give its OpenAPI document as it is written here."""

    def document() -> dict[str, Any]:
        if server.openapi_schema is None:
            server.openapi_schema = make_document(server)
        return server.openapi_schema

    server.openapi = document


def make_document(server: FastAPI) -> dict[str, Any]:
    """Write the document (OpenAPI 3.1)."""
    document = get_openapi(
        title="Cartage",
        version=__version__,
        description=DESCRIPTION.strip(),
        routes=server.routes,
        license_info={"name": "MIT", "identifier": "MIT"},
        separate_input_output_schemas=False,
        tags=[{"name": name, "description": what} for name, what in TAGS.items()],
    )
    for method, path, operation in _operations(document):
        _tell(operation)
        if path.startswith(OURS):
            _complete(method, path, operation)
    _complete_components(document["components"])
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _tell(operation: dict[str, Any]) -> None:
    """Say what an operation does in its summary, and the rest below it."""
    first, _, rest = operation.get("description", operation.get("summary", "")).partition("\n")
    operation["summary"] = first.strip().rstrip(".")
    operation.pop("description", None)
    if rest.strip():
        operation["description"] = rest.strip()
    operation["responses"].pop("422", None)
    for status, reply in operation["responses"].items():
        if reply.get("description") == UNSAID:
            reply["description"] = SUCCESSES.get(status, UNSAID)


def _complete(method: str, path: str, operation: dict[str, Any]) -> None:
    """Add what every path of the API takes and may reply, and the headers it replies with."""
    parameters, replies = operation.setdefault("parameters", []), operation["responses"]
    operation["security"] = [{"token": [each.value]} for each in asked_for(method.upper(), path=path)]
    names = {each["name"].lower() for each in parameters}
    kinds = [*ALWAYS, *(WITH_A_BODY if "requestBody" in operation else ()), *([NotFound] if "{" in path else ())]
    kinds += [InvalidInput] if names or "requestBody" in operation else []
    kinds += [Stale] if "if-match" in names else []
    kinds += [Conflict] if method in {"post", "put"} else []
    if method == "post" and path.startswith("/v1/"):
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    for status in replies:
        replies[status].setdefault("headers", {}).update(TOLD)
    replies |= {status: _reference(status) for status, kind in ERRORS.items() if kind in kinds}
    operation["responses"] = dict(sorted(replies.items()))


def _complete_components(components: dict[str, Any]) -> None:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = components["schemas"] | schema.pop("$defs") | {"Problem": schema}
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    components["schemas"] = dict(sorted(schemas.items()))
    components["responses"] = {kind.__name__: _problem(status, kind) for status, kind in ERRORS.items()}
    components["parameters"] = {"IdempotencyKey": IDEMPOTENCY_KEY}
    components["headers"] = HEADERS


def _reference(status: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{ERRORS[status].__name__}"}


def _problem(status: str, kind: type[CartageError]) -> dict[str, Any]:
    title = status_of(kind("…")).phrase
    example = {
        "type": TYPE_ROOT + kind.code,
        "title": title,
        "status": int(status),
        "detail": (kind.__doc__ or "").partition("\n")[0],
        "code": kind.code,
        "instance": "/v1/imports",
        "origin": kind.origin.value,
        "advice": kind.advice,
        "trace_id": "9f86d081884c7d659a2feaa0c55ad015",
    }
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
    return {"description": f"{title}. {(kind.__doc__ or '').partition(chr(10))[0]}", "content": content}
