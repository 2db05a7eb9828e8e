"""Records on stdout: one JSON document, whole or cut down to the fields asked for."""

import json
import sys
from typing import Any, cast

from pydantic import BaseModel

from cartage.model.errors import InvalidInput


def write_json(record: BaseModel | dict[str, Any], fields: str = "") -> None:
    """Write a record as JSON; `fields` is a comma-separated list of dotted paths (`name,price.amount`).

    A path through a list gives the list of what it finds. Raises `InvalidInput` for a field there is not.
    """
    data: Any = record.model_dump(mode="json") if isinstance(record, BaseModel) else record
    if fields:
        data = {path: _at(data, path.split("."), path) for path in fields.split(",")}
    json.dump(data, sys.stdout, ensure_ascii=False, indent=None if fields else 2)
    sys.stdout.write("\n")


def _at(data: Any, path: list[str], whole: str) -> Any:
    if not path or data is None:
        return data
    if isinstance(data, list):
        return [_at(entry, path, whole) for entry in cast("list[Any]", data)]
    record = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    if path[0] not in record:
        raise InvalidInput(f"There is no field {whole!r}.")
    return _at(record[path[0]], path[1:], whole)
