"""The check: what a new text says that its source does not, by code alone and across languages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from cartage.model.enhancement import Offence
from cartage.wording.languages import base, language_in
from cartage.wording.links import addresses, same_address, without
from cartage.wording.named import Meaning, named, with_wider
from cartage.wording.numerals import ONE
from cartage.wording.quantities import Quantity, bare_units, quantities
from cartage.wording.sentences import sentences
from cartage.wording.tables import LANGUAGES
from cartage.wording.tokens import Kind, Token, tokens
from cartage.wording.writing import written

Kinds = Literal["number", "unit", "material", "claim", "link", "email", "markup"]

LIST_NUMBER = re.compile(r"^[ \t]*\d{1,2}[.)](?=[ \t])", re.MULTILINE)
JOINED_AT_MOST = 4
SEPARATORS = re.compile(r"[-./:,' ]")
LEADING_NUMBER = re.compile(r"\d+")
PURE = Meaning("claim", "pure")
WHOLE = ("percent", Decimal(100))


@dataclass(frozen=True, slots=True)
class Stated:
    """Hold what a source states, in a form that no language has."""

    values: frozenset[Decimal]
    bare: frozenset[Decimal]
    amounts: frozenset[tuple[str, Decimal]]
    units: frozenset[str]
    codes: frozenset[str]
    named: frozenset[tuple[Meaning, bool]]
    addresses: frozenset[str]


def offences(text: str, language: str | None, source: str, source_language: str | None = None) -> tuple[Offence, ...]:
    """List what a text adds to its source: numbers, units, materials, claims, origins, links and markup, by sentence.

    Both languages are tags such as `ar`; a language without tables is judged by digits, signs, links and the
    English words in it.
    """
    stated = stated_in(source, source_language)
    spoken = _spoken(base(language) or language_in(text), "en")
    found: list[Offence] = []
    judged = LIST_NUMBER.sub(lambda match: " " * len(match[0]), text)
    for start, end in sentences(judged):
        quoted = text[start:end].strip()
        found.extend(
            Offence(kind=kind, found=piece, sentence=quoted)
            for kind, piece in _in_sentence(judged[start:end], spoken, stated)
        )
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=64)
def stated_in(source: str, language: str | None) -> Stated:
    """Read what a source states, in its own language, English and Arabic."""
    spoken = _spoken(base(language), language_in(source), "en", "ar")
    writing = written(source)
    links = addresses(writing)
    given = tokens(without(writing, links))
    counted = quantities(given, spoken)
    amounts = {amount for each in counted for amount in _amounts(each)} | _ones(given, spoken)
    bare = {value for each in counted if each.unit is None for value in _values(each)} | set(_numbers_in_codes(given))
    names = {
        (meaning, each.denied) for each in named(given, spoken) for meaning in _meant(each.meaning, denied=each.denied)
    }
    return Stated(
        values=frozenset(value for each in counted for value in _values(each)) | bare,
        bare=frozenset(bare),
        amounts=frozenset(amounts),
        units=frozenset(unit.name for unit, _ in bare_units(given, spoken)),
        codes=frozenset(_codes(given)),
        named=frozenset(names | ({(PURE, False)} if WHOLE in amounts else set[tuple[Meaning, bool]]())),
        addresses=frozenset(same_address(each.text) for each in links),
    )


def _in_sentence(sentence: str, spoken: tuple[str, ...], stated: Stated) -> Iterator[tuple[Kinds, str]]:
    writing = written(sentence)
    links = addresses(writing)
    given = tokens(without(writing, links))
    leading: list[tuple[Kinds, int, int]] = [
        (each.kind, each.start, each.end) for each in links if same_address(each.text) not in stated.addresses
    ]
    for kind, start, end in sorted({*leading, *_added(given, spoken, stated)}, key=lambda each: each[1:]):
        yield kind, writing.quote(start, end)


def _added(given: Sequence[Token], spoken: tuple[str, ...], stated: Stated) -> Iterator[tuple[Kinds, int, int]]:
    for each in quantities(given, spoken):
        if kind := _fault(each, stated):
            yield kind, given[each.first].start, given[each.last].end
    for token in given:
        if token.kind is Kind.CODE and not _is_known_code(token, stated):
            yield "number", token.start, token.end
    for each in named(given, spoken):
        if (each.meaning, each.denied) not in stated.named:
            kind = "material" if each.meaning.kind == "material" else "claim"
            yield kind, each.first.start, each.last.end


def _fault(each: Quantity, stated: Stated) -> Kinds | None:
    """Say what of a quantity is not in the source: its number, or only its unit."""
    number = each.number
    if each.unit is None:
        unsaid = number.in_words and number.values == frozenset({ONE})
        return None if unsaid or _is_known(each, stated.values) else "number"
    if each.amounts() & stated.amounts:
        return None
    if number.values & stated.bare and each.unit.name in stated.units:
        return None
    return "unit" if number.values & stated.values else "number"


def _is_known(each: Quantity, values: frozenset[Decimal]) -> bool:
    parts = each.number.parts
    return bool(each.number.values & values) or bool(parts and values.issuperset(parts))


def _values(each: Quantity) -> set[Decimal]:
    return {*each.number.values, *each.number.parts}


def _amounts(each: Quantity) -> set[tuple[str, Decimal]]:
    return each.amounts() | each.amounts(frozenset(each.number.parts))


def _ones(given: Sequence[Token], spoken: tuple[str, ...]) -> set[tuple[str, Decimal]]:
    """Let a unit that is named without a number count once: `a litre`."""
    return {(unit.dimension, unit.size.normalize()) for unit, by_word in bare_units(given, spoken) if by_word}


def _meant(meaning: Meaning, *, denied: bool) -> set[Meaning]:
    return {meaning} if denied else with_wider(meaning)


def _codes(given: Sequence[Token]) -> set[str]:
    found: set[str] = set()
    for place, token in enumerate(given):
        joined = ""
        for each in given[place : place + JOINED_AT_MOST]:
            joined += SEPARATORS.sub("", each.folded)
            found.add(joined)
        if token.kind is Kind.CODE:
            found.update(SEPARATORS.split(token.folded))
    return found


def _numbers_in_codes(given: Sequence[Token]) -> Iterator[Decimal]:
    """Give the numbers that codes begin with: the 3 of `3D`, which another language may write out."""
    for token in given:
        if token.kind is Kind.CODE and (match := LEADING_NUMBER.match(token.text)):
            yield Decimal(match[0])


def _is_known_code(token: Token, stated: Stated) -> bool:
    return SEPARATORS.sub("", token.folded) in stated.codes


def _spoken(*languages: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in languages if each in LANGUAGES))
