"""Numbers in a text, in digits or in words, with every value that they may mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from cartage.wording.digits import readings
from cartage.wording.phrases import stems
from cartage.wording.tables import number_words
from cartage.wording.tokens import Kind, Token, tokens_of

ONE, TEN, HUNDRED, THOUSAND = Decimal(1), Decimal(10), Decimal(100), Decimal(1000)
MINUS = {"minus", "ناقص", "سالب", "moins", "menos", "meno"}
FRACTIONS = {2, 3, 4, 5, 8, 16, 32, 64}
AND = {"en": {"and"}, "fr": {"et"}, "es": {"y"}, "it": {"e"}}
WAW = "و"


@dataclass(frozen=True, slots=True)
class Number:
    """Hold a number: what it may mean, else the numbers it may be made of, and between which tokens it stands."""

    values: frozenset[Decimal]
    first: int
    last: int
    parts: tuple[Decimal, ...] = ()
    in_words: bool = False


def numbers(given: Sequence[Token], languages: Sequence[str]) -> list[Number]:
    """List the numbers in tokens, words of these languages among them."""
    found: list[Number] = []
    at = 0
    while at < len(given):
        number = _in_digits(given, at) if given[at].kind is Kind.NUMBER else _spoken(given, at, languages)
        if number:
            found.append(number)
        at = number.last + 1 if number else at + 1
    return found


def _in_digits(given: Sequence[Token], at: int) -> Number | None:
    if fraction := _fraction(given, at):
        return fraction
    values = readings(given[at].text)
    pieces = given[at].text.split(" ")
    parts = tuple(Decimal(each) for each in pieces) if len(pieces) > 1 else ()
    first = at - 1 if _is_minus(given, at - 1) else at
    if first < at:
        negative = frozenset(-each for each in values)
        at_line_start = first == 0 or given[first - 1].text == "\n"
        return Number(values | negative if at_line_start else negative, first, at)
    return Number(values, at, at, parts)


def _fraction(given: Sequence[Token], at: int) -> Number | None:
    """Read `1/2`, and `2 1/2`."""
    whole, start = Decimal(0), at
    if _are(given, at, Kind.NUMBER, Kind.NUMBER) and _is_fraction(given, at + 1):
        whole, start = Decimal(given[at].text) if given[at].text.isdigit() else Decimal(0), at + 1
    if not _is_fraction(given, start):
        return None
    over, under = Decimal(given[start].text), Decimal(given[start + 2].text)
    exact = (whole + over / under).quantize(Decimal("0.0001")).normalize()
    return Number(frozenset({exact}), at, start + 2, (over, under) if start == at else ())


def _is_fraction(given: Sequence[Token], at: int) -> bool:
    if at + 2 >= len(given) or given[at + 1].text != "/":
        return False
    over, under = given[at], given[at + 2]
    close = over.end == given[at + 1].start and under.start == given[at + 1].end
    return close and over.text.isdigit() and under.text.isdigit() and int(under.text[:4]) in FRACTIONS | {7, 10, 100}


def _is_minus(given: Sequence[Token], at: int) -> bool:
    if at < 0:
        return False
    if given[at].folded in MINUS:
        return True
    apart = at == 0 or given[at - 1].end < given[at].start or given[at - 1].text in "(\n:"
    return given[at].text == "-" and given[at].end == given[at + 1].start and apart


def _are(given: Sequence[Token], at: int, *kinds: Kind) -> bool:
    return tuple(token.kind for token in given[at : at + len(kinds)]) == kinds


def _spoken(given: Sequence[Token], at: int, languages: Sequence[str]) -> Number | None:
    """Read number words of one language; where two languages read them, the one that reads more."""
    found = [_in_words(given, at, _words(language), AND.get(language, set[str]())) for language in languages]
    return max((each for each in found if each), key=lambda each: each.last, default=None)


@cache
def _words(language: str) -> Mapping[str, Decimal]:
    return {tokens_of(word)[0].folded: value for word, value in number_words(language).items()}


def _in_words(given: Sequence[Token], at: int, words: Mapping[str, Decimal], joints: set[str]) -> Number | None:
    """Add up the number words from a place on: `twenty-five`, `two hundred and six`, `خمس وعشرون`."""
    total = current = Decimal(0)
    last, place, before = -1, at, None
    while place < len(given):
        value = _value(given[place], words)
        if value is None or (before is not None and not _may_follow(value, before, given[place])):
            if last < 0 or not _is_joint(given, place, joints, words):
                break
            place += 1
            continue
        total, current = _added(total, current, value)
        last, before, place = place, value, place + 1
    if last < 0:
        return None
    first = at - 1 if _is_minus(given, at - 1) else at
    value = total + current
    return Number(frozenset({-value if first < at else value}), first, last, in_words=True)


def _value(token: Token, words: Mapping[str, Decimal]) -> Decimal | None:
    if token.kind is not Kind.WORD:
        return None
    return next((words[stem] for stem in stems(token.folded) if stem in words), None)


def _added(total: Decimal, current: Decimal, value: Decimal) -> tuple[Decimal, Decimal]:
    if value >= THOUSAND:
        return (
            (total + max(current, ONE) * value, Decimal(0))
            if value in {THOUSAND, THOUSAND * THOUSAND}
            else (total + value, current)
        )
    if value == HUNDRED:
        return total, max(current, ONE) * HUNDRED
    return total, current + value


def _may_follow(value: Decimal, before: Decimal, token: Token) -> bool:
    """Tell whether a number word goes on with the one before it, rather than beginning another number."""
    if value >= HUNDRED:
        return before < value
    if token.folded.startswith(WAW) or before >= HUNDRED:
        return True
    return (before >= 2 * TEN and value < TEN and value % 1 == 0) or (value == TEN and before < TEN)


def _is_joint(given: Sequence[Token], place: int, joints: set[str], words: Mapping[str, Decimal]) -> bool:
    """Tell whether a token joins two number words, as the hyphen of `twenty-five`."""
    if place + 1 >= len(given) or place == 0:
        return False
    before, after = _value(given[place - 1], words), _value(given[place + 1], words)
    if before is None or after is None:
        return False
    if given[place].text == "-":
        return before >= 2 * TEN and after < TEN
    return given[place].folded in joints and before >= HUNDRED and after < before
