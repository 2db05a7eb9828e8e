"""An engine that runs each import at once, in this process; for the library, the command line and tests."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from cartage.engine import ScrapeRequested, Workflow, decode_result, encode_result

P = ParamSpec("P")
R = TypeVar("R")


class Inline:
    """Run a workflow to its end within `send`; nothing survives the process but what the workflow stored."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._sent: set[str] = set()
        self._cancelled: set[str] = set()

    async def start(self) -> None:
        """Do nothing: there is nothing to resume."""

    async def stop(self) -> None:
        """Do nothing: nothing outlives `send`."""

    async def send(self, import_id: str, request: ScrapeRequested) -> None:
        """Run the workflow; the same import again does nothing."""
        if import_id in self._sent:
            return
        self._sent.add(import_id)
        try:
            await self._workflow(InlineSteps(import_id, self._cancelled), import_id, request)
        except StoppedError:
            return
        except Exception as error:  # noqa: BLE001 - the engine's boundary: whatever stops a workflow is recorded
            await self._workflow.abandon(import_id, request, error)

    async def cancel(self, import_id: str) -> None:
        """Stop the workflow before its next step."""
        self._cancelled.add(import_id)


class StoppedError(Exception):
    """The import was cancelled; whoever cancelled it has recorded that."""


class InlineSteps:
    """Run steps in memory, through the same JSON that durable engines record."""

    def __init__(self, import_id: str, cancelled: set[str]) -> None:
        self._import_id = import_id
        self._cancelled = cancelled
        self._results: dict[str, str] = {}

    async def run(self, name: str, function: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a step, or give its recorded result."""
        if self._import_id in self._cancelled:
            raise StoppedError
        if name not in self._results:
            self._results[name] = encode_result(await function(*args, **kwargs))
        return decode_result(self._results[name], function)

    async def sleep_until(self, name: str, when: datetime) -> None:
        """Sleep in this process."""
        del name
        await asyncio.sleep(max(0.0, (when - datetime.now(UTC)).total_seconds()))
