"""Materials, claims and origins that a text names, and whether it denies them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

from babel import Locale

from cartage.wording.phrases import Phrases, significant
from cartage.wording.tables import entries
from cartage.wording.tokens import Token

TABLES = {"materials": "material", "claims": "claim", "origins": "origin"}
NOTHING = "-"
NOT_ONLY_COUNTRIES = {"JE", "QA", "ML", "BJ"}  # a fabric; and what Arabic also calls a diameter, money and boys
COUNTRY_CODE = 2


@dataclass(frozen=True, slots=True)
class Meaning:
    """Say what a phrase means: a kind (material, claim or origin) and its name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """Hold what a text names, between which of its tokens, and whether it denies it."""

    meaning: Meaning
    denied: bool
    first: Token
    last: Token


def named(given: Sequence[Token], languages: Sequence[str]) -> Iterator[Named]:
    """List what tokens name, by the words of these languages."""
    kept = significant(given)
    for match in _phrases(tuple(languages)).find(kept):
        if match.meaning.name != NOTHING:
            yield Named(match.meaning, match.denied, kept[match.first], kept[match.last])


def with_wider(meaning: Meaning) -> set[Meaning]:
    """Give a meaning with all that follows from it: stainless steel is steel, and steel is metal."""
    wider = {Meaning(meaning.kind, name) for name in _wider().get(meaning, ())}
    return {meaning}.union(*(with_wider(each) for each in wider))


@lru_cache(maxsize=64)
def _phrases(languages: tuple[str, ...]) -> Phrases[Meaning]:
    made = Phrases[Meaning]()
    for table, kind in TABLES.items():
        for entry in entries(table):
            meaning = Meaning(kind, entry.name)
            for text in (text for language in languages for text in entry.words.get(language, ())):
                made.add(text, meaning, capital=kind == "origin" and text[0].isupper())
    for language in languages:
        for code, country in _countries(language):
            made.add(country, Meaning("origin", code), capital=country[0].isupper())
    return made


def _countries(language: str) -> list[tuple[str, str]]:
    territories = cast("Mapping[str, str]", Locale(language).territories)
    return [
        (code, name)
        for code, name in territories.items()
        if len(code) == COUNTRY_CODE and code not in NOT_ONLY_COUNTRIES
    ]


@cache
def _wider() -> dict[Meaning, tuple[str, ...]]:
    return {Meaning(kind, entry.name): entry.wider for table, kind in TABLES.items() for entry in entries(table)}
