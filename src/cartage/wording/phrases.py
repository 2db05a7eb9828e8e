"""Phrases of the tables found in tokens: the longest first, whatever the ending, with what denies them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

from cartage.wording.tokens import Kind, Token, tokens_of

T = TypeVar("T")

LONGEST = 6
ARABIC = re.compile(r"[\u0621-\u064a]")
PREFIXES = ("وبال", "ولل", "وال", "فال", "بال", "كال", "لل", "ال", "وب", "ول", "و", "ف", "ب", "ل", "ك")
SUFFIXES = ("يه", "ات", "ي", "ه", "ا")
SHORTEST_STEM = 2
GERMAN_WITHOUT = re.compile(r".{4,}frei(?:e|er|es|en|em)?")
NUMBER_SIGNS = {"no", "nr"}
TRANSPARENT = {"-", "'", "/"}
DENIALS = {
    "not", "no", "non", "without", "isn", "aren", "doesn", "don", "won", "never", "neither", "nor", "lacks", "cannot",
    "nicht", "kein", "keine", "keinen", "keiner", "keinem", "ohne", "nie", "pas", "sans", "aucun", "aucune", "jamais",
    "sin", "nunca", "ningun", "ninguna", "senza", "mai", "nessun", "nessuna",
    "غير", "ليس", "ليست", "لا", "بدون", "دون", "بلا", "لن", "خال", "خالي", "خاليه",
}  # fmt: skip
FREE = {"free": {"of", "from"}, "frei": {"von"}, "libre": {"de"}, "priva": {"di"}, "privo": {"di"}}
ONLY = {"only", "just", "nur", "seulement", "solo", "فقط"}
BUT = {"but", "aber", "sondern", "mais", "sino", "pero", "ma", "بل", "لكن", "لكنه", "لكنها", "ولكن", "ولكنه", "ولكنها"}
REACH = 5


@lru_cache(maxsize=20_000)
def stems(word: str) -> tuple[str, ...]:
    """Give a folded word and, in Arabic, what is left without articles, joined particles and endings."""
    if not ARABIC.search(word):
        return (word,)
    found = [word, *(word[len(each) :] for each in PREFIXES if word.startswith(each))]
    found += [each[: -len(end)] for each in tuple(found) for end in SUFFIXES if each.endswith(end)]
    return tuple(dict.fromkeys(each for each in found if len(each) >= SHORTEST_STEM))


@dataclass(frozen=True, slots=True)
class Phrase(Generic[T]):
    """Hold a phrase's tokens and what it means; `open` lets the last word end as it likes."""

    words: tuple[str, ...]
    meaning: T
    open: bool = False
    capital: bool = False


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """Hold what was found, between which tokens, and whether the text denies it."""

    meaning: T
    first: int
    last: int
    denied: bool = False


@dataclass(frozen=True)
class Phrases(Generic[T]):
    """Find phrases in tokens."""

    _closed: dict[str, list[Phrase[T]]] = field(default_factory=dict[str, "list[Phrase[T]]"])
    _open: dict[str, list[Phrase[T]]] = field(default_factory=dict[str, "list[Phrase[T]]"])

    def add(self, text: str, meaning: T, *, capital: bool = False) -> None:
        """Take a phrase as a table writes it; `*` at its end stands for any ending."""
        words = tuple(token.folded for token in significant(tokens_of(text.removesuffix("*"))))
        if not words:
            return
        phrase = Phrase(words, meaning, text.endswith("*"), capital)
        index = self._open if phrase.open and len(words) == 1 else self._closed
        index.setdefault(words[0][:3] if index is self._open else words[0], []).append(phrase)

    def find(self, given: Sequence[Token]) -> Iterator[Match[T]]:
        """Find what stands in tokens that `significant` gave, the longest phrase at each place."""
        at = 0
        while at < len(given):
            phrase = max(self._at(given, at), key=lambda each: (len(each.words), not each.open), default=None)
            if phrase is None:
                at += 1
                continue
            last = at + len(phrase.words) - 1
            yield Match(phrase.meaning, at, last, is_denied(given, at, last))
            at = last + 1

    def _at(self, given: Sequence[Token], at: int) -> Iterator[Phrase[T]]:
        for stem in stems(given[at].folded):
            yield from (each for each in self._closed.get(stem, ()) if _fits(each, given, at))
        word = given[at].folded
        yield from (each for each in self._open.get(word[:3], ()) if _fits(each, given, at))


def phrases_of(words: Mapping[T, Iterable[str]]) -> Phrases[T]:
    """Gather phrases by meaning."""
    made = Phrases[T]()
    for meaning, given in words.items():
        for text in given:
            made.add(text, meaning)
    return made


def significant(given: Sequence[Token]) -> list[Token]:
    """Leave out what joins words without parting them, such as hyphens."""
    return [token for place, token in enumerate(given) if not _joins(given, place)]


def is_denied(given: Sequence[Token], first: int, last: int) -> bool:
    """Tell whether a phrase is said not to hold: `not waterproof`, `without plastic`, `plastic-free`."""
    following = given[last + 1].folded if last + 1 < len(given) else ""
    after = given[last + 2].folded if last + 2 < len(given) else ""
    if following == "free" and after not in FREE["free"]:
        return True
    if GERMAN_WITHOUT.fullmatch(given[last].folded):
        return True
    for place in range(first - 1, max(first - 1 - REACH, -1), -1):
        if given[place].kind is Kind.SIGN or given[place].folded in BUT:
            return False
        if _denies(given, place):
            return True
    return False


def _denies(given: Sequence[Token], place: int) -> bool:
    word, following = given[place].folded, given[place + 1].folded
    if word in FREE:
        return following in FREE[word]
    return following not in ONLY and any(stem in DENIALS for stem in stems(word)[:4])


def _joins(given: Sequence[Token], place: int) -> bool:
    token = given[place]
    if token.text == "." and 0 < place < len(given) - 1:
        before = given[place - 1]
        return before.folded in NUMBER_SIGNS and before.end == token.start and given[place + 1].kind is Kind.NUMBER
    return token.text in TRANSPARENT


def _fits(phrase: Phrase[T], given: Sequence[Token], at: int) -> bool:
    length = len(phrase.words)
    part = given[at : at + length]
    if len(part) < length or (phrase.capital and not part[0].text[0].isupper()):
        return False
    *rest, last = zip(phrase.words, part, strict=True)
    if not all(word in stems(token.folded) for word, token in rest):
        return False
    word, token = last
    return token.folded.startswith(word) if phrase.open else word in stems(token.folded)
