"""Tokens of a writing: words, numbers, codes such as `WH-1000XM5`, and signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from cartage.wording.digits import readings
from cartage.wording.tables import units
from cartage.wording.writing import Writing, written


class Kind(Enum):
    """Name what a token is."""

    WORD = auto()
    NUMBER = auto()
    CODE = auto()
    SIGN = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """Hold a token: its text, the same whatever the case, and where it stands."""

    kind: Kind
    text: str
    folded: str
    start: int
    end: int


LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
GROUPED = rf"\d{{1,3}}(?:[ \u00a0]\d{{3}})+(?![\d]|[.,]\d|[{LATIN}])"
CHUNK = rf"[{LATIN}\d]+(?:[-./:,'][{LATIN}\d]+)*"
PIECE = re.compile(rf"(?P<grouped>{GROUPED})|(?P<chunk>{CHUNK})|(?P<word>[^\W\d_]+)|(?P<sign>\S|\n)")
JOINT = re.compile(r"([-/:']|(?<!\d)[.,]|[.,](?!\d))")
PURE_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
PURE_WORD = re.compile(rf"[{LATIN}]+")
GLUED = re.compile(rf"(\d+(?:[.,]\d+)*)([{LATIN}]{{1,12}})")
SIZES = re.compile(rf"\d+(?:[.,]\d+)?(?:x\d+(?:[.,]\d+)?)+[{LATIN}]{{0,3}}|x\d+|\d+x", re.IGNORECASE)
MARKED = re.compile(r"(\d+)(?:st|nd|rd|th|er|re|eme)|(\d{3}0)'?s", re.IGNORECASE)
RUN = re.compile(rf"\d+(?:[.,]\d+)*|[{LATIN}]+?(?=x?\d|$)|x(?=\d)|.", re.IGNORECASE)
POWER = re.compile(r"[a-z]{1,2}[23]")


@cache
def tokens_of(text: str) -> tuple[Token, ...]:
    """List the tokens of a text that stands alone, such as a table's phrase."""
    return tuple(tokens(written(text)))


def tokens(writing: Writing) -> list[Token]:
    """List a writing's tokens."""
    return list(_tokens(writing.text))


def _tokens(text: str) -> Iterator[Token]:
    for match in PIECE.finditer(text):
        match match.lastgroup:
            case "grouped":
                yield _token(Kind.NUMBER if readings(match[0]) else Kind.CODE, match[0], match.start())
            case "chunk":
                yield from _of_chunk(match[0], match.start())
            case "word":
                yield _token(Kind.WORD, match[0], match.start())
            case _:
                yield _token(Kind.SIGN, match[0], match.start())


def _of_chunk(chunk: str, start: int) -> Iterator[Token]:
    """Take letters and digits apart where that is what is meant (`500ml`, `20x30cm`, `12-inch`), else keep the code."""
    parts = [part for part in JOINT.split(chunk) if part]
    if any(not (JOINT.fullmatch(part) or _is_plain(part)) for part in parts):
        if "," in parts or "." in parts:
            yield from _of_codes(chunk, start)
        else:
            yield _token(Kind.CODE, chunk, start)
        return
    for part in parts:
        yield from _of_part(part, start)
        start += len(part)


def _of_codes(chunk: str, start: int) -> Iterator[Token]:
    """Take codes apart that only a comma or a full stop joins."""
    for part in re.split(r"((?<!\d)[.,]|[.,](?!\d))", chunk):
        if part in {".", ","}:
            yield _token(Kind.SIGN, part, start)
        elif part:
            yield from _of_chunk(part, start)
        start += len(part)


def _of_part(part: str, start: int) -> Iterator[Token]:
    if marked := MARKED.fullmatch(part):
        number = marked[1] or marked[2]
        yield Token(Kind.NUMBER, number, number, start, start + len(part))
    elif PURE_WORD.fullmatch(part):
        yield _token(Kind.WORD, part, start)
    elif JOINT.fullmatch(part):
        yield _token(Kind.SIGN, part, start)
    elif POWER.fullmatch(part) or (PURE_NUMBER.fullmatch(part) and not readings(part)):
        yield _token(Kind.CODE, part, start)
    else:
        for match in RUN.finditer(part):
            kind = Kind.NUMBER if match[0][0].isdigit() else Kind.WORD
            yield _token(kind, match[0], start + match.start())


def _is_plain(part: str) -> bool:
    if PURE_NUMBER.fullmatch(part) or PURE_WORD.fullmatch(part) or SIZES.fullmatch(part) or MARKED.fullmatch(part):
        return True
    glued = GLUED.fullmatch(part)
    return bool(POWER.fullmatch(part) or (glued and glued[2].casefold() in _units() and readings(glued[1])))


def _token(kind: Kind, text: str, start: int) -> Token:
    return Token(kind, text, text.casefold(), start, start + len(text))


@cache
def _units() -> frozenset[str]:
    """Give what may stand right behind a number and is its unit, whatever the case."""
    signs = {sign for unit in units() for sign in unit.signs}
    words = {word for unit in units() for given in unit.words.values() for word in given}
    return frozenset(each.casefold() for each in signs | words if PURE_WORD.fullmatch(each)) | {"in"}
