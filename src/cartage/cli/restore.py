"""`cartage restore`: products back into the catalogue, as `cartage export jsonl` wrote them."""

import asyncio
import io
import sys
from pathlib import Path
from typing import Annotated, TextIO

from cyclopts import Parameter

from cartage.app import build, prepare_database
from cartage.cli.manner import note
from cartage.cli.merchant import chosen_merchant
from cartage.cli.outcome import ExitCode
from cartage.cli.reading import read_settings
from cartage.cli.record import write_json
from cartage.exports.restoring import restore as put_back
from cartage.model.errors import InvalidInput


def restore(file: Annotated[str, Parameter(allow_leading_hyphen=True)] = "-", /, *, merchant: str = "") -> int:
    """Put products back that `cartage export jsonl` wrote: each whole, with its evidence and its locks.

    A product whose address is in the catalogue already stays as it is there. Pictures that somebody uploaded are not
    in the file: those whose copies are not here are taken from the address that the file names, or are lost. The
    counts go to standard output.

    Parameters
    ----------
    file
        The file; - reads standard input.
    merchant
        The merchant's id or name; not needed when there is only one.
    """
    new, known, lost = asyncio.run(_restore(file, merchant))
    note(f"{new} put back, {known} there already.")
    if lost:
        note(f"Uploaded pictures that are not here: {lost}. Upload them again, or take them out of their products.")
    write_json({"restored": new, "already_there": known, "uploads_lost": lost})
    return ExitCode.OK


async def _restore(name: str, merchant_name: str) -> tuple[int, int, int]:
    settings = read_settings(engine="elsewhere")
    await prepare_database(settings)
    app = build(settings)
    await app.store.open()
    counts, lost = {True: 0, False: 0}, 0
    try:
        merchant = await chosen_merchant(app, merchant_name)
        with _opened(name) as lines:
            async for each in put_back(app.store, merchant.id, lines):
                counts[each.new] += 1
                lost += each.lost
    finally:
        await app.fetcher.aclose()
        await app.store.close()
    return counts[True], counts[False], lost


def _opened(name: str) -> TextIO:
    if name == "-":
        return io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    try:
        return Path(name).open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror}.") from error
