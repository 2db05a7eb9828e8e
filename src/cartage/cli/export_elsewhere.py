"""`cartage export` from a running Cartage: asked for, watched, and downloaded."""

import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from cartage.cli.screen import progress
from cartage.client import AsyncClient
from cartage.model.client_errors import RequestFailed
from cartage.model.errors import InvalidInput
from cartage.model.export import ExportReport
from cartage.wire.exports import ExportOut


async def exported(client: AsyncClient, submitted: ExportOut, output: str) -> tuple[ExportReport, Sequence[str]]:
    """Wait for an export and put its files where they are wanted; raises `RequestFailed` where it failed."""
    ended = await _followed(client, submitted)
    if ended.report is None:
        raise RequestFailed(str(ended.error) if ended.error else f"The export {ended.id} has no report.")
    if ended.check_only:
        return ended.report, ()
    content = b"".join([piece async for piece in client.exports.download(ended.id)])
    return ended.report, _put(content, [each.name for each in ended.files], output)


async def _followed(client: AsyncClient, submitted: ExportOut) -> ExportOut:
    with progress() as bars:
        bar = bars.add_task(submitted.target, total=None, vain="")
        ended = await client.exports.wait(submitted.id)
        bars.update(bar, completed=ended.done, total=ended.done)
    return ended


def _put(content: bytes, names: Sequence[str], output: str) -> Sequence[str]:
    packed = len(names) > 1
    try:
        if output == "-":
            if packed:
                raise InvalidInput(f"There are {len(names)} files: name a folder or a .zip with --output.")
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            return ()
        path = Path(output)
        if path.is_dir() or output.endswith("/"):
            return _put_in_folder(content, names, path, packed=packed)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if packed or path.suffix != ".zip" else _zipped(content, names[0]))
    except OSError as error:
        raise InvalidInput(f"{output} cannot be written: {error.strerror}.") from error
    return [str(path)]


def _put_in_folder(content: bytes, names: Sequence[str], folder: Path, *, packed: bool) -> Sequence[str]:
    folder.mkdir(parents=True, exist_ok=True)
    if not packed:
        (folder / names[0]).write_bytes(content)
        return [str(folder / names[0])]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in names:
            (folder / name).write_bytes(archive.read(name))
    return [str(folder / name) for name in names]


def _zipped(content: bytes, name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()
