"""`cartage import`: a whole list into the catalogue, with a progress bar, and the same rows back."""

import asyncio
import csv
import io
import sys
from pathlib import Path
from typing import Annotated, BinaryIO

from cyclopts import Parameter

from cartage.cli.following import code_of_batch, follow_batch
from cartage.cli.installation import ANYWHERE, UnderWay, Where, connected
from cartage.cli.outcome import ExitCode
from cartage.client import AsyncClient
from cartage.imports.batch_file import Form, open_batch
from cartage.model.errors import InvalidInput
from cartage.wire.batches import BatchOut

FORMS = {".csv": Form.CSV, ".tsv": Form.CSV, ".txt": Form.LINES, ".json": Form.JSON, ".jsonl": Form.JSON}


def import_(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)] = "-",
    /,
    *,
    column: str = "",
    output: Annotated[str, Parameter(name=["--output", "--results", "-o"])] = "-",
    wait: bool = True,
    timeout: float | None = None,
    resume: str = "",
    retry: str = "",
    where: Where = ANYWHERE,
) -> int:
    """Import every address of a list: CSV with a head, a workbook (XLSX, ODS), one address a line, or JSON.

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
    wait
        --no-wait only hands the list in, for a running Cartage to import.
    timeout
        How many seconds to wait for the end; it goes on without us then, and the exit code is 6.
    resume
        Wait for this batch, handed in before, instead of reading a list.
    retry
        Run this batch's failed and cancelled rows again, instead of reading a list.
    """
    under_way = UnderWay()
    with under_way.told():
        return asyncio.run(_import(file, column, output, under_way, where, wait, timeout, resume, retry))


async def _import(  # noqa: PLR0917 - as the command has them
    name: str,
    column: str,
    output: str,
    under_way: UnderWay,
    where: Where,
    wait: bool,  # noqa: FBT001 - as above
    timeout: float | None,  # noqa: ASYNC109 - says what goes on
    resume: str,
    retry: str,
) -> int:
    async with connected(where, working=wait) as client:
        batch = await _batch(client, name, column, resume=resume, retry=retry)
        under_way.ids.append(batch.id)
        sys.stderr.write(f"{batch.id}\n")
        if not wait:
            return ExitCode.OK
        ended = await follow_batch(client, batch.id, timeout)
        await _write_result(client, batch.id, output)
    return code_of_batch(ended)


async def _batch(client: AsyncClient, name: str, column: str, *, resume: str, retry: str) -> BatchOut:
    if retry:
        batch = await client.batches.retry(retry)
        sys.stderr.write(f"{batch.retried} rows run again.\n")
        return batch
    if resume:
        return await client.batches.get(resume)
    content, address = _as_csv(name, column)
    return await client.batches.submit(content, "text/csv", column=address)


def _as_csv(name: str, column: str) -> tuple[bytes, str]:
    """Read a list, however it is written, and give it as CSV with the name of the column that holds the addresses."""
    with _opened(name) as content:
        form = None if name == "-" else FORMS.get(Path(name).suffix.lower())
        file = open_batch(content, form, column)
        written = io.StringIO()
        writer = csv.writer(written, delimiter=file.delimiter)
        writer.writerow(file.columns)
        writer.writerows(file.rows)
    return written.getvalue().encode(), file.columns[file.address]


def _opened(name: str) -> BinaryIO:
    if name == "-":
        return io.BytesIO(sys.stdin.buffer.read())
    try:
        return io.BytesIO(Path(name).read_bytes())
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror}.") from error


async def _write_result(client: AsyncClient, batch_id: str, output: str) -> None:
    pieces = client.batches.result(batch_id)
    if output == "-":
        async for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    with Path(output).open("wb") as file:  # noqa: ASYNC230 - a file on this machine
        async for piece in pieces:
            file.write(piece)
