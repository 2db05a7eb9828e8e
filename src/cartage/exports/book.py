"""The files of one export while they are written: in pieces on disk, cut between products where they grow too large."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import IO

from cartage.exports.form import Row, Table, Texts
from cartage.exports.target import Target, Terms, Written
from cartage.model.export import MEGABYTE, ExportPart

PIECE = 1024 * 1024


class Part:
    """Hold one file being written."""

    def __init__(self, file: IO[bytes], head: bytes) -> None:
        self.file = file
        self.file.write(head)
        self.size = len(head)
        self.blocks = 0

    def write(self, block: bytes) -> None:
        """Add the text of one product."""
        self.file.write(block)
        self.size += len(block)
        self.blocks += 1


class Volume:
    """Gather the products of one file, in as many parts as its limit asks for; a product stays in one part."""

    def __init__(self, files: ExitStack, head: str, between: str, tail: str, limit: int) -> None:
        self._files, self._limit = files, limit
        self._head, self._between, self._tail = head.encode(), between.encode(), tail.encode()
        self.parts = [self._opened()]

    def add(self, text: str) -> None:
        """Add one product's text."""
        part, block = self.parts[-1], text.encode("utf-8", "replace")
        if self._limit and part.blocks and part.size + len(block) + len(self._tail) > self._limit:
            part = self._opened()
            self.parts.append(part)
        part.write(self._between + block if part.blocks else block)

    def close(self) -> None:
        """Write what closes each part."""
        for part in self.parts:
            part.file.write(self._tail)
            part.size += len(self._tail)

    def _opened(self) -> Part:
        return Part(_scratch(self._files), self._head)


class Book:
    """Write an export's files; a file whose columns depend on its products waits on disk until all are known."""

    def __init__(self, target: Target, terms: Terms, *, split_mb: int | None = None, excel_safe: bool = False) -> None:
        self._target, self._terms, self._safe = target, terms, excel_safe
        self._limit = (target.split_mb if split_mb is None else split_mb) * MEGABYTE
        self._files = ExitStack()
        self._volumes = {form.name: self._volume(form) for form in target.files if not _waits(form)}
        self._waiting = {form.name: (_scratch(self._files), dict[str, None]()) for form in target.files if _waits(form)}

    def add(self, written: Written) -> int:
        """Add one product, and count its rows."""
        count = 0
        for form in self._target.files:
            rows, texts = written.rows.get(form.name, ()), written.texts.get(form.name, ())
            count += len(texts or rows)
            if isinstance(form, Texts):
                self._volumes[form.name].add(form.between.join(texts))
            elif form.name in self._waiting:
                self._wait(form.name, rows)
            elif rows:
                columns = form.columns(self._terms.settings, ())
                self._volumes[form.name].add(form.written(columns, rows, safe=self._safe))
        return count

    def close(self) -> list[ExportPart]:
        """Finish the files and name them."""
        for form in self._target.files:
            if isinstance(form, Table) and form.name in self._waiting:
                self._replay(form)
            self._volumes[form.name].close()
        return [named for form in self._target.files for named in _named(form, self._volumes[form.name].parts)]

    def pieces(self) -> Iterator[tuple[int, int, bytes]]:
        """Give every part's content in pieces, each with its part's and its own number."""
        parts = [part for form in self._target.files for part in self._volumes[form.name].parts]
        for place, part in enumerate(parts):
            part.file.seek(0)
            for number, piece in enumerate(iter(lambda file=part.file: file.read(PIECE), b"")):
                yield place, number, piece

    def discard(self) -> None:
        """Delete the files from this disk."""
        self._files.close()

    def _wait(self, name: str, rows: Sequence[Row]) -> None:
        file, used = self._waiting[name]
        for row in rows:
            used.update(dict.fromkeys(row))
        file.write(json.dumps(rows).encode() + b"\n")

    def _replay(self, form: Table) -> None:
        file, used = self._waiting[form.name]
        columns = form.columns(self._terms.settings, used)
        volume = self._volume(form, columns)
        self._volumes[form.name] = volume
        file.seek(0)
        for line in file:
            if rows := json.loads(line):
                volume.add(form.written(columns, rows, safe=self._safe))

    def _volume(self, form: Table | Texts, columns: Sequence[str] | None = None) -> Volume:
        if isinstance(form, Texts):
            return Volume(self._files, form.opening(self._terms.settings), form.between, form.closing, self._limit)
        head = form.head(form.columns(self._terms.settings, ()) if columns is None else columns)
        return Volume(self._files, head, "", "", self._limit)


def _scratch(files: ExitStack) -> IO[bytes]:
    return files.enter_context(tempfile.TemporaryFile())


def _waits(form: Table | Texts) -> bool:
    return isinstance(form, Table) and form.used_only


def _named(form: Table | Texts, parts: Sequence[Part]) -> Iterator[ExportPart]:
    for number, part in enumerate(parts, 1):
        name = f"{form.name}-{number}.{form.suffix}" if len(parts) > 1 else f"{form.name}.{form.suffix}"
        yield ExportPart(name=name, media_type=form.media_type, size=part.size)
