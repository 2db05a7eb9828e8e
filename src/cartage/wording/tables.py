"""The word tables beside this file, read once: materials, claims, origins, units and number words by language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

LANGUAGES = ("en", "ar", "de", "fr", "es", "it")


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold a line of a table: a name, what else it may be called, and each language's words; `-` is no name."""

    name: str
    wider: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """Hold a unit: what it measures, its size in that measure, and how it is written.

    `signs` count capitals, `marks` stand right behind or before a number; `duals` say two of it in one word.
    """

    name: str
    dimension: str
    size: Decimal
    signs: tuple[str, ...]
    marks: tuple[str, ...]
    duals: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]


@cache
def entries(table: str) -> tuple[Entry, ...]:
    """Read the lines of `materials`, `claims` or `origins`."""
    return tuple(_entry(head, words) for head, words in _lines(table))


@cache
def units() -> tuple[Unit, ...]:
    """Read the units."""
    return tuple(_unit(head, words) for head, words in _lines("units"))


@cache
def number_words(language: str) -> Mapping[str, Decimal]:
    """Give a language's number words and their values; none for a language without a line."""
    for head, words in _lines("numbers", mark="="):
        if head == language:
            return {word: Decimal(value) for value, given in words.items() for word in given}
    return {}


def _entry(head: str, words: Mapping[str, tuple[str, ...]]) -> Entry:
    name, _, wider = head.partition(" < ")
    return Entry(name, _wider(wider), words)


def _wider(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _unit(head: str, words: Mapping[str, tuple[str, ...]]) -> Unit:
    name, _, measure = head.partition(" = ")
    dimension, size = measure.split()
    spoken = {language: words[language] for language in LANGUAGES if language in words}
    signs, marks, duals = (words.get(key, ()) for key in ("sign", "mark", "dual"))
    return Unit(name, dimension, Decimal(size), signs, marks, duals, spoken)


def _lines(table: str, mark: str = ":") -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    text = (resources.files("cartage.wording") / "tables" / f"{table}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            head, *cells = line.split(" | ")
            yield head.strip(), dict(_cell(cell, mark) for cell in cells)


def _cell(cell: str, mark: str) -> tuple[str, tuple[str, ...]]:
    key, _, words = cell.partition(mark)
    return key.strip(), tuple(word.strip() for word in words.split(",") if word.strip())
