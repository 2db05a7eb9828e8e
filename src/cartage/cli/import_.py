"""`cartage import`: a whole list into the catalogue, with a progress bar, and the same rows back."""

import asyncio
import contextlib
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from cartage.cli.following import FailOn, code_of_batch, follow_batch
from cartage.cli.forecast import check_told, retry_told
from cartage.cli.installation import ANYWHERE, UnderWay, Where, connected
from cartage.cli.manner import manner, note
from cartage.cli.outcome import ExitCode, Miswritten
from cartage.cli.record import AS_USUAL, write_record
from cartage.cli.record import Form as RecordForm
from cartage.cli.shown import CHECK
from cartage.cli.wished import AS_EVER, Wished
from cartage.client import AsyncClient
from cartage.imports.batch_file import Form, open_batch
from cartage.imports.list_writing import as_csv
from cartage.model.batch import OnDuplicate
from cartage.model.errors import InvalidInput
from cartage.model.wishes import Wishes
from cartage.wire.batches import BatchOut

FORETELLING_SECONDS = 2
FORMS = {".csv": Form.CSV, ".tsv": Form.CSV, ".txt": Form.LINES} | dict.fromkeys(
    (".json", ".jsonl", ".ndjson"), Form.JSON
)
MEDIA_TYPES = {
    Form.CSV: "text/csv",
    Form.WORKBOOK: "text/csv",
    Form.LINES: "text/plain",
    Form.JSON: "application/json",
}


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Terms:
    """Say what a list may spend, what becomes of known products, and how much of it goes on at once."""

    max_cost: Decimal | None = None
    """US dollars that the list may spend at most, such as 2.00; what would cost more stops and asks."""
    on_duplicate: OnDuplicate = OnDuplicate.SKIP
    """What happens to products that are there already: skip them, or import them again (refresh)."""
    concurrency: int | None = None
    """How many of the list's imports are under way at the same time at most; as many as there is room for without."""


USUAL_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold what was asked for."""

    file: str
    columns: tuple[str, ...]
    output: str
    wait: bool
    timeout: float | None
    resume: str
    retry: str
    terms: Terms
    wishes: Wishes
    fail_on: FailOn
    listed_by: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """Hold a list as it is handed in, and the columns that are asked for."""

    content: bytes
    media_type: str
    columns: tuple[str, ...]


def import_(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)] = "-",
    /,
    *,
    from_: Annotated[str, Parameter(name="--from")] = "",
    column: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    output: Annotated[str, Parameter(name=["--output", "--results", "-o"], allow_leading_hyphen=True)] = "-",
    wait: bool = True,
    timeout: float | None = None,
    resume: str = "",
    retry: str = "",
    terms: Terms = USUAL_TERMS,
    wished: Wished = AS_EVER,
    fail_on: FailOn = "any",
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    form: RecordForm = AS_USUAL,
    where: Where = ANYWHERE,
) -> int:
    """Import every address of a list: CSV with a head, a workbook (XLSX, ODS), one address a line, JSON or JSON Lines.

    The list comes back as CSV, each row with import_status, error_code, error_message, product_id and
    product_url. Exit 0 when every row went well, 3 when some did, 1 when none did. Columns that say something of the
    products (external_id, tags, name, price, sku, …) are set by hand; which ones is told before it starts.

    Parameters
    ----------
    file
        The list; - reads it from standard input.
    from_
        Import the products that a page lists, instead of a list: the import that found the page to be one, imp_….
    column
        The column with the addresses, where it is not called url or alike: Link, or url=Link. Give it again for a
        column that says something of the products under another name (sku="Supplier SKU"), or is to say nothing
        (price=).
    output
        Where the result goes; - is standard output.
    wait
        --no-wait only hands the list in, for a running Cartage to import.
    timeout
        How many seconds to wait for the end; it goes on without us then, and the exit code is 6.
    resume
        Wait for this batch, handed in before, instead of reading a list.
    retry
        Run this batch's failed and cancelled rows again, where that may help, instead of reading a list.
    fail_on
        When the exit code tells of failed rows: of any, of all of them only, or never.
    dry_run
        Only tell what the list holds, which columns are used, how long it takes and what it costs at most.
    """
    asked = (terms, wished.wishes, fail_on, from_, dry_run)
    wish = Wish(file, column, output, wait, timeout, resume, retry, *asked)
    if dry_run and (resume or retry):
        raise Miswritten("--dry-run is for a list that is handed in.")
    if terms.max_cost is not None and (resume or retry):
        raise Miswritten("--max-cost is for a list that is handed in; a batch keeps its own.")
    under_way = UnderWay()
    with under_way.told():
        return asyncio.run(_check(wish, form, where) if dry_run else _import(wish, under_way, where))


async def _check(wish: Wish, form: RecordForm, where: Where) -> int:
    async with connected(where, working=False) as client:
        handed = await _handed_in(client, wish)
        check = await client.batches.check(handed.content, handed.media_type, **_terms(wish, handed.columns))
    write_record(check, form, CHECK)
    return ExitCode.OK


async def _import(wish: Wish, under_way: UnderWay, where: Where) -> int:
    async with connected(where, working=wish.wait) as client:
        batch = await _batch(client, wish)
        under_way.ids.append(batch.id)
        note(batch.id)
        if not wish.wait:
            return ExitCode.OK
        if batch.used:
            note(f"Used: {', '.join(batch.used.values())}")
        ended = await follow_batch(client, batch.id, wish.timeout)
        await _write_result(client, batch.id, wish.output)
    return code_of_batch(ended, wish.fail_on)


async def _batch(client: AsyncClient, wish: Wish) -> BatchOut:
    if wish.retry:
        return retry_told(await client.batches.retry(wish.retry))
    if wish.resume:
        return await client.batches.get(wish.resume)
    handed = await _handed_in(client, wish)
    terms = _terms(wish, handed.columns)
    if sys.stderr.isatty() and not manner().quiet:
        await _foretell(client, handed, terms)
    return await client.batches.submit(handed.content, handed.media_type, **terms, at_once=wish.terms.concurrency)


def _terms(wish: Wish, columns: Sequence[str]) -> dict[str, Any]:
    told = {"max_cost": wish.terms.max_cost, "on_duplicate": wish.terms.on_duplicate}
    return {**told, "column": columns, "wishes": wish.wishes}


async def _foretell(client: AsyncClient, handed: Handed, terms: dict[str, Any]) -> None:
    """Tell what a list holds before it starts, unless looking it over takes long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FORETELLING_SECONDS):
            note(check_told(await client.batches.check(handed.content, handed.media_type, **terms)))


async def _handed_in(client: AsyncClient, wish: Wish) -> Handed:
    if not wish.listed_by:
        return _read(wish.file, wish.columns)
    listed = await client.imports.listed(wish.listed_by)
    if not listed:
        raise InvalidInput(f"The page of {wish.listed_by} lists no products, or is no longer kept.", "/from")
    return Handed(as_csv(("url",), ((0, (each.url,)) for each in listed)), MEDIA_TYPES[Form.CSV], ("url",))


def _read(name: str, asked: tuple[str, ...]) -> Handed:
    """Look over a list, and give it as it is, so that its lines are counted as in the file; a workbook as CSV."""
    content = _opened(name)
    form = None if name == "-" else FORMS.get(Path(name).suffix.lower())
    file = open_batch(io.BytesIO(content), form, *asked)
    if file.form is Form.WORKBOOK:
        content = as_csv(file.columns, file.rows, headed=False)
    return Handed(content, MEDIA_TYPES[file.form], asked)


def _opened(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
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
