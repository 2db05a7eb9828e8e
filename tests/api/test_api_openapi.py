"""The OpenAPI document: valid, complete, and pleasant to read."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from cartage.model.access import Scope
from tests.api.conftest import Api

SAYS_WHAT = re.compile(r"[A-Z][a-z]+ \S.*[^.]")


@pytest.fixture
async def document(api: Api) -> dict[str, Any]:
    """Give the document as it is served."""
    return (await api.anonymous.get("/openapi.json")).json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give each operation of the API with its method and path."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if path.startswith(("/v1/", "/api/")) and path != "/v1/broken":
                yield method, path, operation


async def test_the_document_is_valid(document: dict[str, Any]) -> None:
    """It keeps the rules of OpenAPI 3.1."""
    validate(document)


async def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    """Each has an id of its own, a summary that is a sentence, a known tag and the security scheme."""
    known = {tag["name"] for tag in document["tags"]}
    ids = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(ids) == len(set(ids)) > 30
    for _, path, operation in operations(document):
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", operation["operationId"])
        assert SAYS_WHAT.fullmatch(operation["summary"]), (path, operation["summary"])
        assert set(operation["tags"]) <= known
        assert {scope for each in operation["security"] for scope in each["token"]} <= set(Scope)
        assert [each for each in operation["security"] if not each["token"]] == []


async def test_every_operation_tells_how_it_fails(document: dict[str, Any]) -> None:
    """Refusals are problems with an example, never FastAPI's own form; 404 wherever an id is asked for."""
    for _, path, operation in operations(document):
        refusals = {status: reply for status, reply in operation["responses"].items() if status >= "400"}
        assert {"401", "403", "429"} <= set(refusals)
        assert ("404" in refusals) == ("{" in path)
        assert all(reply["$ref"].startswith("#/components/responses/") for reply in refusals.values())
    for reply in document["components"]["responses"].values():
        assert set(reply["content"]) == {"application/problem+json"}
        assert reply["content"]["application/problem+json"]["example"]["advice"]
    assert not [name for name in document["components"]["schemas"] if "ValidationError" in name]


async def test_what_creates_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    """Every POST documents the header."""
    for method, path, operation in operations(document):
        references = [each.get("$ref") for each in operation.get("parameters", [])]
        assert ("#/components/parameters/IdempotencyKey" in references) == (method == "post"), path


async def test_every_parameter_is_described(document: dict[str, Any]) -> None:
    """A parameter says what it is for, unless it is the id in the path."""
    silent = [
        (path, each["name"])
        for _, path, operation in operations(document)
        for each in operation.get("parameters", [])
        if "$ref" not in each and each["in"] != "path" and not each.get("description")
    ]

    assert silent == []


async def test_every_operation_is_described(document: dict[str, Any]) -> None:
    """Beside its summary a description says what to send, what comes back, or what may be refused."""
    silent = [
        each["operationId"]
        for _, path, each in operations(document)
        if path.startswith("/v1/") and not each.get("description")
    ]

    assert silent == []
