"""What an engine is: something that finishes a workflow despite crashes, and the steps it records."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, ParamSpec, Protocol, TypeVar, cast, get_type_hints

from pydantic import TypeAdapter

from cartage.model.product import Value

P = ParamSpec("P")
R = TypeVar("R")

STEP_RESULT_VERSION = 1


class ScrapeRequested(Value):
    """Ask for a product to be imported: the data of the event `product/scrape.requested`."""

    productId: str  # noqa: N815 - the event's public field names
    sourceUrl: str  # noqa: N815
    merchantId: str  # noqa: N815


class Steps(Protocol):
    """Run a workflow's units of work so that a finished one is never run again."""

    async def run(self, name: str, function: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `function` once under `name` and record its result; give the recorded one on a resumed run.

        The function's return annotation says how the recorded JSON is read back. A step may run twice when
        the process dies before its result is recorded, so its effects must be idempotent.
        """
        ...

    async def sleep_until(self, name: str, when: datetime) -> None:
        """Wait durably until `when`."""
        ...


class Workflow(Protocol):
    """Be the work that an engine runs for a request."""

    async def __call__(self, steps: Steps, import_id: str, request: ScrapeRequested) -> None:
        """Run to the end; every outcome, failure included, is recorded by the workflow itself."""
        ...

    async def abandon(self, import_id: str, request: ScrapeRequested, error: BaseException) -> None:
        """Record that the engine could not run the workflow to its end."""
        ...


class Engine(Protocol):
    """Accept requests and finish them."""

    async def start(self) -> None:
        """Begin (and resume what an earlier process left unfinished)."""
        ...

    async def stop(self) -> None:
        """Stop taking work and let go of resources; unfinished work is resumed at the next start."""
        ...

    async def send(self, import_id: str, request: ScrapeRequested) -> None:
        """Queue the workflow for a request; sending the same `import_id` again does nothing."""
        ...

    async def cancel(self, import_id: str) -> None:
        """Stop the workflow of this import before its next step."""
        ...


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
    return TypeAdapter[Any](result_type(function)).validate_python(json.loads(text)["value"])
