"""The table of new texts in tests/cases/new_texts.txt, read into cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent.parent / "cases/new_texts.txt"


@dataclass(frozen=True)
class CheckCase:
    """Hold a source, what was written from it, both languages, and what it adds: kinds with what was found."""

    source: str
    text: str
    source_language: str
    language: str
    added: tuple[tuple[str, str], ...]
    line: str


def check_cases() -> list[CheckCase]:
    """Read the table."""
    return list(_cases(TABLE.read_text(encoding="utf-8").splitlines()))


def _cases(lines: list[str]) -> Iterator[CheckCase]:
    source_language = language = ""
    for number, line in enumerate(lines, 1):
        if line.startswith("[") and line.endswith("]") and "=>" not in line:
            source_language, language = line.strip("[]").split()
        elif " => " in line and not line.startswith("#"):
            source, text, verdict = (_shown(part) for part in line.split(" => "))
            yield CheckCase(source, text, source_language, language, _added(verdict), f"{number}: {line}")


def _shown(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\u200b", "\u200b")


def _added(verdict: str) -> tuple[tuple[str, str], ...]:
    if verdict == "ok":
        return ()
    return tuple((kind, found) for kind, _, found in (each.partition(":") for each in verdict.split(" + ")))
