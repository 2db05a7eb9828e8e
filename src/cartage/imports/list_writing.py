"""Lists written anew as CSV, with each row on the line where it stood, as far as there is room before it."""

import csv
import io
from collections.abc import Iterable, Sequence

from cartage.imports.batch_file import Numbered

BREAK = "\r\n"


def as_csv(columns: Sequence[str], rows: Iterable[Numbered], *, headed: bool = True) -> bytes:
    """Write a list as CSV; without a head where it is not to be `headed` and the first row stood on the first line."""
    text = io.StringIO()
    writer, written = csv.writer(text, lineterminator=BREAK), 0
    for line, cells in rows:
        if not written and (headed or line != 1):
            writer.writerow(columns)
            written = _lines_of(columns)
        text.write(BREAK * max(0, line - written - 1))
        writer.writerow(cells)
        written = max(written, line - 1) + _lines_of(cells)
    if not written:
        writer.writerow(columns)
    return text.getvalue().encode()


def _lines_of(cells: Sequence[str]) -> int:
    return 1 + sum(len(cell.splitlines()) - 1 for cell in cells if cell)
