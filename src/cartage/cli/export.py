"""`cartage export`: products into files for a shop, with everything that is wrong with them told."""

import asyncio
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated

from cyclopts import Parameter

from cartage.app import build, prepare_database
from cartage.cli.export_elsewhere import exported
from cartage.cli.installation import ANYWHERE, Where, connected, find_elsewhere
from cartage.cli.manner import note
from cartage.cli.merchant import chosen_merchant
from cartage.cli.outcome import ExitCode, Miswritten
from cartage.cli.reading import read_settings
from cartage.cli.record import write_json
from cartage.cli.screen import progress
from cartage.exports.book import Book
from cartage.exports.known import wanted_target
from cartage.exports.making import Making
from cartage.exports.service import Exports, require_link
from cartage.exports.target import Target
from cartage.model.errors import InvalidInput
from cartage.model.export import ExportPart, ExportReport, FindingGroup, Severity

MARKS = {Severity.ERROR: "E", Severity.WARNING: "W"}
STDOUT = "-"
NAMED = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold what was asked for."""

    target: Target
    wanted: str
    output: str
    split_mb: int | None
    excel_safe: bool
    check: bool
    strict: bool
    settings: Mapping[str, str]


def export(
    target: str,
    /,
    *wanted: Annotated[str, Parameter(allow_leading_hyphen=True)],
    filter_: Annotated[str, Parameter(name="--filter", allow_leading_hyphen=True)] = "",
    output: Annotated[str, Parameter(name=["--output", "-o"], allow_leading_hyphen=True)] = STDOUT,
    check: bool = False,
    strict: bool = False,
    split_mb: int | None = None,
    excel_safe: bool = False,
    set_: Annotated[list[str] | None, Parameter(name="--set", negative="")] = None,
    json: str | None = None,
    where: Where = ANYWHERE,
) -> int:
    """Write products for a shop: a file, or several where the target has them or one would grow too large.

    What is wrong with them is told on standard error, grouped by code. Where there are errors among it the file is
    written all the same, unless --check or --strict is given, and the exit code is 7.

    Parameters
    ----------
    target
        Where the products go: shopify, shopify-legacy, woocommerce, google, google-xml, medusa, bigcommerce,
        prestashop, schema-org or jsonl.
    wanted
        Which products, such as status:imported site:shop.example -missing:price; all without.
    filter_
        The same, as one text; both hold where both are given.
    output
        Where the file goes: a file, a folder, or a .zip; - is standard output.
    check
        Write nothing, only tell what is wrong.
    strict
        Write nothing where there are errors.
    split_mb
        Begin another file before one grows larger than so many MB; 0 never. Shopify's are cut at 14.
    excel_safe
        Keep spreadsheet programs from running cells as formulas; for a copy to look at, no shop imports it.
    set_
        A setting of the target for this time, such as --set status=active; several times for several.
    json
        Write the report as JSON to standard output: only these fields, comma-separated; all when bare.
    """
    words, given = " ".join((*wanted, filter_)).strip(), read_settings_given(set_ or [])
    wish = Wish(wanted_target(target), words, output, split_mb, excel_safe, check, strict, given)
    _check_output(wish, reported=json is not None)
    there = find_elsewhere(where, read_settings())
    report, paths = asyncio.run(_elsewhere(wish, where) if there else _export(wish, where.merchant))
    _tell(wish.target, report)
    _tell_written(wish, report, paths)
    if json is not None:
        write_json(report, json)
    return ExitCode.LINT_ERRORS if report.errors else ExitCode.OK


def _check_output(wish: Wish, *, reported: bool) -> None:
    target = wish.target
    if wish.check or wish.output != STDOUT:
        return
    if reported:
        raise Miswritten("The report and the file cannot both go to standard output: name a file with --output.")
    if len(target.files) > 1:
        raise Miswritten(f"{target.title} has {len(target.files)} files: name a folder or a .zip with --output.")


async def _elsewhere(wish: Wish, where: Where) -> tuple[ExportReport, Sequence[str]]:
    if wish.settings:
        raise InvalidInput("Settings for one time (--set) work on this machine's own data; set them on the server.")
    async with connected(where) as client:
        submitted = await client.exports.create(
            wish.target.name,
            wish.wanted,
            check_only=wish.check,
            split_mb=wish.split_mb,
            excel_safe=wish.excel_safe,
        )
        return await exported(client, submitted, wish.output, strict=wish.strict)


async def _export(wish: Wish, merchant_name: str) -> tuple[ExportReport, Sequence[str]]:
    settings = read_settings(engine="elsewhere")
    await prepare_database(settings)
    app = build(settings)
    await app.store.open()
    try:
        merchant = await chosen_merchant(app, merchant_name)
        return await _made(Exports(app.store, settings.public_site), merchant.id, wish)
    finally:
        await app.fetcher.aclose()
        await app.store.close()


async def _made(exports: Exports, merchant_id: str, wish: Wish) -> tuple[ExportReport, Sequence[str]]:
    terms = await exports.terms(merchant_id, wish.target, wish.settings)
    if wish.check:
        making = Making(wish.target, terms)
        await _run(exports, making, merchant_id, wish.wanted)
        return (await asyncio.to_thread(making.finish))[0], ()
    require_link(wish.target, terms)
    book = Book(wish.target, terms, split_mb=wish.split_mb, excel_safe=wish.excel_safe)
    try:
        making = Making(wish.target, terms, book)
        await _run(exports, making, merchant_id, wish.wanted)
        report, parts = await asyncio.to_thread(making.finish)
        unwanted = wish.strict and report.errors
        return report, () if unwanted else await asyncio.to_thread(_put, book, parts, wish.output)
    finally:
        book.discard()


def read_settings_given(given: Sequence[str]) -> dict[str, str]:
    """Read what `--set` names, such as `status=active`; raises `InvalidInput`."""
    pairs = [each.partition("=") for each in given]
    if wrong := next((name for name, sign, _ in pairs if not sign), None):
        raise Miswritten(f"--set {wrong} has no value; write it as --set {wrong}=….")
    return {name.strip().replace("-", "_"): value for name, _, value in pairs}


async def _run(exports: Exports, making: Making, merchant_id: str, wanted: str) -> None:
    with progress() as bars:
        bar = bars.add_task(making.target.title, total=await exports.count(merchant_id, wanted), vain="")
        async for done in exports.run(making, merchant_id, wanted):
            bars.update(bar, completed=done)


def _put(book: Book, parts: Sequence[ExportPart], output: str) -> Sequence[str]:
    if output == STDOUT and len(parts) > 1:
        raise Miswritten(f"There are {len(parts)} files: name a folder or a .zip with --output.")
    try:
        if output == STDOUT:
            for _, _, piece in book.pieces():
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return ()
        if output.endswith(".zip"):
            return _put_in_zip(book, parts, Path(output))
        return _put_in_files(book, [_path(Path(output), output, part, len(parts)) for part in parts])
    except OSError as error:
        raise InvalidInput(f"{output} cannot be written: {error.strerror}.") from error


def _put_in_files(book: Book, paths: Sequence[Path]) -> Sequence[str]:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    for part, _, piece in book.pieces():
        with paths[part].open("ab") as file:
            file.write(piece)
    return [str(path) for path in paths]


def _put_in_zip(book: Book, parts: Sequence[ExportPart], path: Path) -> Sequence[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, pieces in _by_part(book, len(parts)):
            entry = zipfile.ZipInfo(parts[place].name, time.localtime()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as file:
                _copy(pieces, file)
    return [str(path)]


def _by_part(book: Book, count: int) -> Iterator[tuple[int, Iterator[bytes]]]:
    for place in range(count):
        yield place, (piece for part, _, piece in book.pieces() if part == place)


def _copy(pieces: Iterator[bytes], file: IO[bytes]) -> None:
    for piece in pieces:
        file.write(piece)


def _path(wanted: Path, written: str, part: ExportPart, count: int) -> Path:
    if wanted.is_dir() or written.endswith("/"):
        return wanted / part.name
    return wanted if count == 1 else wanted.with_name(f"{wanted.stem}-{part.name}")


def _tell(target: Target, report: ExportReport) -> None:
    counted = (_count(report.errors, "error"), _count(report.warnings, "warning"))
    told = f"{', '.join(counted)} in {_count(report.products, 'product')}"
    skipped = f"; {_count(report.skipped, 'product')} without a page yet left out" if report.skipped else ""
    note(f"{target.title}: {told}{skipped}")
    width = max((len(group.code) for group in report.groups), default=0)
    for group in report.groups:
        first, *more = _told(group)
        note(f" {MARKS[group.severity]} {group.code:<{width}}  {first}")
        for line in (*more, group.fix):
            note(f"   {'':<{width}}  {line}")


def _told(group: FindingGroup) -> Sequence[str]:
    """Tell what was found: of errors the first products one by one, of warnings one."""
    lines = [f"{each.product_id}  {each.message}".strip() for each in group.first]
    if group.count == 1:
        return lines
    if group.severity is not Severity.ERROR:
        return [f"{_count(group.products, 'product')}, such as {group.first[0].product_id}: {group.first[0].message}"]
    more = max(0, group.products - NAMED)
    return [f"{_count(group.products, 'product')}:", *lines[:NAMED], *([f"and {more} more"] if more else [])]


def _tell_written(wish: Wish, report: ExportReport, paths: Sequence[str]) -> None:
    if wish.check:
        return
    if wish.strict and report.errors:
        note(
            f"Nothing was written, for there {'is' if report.errors == 1 else 'are'} {_count(report.errors, 'error')}."
        )
        return
    for path in paths:
        note(f"Written: {path}")
    if report.errors:
        note("Products with errors are in the file all the same; --strict writes none then, --check only looks.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
