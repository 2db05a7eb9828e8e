"""`cartage import`: a whole list into the catalogue, with a progress bar, and the same rows back."""

import asyncio
import contextlib
import io
import sys
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Annotated, BinaryIO

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cartage.app import App, build, prepare_database
from cartage.cli.merchant import chosen_merchant
from cartage.cli.outcome import ExitCode
from cartage.imports.batch_file import Form, open_batch
from cartage.model.batch import Batch, RowStatus
from cartage.model.errors import EngineTaken, InvalidInput
from cartage.settings import Settings, read_settings

LOOK_SECONDS = 0.5
FORMS = {".csv": Form.CSV, ".tsv": Form.CSV, ".txt": Form.LINES, ".json": Form.JSON}
IN_VAIN = (RowStatus.FAILED, RowStatus.INVALID, RowStatus.CANCELLED)


def import_(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)] = "-",
    /,
    *,
    column: str = "",
    output: str = "-",
    merchant: str = "",
    wait: bool = True,
    resume: str = "",
    retry: str = "",
) -> int:
    """Import every address of a list: CSV with a head, one address a line, or JSON.

    The list comes back as CSV, each row with import_status, error_code, error_message, product_id and
    product_url. Exit 0 when every row went well, 3 when some did, 1 when none did.

    Parameters
    ----------
    file
        The list; - reads it from standard input.
    column
        The column with the addresses, where it is not called url or alike.
    output
        Where the result goes; - is standard output.
    merchant
        The merchant's id or name; not needed when there is only one.
    wait
        --no-wait only hands the list in, for a running Cartage to import.
    resume
        Wait for this batch, handed in before, instead of reading a list.
    retry
        Run this batch's failed and cancelled rows again, instead of reading a list.
    """
    try:
        return asyncio.run(_import(file, column, output, merchant, wait=wait, resume=resume, retry=retry))
    except KeyboardInterrupt:
        sys.stderr.write(
            "Stopped. What is left goes on while Cartage runs; --resume with the batch's id waits for it.\n"
        )
        return ExitCode.INTERRUPTED


async def _import(
    name: str, column: str, output: str, merchant_name: str, *, wait: bool, resume: str, retry: str
) -> int:
    settings = read_settings()
    await prepare_database(settings)
    async with _running(settings, working=wait) as app:
        merchant = await chosen_merchant(app, merchant_name)
        batch = await _batch(app, merchant.id, name, column, resume=resume, retry=retry)
        sys.stderr.write(f"{batch.id}\n")
        if not wait:
            return ExitCode.OK
        counts = await _watched(app, batch)
        await _write_result(app, batch, output)
    told = ", ".join(f"{number} {status.value.replace('_', ' ')}" for status, number in sorted(counts.items()))
    sys.stderr.write(f"{batch.id}: {told}\n")
    return _code(counts)


@contextlib.asynccontextmanager
async def _running(settings: Settings, *, working: bool) -> AsyncGenerator[App]:
    """Run the engine here, unless a server or worker does already."""
    elsewhere = settings.model_copy(update={"engine": "elsewhere"})
    here = working and settings.engine in {"embedded", "inline"}
    async with contextlib.AsyncExitStack() as stack:
        try:
            app = await stack.enter_async_context(build(settings if here else elsewhere).running())
        except EngineTaken:
            app = await stack.enter_async_context(build(elsewhere).running())
        yield app


async def _batch(app: App, merchant_id: str, name: str, column: str, *, resume: str, retry: str) -> Batch:
    if retry:
        sys.stderr.write(f"{await app.batches.retry(merchant_id, retry)} rows run again.\n")
    if resume or retry:
        return await app.batches.batch(merchant_id, resume or retry)
    with _opened(name) as content:
        form = None if name == "-" else FORMS.get(Path(name).suffix.lower())
        return await app.batches.submit(merchant_id, open_batch(content, form, column))


def _opened(name: str) -> BinaryIO:
    if name == "-":
        return io.BytesIO(sys.stdin.buffer.read())
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror}.") from error


async def _watched(app: App, batch: Batch) -> Mapping[RowStatus, int]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[vain]} failed"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(batch.id, total=None, vain=0)
        while True:
            counts = await app.batches.counts(batch.merchant_id, batch.id)
            over = sum(number for status, number in counts.items() if status.over)
            total = sum(counts.values())
            progress.update(bar, total=total, completed=over, vain=_in_vain(counts))
            if over == total:
                return counts
            await asyncio.sleep(LOOK_SECONDS)


async def _write_result(app: App, batch: Batch, output: str) -> None:
    pieces = app.batches.result_file(batch, app.settings.site_url)
    if output == "-":
        async for piece in pieces:
            sys.stdout.write(piece)
        return
    with Path(output).open("w", encoding="utf-8", newline="") as file:  # noqa: ASYNC230 - a file on this machine
        async for piece in pieces:
            file.write(piece)


def _in_vain(counts: Mapping[RowStatus, int]) -> int:
    return sum(counts.get(status, 0) for status in IN_VAIN)


def _code(counts: Mapping[RowStatus, int]) -> ExitCode:
    vain = _in_vain(counts)
    if not vain:
        return ExitCode.OK
    return ExitCode.FAILED if vain == sum(counts.values()) else ExitCode.SOME_FAILED
