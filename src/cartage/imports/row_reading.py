"""Reading a list's rows: each becomes one of the batch, with what it says of its product or what is wrong with it."""

from dataclasses import dataclass, field
from itertools import islice

from cartage.fetching.address import Rules, canonical_url, parse
from cartage.imports.batch_file import BatchFile
from cartage.imports.columns import unit_in
from cartage.imports.given import Action, action_of, given_by, own_id_in
from cartage.model.batch import BatchRow, RowState
from cartage.model.errors import CartageError, InvalidInput, UrlInvalid
from cartage.model.merchant import UNSAID, Preferences
from cartage.model.request_errors import RowUnusable
from cartage.model.weight import WEIGHT, with_unit

ROWS_AT_ONCE = 250


@dataclass(slots=True)
class RowReading:
    """Read a list's rows some hundreds at a time, noticing what is wrong with them and those that came before."""

    batch_id: str
    file: BatchFile
    rules: Rules
    preferences: Preferences = UNSAID
    number: int = 0
    _seen: dict[str, int] = field(default_factory=dict[str, int])

    def read(self) -> list[BatchRow]:
        """Read the next rows; none at the end."""
        return [self._row(line, cells) for line, cells in islice(self.file.rows, ROWS_AT_ONCE)]

    def _row(self, line: int, cells: tuple[str, ...]) -> BatchRow:
        self.number += 1
        written = cells[self.file.address].strip() if self.file.address < len(cells) else ""
        said = {name: cells[place] for name, place in self.file.uses.items() if place < len(cells)}
        if WEIGHT in said:
            said[WEIGHT] = with_unit(said[WEIGHT], unit_in(self.file.used[WEIGHT]))
        own_id, fitted = own_id_in(said), self._fitted(cells)
        row = BatchRow(batch_id=self.batch_id, number=self.number, cells=fitted, given=own_id)
        try:
            action = action_of(said.get("action", ""))
            if action is Action.SKIP:
                return row.model_copy(update={"state": RowState.SKIPPED, "source_url": written})
            source_url = self._address(written)
            given = given_by(said, source_url, self.preferences)
        except InvalidInput as error:
            return self._refused(row, written, line, RowUnusable(error.detail), error.pointer)
        except CartageError as error:
            return self._refused(row, written, line, error, "/url")
        first = self._seen.setdefault(source_url, self.number)
        again = {} if first == self.number else {"state": RowState.DUPLICATE, "same_as": first}
        asked = {"given": given, "again": action is Action.REFRESH}
        return row.model_copy(update={"source_url": source_url, **asked, **again})

    def _fitted(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """Keep the last cells of a row that is longer than the head together, so that the columns stay in place."""
        width = len(self.file.columns)
        if len(cells) <= width:
            return cells
        return (*cells[: width - 1], self.file.delimiter.join(cells[width - 1 :]))

    def _address(self, written: str) -> str:
        if not written:
            raise UrlInvalid("The row has no address.", "empty")
        source_url = canonical_url(written)
        self.rules.check(parse(source_url))
        return source_url

    def _refused(self, row: BatchRow, written: str, line: int, error: CartageError, pointer: str) -> BatchRow:
        """Say what is wrong with a row and on which line, and point at its cell as if the list were JSON."""
        name, *within = pointer[1:].split("/")
        column = self.file.columns[self.file.uses.get(name, self.file.address)]
        at = "/".join(["", "items", str(self.number - 1), escaped(column), *within])
        failure = error.failure().model_copy(update={"pointer": at, "line": line or None})
        return row.model_copy(update={"state": RowState.INVALID, "source_url": written, "failure": failure})


def escaped(name: str) -> str:
    """Write a name as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
