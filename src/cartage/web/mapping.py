"""What a list's columns say of the products, as a person maps them on the check, and the cells that cannot be used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cartage.imports.batch_file import Sheet
from cartage.imports.columns import HEADS
from cartage.imports.row_reading import escaped
from cartage.model.batch import BatchRow
from cartage.web.field_words import TITLES

MAPPED = "mapped"
USE = "use_"
SHOWN = "read_as"
UNFOLDED = 5  # so many columns that are only handed back stand among the others
USES = {
    **{name: TITLES[name] for name in HEADS if name in TITLES},
    "external_id": "Your own id",
    "action": "What to do",
    "tags": "Tags",
    "description_html": "Description (HTML)",
    "currency": "Currency",
    "handle": "Handle",
    "seo_title": "Title for search engines",
    "seo_description": "Description for search engines",
    "overrides": "Fields as JSON",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Hold a cell that cannot be used: its row and column, what is written there, and why not.

    `line` is the one of the file where the row begins, None where it has no lines.
    """

    number: int
    line: int | None
    place: int
    column: str
    written: str
    detail: str

    @property
    def name(self) -> str:
        """Name the field of the form that mends it."""
        return f"row_{self.number}_{self.place}"


def uses_in(fields: Mapping[str, str]) -> dict[int, str] | None:
    """Read what a form says that columns are used for, by their places; None where it was not asked."""
    if MAPPED not in fields:
        return None
    said = {name.removeprefix(USE): use for name, use in fields.items() if name.startswith(USE) and use in HEADS}
    return {int(place): use for place, use in said.items() if place.isdecimal()}


def mapping_in(fields: Mapping[str, str]) -> dict[str, str]:
    """Give a form's fields that say what columns are used for, to be kept in an address."""
    return {name: value for name, value in fields.items() if value and (name == MAPPED or name.startswith(USE))}


def mends_in(fields: Mapping[str, str]) -> dict[int, dict[int, str]]:
    """Read what a form writes into cells, by rows and places."""
    mends: dict[int, dict[int, str]] = {}
    for name, value in fields.items():
        head, *at = name.split("_")
        if head == "row" and len(at) == 2 and all(part.isdecimal() for part in at):  # noqa: PLR2004 - a row and a place
            mends.setdefault(int(at[0]), {})[int(at[1])] = value
    return mends


def read_as(sheet: Sheet) -> str:
    """Say how a list is read: two readings that say the same are the same."""
    uses = sorted((place, use) for use, place in sheet.uses.items())
    return f"{_cut_as(sheet)}{sheet.address} {' '.join(f'{place}:{use}' for place, use in uses)}"


def cut_as_shown(sheet: Sheet, fields: Mapping[str, str]) -> bool:
    """Say whether a list's cells are those that a form showed."""
    return fields.get(SHOWN, _cut_as(sheet)).startswith(_cut_as(sheet))


def _cut_as(sheet: Sheet) -> str:
    return f"{sheet.encoding}{sheet.delimiter} "


def folded_of(sheet: Sheet) -> list[int]:
    """Give the places of columns that are only handed back, where they are so many that they hide the others."""
    used = {sheet.address, *sheet.uses.values()}
    idle = [place for place in range(len(sheet.columns)) if place not in used]
    return idle if len(idle) > UNFOLDED else []


def faults_of(sheet: Sheet, rows: Iterable[BatchRow]) -> list[Fault]:
    """Find the cells that make rows invalid."""
    places = {escaped(column): place for place, column in reversed(list(enumerate(sheet.columns)))}
    faults: list[Fault] = []
    for row in rows:
        column = ((row.failure and row.failure.pointer) or "///").split("/")[3]
        place = places.get(column, sheet.address or 0)
        written = row.cells[place] if place < len(row.cells) else ""
        detail = row.failure.detail if row.failure else ""
        line = row.failure.line if row.failure else None
        faults.append(Fault(row.number, line, place, sheet.columns[place], written, detail))
    return faults
