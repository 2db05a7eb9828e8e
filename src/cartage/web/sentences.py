"""What went wrong, in the reader's language: a text is recognised by the sentence that it was made from."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from babel.messages.pofile import read_po

from cartage.web.language import FOLDER, OWN, gettext, spoken

PLACE = re.compile(r"%\((\w+)\)s")
QUOTED = re.compile(r"[`“]%\((\w+)\)s")
LEFT_TO_RIGHT = re.compile(r"[A-Za-z]|^[.+−-]\d")
BETWEEN = re.compile(r"(?<=[.?]) (?=\S)")
ISOLATE, POP = "\u2068", "\u2069"
LONGEST = 1000
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """Know a text by the form of its own sentence, and say it; `quoted` names the values that are never translated."""

    form: re.Pattern[str]
    said: str
    quoted: frozenset[str]


def told(text: str) -> str:
    """Say an error's detail, a finding or a step in the language of the page; what nobody translated stays as it is."""
    return text if spoken() == OWN or not text else _told(spoken(), text, DEEPEST)


@lru_cache(4096)
def _told(language: str, text: str, depth: int) -> str:
    known = gettext(text) if text else ""
    if known != text or depth == 0 or len(text) > LONGEST:
        return known
    parts = BETWEEN.split(text)
    each = [_told(language, part, depth - 1) for part in parts] if len(parts) > 1 else []
    if each and all(one != part for one, part in zip(each, parts, strict=True)):
        return " ".join(each)
    found = ((known, values) for known in _sentences(language) if (values := known.form.fullmatch(text)))
    return next((_filled(language, sentence, values, depth) for sentence, values in found), text)


def _filled(language: str, sentence: Sentence, found: re.Match[str], depth: int) -> str:
    values = {
        name: value if name in sentence.quoted else _listed(language, value, depth - 1)
        for name, value in found.groupdict().items()
    }
    return sentence.said % {name: _isolated(value) for name, value in values.items()}


def _listed(language: str, value: str, depth: int) -> str:
    return gettext(", ").join(_value(language, part, depth) for part in value.split(", "))


def _value(language: str, value: str, depth: int) -> str:
    bare = value.strip()
    return value.replace(bare, _told(language, bare, depth)) if bare else value


def _isolated(value: str) -> str:
    return f"{ISOLATE}{value}{POP}" if LEFT_TO_RIGHT.search(value) else value


@cache
def _sentences(language: str) -> list[Sentence]:
    """Give the sentences that have a translation; those that say most by themselves come first."""
    with (FOLDER / f"{language}.details.po").open("rb") as file:
        pairs = [(str(message.id), str(message.string)) for message in read_po(file, locale=language) if message.id]
    pairs.sort(key=lambda pair: -len(PLACE.sub("", pair[0])))
    return [Sentence(_form(own), said, frozenset(QUOTED.findall(own))) for own, said in pairs if said]


def _form(own: str) -> re.Pattern[str]:
    fixed = [re.escape(part.replace("%%", "%")) for part in PLACE.split(own)[::2]]
    named = [f"(?P<{name}>.*?)" for name in PLACE.findall(own)]
    return re.compile("".join(part for pair in zip(fixed, [*named, ""], strict=True) for part in pair), re.DOTALL)
