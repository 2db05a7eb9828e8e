"""What every route of the API does before and after its own work: who calls, how much, of what kind, and once."""

from collections.abc import Awaitable, Callable, Coroutine, Iterator
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.types import Message, Receive

from cartage.api.callers import Caller, Callers
from cartage.api.once import Once
from cartage.api.scopes import asked_for
from cartage.api.versions import unchanged
from cartage.model.errors import InvalidInput

LARGEST_BODY = 32 * 1024 * 1024
LONGEST_NUMBER = 19
JSON = ("application/json", "application/merge-patch+json")

Note = Callable[[Request, Caller], Awaitable[None]]


def guarded_route(callers: Callers, once: Once, note: Note, largest_body: int = LARGEST_BODY) -> type[APIRoute]:
    """Make the class of routes that know their caller as `request.state.caller`, and `note` what was done for them."""

    class GuardedRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle: Callable[[Request], Coroutine[Any, Any, Response]] = super().get_route_handler()
            queries = frozenset(_query_names(self.dependant))
            reads_json = self.body_field is not None
            needed = asked_for(*(self.methods or ()), path=self.path)

            async def done(request: Request) -> Response:
                response = await handle(request)
                if response.status_code < HTTPStatus.BAD_REQUEST:
                    await note(request, request.state.caller)
                return response

            async def answered(given: Request) -> Response:
                request = Request(given.scope, _bounded(given, largest_body))
                caller = request.state.caller = await callers.find(request)
                caller.check(*needed)
                _check_query(request, queries)
                if reads_json:
                    _check_media_type(request)
                response = await once.reply(request, caller, done)
                response.headers.setdefault("Cache-Control", "private, no-cache")
                response.headers.update(caller.headers)
                if unchanged(request, response):
                    return Response(status_code=304, headers=_without_body(response))
                return response

            return answered

    return GuardedRoute


def _bounded(request: Request, largest: int) -> Receive:
    declared = request.headers.get("content-length", "")
    size = int(declared) if declared.isdecimal() and len(declared) < LONGEST_NUMBER else 0
    received = 0

    async def receive() -> Message:
        nonlocal received
        if size <= largest:
            message = await request.receive()
            received += len(message.get("body", b""))
            if received <= largest:
                return message
        raise HTTPException(413, f"The body is larger than {largest // 1024 // 1024} MB.")

    return receive


def _without_body(response: Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if not name.startswith("content-")}


def _query_names(dependant: Dependant) -> Iterator[str]:
    yield from (each.alias for each in dependant.query_params)
    for needed in dependant.dependencies:
        yield from _query_names(needed)


def _check_query(request: Request, known: frozenset[str]) -> None:
    for name in request.query_params:
        if name not in known:
            named = ", ".join(sorted(known)) or "none"
            raise InvalidInput(
                f"There is no parameter {name[:100]!r} here; there are: {named}.", f"/query/{name[:100]}"
            )


def _check_media_type(request: Request) -> None:
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return  # that there is no body is said better by what the body lacks
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in JSON:
        raise HTTPException(415, f"The body is to be JSON (`Content-Type: {JSON[0]}`).")
