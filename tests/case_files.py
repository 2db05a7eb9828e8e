"""The files of cases, and which of their rows a test claims: by its parameters' ids, or by `pytest.mark.case`."""

import json
import re
from collections.abc import Iterable, Iterator
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
    return found & frozenset.union(*map(identities, FILES))


def words_of(function: Any) -> Iterator[str]:
    """Give the ids that a test function's marks speak of, before it is collected."""
    for mark in cast("list[pytest.Mark]", getattr(function, "pytestmark", [])):
        if mark.name == "case":
            yield from mark.args
        if mark.name == "parametrize":
            for each in mark.args[1]:
                values = each.values if hasattr(each, "marks") else each if isinstance(each, tuple) else (each,)
                yield from (str(value.get("id")) if isinstance(value, dict) else str(value) for value in values)


def words_of_item(item: pytest.Item) -> Iterator[str]:
    """Give the ids that a collected test speaks of."""
    for mark in item.iter_markers("case"):
        yield from mark.args
    yield getattr(getattr(item, "callspec", None), "id", "")
