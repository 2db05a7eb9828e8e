"""The house rules that no linter knows."""

import ast
import configparser
import re
import runpy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
USUAL_FUNCTION = 30
VAGUE = {"utils", "util", "common", "helpers", "helper", "base", "core", "manager", "misc", "types"}
ROOT_FILES_AT_MOST = 17


@dataclass(frozen=True, slots=True)
class File:
    """Hold what the rules ask of a file: its docstring, its length, and each function's name and length in lines."""

    docstring: str | None
    lines: int
    functions: list[tuple[str, int]]


@cache
def file(path: Path) -> File:
    """Read a file, once."""
    text = path.read_text()
    tree = ast.parse(text)
    functions = [
        (node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return File(ast.get_docstring(tree), len(text.splitlines()), functions)


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_and_says_what_it_is(path: Path) -> None:
    """Every file has a docstring, at most 400 lines, and no function over 60."""
    read = file(path)

    assert read.docstring, "no module docstring"
    assert read.lines <= LONGEST_FILE
    assert [(name, length) for name, length in read.functions if length > LONGEST_FUNCTION] == []


def test_nine_functions_in_ten_have_at_most_thirty_lines() -> None:
    """The 90th percentile of function length stays at 30 lines or fewer."""
    lengths = sorted(length for path in SOURCES for _, length in file(path).functions)

    assert lengths[int(len(lengths) * 0.9)] <= USUAL_FUNCTION


def test_no_room_or_file_has_a_vague_name() -> None:
    """Rooms and files are nouns of the work."""
    vague = [path for path in [*SOURCES, *TESTS] if VAGUE & {path.stem, *path.relative_to(ROOT).parts}]

    assert vague == []


def test_the_drawing_is_what_is_linted() -> None:
    """ARCHITECTURE.md draws the floors that import-linter holds."""
    drawn = re.search(r"```text\n(.*?)```", (ROOT / "ARCHITECTURE.md").read_text(), re.DOTALL)
    linter = configparser.ConfigParser()
    linter.read(ROOT / ".importlinter")
    linted = linter["importlinter:contract:floors"]["layers"].strip().splitlines()

    assert drawn
    floors = [re.split(r"\s{2,}", line.strip())[0].split() for line in drawn[1].strip().splitlines()]
    assert floors == [line.replace(":", " ").split() for line in linted]


@pytest.mark.parametrize("page", ["settings.md", "errors.md", "cli.md", "exports.md", "api.md"])
def test_the_reference_is_what_the_code_says(page: str) -> None:
    """docs/reference holds every setting, error code, command and target, as generated from the code."""
    written = runpy.run_path(str(ROOT / "docs/reference.py"))["PAGES"][page]()

    assert (ROOT / "docs/reference" / page).read_text() == written, "run `make docs`"


def test_the_root_is_no_attic() -> None:
    """The repository's root stays small enough to read at a glance."""
    entries = [path.name for path in ROOT.iterdir() if path.name not in {".git", ".venv", "data", "dist"}]
    kept = [name for name in entries if not name.endswith("_cache") and name != ".hypothesis"]

    assert len(kept) <= ROOT_FILES_AT_MOST
