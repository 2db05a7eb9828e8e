"""Records on stdout: as a table for a person, or as JSON, JSON lines or CSV, whole or cut down to fields."""

import csv as csv_module
import json as json_module
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from cyclopts import Parameter
from pydantic import BaseModel

from cartage.cli.manner import note
from cartage.cli.outcome import Miswritten

Record = BaseModel | Mapping[str, Any]
Columns = Mapping[str, str]  # headings with the dotted paths of what stands below them
WHOLE = ("price", "id", "status")  # a price that is cut is another price: rather others are left out, the last first
LEAST = 8  # what is cut shorter says nothing
GAP = 3


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Form:
    """Say how records are written."""

    json: str | None = None
    """Write JSON, with only these fields, comma-separated and dotted: --json=id,facts.price.amount. All when bare."""
    jsonl: bool = False
    """Write one JSON object a line, as they come; with the fields of --json, if it names some."""
    csv: str | None = None
    """Write CSV, with only these fields; when bare with those of --json, if it names some, else those of the table."""

    @property
    def for_people(self) -> bool:
        """Tell whether none was asked for."""
        return self.json is None and self.csv is None and not self.jsonl

    @property
    def fields(self) -> Sequence[str]:
        """Give the fields that CSV was asked for; none when all that a table has is meant."""
        named = self.csv or self.json
        return named.split(",") if named else ()


AS_USUAL = Form()


def write_json(record: Record, fields: str = "") -> None:
    """Write a record as JSON; `fields` is a comma-separated list of dotted paths (`name,price.amount`).

    A path through a list gives the list of what it finds. Raises `Miswritten` for a field there is not.
    """
    data = cut(record, fields)
    json_module.dump(data, sys.stdout, ensure_ascii=False, indent=None if fields else 2)
    sys.stdout.write("\n")


def write_record(record: Record, form: Form, columns: Columns) -> None:
    """Write one record: asked for in no form, as two columns of what it has on a terminal, as JSON anywhere else."""
    if form.csv is not None:
        cells = _row(as_data(record), _paths(form, columns))
        _write_csv_row(sys.stdout, _head(form, columns))
        _write_csv_row(sys.stdout, cells)
    elif form.jsonl:
        sys.stdout.write(_line(cut(record, form.json or "")))
    elif form.json is not None or not sys.stdout.isatty():
        write_json(record, form.json or "")
    else:
        data = as_data(record)
        told = {heading: text for heading, place in columns.items() if (text := _text(_value(data, place)))}
        width = max(map(len, told), default=0)
        for heading, text in told.items():
            sys.stdout.write(f"{heading:<{width}}  {text}\n")


async def write_records(found: AsyncIterator[Record], form: Form, columns: Columns) -> int:
    """Write records as they come and count them; lines with tabs where stdout is no terminal, else a table."""
    count = 0
    write = _writer(form, columns)
    async for each in found:
        write.one(as_data(each))
        count += 1
    write.end()
    return count


def write_all(found: Iterable[Record], form: Form, columns: Columns) -> None:
    """Write records that are all there, as `write_records` does."""
    write = _writer(form, columns)
    for each in found:
        write.one(as_data(each))
    write.end()


def cut(record: Record, fields: str) -> Any:
    """Cut a record down to fields, whole without any; raises `Miswritten` for a field there is not."""
    data = as_data(record)
    return {path: _at(data, path.split("."), path) for path in fields.split(",")} if fields else data


def as_data(record: Record) -> dict[str, Any]:
    """Give a record as JSON has it."""
    return record.model_dump(mode="json") if isinstance(record, BaseModel) else dict(record)


class _Rows:
    """Write rows below a head, which comes with the first: as CSV, or as lines with tabs without a head."""

    def __init__(self, paths: Sequence[str], head: Sequence[str] | None) -> None:
        self._paths = paths
        self._csv = head is not None
        self._head = head

    def one(self, data: dict[str, Any]) -> None:
        cells = _row(data, self._paths)
        self.end()
        if self._csv:
            _write_csv_row(sys.stdout, cells)
        else:
            sys.stdout.write("\t".join(" ".join(cell.split()) or "-" for cell in cells) + "\n")

    def end(self) -> None:
        """Write the head, if it is not there yet."""
        if self._head is not None:
            _write_csv_row(sys.stdout, self._head)
            self._head = None


