"""Steps that tell: each one is written to the catalogue as it starts, waits and ends."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ParamSpec, Protocol, TypeVar, runtime_checkable

from structlog.contextvars import bound_contextvars

from cartage.engine import Steps, result_type
from cartage.model.catalogue import Attempt, Event, Import, ImportState, Step, StepState
from cartage.model.ids import new_id
from cartage.model.picture import Collection
from cartage.scraping.skipping import Skipped
from cartage.store import Catalogue

P = ParamSpec("P")
R = TypeVar("R")

STEP_EVENT = "import/step"


def now() -> datetime:
    """Give the present moment in UTC."""
    return datetime.now(UTC)


def traced(import_id: str) -> dict[str, str]:
    """Name an import in the log; its trace is the same in every process that works on it."""
    return {"import_id": import_id, "trace_id": hashlib.sha256(import_id.encode()).hexdigest()[:32]}


def event_for(import_: Import, name: str, data: dict[str, Any]) -> Event:
    """Make an event about an import, happening now."""
    return Event(
        id=new_id("evt"),
        name=name,
        merchant_id=import_.merchant_id,
        product_id=import_.product_id,
        import_id=import_.id,
        data=data,
        at=now(),
    )


@runtime_checkable
class Telling(Protocol):
    """Be a step's result that says itself how the step ended."""

    def told(self) -> tuple[StepState, str]:
        """Give the step's state, and a sentence about it."""
        ...


def _nothing(_: Import, __: Step) -> None: ...


@dataclass(frozen=True, slots=True)
class ToldSteps:
    """Run an engine's steps and record each one's state for the people watching.

    The records are written inside the step, so that a resumed run does not write them again.
    """

    steps: Steps
    catalogue: Catalogue
    import_: Import
    step_ended: Callable[[Import, Step], None] = _nothing
    _running: dict[str, Step] = field(default_factory=dict[str, Step])

    async def run(self, name: str, function: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a step through the engine, told."""

        async def told() -> R:
            step = Step(import_id=self.import_.id, name=name, state=StepState.RUNNING, started_at=now())
            with bound_contextvars(**traced(self.import_.id), step=name):
                await self._record(step)
                self._running[name] = step
                result = await function(*args, **kwargs)
                ended = _ended(step, result)
                await self._record(ended)
                self.step_ended(self.import_, ended)
            return result

        told.__annotations__["return"] = result_type(function)
        return await self.steps.run(name, told)

    async def tell_so_far(self, name: str, detail: str, **data: Any) -> None:
        """Record how far a step has come that is running, with what programs are told of that."""
        step = self._running[name].model_copy(update={"detail": detail})
        await self.catalogue.record_steps([(step, self._event(step, **data))])

    async def sleep_until(self, name: str, when: datetime, *, at_most: float) -> None:
        """Wait through the engine, told."""
        waiting = Step(import_id=self.import_.id, name=name, state=StepState.WAITING, started_at=now(), until=when)

        async def begin() -> None:
            await self._record(waiting)

        async def end() -> None:
            ended = waiting.model_copy(update={"state": StepState.SUCCEEDED, "finished_at": now()})
            await self._record(ended)
            self.step_ended(self.import_, ended)

        await self.steps.run(f"{name}: begin", begin)
        await self.steps.sleep_until(name, when, at_most=at_most)
        await self.steps.run(f"{name}: end", end)

    async def tell_skipped(self, left: Iterable[Skipped]) -> None:
        """Record what is left out, and why; to be called within a step, so that it is told once."""
        await self._record(*map(self._skipped, left))

    def _skipped(self, left: Skipped) -> Step:
        at = now()
        skipped = Step(import_id=self.import_.id, name=left.name, state=StepState.SKIPPED, started_at=at)
        return skipped.model_copy(update={"detail": left.reason, "finished_at": at})

    async def _record(self, *told: Step) -> None:
        await self.catalogue.record_steps([(step, self._event(step)) for step in told])

    def _event(self, step: Step, **data: Any) -> Event:
        told = {"step": step.name, "state": step.state.value, "detail": step.detail}
        return event_for(self.import_, STEP_EVENT, told | data)


def _ended(step: Step, result: object) -> Step:
    state, detail = StepState.SUCCEEDED, ""
    match result:
        case Attempt(failure=None, missing=missing) if missing:
            detail = f"Found the product; missing: {', '.join(missing)}."
        case Attempt(failure=None):
            detail = "Found the product."
        case Attempt(failure=failure) if failure:
            state, detail = StepState.FAILED, failure.detail
        case Collection():
            detail = _kept(result)
        case Telling():
            state, detail = result.told()
        case _:
            pass
    return step.model_copy(update={"state": state, "detail": detail, "finished_at": now()})


def _kept(collection: Collection) -> str:
    if not collection.pictures:
        return "The page shows no picture."
    missing = sorted({each.problem.detail for each in collection.pictures if each.problem})
    return " ".join([kept_of(collection.kept, len(collection.pictures)), *missing[:3]])


def kept_of(kept: int, count: int) -> str:
    """Say how many of a product's pictures there are copies of."""
    return f"Kept {kept} of {count} pictures."


def succeeded(import_: Import, at: datetime, collection: Collection | None) -> Import:
    """Give an import that ended well, with what its pictures took."""
    size = collection and collection.fetched_bytes
    return import_.model_copy(update={"state": ImportState.SUCCEEDED, "finished_at": at, "picture_bytes": size})
