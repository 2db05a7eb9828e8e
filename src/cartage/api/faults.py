"""What is at fault in a body besides its shape: addresses, prices and barcode numbers, told with the rest of it."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeVar, cast

from fastapi import Request
from pydantic import ValidationError

from cartage.fetching.address import canonical_url
from cartage.imports.edits import faults_in
from cartage.model.errors import CartageError, SchemeUnsupported, UrlInvalid, UrlNotAllowed
from cartage.model.request_errors import raise_faults
from cartage.wire.body import Body
from cartage.wire.bulk import NewBulkAction
from cartage.wire.catalogue import NewImport
from cartage.wire.upkeep import Overrides, ProductEdit

ROUNDS = 5  # of leaving out what is at fault, which may lay bare what then is missing
EDITS: Mapping[type[Body], tuple[str, type[Overrides]]] = {
    NewImport: ("overrides", Overrides),
    NewBulkAction: ("edit", ProductEdit),
    ProductEdit: ("", ProductEdit),
}
Shape = TypeVar("Shape", bound=Body)


def check_import(body: NewImport) -> None:
    """Raise what is at fault in the address and what is given with it, all at once."""
    raise_faults(_faults_of(NewImport, body.model_dump(mode="json", exclude_unset=True)))


def other_faults(request: Request, body: Any) -> Sequence[CartageError]:
    """Say what else is at fault in a body that has not its shape, in those of its fields that have theirs."""
    field = getattr(request.scope.get("route"), "body_field", None)
    shape: Any = getattr(getattr(field, "field_info", None), "annotation", None)
    known = isinstance(body, dict) and shape in EDITS
    return tuple(_faults_of(shape, cast("dict[str, Any]", body))) if known else ()


def _faults_of(shape: type[Body], body: Mapping[str, Any]) -> Iterator[CartageError]:
    if shape is NewImport and isinstance(body.get("url"), str):
        yield from _address_faults(body["url"])
    name, kind = EDITS[shape]
    edit = _sound(kind, body.get(name) if name else body)
    if edit:
        given = ProductEdit.model_validate(edit.model_dump(exclude_unset=True)).as_edit()
        yield from faults_in(given, f"/{name}" if name else "")


def _address_faults(url: str) -> Iterator[CartageError]:
    try:
        canonical_url(url)
    except (UrlInvalid, SchemeUnsupported, UrlNotAllowed) as error:
        error.pointer = "/url"
        yield error


def _sound(shape: type[Shape], written: Any) -> Shape | None:
    """Read those fields that are as they have to be; None where there is no reading it."""
    if not isinstance(written, dict):
        return None
    left = deepcopy(cast("dict[str, Any]", written))
    for _ in range(ROUNDS):
        try:
            return shape.model_validate(left)
        except ValidationError as error:
            for each in error.errors():
                _leave_out(left, each["loc"])
    return None


def _leave_out(written: dict[str, Any], place: Sequence[int | str]) -> None:
    """Take out the innermost field on the way to a place."""
    at: Any = written
    field: tuple[dict[str, Any], str] | None = None
    for part in place:
        if isinstance(at, dict) and part in at:
            field = cast("dict[str, Any]", at), str(part)
            at = field[0][field[1]]
        elif isinstance(at, list) and isinstance(part, int) and part < len(cast("list[Any]", at)):
            at = cast("list[Any]", at)[part]
        else:
            break
    if field:
        field[0].pop(field[1], None)
