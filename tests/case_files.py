"""The files of cases, and which of their rows a test claims: by its parameters' ids, or by `pytest.mark.case`."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

CASES = Path(__file__).parent / "cases"
FILES = ("ssrf_cases.jsonl", "bad_pages.jsonl")
IDENTITY = re.compile(r"[a-z0-9_]+-\d+")


@cache
def identities(file: str) -> frozenset[str]:
    """Give the ids of a file's rows."""
    rows = [json.loads(line) for line in (CASES / file).read_text().splitlines()]
    return frozenset(row["id"] for row in rows)


def claimed(words: Iterable[str]) -> set[str]:
    """Give the rows that words begin with the ids of."""
    found = {match[0] for word in words if (match := IDENTITY.match(word))}
    return {each for each in found if any(each in identities(file) for file in FILES)}


def words_of(function: Any) -> Iterator[str]:
    """Give the ids that a test function's marks speak of, before it is collected."""
    for mark in cast("list[pytest.Mark]", getattr(function, "pytestmark", [])):
        if mark.name == "case":
            yield from mark.args
        if mark.name == "parametrize":
            for each in list(mark.args[1]):
                yield from (_word_of(value) for value in _values_of(each))


def words_of_item(item: pytest.Item) -> Iterator[str]:
    """Give the ids that a collected test speaks of."""
    for mark in item.iter_markers("case"):
        yield from mark.args
    yield getattr(getattr(item, "callspec", None), "id", "")


def _values_of(parameter: Any) -> Sequence[Any]:
    if hasattr(parameter, "marks"):
        return (*parameter.values, parameter.id)
    return cast("tuple[Any, ...]", parameter) if isinstance(parameter, tuple) else (parameter,)


def _word_of(value: Any) -> str:
    return str(cast("dict[str, Any]", value).get("id")) if isinstance(value, dict) else str(value)
