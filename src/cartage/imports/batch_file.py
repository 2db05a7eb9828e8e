"""A merchant's list of addresses, read row by row: CSV, workbook, lines or JSON, whatever program wrote it."""

import codecs
import contextlib
import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, islice
from typing import Any, BinaryIO, cast

from cartage.imports.columns import ADDRESS_COLUMNS, address_place, asked_columns, first_named, is_address, used_places
from cartage.imports.json_rows import json_entries
from cartage.imports.workbook import is_workbook, workbook_rows
from cartage.model.errors import InvalidInput

RESULT_COLUMNS = ("import_status", "error_code", "error_message", "product_id", "product_url")
DELIMITERS = ",;\t|"
LONGEST_CELL = 100_000
ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256", "gb18030", "shift_jis")
SAMPLES = 50
PIECE = 64 * 1024


class Form(StrEnum):
    """Name the ways in which a list may be written."""

    CSV = "csv"
    WORKBOOK = "workbook"
    LINES = "lines"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Hints:
    """Say how a list is to be read where that is known; what is empty is found out.

    `column` names the one with the addresses, `place` counts to it from 0. `used` are the heads of columns by what they
    say of the products, empty where nothing is to say it; `uses` says it whole, by the places of
    so many columns as `width` says, and of another number nothing.
    """

    form: Form | None = None
    column: str = ""
    place: int | None = None
    encoding: str = ""
    delimiter: str = ""
    used: Mapping[str, str] = field(default_factory=dict[str, str])
    uses: Mapping[int, str] | None = None
    width: int | None = None


