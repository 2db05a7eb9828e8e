"""`cartage export` from a running Cartage: asked for, watched, and downloaded piece by piece."""

import asyncio
import contextlib
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import IO

from cartage.cli.outcome import Miswritten
from cartage.cli.screen import progress
from cartage.client import AsyncClient
from cartage.model.client_errors import RequestFailed
from cartage.model.errors import InvalidInput
from cartage.model.export import ExportReport
from cartage.wire.exports import ExportOut

LOOK_SECONDS = 0.5


async def exported(
    client: AsyncClient, submitted: ExportOut, output: str, *, strict: bool
) -> tuple[ExportReport, Sequence[str]]:
    """Wait for an export and put its files where they are wanted, if `strict` only where no errors were found.

    Raises `RequestFailed` where it failed.
    """
    ended = await _followed(client, submitted)
    if ended.report is None:
        raise RequestFailed(str(ended.error) if ended.error else f"The export {ended.id} has no report.")
    if ended.check_only or (strict and ended.report.errors):
        return ended.report, ()
    names = [each.name for each in ended.files]
    if output == "-" and len(names) > 1:
        raise Miswritten(f"There are {len(names)} files: name a folder or a .zip with --output.")
    try:
        with _put(names, output) as (file, paths):
            async for piece in client.exports.download(ended.id):
                file.write(piece)
    except OSError as error:
        raise InvalidInput(f"{output} cannot be written: {error.strerror}.") from error
    return ended.report, paths


async def _followed(client: AsyncClient, submitted: ExportOut) -> ExportOut:
    """Show how far an export is, to its end."""
    with progress() as bars:
        bar = bars.add_task(submitted.target, total=None, vain="")
        while True:
            now = await client.exports.get(submitted.id)
            bars.update(bar, completed=now.done, total=now.total or None)
            if now.finished_at is not None:
                return now
            await asyncio.sleep(LOOK_SECONDS)


@contextlib.contextmanager
def _put(names: Sequence[str], output: str) -> Generator[tuple[IO[bytes], Sequence[str]]]:
    """Open what a download is written to, and give it with the paths of what there is in the end."""
    path = Path(output)
    if output == "-":
        yield sys.stdout.buffer, ()
        sys.stdout.buffer.flush()
    elif path.is_dir() or output.endswith("/"):
        path.mkdir(parents=True, exist_ok=True)
        with _unpacked(path, names) if len(names) > 1 else (path / names[0]).open("wb") as file:
            yield file, [str(path / name) for name in names]
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _packed(path, names[0]) if len(names) == 1 and path.suffix == ".zip" else path.open("wb") as file:
            yield file, [output]


@contextlib.contextmanager
def _packed(path: Path, name: str) -> Generator[IO[bytes]]:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w", force_zip64=True) as file:
        yield file


@contextlib.contextmanager
def _unpacked(folder: Path, names: Sequence[str]) -> Generator[IO[bytes]]:
    with tempfile.TemporaryFile() as packed:
        yield packed
        with zipfile.ZipFile(packed) as archive:
            for name in names:
                with archive.open(name) as entry, (folder / name).open("wb") as file:
                    shutil.copyfileobj(entry, file)
