"""What an engine is: something that finishes a workflow despite crashes, and the steps it records."""

import json
import math
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, ParamSpec, Protocol, TypeVar, cast, get_type_hints, runtime_checkable
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from cartage.model.errors import Internal
from cartage.model.product import Value

P = ParamSpec("P")
R = TypeVar("R")

STEP_RESULT_VERSION = 1
REACHES_OUT = "try "  # what the name of a step begins with that asks another server, and so waits its turn
HEARTBEAT = "engine.heartbeat"  # the file in the data folder that a worker touches while it lives

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Door = Callable[[Message, Receive, Send], Awaitable[None]]


class Request(Value):
    """Ask for work on a product: the data of the event `event`."""

    event: ClassVar[str]

    productId: str  # noqa: N815 - the event's public field names
    merchantId: str  # noqa: N815

    @property
    def host(self) -> str:
        """Name the host that the work visits; empty where it visits none in particular."""
        return ""


class ScrapeRequested(Request):
    """Ask for a product to be imported."""

    event: ClassVar[str] = "product/scrape.requested"

    sourceUrl: str  # noqa: N815

    @property
    def host(self) -> str:
        """Name the shop's host."""
        return urlsplit(self.sourceUrl).hostname or ""


class EnhanceRequested(Request):
    """Ask for an imported product to be enhanced by these tasks."""

    event: ClassVar[str] = "product/enhance.requested"

    tasks: tuple[str, ...]


class Announcement(Value):
    """Tell others how an import ended: an event with an id that makes repeats harmless."""

    id: str
    name: str
    data: dict[str, Any]


class Standing(StrEnum):
    """Name what an engine knows of an import: nothing, that it is under way, that it is over, or no way to tell."""

    UNKNOWN = "unknown"
    WORKING = "working"
    OVER = "over"
    UNCLEAR = "unclear"


class Steps(Protocol):
    """Run a workflow's units of work so that a finished one is never run again."""

    @property
    def again(self) -> str:
        """Give what this run was asked for by; empty for an import's first run."""
        ...

    async def run(self, name: str, function: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `function` once under `name` and record its result; give the recorded one on a resumed run.

        The function's return annotation says how the recorded JSON is read back. A step may run twice when
        the process dies before its result is recorded, so its effects must be idempotent. A step that raises
        `TryLater` is run again as the engine's retry preset says; any other error ends the workflow.
        """
        ...

    async def sleep_until(self, name: str, when: datetime, *, at_most: float = math.inf) -> None:
        """Wait durably until `when`, and for `at_most` seconds, should the clock be set back meanwhile."""
        ...


class Workflow(Protocol):
    """Be the work that an engine runs for a request."""

    async def __call__(self, steps: Steps, import_id: str, request: Request, /) -> None:
        """Run to the end; every outcome, failure included, is recorded by the workflow itself."""
        ...

    async def abandon(self, import_id: str, request: Request, error: BaseException, /) -> None:
        """Record that the engine could not run the workflow to its end."""
        ...

    async def outcome(self, import_id: str, request: Request, /) -> Announcement | None:
        """Say how an import ended; None while it is not over."""
        ...


class Engine(Protocol):
    """Accept requests and finish them."""

    async def start(self) -> None:
        """Begin (and resume what an earlier process left unfinished)."""
        ...

    async def stop(self) -> None:
        """Stop taking work and let go of resources; unfinished work is resumed at the next start."""
        ...

    async def send(self, import_id: str, request: Request, *, bulk: bool = False, again: str = "") -> None:
        """Queue the workflow for a request; sending the same `import_id` again does nothing.

        `bulk` lets imports that a person waits for go first. A new `again` asks for another run of an import whose
        run was lost, or ended before it began because it was held; that run is `run_id(import_id, again)`. Raises
        `EngineUnreachable`.
        """
        ...

    async def cancel(self, import_id: str) -> None:
        """Stop every run of this import before its next step; raises `EngineUnreachable`."""
        ...

    async def standings(self, run_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Say where each of these runs stands; an import's first run has its id."""
        ...

    async def last_seen(self) -> datetime | None:
        """Say when something that runs imports was last seen alive; None if it never was."""
        ...


@runtime_checkable
class Called(Protocol):
    """Be an engine whose own server calls this one, at `path`."""

    path: str

    @property
    def door(self) -> Door:
        """Give the ASGI application that answers at `path`."""
        ...


def run_id(import_id: str, again: str = "") -> str:
    """Name the run of an import that was asked for by `again`, or its first."""
    return f"{import_id}:{again}" if again else import_id


def seconds_until(when: datetime, at_most: float) -> float:
    """Say how long it is until `when`: nothing for what is past, and never more than `at_most`."""
    return min(max(0.0, (when - datetime.now(UTC)).total_seconds()), at_most)


def read_request(data: Mapping[str, Any]) -> Request:
    """Read a request from its data, with what else an engine sent along left out."""
    kind = EnhanceRequested if "tasks" in data else ScrapeRequested
    return kind.model_validate({name: data[name] for name in kind.model_fields})


def encode_result(result: Any) -> str:
    """Write a step's result as versioned JSON."""
    value = TypeAdapter[Any](cast("Any", type(result))).dump_python(result, mode="json")
    return json.dumps({"v": STEP_RESULT_VERSION, "value": value})


def result_type(function: Callable[..., Awaitable[Any]]) -> Any:
    """Give the type that a step function says it returns; raises `TypeError` where it does not say."""
    hints = get_type_hints(function)
    if "return" not in hints:
        raise TypeError(f"step function {function!r} must annotate what it returns")
    return hints["return"]


def decode_result(text: str, function: Callable[..., Awaitable[R]]) -> R:
    """Read a step's result back as the type that `function` says it returns."""
    recorded = json.loads(text)
    if recorded["v"] > STEP_RESULT_VERSION:
        raise Internal(f"A newer Cartage recorded this step (version {recorded['v']}); start that one again.")
    return TypeAdapter[Any](result_type(function)).validate_python(recorded["value"])
