"""Quantities in a text: numbers with the units that they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise

from cartage.wording.numerals import Number, numbers
from cartage.wording.phrases import stems
from cartage.wording.tables import Unit, units
from cartage.wording.tokens import Kind, Token, tokens_of

LONGEST_UNIT = 5
BETWEEN = {"-", "x", "×", "*", "by", "to", "bis", "und", "a", "et", "و", "الي", "في", "or", "and"}
INCH_BEFORE = {"x", "×", "by", "long", "wide", "high", "tall", "deep", "diameter", "thick", ".", ",", ")", ";", "\n"}
MONEY = "money:"
QUOTES, QUOTED_AT_MOST = {'"', "'"}, 60
TWO = Decimal(2)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Hold a number with its unit, if it has one of its own or shares a following one (`20 x 30 cm`)."""

    number: Number
    unit: Unit | None
    first: int
    last: int
    shared: Unit | None = None

    def amounts(self, values: frozenset[Decimal] | None = None) -> set[tuple[str, Decimal]]:
        """Give what it measures, in each dimension's own measure."""
        unit = self.unit or self.shared
        return (
            {(unit.dimension, (value * unit.size).normalize()) for value in values or self.number.values}
            if unit
            else set()
        )


def quantities(given: Sequence[Token], languages: Sequence[str]) -> list[Quantity]:
    """List the quantities in tokens; words of these languages count."""
    found = [_measured(given, number, tuple(languages)) for number in numbers(given, languages)]
    found += _duals(given, tuple(languages), {place for each in found for place in range(each.first, each.last + 1)})
    return _sharing(given, sorted(found, key=lambda each: each.first))


def bare_units(given: Sequence[Token], languages: Sequence[str]) -> set[tuple[Unit, bool]]:
    """List the units that a text names, and whether by a word instead of a sign."""
    found: set[tuple[Unit, bool]] = set()
    for at in range(len(given)):
        unit, length = _unit_at(given, at, tuple(languages))
        if unit:
            found.add((unit, length > 0 and given[at].kind is Kind.WORD and given[at].text not in unit.signs))
    return found


def _measured(given: Sequence[Token], number: Number, languages: tuple[str, ...]) -> Quantity:
    money = _money_before(given, number.first)
    if money:
        return Quantity(number, money, number.first - 1, number.last)
    at = number.last + 1
    glued = at < len(given) and given[at].start == given[number.last].end
    if at < len(given) and given[at].text == "-" and glued:
        at += 1
    unit, length = _unit_at(given, at, languages, marks=glued)
    return Quantity(number, unit, number.first, at + length - 1 if unit else number.last)


def _unit_at(
    given: Sequence[Token], at: int, languages: tuple[str, ...], *, marks: bool = False
) -> tuple[Unit | None, int]:
    if at >= len(given) or given[at].kind is Kind.NUMBER:
        return None, 0
    signs, words = _signs(), _words(languages)
    for length in range(min(LONGEST_UNIT, len(given) - at), 0, -1):
        part = given[at : at + length]
        close = all(left.end == right.start for left, right in pairwise(part))
        if close and (unit := signs.get(tuple(token.text for token in part))):
            return unit, length
        if unit := _in_words(tuple(token.folded for token in part), words):
            return unit, length
    if marks and (unit := _mark_at(given, at)):
        return unit, 1
    return (_inch(), 1) if _is_inch(given, at) else (None, 0)


def _in_words(part: tuple[str, ...], words: dict[tuple[str, ...], Unit]) -> Unit | None:
    if unit := words.get(part):
        return unit
    return words.get(tuple(each.removeprefix("ال") for each in part))


def _mark_at(given: Sequence[Token], at: int) -> Unit | None:
    text = given[at].text
    if text not in QUOTES:
        return _marks().get(text)
    opened = sum(token.text == text for token in given[max(0, at - QUOTED_AT_MOST) : at]) % 2
    followed = at + 1 < len(given) and given[at + 1].start == given[at].end and given[at + 1].kind is Kind.WORD
    return None if opened or followed else _marks().get(text)


def _money_before(given: Sequence[Token], at: int) -> Unit | None:
    if at == 0:
        return None
    before = given[at - 1]
    unit = _marks().get(before.text) or _signs().get((before.text,))
    return unit if unit and unit.dimension.startswith(MONEY) else None


def _is_inch(given: Sequence[Token], at: int) -> bool:
    """Tell the inch `in` from the word: by what follows."""
    if given[at].text not in {"in", "IN"} or at == 0 or given[at - 1].kind is not Kind.NUMBER:
        return False
    return at + 1 == len(given) or given[at + 1].folded in INCH_BEFORE


def _duals(given: Sequence[Token], languages: tuple[str, ...], taken: set[int]) -> list[Quantity]:
    """Find Arabic words that say two of a unit, such as لترين."""
    if "ar" not in languages:
        return []
    found: list[Quantity] = []
    for place, token in enumerate(given):
        unit = next((_dual_words()[stem] for stem in stems(token.folded) if stem in _dual_words()), None)
        if unit and place not in taken:
            found.append(Quantity(Number(frozenset({TWO}), place, place, in_words=True), unit, place, place))
    return found


def _sharing(given: Sequence[Token], found: list[Quantity]) -> list[Quantity]:
    """Let numbers of one size or range share the unit behind the last of them."""
    for place in range(len(found) - 2, -1, -1):
        one, following = found[place], found[place + 1]
        between = [token.folded for token in given[one.last + 1 : following.first]]
        unit = following.unit or following.shared
        if one.unit is None and unit and between and all(each in BETWEEN for each in between):
            found[place] = Quantity(one.number, None, one.first, one.last, unit)
    return found


@cache
def _signs() -> dict[tuple[str, ...], Unit]:
    return {tuple(token.text for token in tokens_of(sign)): unit for unit in units() for sign in unit.signs}


@cache
def _marks() -> dict[str, Unit]:
    return {mark: unit for unit in units() for mark in unit.marks}


@cache
def _dual_words() -> dict[str, Unit]:
    return {tokens_of(word)[0].folded: unit for unit in units() for word in unit.duals}


@lru_cache(maxsize=64)
def _words(languages: tuple[str, ...]) -> dict[tuple[str, ...], Unit]:
    known = [(unit, word) for unit in units() for language in languages for word in unit.words.get(language, ())]
    return {tuple(token.folded for token in tokens_of(word)): unit for unit, word in known}


@cache
def _inch() -> Unit:
    return next(unit for unit in units() if unit.name == "inch")
