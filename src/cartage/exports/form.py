"""The forms that files have: tables of cells, or texts one after the other; and how each is written."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cartage.model.export import TargetSettings

Row = Mapping[str, str]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Describe a file of cells; `columns` gives its columns, or puts those that are used in their order.

    `known` names columns that only some products use, and `note` says so to readers of the documentation.
    """

    name: str
    columns: Callable[[TargetSettings, Iterable[str]], Sequence[str]]
    suffix: str = "csv"
    media_type: str = "text/csv; charset=utf-8"
    delimiter: str = ","
    newline: str = "\r\n"
    used_only: bool = False
    known: Sequence[str] = ()
    note: str = ""

    def written(self, columns: Sequence[str], rows: Iterable[Row], *, safe: bool = False) -> str:
        """Write rows; `safe` keeps spreadsheet programs from running a cell as a formula."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.newline)
        for row in rows:
            cells = [row.get(column, "") for column in columns]
            writer.writerow([f"'{cell}" if safe and cell.startswith(FORMULA) else cell for cell in cells])
        return text.getvalue()

    def head(self, columns: Sequence[str]) -> str:
        """Write the line that names the columns."""
        return self.written(columns, [dict(zip(columns, columns, strict=True))])


def _nothing(_: TargetSettings) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Texts:
    """Describe a file of texts: what opens it, which may depend on the settings, stands between them, and closes it."""

    name: str
    suffix: str
    media_type: str
    opening: Callable[[TargetSettings], str] = _nothing
    between: str = ""
    closing: str = ""


def fixed(columns: Sequence[str]) -> Callable[[TargetSettings, Iterable[str]], Sequence[str]]:
    """Have the same columns always."""
    return lambda _, __: columns
