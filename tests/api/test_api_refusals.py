"""Every refusal of every operation of the API is a problem that says what to do, with a place in the reference."""

import re
from pathlib import Path
from typing import Any

import pytest

from cartage.model.failure import kinds
from tests.api.conftest import Api

REFERENCE = (Path(__file__).parents[2] / "docs/reference/errors.md").read_text()
OLDER = "/api/"  # its replies were promised before there were problems
SAID = {"type", "title", "status", "detail", "code", "instance", "origin", "advice", "trace_id"}
FREE = frozenset({"/docs", "/openapi.json"})


async def operations(api: Api) -> list[tuple[str, str]]:
    """List each method with its path, filled with an id that there is not."""
    paths: dict[str, dict[str, Any]] = (await api.anonymous.get("/openapi.json")).json()["paths"]
    return [
        (method.upper(), re.sub(r"\{\w+\}", "nothing", path))
        for path, methods in paths.items()
        for method in methods
        if not path.startswith(OLDER) and path not in FREE
    ]


@pytest.mark.parametrize(
    ("known", "sent"),
    [
        (False, {}),
        (True, {"params": {"no_such_parameter": "1"}}),
        (True, {"content": "{", "headers": {"Content-Type": "application/json"}}),
        (True, {"json": {"no_such_field": 1}}),
    ],
    ids=["nobody", "parameter", "syntax", "field"],
)
async def test_every_refusal_is_a_problem_with_a_place_to_read_on(
    api: Api, *, known: bool, sent: dict[str, Any]
) -> None:
    """Whoever asks and whatever is sent: what happened, whose side it is on, what to do, and where it is written."""
    asked = await operations(api)
    client = api.mine if known else api.anonymous

    replies = [await client.request(method, path, **sent) for method, path in asked]

    refused = [reply for reply in replies if reply.status_code >= 400]
    told = {reply.headers["content-type"] for reply in refused}
    problems = [reply.json() for reply in refused]
    assert told == {"application/problem+json"}
    assert [reply.status_code for reply in refused] == [each["status"] for each in problems]
    assert all(set(each) >= SAID and all(each[name] for name in SAID) for each in problems)
    assert all(each["title"] == kinds()[each["code"]].title() for each in problems)
    assert {each["code"] for each in problems if f'<a id="{each["code"]}"></a>' not in REFERENCE} == set()
    assert known or len(refused) == len(asked)
