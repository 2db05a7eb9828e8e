"""What a row of a list says of its product besides the address: an act, and an edit that is set by hand."""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from cartage.extraction.availability import availability_of, condition_of
from cartage.imports.edits import check_edit, faults_in, tags_in, tidied, trail_in
from cartage.imports.price_cells import price_in
from cartage.imports.weight_cells import weight_in
from cartage.model.edit import OVERRIDABLE, Edit
from cartage.model.errors import InvalidInput
from cartage.model.merchant import UNSAID, Preferences
from cartage.model.presentation import PRESENTED
from cartage.model.product import Availability, Condition
from cartage.model.request_errors import raise_faults
from cartage.model.weight import WEIGHT

TEXTS = ("external_id", "name", "brand", "description", "description_html", "sku", "gtin", "mpn")
PRICES = ("price", "regular_price")
LONGEST_WORD = 40
Word = TypeVar("Word", bound=StrEnum)


class Action(StrEnum):
    """Name what a row asks for: to import as the list says, to import again what is there, or to leave it out."""

    IMPORT = "import"
    REFRESH = "refresh"
    SKIP = "skip"


def action_of(cell: str) -> Action:
    """Read what a row asks for, which is to import where it says nothing; raises `InvalidInput`."""
    word = cell.strip().casefold()
    if word and word not in set(Action):
        known = ", ".join(Action)
        raise InvalidInput(f"There is no action {cell.strip()[:60]!r}; there are {known}.", "/action")
    return Action(word or Action.IMPORT)


def own_id_in(cells: Mapping[str, str]) -> Edit | None:
    """Read what a row calls its product elsewhere, whatever else it says; None where it says nothing that can be."""
    written = cells.get("external_id", "").strip()
    try:
        return Edit(external_id=written) if written else None
    except ValidationError:
        return None


def given_by(cells: Mapping[str, str], source_url: str, preferences: Preferences = UNSAID) -> Edit | None:
    """Read what a row says of its product, by what its columns are used for; None where it says nothing.

    Blank cells say nothing, and `preferences` say what bare numbers mean. Raises `InvalidInput`, whose pointer begins
    with what the column is used for.
    """
    said = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    named: dict[str, Any] = {name: said[name] for name in (*TEXTS, *PRESENTED) if name in said}
    currency = said.get("currency", preferences.currency or "")
    named |= {name: price_in(said[name], currency, f"/{name}") for name in PRICES if name in said}
    if WEIGHT in said:
        named[WEIGHT] = weight_in(said[WEIGHT], preferences.bare_weight, f"/{WEIGHT}")
    named |= {field: read(said[name]) for name, (field, read) in READ.items() if name in said}
    overrides = _overrides_in(said["overrides"], source_url) if "overrides" in said else {}
    if not (named or overrides):
        return None
    edit = tidied(_edit(named, ""), source_url)
    check_edit(edit)
    return edit.model_copy(update=overrides)


def overridden(edit: Edit, source_url: str) -> Edit:
    """Put overrides in the form that facts have; raises `InvalidInput`, whose pointer leads into `/overrides`."""
    try:
        ready = tidied(edit, source_url)
    except InvalidInput as error:
        raise InvalidInput(error.detail, f"/overrides{error.pointer}") from error
    raise_faults(faults_in(ready, "/overrides"))
    return ready


def _overrides_in(cell: str, source_url: str) -> dict[str, Any]:
    try:
        read: Any = json.loads(cell)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise InvalidInput("The overrides are no JSON object with the fields to set.", "/overrides")
    fields = cast("dict[str, Any]", read)
    for name in fields:
        if name not in OVERRIDABLE:
            raise InvalidInput(f"There is no field {name[:60]!r} that could be set.", f"/overrides/{name}")
    edit = overridden(_edit(fields, "/overrides"), source_url)
    return {name: getattr(edit, name) for name in edit.model_fields_set}


def _edit(fields: Mapping[str, Any], above: str) -> Edit:
    try:
        return Edit.model_validate(fields)
    except ValidationError as error:
        at = "/".join(str(part) for part in error.errors()[0]["loc"]).replace("add_tags", "tags")
        raise InvalidInput("The value does not fit the field, or is longer than it may be.", f"{above}/{at}") from error


def _listed(cell: str) -> list[str] | None:
    if not cell.startswith("["):
        return None
    try:
        read: Any = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    return [str(each) for each in cast("list[Any]", read)] if isinstance(read, list) else None


def _tags(cell: str) -> tuple[str, ...]:
    return tags_in(_listed(cell) or cell)


def _trail(cell: str) -> tuple[str, ...]:
    return trail_in(_listed(cell) or cell)


def _availability(cell: str) -> Availability:
    return _one_of(Availability, availability_of(cell), cell, "/availability")


def _condition(cell: str) -> Condition:
    return _one_of(Condition, condition_of(cell), cell, "/condition")


def _one_of(words: type[Word], found: Word | None, cell: str, pointer: str) -> Word:
    if found is None or len(cell) > LONGEST_WORD:
        known = ", ".join(words)
        raise InvalidInput(f"{cell[:60]!r} is none of {known}.", pointer)
    return found


READ: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "tags": ("add_tags", _tags),
    "breadcrumbs": ("breadcrumbs", _trail),
    "availability": ("availability", _availability),
    "condition": ("condition", _condition),
}