class _Lines:
    """Write a JSON object a line, or all of them as one array."""

    def __init__(self, fields: str, *, array: bool) -> None:
        self._fields = fields
        self._array = array
        self._begun = False

    def one(self, data: dict[str, Any]) -> None:
        line = _line(cut(data, self._fields))
        if not self._array:
            sys.stdout.write(line)
            return
        sys.stdout.write(",\n" if self._begun else "[\n")
        sys.stdout.write(line.rstrip("\n"))
        self._begun = True

    def end(self) -> None:
        if self._array:
            sys.stdout.write("\n]\n" if self._begun else "[]\n")


class _Table:
    """Write a table when all rows are there; where it is too wide, some columns are left out."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._rows: list[Mapping[str, str]] = []

    def one(self, data: dict[str, Any]) -> None:
        self._rows.append(dict(zip(self._columns, _row(data, tuple(self._columns.values())), strict=True)))

    def end(self) -> None:
        from rich import box
        from rich.table import Table
        from rich.text import Text

        from cartage.cli.screen import console

        if not self._rows:
            return
        screen = console()
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
        headings = self._fitting(screen.width)
        for heading in headings:
            table.add_column(heading, no_wrap=heading in WHOLE)
        for row in self._rows:
            table.add_row(*(Text(row[heading], no_wrap=True, overflow="ellipsis") for heading in headings))
        screen.print(table)

    def _fitting(self, width: int) -> Sequence[str]:
        """Give the headings of the columns that have room, those of `WHOLE` first, and tell of the others."""
        from rich.cells import cell_len

        longest = {name: max(cell_len(name), *(cell_len(row[name]) for row in self._rows)) for name in self._columns}
        fitting, left = set[str](), width + GAP
        for name in sorted(self._columns, key=lambda name: WHOLE.index(name) if name in WHOLE else len(WHOLE)):
            need = GAP + (longest[name] if name in WHOLE else min(longest[name], LEAST))
            if need <= left or not fitting:
                fitting.add(name)
                left -= need
        if narrow := [name for name in self._columns if name not in fitting]:
            note(f"No room here for: {', '.join(narrow)}.")
        return [name for name in self._columns if name in fitting]


def _writer(form: Form, columns: Columns) -> _Rows | _Lines | _Table:
    if form.csv is not None:
        return _Rows(_paths(form, columns), _head(form, columns))
    if not form.for_people:
        return _Lines(form.json or "", array=not form.jsonl)
    return _Table(columns) if sys.stdout.isatty() else _Rows(tuple(columns.values()), None)


def _head(form: Form, columns: Columns) -> Sequence[str]:
    return form.fields or tuple(columns)


def _paths(form: Form, columns: Columns) -> Sequence[str]:
    return form.fields or tuple(columns.values())


def _row(data: dict[str, Any], paths: Iterable[str]) -> list[str]:
    return [_text(_value(data, path)) for path in paths]


def _value(data: dict[str, Any], places: str) -> Any:
    """Find the first of several paths, parted by `|`, that leads to something."""
    found = (_at(data, path.split("."), path) for path in places.split("|"))
    return next((each for each in found if each not in (None, "")), None)


def _text(value: Any) -> str:
    """Write a value for a person, or for a cell."""
    if value is None:
        return ""
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value)
        return f"{parts['amount']} {parts['currency']}" if parts.keys() == {"amount", "currency"} else _json(parts)
    if isinstance(value, list):
        return ", ".join(_text(each) for each in cast("list[Any]", value))
    return str(value)


def _write_csv_row(file: Any, cells: Iterable[str]) -> None:
    csv_module.writer(file, lineterminator="\n").writerow(cells)


def _line(data: Any) -> str:
    return _json(data) + "\n"


def _json(data: Any) -> str:
    return json_module.dumps(data, ensure_ascii=False)


def _at(data: Any, path: list[str], whole: str) -> Any:
    if not path or data is None:
        return data
    if isinstance(data, list):
        return [_at(entry, path, whole) for entry in cast("list[Any]", data)]
    record = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    if path[0] not in record:
        known = ", ".join(record) or "none"
        raise Miswritten(f"There is no field {whole!r}. Instead of {path[0]!r} there are: {known}.")
    return _at(record[path[0]], path[1:], whole)
