"""Steps that Inngest records, and errors as it carries them."""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

import inngest

from cartage.engine import REACHES_OUT, decode_result, encode_result, seconds_until
from cartage.model import errors
from cartage.model.errors import CartageError, Internal, TryLater
from cartage.scraping.plan import RetryPreset

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class InngestSteps:
    """Run steps within a call from Inngest; this process runs as many at once as there are slots."""

    context: inngest.Context
    retry: RetryPreset
    slots: asyncio.Semaphore

    @property
    def again(self) -> str:
        """Give what this run was asked for by, as its event says."""
        return str(self.context.event.data.get("again") or "")

    async def run(self, name: str, function: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a step and hand its JSON to Inngest, or give the recorded result."""

        async def recorded() -> str:
            try:
                if not name.startswith(REACHES_OUT):
                    return encode_result(await function(*args, **kwargs))
                async with self.slots:
                    return encode_result(await function(*args, **kwargs))
            except TryLater as error:
                raise self._postponed(error) from error
            except Exception as error:
                raise inngest.NonRetriableError(reason_of(error)) from error

        return decode_result(await self.context.step.run(name, recorded), function)

    async def sleep_until(self, name: str, when: datetime, *, at_most: float = math.inf) -> None:
        """Sleep on the server's side."""
        await self.context.step.sleep_until(name, datetime.now(UTC) + timedelta(seconds=seconds_until(when, at_most)))

    def _postponed(self, error: TryLater) -> Exception:
        number = self.context.attempt + 1
        if number >= self.retry.attempts:
            return inngest.NonRetriableError(reason_of(error))
        asked = error.retry_after_seconds
        delay = self.retry.delay_seconds(number, random.random(), asked)  # noqa: S311 - jitter, not a secret
        return inngest.RetryAfterError(reason_of(error), timedelta(seconds=delay), quiet=True)


def reason_of(error: Exception) -> str:
    """Write an error as the one line that Inngest keeps of it."""
    if isinstance(error, CartageError):
        return f"{error.code}: {error.detail}"
    return f"{type(error).__name__}: {error}"


def stopped_for(reason: str) -> CartageError:
    """Read an error back from the line that Inngest kept."""
    code, _, detail = reason.partition(": ")
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, CartageError) and kind.code == code != CartageError.code:
            return _made(kind, detail)
    return Internal(f"The import stopped: {reason}")


def _made(kind: type[CartageError], detail: str) -> CartageError:
    try:
        return kind(detail)
    except (TypeError, AttributeError):
        return Internal(detail)
