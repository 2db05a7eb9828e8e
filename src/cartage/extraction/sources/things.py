"""Nodes of schema.org data, whatever the syntax: keys folded, lists flattened, references followed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self, cast

from selectolax.lexbor import LexborNode

from cartage.extraction.document import LONGEST_RAW, css_path
from cartage.extraction.text import clean

DEEPEST_LIST = 3
MOST_VALUES = 500
NAMING = ("@value", "name", "value", "title", "@id")


class Located(str):
    """Be a text that knows the element it was read from."""

    __slots__ = ("_node",)

    _node: LexborNode

    def __new__(cls, text: str, node: LexborNode) -> Self:
        """Make the text with its place."""
        made = super().__new__(cls, text)
        made._node = node
        return made

    @property
    def where(self) -> str:
        """Give the element's CSS path."""
        return css_path(self._node)


@dataclass(frozen=True, slots=True)
class Found:
    """Hold a text as written, cleaned, and where it stands."""

    raw: str
    where: str

    @property
    def text(self) -> str:
        """Give the text with entities decoded and white space folded."""
        return clean(self.raw)

    @property
    def short(self) -> str:
        """Give the raw text as evidence keeps it."""
        return self.raw[:LONGEST_RAW]


def fold(name: str) -> str:
    """Give a type's or key's bare name in lower case: `http://schema.org/Product` is `product`."""
    if name.startswith("@"):
        return name.lower()
    return name.rstrip("/#").replace("#", "/").replace(":", "/").rsplit("/", 1)[-1].strip().lower()


def as_dict(value: Any) -> dict[str, Any] | None:
    """Give a JSON object as a typed dict, or None."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_list(value: Any) -> list[Any]:
    """Give a JSON array's entries, or the value alone."""
    return cast("list[Any]", value) if isinstance(value, list) else [value]


class Thing:
    """Read one node; `where` is a JSON pointer or CSS path, `graph` maps each `@id` to its fullest node."""

    def __init__(self, data: dict[str, Any], where: str, graph: Mapping[str, dict[str, Any]]) -> None:
        self._graph = graph
        self.data = self._resolved(data)
        self.where = str(self.data.get("@where") or where)

    def _resolved(self, data: dict[str, Any]) -> dict[str, Any]:
        identity = data.get("@id")
        if isinstance(identity, str) and not set(data) - {"@id", "@type", "@context"}:
            return self._graph.get(identity, data)
        return data

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {fold(key): key for key in reversed(self.data)}

    @cached_property
    def types(self) -> frozenset[str]:
        """Give the node's types as bare lower-case names."""
        stated = self.data.get("@type") or self.data.get("type") or self.data.get("@Type")
        return frozenset(fold(entry) for entry in as_list(stated) if isinstance(entry, str))

    @property
    def id(self) -> str:
        """Give the node's `@id`, or an empty text."""
        identity = self.data.get("@id")
        return identity if isinstance(identity, str) else ""

    def values(self, *names: str) -> Iterator[tuple[Any, str]]:
        """Yield each value of the named keys, lists flattened, with its place."""
        for name in names:
            key = self._keys.get(name)
            if key is not None:
                yield from _flat(self.data[key], f"{self.where}/{key}", 0)

    def texts(self, *names: str) -> list[Found]:
        """List the texts of the named keys; a node in a text's place gives its name."""
        found: list[Found] = []
        for value, where in self.values(*names):
            data = as_dict(value)
            text = _text(self._resolved(data) if data else value)
            if text and text.strip():
                found.append(Found(text, value.where if isinstance(value, Located) else where))
        return found

    def things(self, *names: str, most: int = MOST_VALUES) -> list["Thing"]:
        """List the nodes of the named keys, references followed; no more than `most`."""
        found: list[Thing] = []
        for value, where in self.values(*names):
            if len(found) >= most:
                break
            if data := as_dict(value):
                found.append(Thing(data, where, self._graph))
            elif isinstance(value, str) and value in self._graph:
                found.append(Thing(self._graph[value], where, self._graph))
        return found

    def text(self, *names: str) -> str:
        """Give the first text of the named keys, cleaned, or an empty text."""
        found = self.texts(*names)
        return found[0].text if found else ""


def _flat(value: Any, where: str, depth: int) -> Iterator[tuple[Any, str]]:
    if not isinstance(value, list):
        yield value, where
    elif depth < DEEPEST_LIST:
        for number, entry in enumerate(cast("list[Any]", value)[:MOST_VALUES]):
            yield from _flat(entry, f"{where}/{number}", depth + 1)


def _text(value: Any) -> str | None:
    if data := as_dict(value):
        named = (as_list(data.get(key))[:1] for key in NAMING)
        return next((text for first in named if first and (text := _plain(first[0]))), None)
    return _plain(value)


def _plain(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
