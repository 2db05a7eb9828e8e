"""An engine that runs each import at once, in this process; for the library, the command line and tests."""

import asyncio
import itertools
import math
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from cartage.engine import Request, Standing, Workflow, decode_result, encode_result, run_id, seconds_until
from cartage.model.errors import TryLater
from cartage.scraping.plan import SCRAPER, RetryPreset

P = ParamSpec("P")
R = TypeVar("R")


class Inline:
    """Run a workflow to its end within `send`; nothing survives the process but what the workflow stored."""

    def __init__(self, workflow: Workflow, retry: RetryPreset = SCRAPER) -> None:
        self._workflow = workflow
        self._retry = retry
        self._sent: set[str] = set()
        self._over: set[str] = set()
        self._cancelled: set[str] = set()

    async def start(self) -> None:
        """Do nothing: there is nothing to resume."""

    async def stop(self) -> None:
        """Do nothing: nothing outlives `send`."""

    async def send(self, import_id: str, request: Request, *, bulk: bool = False, again: str = "") -> None:
        """Run the workflow; the same run again does nothing."""
        del bulk
        run = run_id(import_id, again)
        if run in self._sent:
            return
        self._sent.add(run)
        try:
            await self._workflow(InlineSteps(import_id, self._cancelled, self._retry, again), import_id, request)
        except StoppedError:
            return
        except Exception as error:  # noqa: BLE001 - the engine's boundary: whatever stops a workflow is recorded
            await self._workflow.abandon(import_id, request, error)
        finally:
            self._over.add(run)

    async def cancel(self, import_id: str) -> None:
        """Stop the workflow before its next step."""
        self._cancelled.add(import_id)

    async def standings(self, run_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Say what this process did with each run."""
        sent = {each: Standing.OVER if each in self._over else Standing.WORKING for each in self._sent}
        return {each: sent.get(each, Standing.UNKNOWN) for each in run_ids}

    async def last_seen(self) -> datetime | None:
        """Say now: this process runs imports."""
        return datetime.now(UTC)


class StoppedError(Exception):
    """The import was cancelled; whoever cancelled it has recorded that."""


class InlineSteps:
    """Run steps in memory, through the same JSON that durable engines record."""

    def __init__(self, import_id: str, cancelled: set[str], retry: RetryPreset, again: str = "") -> None:
        self.again = again
        self._import_id = import_id
        self._cancelled = cancelled
        self._retry = retry
        self._results: dict[str, str] = {}

    async def run(self, name: str, function: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a step, or give its recorded result."""
        if name not in self._results:
            for number in itertools.count(1):
                if self._import_id in self._cancelled:
                    raise StoppedError
                try:
                    self._results[name] = encode_result(await function(*args, **kwargs))
                    break
                except TryLater as error:
                    if number >= self._retry.attempts:
                        raise
                    randomness = random.random()  # noqa: S311 - jitter, not a secret
                    await asyncio.sleep(self._retry.delay_seconds(number, randomness, error.retry_after_seconds))
        return decode_result(self._results[name], function)

    async def sleep_until(self, name: str, when: datetime, *, at_most: float = math.inf) -> None:
        """Sleep in this process."""
        del name
        await asyncio.sleep(seconds_until(when, at_most))
