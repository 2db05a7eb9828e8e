"""A merchant's list of addresses, read row by row: CSV, plain lines or JSON, whatever program wrote it."""

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO, cast

from cartage.model.errors import InvalidInput

ADDRESS_COLUMNS = ("url", "link", "address", "source url", "page url", "href", "product link", "product url")
RESULT_COLUMNS = ("import_status", "error_code", "error_message", "product_id", "product_url")
DELIMITERS = ",;\t|"
LONGEST_CELL = 100_000
LARGEST_JSON = 32 * 1024 * 1024
PIECE = 64 * 1024


class Form(StrEnum):
    """Name the ways in which a list may be written."""

    CSV = "csv"
    LINES = "lines"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class BatchFile:
    """Hold a list being read: its columns, the place of the address among them, and its rows, read when asked for."""

    columns: tuple[str, ...]
    address: int
    delimiter: str
    rows: Iterator[tuple[str, ...]]


def open_batch(file: BinaryIO, form: Form | None = None, column: str = "") -> BatchFile:
    """Read the head of a list; `column` names the one with the address where that is not plain.

    Raises `InvalidInput` when no column holds addresses or the text is not what its form says.
    """
    text = io.TextIOWrapper(file, encoding=_encoding(file), errors="replace", newline="")
    match form or _form(text):
        case Form.JSON:
            return _open_json(text, column)
        case Form.LINES:
            return BatchFile(("url",), 0, ",", _lines(text))
        case Form.CSV:
            return _open_csv(text, column)


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


def _lines(text: io.TextIOWrapper) -> Iterator[tuple[str, ...]]:
    while line := text.readline(LONGEST_CELL):
        if line.strip():
            yield (line.strip(),)


def _open_csv(text: io.TextIOWrapper, column: str) -> BatchFile:
    line = text.readline(LONGEST_CELL)
    text.seek(0)
    delimiter = max(DELIMITERS, key=line.count)
    rows = _cells(text, delimiter)
    head = next(rows, None)
    if head is None:
        raise InvalidInput("The list is empty.")
    place = next((place for place, cell in enumerate(head) if _is_address(cell)), None)
    if not column and place is not None:  # no head at all: the first row is a row
        columns = tuple("url" if each == place else f"column_{each + 1}" for each in range(len(head)))
        return BatchFile(columns, place, delimiter, _chained(head, rows))
    kept, columns = _own_columns(head)
    return BatchFile(columns, _address_of(columns, column), delimiter, (_picked(row, kept) for row in rows))


def _cells(text: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[str, ...]]:
    reader = csv.reader(text, delimiter=delimiter)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise InvalidInput(f"Line {reader.line_num} cannot be read: {error}.") from error
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield tuple(row)


def _open_json(text: io.TextIOWrapper, column: str) -> BatchFile:
    content = text.read(LARGEST_JSON + 1)
    if len(content) > LARGEST_JSON:
        raise InvalidInput("The JSON is larger than 32 MB; send CSV or plain lines, which are read as they come.")
    try:
        items: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"The list is not JSON: {error}.") from error
    if isinstance(items, dict):
        items = cast("dict[str, Any]", items).get("items")
    if not isinstance(items, list):
        raise InvalidInput("The JSON is neither a list nor an object with `items`.", "/items")
    entries = cast("list[Any]", items)
    found = dict.fromkeys(
        str(name) for entry in entries if isinstance(entry, dict) for name in cast("dict[Any, Any]", entry)
    )
    names = tuple(name for name in found if name not in RESULT_COLUMNS) or ("url",)
    place = _address_of(names, column)
    return BatchFile(names, place, ",", (_item(entry, names, place) for entry in entries))


def _item(entry: Any, names: tuple[str, ...], place: int) -> tuple[str, ...]:
    if isinstance(entry, Mapping):
        values = cast("Mapping[str, Any]", entry)
        return tuple(_plain(values.get(name)) for name in names)
    return tuple(_plain(entry) if each == place else "" for each in range(len(names)))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()  # half a character cannot be stored


def _own_columns(head: tuple[str, ...]) -> tuple[tuple[int, ...] | None, tuple[str, ...]]:
    """Leave out the columns of an earlier result, so that a result file can be handed in again."""
    if RESULT_COLUMNS[0] not in head:
        return None, head
    kept = tuple(place for place, name in enumerate(head) if name not in RESULT_COLUMNS)
    return kept, tuple(head[place] for place in kept)


def _picked(row: tuple[str, ...], kept: tuple[int, ...] | None) -> tuple[str, ...]:
    return row if kept is None else tuple(row[place] for place in kept if place < len(row))


def _address_of(columns: tuple[str, ...], wanted: str) -> int:
    folded = [column.strip().casefold().replace("_", " ") for column in columns]
    for name in [wanted.strip().casefold().replace("_", " ")] if wanted else ADDRESS_COLUMNS:
        if name in folded:
            return folded.index(name)
    known = ", ".join(columns)[:200]
    missing = f"There is no column {wanted!r}" if wanted else "No column is called url"
    raise InvalidInput(f"{missing}; the columns are: {known}.", "/url")


def _is_address(cell: str) -> bool:
    return cell.strip().lower().startswith(("http://", "https://"))


def _chained(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    yield head
    yield from rows
