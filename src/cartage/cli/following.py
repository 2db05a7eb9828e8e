"""Following what goes on: an import's steps line by line, a batch's rows as a bar, both on standard error."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Literal

from cartage.cli.manner import note
from cartage.cli.outcome import ExitCode
from cartage.cli.pausing import paused_told
from cartage.cli.screen import progress
from cartage.cli.steps import steps_told
from cartage.client import AsyncClient
from cartage.model.batch import RowStatus
from cartage.model.catalogue import ImportState
from cartage.model.client_errors import NotOverYet
from cartage.wire.batches import BatchOut
from cartage.wire.catalogue import ImportOut
from cartage.wire.events import EventType

IN_VAIN = (RowStatus.FAILED, RowStatus.INVALID, RowStatus.CANCELLED)
LOOK_SECONDS = 0.5
LONGEST_AGO = 366

FailOn = Literal["any", "all", "never"]


async def follow_import(client: AsyncClient, import_id: str, timeout: float | None = None) -> ImportOut:  # noqa: ASYNC109 - says what goes on
    """Write an import's steps as they happen, to its end, and what it waits for where somebody pauses it meanwhile.

    Raises `NotOverYet` after `timeout` seconds.
    """
    events = client.imports.events(import_id, types=[EventType.STEP])
    with steps_told() as steps:
        async with _patience(import_id, timeout), _pauses_told(client, import_id), contextlib.aclosing(events):
            async for event in events:
                steps.tell(event)
    return await client.imports.get(import_id)


async def follow_batch(client: AsyncClient, batch_id: str, timeout: float | None = None) -> BatchOut:  # noqa: ASYNC109 - says what goes on
    """Show a batch as a bar that fills, to its end; raises `NotOverYet` after `timeout` seconds."""
    for pause in await client.pauses.list():
        note(paused_told(pause, "What is paused"))
    with progress() as bars:
        bar = bars.add_task(batch_id, total=None, vain="")
        spent, before = "", -1
        async with _patience(batch_id, timeout):
            while True:
                batch = await client.batches.get(batch_id)
                over = sum(number for status, number in batch.counts.items() if RowStatus(status).over)
                vain = in_vain(batch.counts)
                ended = batch.status in {"done", "cancelled"}
                if over != before or ended:
                    before, spent = over, await spent_on(client, batch)
                told = "  ".join(filter(None, (f"{vain} failed" if vain else "", spent)))
                bars.update(bar, total=batch.total, completed=over, vain=told)
                if ended:
                    if spent:
                        note(f"{batch_id}: {spent} spent")
                    return batch
                await asyncio.sleep(LOOK_SECONDS)


async def spent_on(client: AsyncClient, batch: BatchOut) -> str:
    """Say what a batch has cost, of what it may: `$0.31 of $2`; nothing where nothing was paid for."""
    lines = (await client.costs("batch", days=LONGEST_AGO, batch=batch.id)).costs
    if not lines:
        return ""
    (line,) = lines
    known = "" if line.unknown == line.attempts else f"${line.known_cost.amount:f}"
    unknown = f"{line.unknown} of unknown cost" if line.unknown else ""
    cap = f" of ${batch.max_cost.amount:f}" if batch.max_cost else ""
    return " and ".join(filter(None, (known, unknown))) + cap


def code_of_imports(imports: Iterable[ImportOut], fail_on: FailOn = "any") -> ExitCode:
    """Choose the exit code for imports that are over."""
    failed = [each.status != "succeeded" for each in imports]
    return _code(sum(failed), len(failed), fail_on)


def code_of_batch(batch: BatchOut, fail_on: FailOn = "any") -> ExitCode:
    """Choose the exit code for a batch that is over, and say how its rows fared."""
    causes = ", ".join(f"{number} {code}" for code, number in batch.causes.items())
    told = (f"{number} {status.replace('_', ' ')}" for status, number in sorted(batch.counts.items()))
    note(f"{batch.id}: {', '.join(told)}{f' ({causes})' if causes else ''}")
    return _code(in_vain(batch.counts), batch.total, fail_on)


def in_vain(counts: Mapping[str, int]) -> int:
    """Count the rows that led to nothing."""
    return sum(counts.get(status.value, 0) for status in IN_VAIN)


def _code(failed: int, total: int, fail_on: FailOn) -> ExitCode:
    if not failed or fail_on == "never":
        return ExitCode.OK
    if failed == total:
        return ExitCode.FAILED
    return ExitCode.SOME_FAILED if fail_on == "any" else ExitCode.OK


@contextlib.asynccontextmanager
async def _pauses_told(client: AsyncClient, import_id: str) -> AsyncGenerator[None]:
    telling = asyncio.create_task(_tell_pauses(client, import_id))
    try:
        yield
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)  # what fails here fails for who follows as well


async def _tell_pauses(client: AsyncClient, import_id: str) -> None:
    told = None
    while (import_ := await client.imports.get(import_id)).status == ImportState.QUEUED:
        if import_.paused and import_.paused != told:
            note(paused_told(import_.paused, import_id))
        elif told and not import_.paused:
            note(f"{import_id} goes on.")
        told = import_.paused
        await asyncio.sleep(LOOK_SECONDS)


@contextlib.asynccontextmanager
async def _patience(name: str, seconds: float | None) -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise NotOverYet(f"{name} is not over after {seconds:g} seconds.") from error
