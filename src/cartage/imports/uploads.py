"""Pictures that a person uploads: files judged by their bytes, encoded anew, and kept in the merchant's gallery."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cartage.imports.pictures import Curator
from cartage.model.export import MEGABYTE
from cartage.model.picture import KeptPicture
from cartage.model.request_errors import FileRefused, PicturesOff
from cartage.model.visit_errors import PictureRefused
from cartage.pictures.workshop import Bench

LARGEST_FILE = 12 * MEGABYTE
MOST_FILES = 12
SNIFFED_BYTES = 512
STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
BRANDS = {b"avif", b"avis", b"mif1"}
NO_PICTURE = "It is none that we keep: send JPEG, PNG, GIF, WebP or AVIF."
DRAWING = "It is a drawing (SVG), which may hold scripts: send it as PNG."
EMPTY = "It is empty."
TOO_LARGE = f"It is larger than {LARGEST_FILE // MEGABYTE} MB."
TOO_MANY = f"Send at most {MOST_FILES} files at once."


@dataclass(frozen=True, slots=True)
class File:
    """Hold a file that came, with what its sender calls it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Hold the pictures that files became, in their order, and what was wrong with the others, by their places."""

    kept: list[KeptPicture] = field(default_factory=list[KeptPicture])
    refused: dict[int, FileRefused] = field(default_factory=dict[int, FileRefused])


@dataclass(frozen=True, slots=True)
class Uploads:
    """Keep files as pictures; without a curator none are kept here."""

    curator: Curator | None = None

    async def keep(self, merchant_id: str, files: Sequence[File]) -> Uploaded:
        """Keep files as pictures, each once; what cannot be kept is told, and keeps no other back.

        Raises `PicturesOff` where pictures are switched off.
        """
        if self.curator is None:
            raise PicturesOff("Keeping pictures is switched off here.")
        uploaded = Uploaded()
        async with self.curator.workshop.bench() as bench:
            for place, file in enumerate(files):
                try:
                    picture = await self._kept(self.curator, bench, merchant_id, file, place)
                except PictureRefused as error:
                    uploaded.refused[place] = _refusal(file, place, error.detail)
                except FileRefused as error:
                    uploaded.refused[place] = error
                else:
                    uploaded.kept.append(picture)
        return uploaded

    async def _kept(self, curator: Curator, bench: Bench, merchant_id: str, file: File, place: int) -> KeptPicture:
        if problem := TOO_MANY if place >= MOST_FILES else problem_of(file.content):
            raise _refusal(file, place, problem)
        return await curator.keep(merchant_id, file.content, bench)


def problem_of(content: bytes) -> str:
    """Say what is wrong with a file by its size and its first bytes; empty where it may be a picture."""
    start = content[:SNIFFED_BYTES]
    if not content:
        return EMPTY
    if len(content) > LARGEST_FILE:
        return TOO_LARGE
    if b"<svg" in start.lower():
        return DRAWING
    webp = start[:4] == b"RIFF" and start[8:12] == b"WEBP"
    avif = start[4:8] == b"ftyp" and start[8:12] in BRANDS
    return "" if webp or avif or start.startswith(STARTS) else NO_PICTURE


def _refusal(file: File, place: int, reason: str) -> FileRefused:
    told = f"{file.name} was not taken."
    return FileRefused(f"{told} {reason}", f"/files/{place}")
