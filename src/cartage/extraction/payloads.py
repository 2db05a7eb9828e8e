"""Objects that frameworks flatten into one list, where numbers point at entries: devalue and turbo-stream."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, cast

import chompjs

DEEPEST = 60
ROOT = 0


def devalued(values: list[Any]) -> Any:
    """Rebuild the object in devalue's list, which Nuxt 3 writes. Source: the devalue package's README."""
    return Flattened(values, keys_point=False).build(ROOT)


def unstreamed(values: list[Any]) -> Any:
    """Rebuild the object in turbo-stream's list, which Remix and React Router write.

    Its keys point into the list too (`_12`), and negative numbers stand for undefined and its like.
    Source: the turbo-stream package's README.
    """
    return Flattened(values, keys_point=True).build(ROOT)


@dataclass(slots=True)
class Flattened:
    """Hold a flattened object and what was rebuilt of it; an entry that is met again is the same object."""

    values: list[Any]
    keys_point: bool
    built: dict[int, Any] = field(default_factory=dict[int, Any])

    def build(self, index: int, depth: int = 0) -> Any:
        """Rebuild the entry at an index; None for what is out of bounds or too deep."""
        if not 0 <= index < len(self.values) or depth > DEEPEST:
            return None
        if index in self.built:
            return self.built[index]
        value = self.values[index]
        if isinstance(value, dict):
            return self._object(index, cast("dict[str, Any]", value), depth)
        if isinstance(value, list):
            return self._list(index, cast("list[Any]", value), depth)
        return value

    def _object(self, index: int, pairs: dict[str, Any], depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        self.built[index] = made
        for key, place in pairs.items():
            name = self._name(key) if self.keys_point else key
            if name is not None and isinstance(place, int):
                made[name] = self.build(place, depth + 1)
        return made

    def _name(self, key: str) -> str | None:
        place = key.removeprefix("_")
        name = self.build(int(place), DEEPEST) if place.isdigit() else None
        return name if isinstance(name, str) else None

    def _list(self, index: int, entries: list[Any], depth: int) -> Any:
        if entries and isinstance(entries[0], str):
            wraps_one = len(entries) == 2 and isinstance(entries[1], int)
            return self.build(entries[1], depth + 1) if wraps_one else None
        row: list[Any] = []
        self.built[index] = row
        row += [self.build(place, depth + 1) for place in entries if isinstance(place, int)]
        return row


IMMEDIATE = re.compile(r"__NUXT__\s*=\s*\(function\(([\w$,\s]*)\)\s*\{")
RETURNED = re.compile(r"return\s*(?=\{)")
TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[A-Za-z_$][\w$]*(?=\s*:)|(?<![\w$.])[A-Za-z_$][\w$]*")


def returned(script: str) -> Any | None:
    """Give the object that Nuxt 2's function returns, each of its names replaced by the argument it is called with.

    The function is not run: statements before its `return` are left out. Source: the devalue package, version 2.
    """
    head = IMMEDIATE.search(script)
    begin = head and RETURNED.search(script, head.end())
    close = script.rfind("}(")
    if head is None or begin is None or close < begin.end():
        return None
    names = [name.strip() for name in head[1].split(",")]
    try:
        values = chompjs.parse_js_object(f"[{script[close + 2 : script.rfind('))')]}]")
        written = {name: json.dumps(value) for name, value in zip(names, values, strict=False)}
        body = TOKEN.sub(lambda match: _argument(match, written), script[begin.end() : close])
        return chompjs.parse_js_object(body)
    except (ValueError, RecursionError):
        return None


def _argument(match: re.Match[str], written: dict[str, str]) -> str:
    is_key = match.string[match.end() :].lstrip()[:1] == ":"
    return match[0] if is_key or match[0][0] in "\"'" else written.get(match[0], match[0])
