"""Addresses, names of accounts and markup in a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cartage.wording.writing import Writing

ENDINGS = (
    "com|net|org|io|shop|store|co|example|info|biz|eu|uk|us|ca|au|de|at|ch|fr|es|it|nl|be|pt|pl|se|dk|fi|ie|cz|gr|ru|tr|eg|sa|ae|qa|kw|ma|"
    "jo|lb|in|cn|jp|kr|br|mx|app|dev|me|ly|to|tv|cc|link|site|online|xyz|page|click|top|vip|live|pro|ai|gg"
)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.IGNORECASE)
LINK = re.compile(
    rf"(?:https?|ftp)://[^\s<>\"]+|www\.[^\s<>\"]+|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,8}}(?:{ENDINGS})\b(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
ACCOUNT = re.compile(r"(?<![\w@.])@[A-Za-z0-9_.]{3,}")
MARKUP = re.compile(
    r"<!?/?[a-zA-Z][^<>]{0,500}>|!?\[[^\[\]\n]{1,300}\]\([^()\n]{0,300}\)|&[a-z]{2,8};"
    r"|\*\*[^*\n]{1,300}\*\*|__[^_\n]{1,300}__|```|^#{1,6} .*$",
    re.MULTILINE,
)
AddressKind = Literal["link", "email", "markup"]
KINDS: tuple[tuple[AddressKind, re.Pattern[str]], ...] = (
    ("markup", MARKUP),
    ("email", EMAIL),
    ("link", LINK),
    ("link", ACCOUNT),
)
ENDS = ".,;:!?)]}'\"،؛؟"


@dataclass(frozen=True, slots=True)
class Address:
    """Hold an address, or what is markup instead of text, and where it stands."""

    kind: "AddressKind"
    text: str
    start: int
    end: int


def addresses(writing: Writing) -> list[Address]:
    """List what leads elsewhere, or is markup; none within another."""
    taken: set[int] = set()
    found: list[Address] = []
    for each in _all(writing.text):
        if taken.isdisjoint(range(each.start, each.end)):
            taken.update(range(each.start, each.end))
            found.append(each)
    return sorted(found, key=lambda each: each.start)


def without(writing: Writing, found: list[Address]) -> Writing:
    """Give a writing with addresses blanked out."""
    blank = {place for each in found if each.kind != "markup" for place in range(each.start, each.end)}
    text = "".join(" " if place in blank else character for place, character in enumerate(writing.text))
    return Writing(writing.original, text, writing.places)


def same_address(text: str) -> str:
    """Give an address as it is compared."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", text.casefold()).rstrip("/")


def _all(text: str) -> Iterator[Address]:
    for kind, pattern in KINDS:
        for match in pattern.finditer(text):
            found = match[0] if kind == "markup" else match[0].rstrip(ENDS)
            yield Address(kind, found, match.start(), match.start() + len(found))
