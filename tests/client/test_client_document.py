"""The client beside the OpenAPI document: every operation, and every parameter of it."""

import dataclasses
import inspect
import re
import runpy
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cartage.client import AsyncClient, Client
from cartage.model.access import Scope
from cartage.model.batch import RowStatus
from cartage.model.catalogue import Status
from cartage.model.errors import CartageError
from cartage.model.picture import Size
from cartage.model.webhook import MessageName
from cartage.model.wishes import Render
from cartage.wire.events import EventType
from tests.api.conftest import Api
from tests.contracts.records import WISHES

ROOT = Path(__file__).parent.parent.parent
ARGUMENTS: dict[str, Any] = {
    "changes": {"name": "Mug"},
    "action": "retry",
    "edit": None,
    "from_step": "extract",
    "rules": {},
    "settings": {},
    "items": ["https://shop.example/p/mug"],
    "content": b"https://shop.example/p/mug",
    "files": {"mug.jpg": b"x"},
    "types": [EventType.IMPORT],
    "events": [MessageName.IMPORT_FAILED],
    "size": Size.FULL,
    "max_cost": Decimal(2),
    "wishes": WISHES,
    "render": Render.FIRST,
    "enhance": True,
    "at_once": 4,
    "scopes": [Scope.READ],
    "every_hours": 24,
    "seconds": 5.0,
    "page_size": 10,
    "limit": 10,
    "days": 7,
}
OF_LISTS_ALONE = {"cursor", "limit"}  # a stream of events has neither, and pages follow their `next`

UNASKED = {"connection", "close", "aclose"}

Asked = set[tuple[str, str, str]]


def answer(asked: Asked, request: httpx2.Request) -> httpx2.Response:
    """Note a request with its parameters, and refuse it."""
    asked.update((request.method, request.url.path, name) for name in (*request.url.params, ""))
    return httpx2.Response(418)


def argument(name: str, method: Callable[..., Any]) -> Any:
    """Choose something to call a method with."""
    if name == "status":
        return RowStatus.FAILED if "batches" in method.__module__ else Status.FAILED
    default = inspect.signature(method).parameters[name].default
    if default is False:
        return True
    return ARGUMENTS.get(name, "x" if default in (inspect.Parameter.empty, "") else default)


def calls(client: AsyncClient | Client) -> Iterator[partial[Any]]:
    """Call every method of a client and its parts, each with everything that it takes."""
    parts = [each for each in vars(client).values() if dataclasses.is_dataclass(each) and hasattr(each, "connection")]
    for part in (client, *parts):
        # `inspect.getmembers` stumbles over the weak reference of a class with slots in Debian's Python 3.11.2.
        names = [name for name in dir(part) if not name.startswith("_") and name not in UNASKED]
        for method in filter(callable, (getattr(part, name) for name in names)):
            given = {each: argument(each, method) for each in inspect.signature(method).parameters}
            positional = [given.pop(each) for each in list(given) if each not in _keywords(method)]
            yield partial(method, *positional, **given)


def _keywords(method: Callable[..., Any]) -> set[str]:
    parameters = inspect.signature(method).parameters.values()
    return {each.name for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY}


async def asked_with_await() -> Asked:
    """Give what the client with `await` can ask."""
    asked: Asked = set()
    transport = httpx2.MockTransport(lambda request: answer(asked, request))
    async with AsyncClient("http://cartage.test", "token", transport=transport) as client:
        for call in calls(client):
            made = call()
            with pytest.raises(CartageError):
                await (made if inspect.isawaitable(made) else anext(made))
    return asked


async def asked_without() -> Asked:
    """Give what its twin can ask."""
    asked: Asked = set()
    transport = httpx2.MockTransport(lambda request: answer(asked, request))
    with Client("http://cartage.test", "token", transport=transport) as client:
        for call in calls(client):
            with pytest.raises(CartageError):
                next(call())
    return asked


def documented(document: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Give each operation's method, path and parameters, and the operation itself without any."""
    found: set[tuple[str, str, str]] = set()
    for path, methods in document["paths"].items():
        if path.startswith(("/v1/", "/api/")) and path != "/v1/broken":
            for method, operation in methods.items():
                names = [each["name"] for each in operation.get("parameters", []) if each.get("in") == "query"]
                paged = OF_LISTS_ALONE if path.endswith("/events") else {"cursor"}
                found |= {(method.upper(), path, name) for name in {*names, ""} - paged}
    return found


@pytest.mark.parametrize("asking", [asked_with_await, asked_without])
async def test_the_client_reaches_every_operation(api: Api, asking: Callable[[], Any]) -> None:
    """A route or a parameter that is added without its method in the client fails here, and so does the reverse."""
    known = documented((await api.anonymous.get("/openapi.json")).json())

    asked = await asking()

    templates = {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for _, path, _ in known}
    reached = {
        (method, template, name)
        for method, path, name in asked
        for template, pattern in templates.items()
        if pattern.fullmatch(path)
    }
    assert sorted(known - reached) == []
    assert sorted(name for _, _, name in {(m, "", n) for m, _, n in asked} - {(m, "", n) for m, _, n in known}) == []


def test_the_twin_is_not_stale() -> None:
    """`client/synchronous` is what `scripts/twin.py` makes of `client/asynchronous`."""
    made = runpy.run_path(str(ROOT / "scripts/twin.py"))["twins"]()

    assert {path: path.read_text() for path in made} == made, "run `make twin`"
