"""Promises that no row of the case files is left out."""

import importlib
import inspect
from collections import Counter
from pathlib import Path

import pytest

from tests.case_files import FILES, claimed, identities, words_of

TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def claims() -> set[str]:
    """Give the rows that the suite's tests claim."""
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        if any(word in path.read_text() for word in ("mark.case", *FILES, "bad_pages", "photographs")):
            module = importlib.import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))
            for _, function in inspect.getmembers(module, inspect.isfunction):
                found |= claimed(words_of(function))
    return found


@pytest.mark.parametrize(("file", "rows"), [("ssrf_cases.jsonl", 350), ("bad_pages.jsonl", 129)])
def test_every_row_has_a_test(claims: set[str], file: str, rows: int) -> None:
    """Each row of the file is named by a test of the suite."""
    listed = identities(file)

    assert len(listed) == rows
    assert sorted(listed - claims) == []


def test_no_id_stands_in_both_files() -> None:
    """A claim is of one row."""
    counted = Counter(identity for file in FILES for identity in identities(file))

    assert max(counted.values()) == 1
