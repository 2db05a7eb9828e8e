"""Several files as one: a zip that is written while its parts are read."""

import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import IO, cast


class Outlet:
    """Take what a zip writes, and give it away: nothing can be written over, as on a line."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, content: bytes) -> int:
        """Take bytes."""
        self._written += content
        return len(content)

    def flush(self) -> None:
        """Do nothing: what is taken is there."""

    def taken(self) -> bytes:
        """Give what was written since the last time."""
        content = bytes(self._written)
        self._written.clear()
        return content


async def zipped(parts: Sequence[tuple[str, AsyncIterator[bytes]]], at: datetime) -> AsyncIterator[bytes]:
    """Give a zip of named contents piece by piece, its files dated `at`."""
    outlet = Outlet()
    with zipfile.ZipFile(cast("IO[bytes]", outlet), "w") as archive:
        for name, pieces in parts:
            entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as file:
                async for piece in pieces:
                    file.write(piece)
                    yield outlet.taken()
    yield outlet.taken()