NOTHING_KNOWN = Hints()
Numbered = tuple[int, tuple[str, ...]]  # the line of the file on which a row begins, 0 where it has none, and its cells
Head = tuple[Form, str, str]  # how a list is written, its encoding and its delimiter


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold a list being read: how it is written, its columns, its first rows, and all rows when asked for.

    `address` is the place of the column with the addresses, None where that is not plain; `uses` are those of the
    columns that say something of the products, by what they say.
    """

    form: Form
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    rows: Iterator[Numbered]
    address: int | None
    uses: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BatchFile:
    """Hold a list being read: its columns, the place of the address among them, and its rows, read when asked for.

    `form` is how it is written; `uses` are the places of the columns that say something of the products, by what they
    say.
    """

    columns: tuple[str, ...]
    address: int
    delimiter: str
    rows: Iterator[Numbered]
    form: Form = Form.CSV
    uses: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def used(self) -> dict[str, str]:
        """Name the columns that say something of the products, by what they say, in their order."""
        return {name: self.columns[place] for name, place in sorted(self.uses.items(), key=lambda each: each[1])}

    @property
    def handed_back(self) -> tuple[str, ...]:
        """Name the columns that are only handed back."""
        used = {self.address, *self.uses.values()}
        return tuple(column for place, column in enumerate(self.columns) if place not in used)


class _Borrowed(io.TextIOWrapper):
    """Read a file as text, and leave closing it to whoever opened it."""

    def close(self) -> None:
        with contextlib.suppress(ValueError):  # it is closed or let go already
            self.detach()


def open_batch(file: BinaryIO, form: Form | None = None, *columns: str) -> BatchFile:
    """Read the head of a list; `columns` are asked for as `asked_columns` reads them, where they are not plain.

    Raises `InvalidInput` when no column holds addresses or the text is not what its form says.
    """
    address, used = asked_columns(columns)
    return batch_file(open_sheet(file, Hints(form=form, column=address, used=used)))


def batch_file(sheet: Sheet) -> BatchFile:
    """Give a list whose column of addresses is known; raises `InvalidInput` where it is not."""
    if sheet.address is None:
        known = ", ".join(sheet.columns)[:200]
        raise InvalidInput(f"No column is called url or holds addresses; the columns are: {known}.", "/url")
    return BatchFile(sheet.columns, sheet.address, sheet.delimiter, sheet.rows, sheet.form, sheet.uses)


def open_sheet(file: BinaryIO, hints: Hints = NOTHING_KNOWN) -> Sheet:
    """Read the head and the first rows of a list; raises `InvalidInput` where it is not what its form says."""
    if hints.form in (None, Form.WORKBOOK) and is_workbook(file):
        return _table((Form.WORKBOOK, "", ","), workbook_rows(file), hints)
    encoding = _known_encoding(hints.encoding) or _encoding(file)
    text, told = _Borrowed(file, encoding=encoding, errors="replace", newline=""), encoding.removesuffix("-sig")
    match hints.form or _form(text):
        case Form.JSON:
            names, rows = _open_json(text, hints.column)
            return _sheet((Form.JSON, told, ","), names, rows, hints)
        case Form.LINES:
            return _sheet((Form.LINES, told, ","), ("url",), _lines(text), Hints(place=0))
        case _:
            delimiter = hints.delimiter if hints.delimiter in DELIMITERS else ""
            delimiter = delimiter or _delimiter(text)
            return _table((Form.CSV, told, delimiter), _cells(text, delimiter), hints)


def _known_encoding(name: str) -> str:
    if name and name not in ENCODINGS:
        raise InvalidInput(f"The encoding {name!r} is not read here; use one of {', '.join(ENCODINGS)}.", "/encoding")
    return name


def _table(written: Head, rows: Iterator[Numbered], hints: Hints) -> Sheet:
    first = next(rows, None)
    if first is None:
        raise InvalidInput("The list is empty.")
    head = first[1]
    place = next((place for place, cell in enumerate(head) if is_address(cell)), None)
    if not hints.column and place is not None:  # no head at all: the first row is a row
        columns = tuple("url" if each == place else f"column_{each + 1}" for each in range(len(head)))
        known = hints if hints.place is not None else Hints(place=place)
        return _sheet(written, columns, chain([first], rows), known)
    kept, columns = _own_columns(head)
    return _sheet(written, columns, ((line, _picked(cells, kept)) for line, cells in rows), hints)


def _sheet(written: Head, columns: tuple[str, ...], rows: Iterator[Numbered], hints: Hints) -> Sheet:
    first = tuple(islice(rows, SAMPLES))
    samples = tuple(cells for _, cells in first)
    named = hints.place is not None and hints.place < len(columns)
    place = hints.place if named else address_place(columns, samples, hints.column)
    uses = used_places(columns, samples, place, hints.used)
    if hints.uses is not None and hints.width in (None, len(columns)):
        uses = {name: at for at, name in sorted(hints.uses.items(), reverse=True) if at < len(columns) and at != place}
    return Sheet(*written, columns, samples, chain(first, rows), place, uses)


def _encoding(file: BinaryIO) -> str:
    head = file.read(4)
    file.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"  # what spreadsheets on Windows write
    finally:
        file.seek(0)
    return "utf-8-sig"


def _form(text: io.TextIOWrapper) -> Form:
    head = text.read(PIECE).lstrip()
    text.seek(0)
    if head.startswith(("[", "{")):
        return Form.JSON
    return Form.LINES if head.lower().startswith(("http://", "https://")) else Form.CSV


def _lines(text: io.TextIOWrapper) -> Iterator[Numbered]:
    number = 1
    while line := text.readline(LONGEST_CELL):
        if line.strip():
            yield number, (line.strip(),)
        number += line.endswith(("\n", "\r"))


def _delimiter(text: io.TextIOWrapper) -> str:
    line = text.readline(LONGEST_CELL)
    text.seek(0)
    return max(DELIMITERS, key=line.count)


def _cells(text: io.TextIOWrapper, delimiter: str) -> Iterator[Numbered]:
    reader = csv.reader(text, delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise InvalidInput(f"Line {reader.line_num} cannot be read: {error}.") from error
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield line, tuple(row)


def _open_json(text: io.TextIOWrapper, column: str) -> tuple[tuple[str, ...], Iterator[Numbered]]:
    found, entries = json_entries(text)
    names = tuple(name for name in found if name not in RESULT_COLUMNS) or ("url",)
    place = first_named(names, (column, *ADDRESS_COLUMNS)) or 0
    return names, ((line, _item(entry, names, place)) for line, entry in entries)


def _item(entry: Any, names: tuple[str, ...], place: int) -> tuple[str, ...]:
    if isinstance(entry, Mapping):
        values = cast("Mapping[str, Any]", entry)
        return tuple(_plain(values.get(name)) for name in names)
    return tuple(_plain(entry) if each == place else "" for each in range(len(names)))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) > LONGEST_CELL:  # a whole record in a field; cut, it would be neither JSON nor a cell
        return ""
    return text.encode("utf-8", "replace").decode()  # half a character cannot be stored


def _own_columns(head: tuple[str, ...]) -> tuple[tuple[int, ...] | None, tuple[str, ...]]:
    """Leave out the columns of an earlier result, so that a result file can be handed in again."""
    if RESULT_COLUMNS[0] not in head:
        return None, head
    kept = tuple(place for place, name in enumerate(head) if name not in RESULT_COLUMNS)
    return kept, tuple(head[place] for place in kept)


def _picked(row: tuple[str, ...], kept: tuple[int, ...] | None) -> tuple[str, ...]:
    return row if kept is None else tuple(row[place] for place in kept if place < len(row))
