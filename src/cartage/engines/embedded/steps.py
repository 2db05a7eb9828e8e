"""Steps that DBOS records."""

import asyncio
import itertools
import json
import math
import random
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from dbos import DBOS, PortableWorkflowError
from dbos import error as dbos_error
from sqlalchemy.exc import OperationalError

from cartage.engine import REACHES_OUT, STEP_RESULT_VERSION, decode_result, encode_result, seconds_until
from cartage.engines.embedded.turnstile import Comer, SentAway, Turnstile
from cartage.model.errors import DatabaseUnreachable, TryLater
from cartage.scraping.plan import RetryPreset

P = ParamSpec("P")
R = TypeVar("R")

SHORTEST_SLEEP_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class DurableSteps:
    """Run steps that DBOS records; their work happens on the app's own event loop, not on DBOS's."""

    loop: asyncio.AbstractEventLoop
    turnstile: Turnstile
    comer: Comer
    retry: RetryPreset

    @property
    def again(self) -> str:
        """Give what this run was asked for by, which the end of its id says."""
        return self.comer.run_id.partition(":")[2]

    async def run(self, name: str, function: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a step once and record its JSON, or give the recorded result."""

        async def work(number: int) -> str:
            try:
                if not name.startswith(REACHES_OUT):
                    return encode_result(await function(*args, **kwargs))
                async with self.turnstile.turn(self.comer):
                    return encode_result(await function(*args, **kwargs))
            except SentAway as error:
                raise dbos_error.DBOSWorkflowCancelledError(str(error)) from error
            except TryLater as error:
                if number >= self.retry.attempts:
                    raise
                return _postponed(self._moment(number, error))

        for number in itertools.count(1):
            text = await self._recorded(name if number == 1 else f"{name}, again {number}", work, number)
            moment = json.loads(text).get("again_at")
            if moment is None:
                return decode_result(text, function)
            await self.sleep_until(name, datetime.fromisoformat(moment))
        raise AssertionError(name)

    async def sleep_until(self, name: str, when: datetime, *, at_most: float = math.inf) -> None:
        """Sleep durably: a restart does not begin the wait anew."""
        del name
        # DBOS neither counts nor records a sleep of nothing, and a resumed run must count as the first one did.
        await DBOS.sleep_async(max(SHORTEST_SLEEP_SECONDS, seconds_until(when, at_most)))

    async def _recorded(self, name: str, work: Callable[[int], Coroutine[Any, Any, str]], number: int) -> str:
        async def recorded() -> str:
            try:
                return await on(self.loop, work(number))
            except (OperationalError, DatabaseUnreachable) as error:
                # The disk may be full, or the database away: DBOS must not keep that as what the step came to.
                raise asyncio.CancelledError from error

        try:
            return await DBOS.run_step_async({"name": name}, recorded)
        except PortableWorkflowError as error:
            if error.name != OperationalError.__name__:
                raise
            # DBOS found the disk full as it recorded what the step came to, and later recorded that in its place.
            return _postponed(datetime.now(UTC))

    def _moment(self, number: int, error: TryLater) -> datetime:
        delay = self.retry.delay_seconds(number, random.random(), error.retry_after_seconds)  # noqa: S311 - jitter
        return datetime.now(UTC) + timedelta(seconds=delay)


def _postponed(moment: datetime) -> str:
    return json.dumps({"v": STEP_RESULT_VERSION, "again_at": moment.isoformat()})


async def on(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, R]) -> R:
    """Run work on another event loop and wait for it."""
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))
