"""Lists written as JSON, or as JSON Lines: entries with the names of their fields, in the order in which they come."""

import io
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, cast

from cartage.model.errors import InvalidInput

LARGEST_JSON = 32 * 1024 * 1024
Numbered = tuple[int, Any]  # the line on which an entry stands, 0 in a list that is one value, and the entry
Entries = tuple[tuple[str, ...], Iterator[Numbered]]


def json_entries(text: io.TextIOBase) -> Entries:
    """Give the names of all fields, and the entries: of JSON Lines as they are asked for, of a JSON list at once.

    Raises `InvalidInput`, which names the line where there is one, for what is neither.
    """
    if _by_line(text):
        return _names(entry for _, entry in _lines(text)), _lines(text)
    entries = _list(text)
    return _names(entries), ((0, entry) for entry in entries)


def _by_line(text: io.TextIOBase) -> bool:
    """Tell whether the first line is an entry by itself."""
    text.seek(0)
    first = next((line for line in iter(lambda: text.readline(LARGEST_JSON), "") if line.strip()), "")
    text.seek(0)
    try:
        entry: Any = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(entry, str) or (isinstance(entry, dict) and not isinstance(entry.get("items"), list))  # pyright: ignore[reportUnknownMemberType]


def _lines(text: io.TextIOBase) -> Iterator[Numbered]:
    text.seek(0)
    for number, line in enumerate(iter(lambda: text.readline(LARGEST_JSON), ""), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                raise InvalidInput(f"Line {number} is not JSON: {error}.") from error


def _list(text: io.TextIOBase) -> list[Any]:
    content = text.read(LARGEST_JSON + 1)
    if len(content) > LARGEST_JSON:
        raise InvalidInput(
            "The JSON is larger than 32 MB; send JSON Lines, CSV or plain lines, which are read as they come."
        )
    try:
        items: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"The list is not JSON: {error}.") from error
    if isinstance(items, dict):
        items = cast("dict[str, Any]", items).get("items")
    if not isinstance(items, list):
        raise InvalidInput("The JSON is neither a list nor an object with `items`.", "/items")
    return cast("list[Any]", items)


def _names(entries: Iterable[Any]) -> tuple[str, ...]:
    objects = (cast("dict[Any, Any]", entry) for entry in entries if isinstance(entry, dict))
    return tuple(dict.fromkeys(str(name) for name in chain.from_iterable(objects)))
