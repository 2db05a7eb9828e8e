"""The filter language: `status:failed site:shop.example -error:cancelled mug`, read the same way everywhere.

A term is a word, a colon and values; a term without a word is text to search for. Terms narrow each other down,
values with a comma between them widen their term, and a minus before a term turns it around.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit

from cartage.model import errors, language_errors, service_errors, visit_errors
from cartage.model.errors import CartageError, InvalidInput
from cartage.model.product import Value
from cartage.model.span import is_age, is_moment, tidied

LONGEST = 8000
MOST_TERMS = 30
MOST_VALUES = 200
MOST_OFFERED = 12
TOKEN = re.compile(r'(?:"[^"]*"?|[^\s"])+')
HEAD = re.compile(r"(-?)(?:([A-Za-z_]+):(?!//))?(.*)", re.DOTALL)
PART = re.compile(r'((?:"[^"]*"?|[^,"])*)(?:,|$)')
FAILURES = (errors, language_errors, service_errors, visit_errors)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MISSABLE = (
    "name",
    "brand",
    "description",
    "price",
    "availability",
    "sku",
    "mpn",
    "gtin",
    "weight",
    "images",
    "breadcrumbs",
    "attributes",
    "variants",
)


class FilterInvalid(InvalidInput):
    """A filter has a word or a value that there is not."""

    code = "filter_invalid"
    advice = "Fix the word, or put it in quotes to search for it as text."


class Word(StrEnum):
    """Name what a term looks at; `q` is text in the name, brand, SKU or address."""

    STATUS = "status"
    SITE = "site"
    BRAND = "brand"
    ERROR = "error"
    BATCH = "batch"
    MISSING = "missing"
    CHANGED = "changed"
    REVIEW = "review"
    PICTURES = "pictures"
    SINCE = "since"
    UNTIL = "until"
    TAG = "tag"
    ID = "id"
    EXTERNAL_ID = "external_id"
    ACTION = "action"
    ARCHIVED = "archived"
    TEXT = "q"


class Standing(StrEnum):
    """Name what `status:` knows: a product's status, and where its import stands."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    IMPORTING = "importing"
    IMPORTED = "imported"
    ENHANCED = "enhanced"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Review(StrEnum):
    """Name whether a person should look at a product before it is sold."""

    NEEDED = "needed"
    READY = "ready"


class Pictured(StrEnum):
    """Name what is amiss with a product's pictures: its page shows none, or copies of some could not be made."""

    NONE = "none"
    FAILED = "failed"


class Change(StrEnum):
    """Name what of a product's history `changed:` knows besides ages."""

    PRICE = "price"
    STOCK = "stock"


class Archived(StrEnum):
    """Name what `archived:` knows; lists of products hold what is not archived unless it is asked for."""

    NO = "no"
    YES = "yes"
    ANY = "any"


class Term(Value):
    """Hold one term: any of the values fits, or none of them where it is `turned` around."""

    word: Word
    values: tuple[str, ...]
    turned: bool = False

    def __str__(self) -> str:
        named = "" if self.word is Word.TEXT and len(self.values) == 1 else f"{self.word.value}:"
        return f"{'-' if self.turned else ''}{named}{','.join(map(quoted, self.values))}"


class Filter(Value):
    """Hold terms that all must fit; ages count back from `at`."""

    terms: tuple[Term, ...] = ()
    at: datetime = EPOCH

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    def __bool__(self) -> bool:
        return bool(self.terms)

    def values(self, word: Word) -> tuple[str, ...]:
        """Give what a word is asked to be, over all its terms that are not turned around."""
        return tuple(value for term in self.terms if term.word is word and not term.turned for value in term.values)

    def asks(self, word: Word) -> bool:
        """Tell whether any term is about a word."""
        return any(term.word is word for term in self.terms)

    def having(self, word: Word, *values: str) -> "Filter":
        """Give the filter with a word set anew, or without it where no value is given."""
        kept = tuple(term for term in self.terms if term.word is not word)
        added = (Term(word=word, values=values),) if values else ()
        return self.model_copy(update={"terms": kept + added})


EVERYTHING = Filter()


def parse_filter(text: str, at: datetime) -> Filter:
    """Read a filter; raises `FilterInvalid`, which names the word and offers those there are."""
    if len(text) > LONGEST:
        raise FilterInvalid(f"A filter has at most {LONGEST} characters.", "/filter")
    terms = tuple(term for token in TOKEN.findall(text) if (term := _term(token)))
    if len(terms) > MOST_TERMS:
        raise FilterInvalid(f"A filter has at most {MOST_TERMS} terms.", "/filter")
    return Filter(terms=terms, at=at)


def narrowed(wanted: Filter, word: Word, value: str) -> Filter:
    """Give a filter with one more term, of a word and one value; raises `FilterInvalid` for what it does not know."""
    return wanted.model_copy(update={"terms": (*wanted.terms, Term(word=word, values=(_value(word, value),)))})


def quoted(value: str) -> str:
    """Write a value so that it is read back as one."""
    plain = value.replace('"', "")
    known = HEAD.fullmatch(plain)
    needs = not plain or re.search(r"[\s,]", plain) or (known and (known[1] or known[2]))
    return f'"{plain}"' if needs else plain


def complete(text: str, known: Mapping[Word, Sequence[str]]) -> list[str]:
    """Give whole filters that go on where a text stops: its last word, or that word's values.

    `known` holds values that a merchant has, besides those that are always there.
    """
    before, last = _split_last(text)
    found = HEAD.fullmatch(last)
    sign, word, rest = (found[1], found[2], found[3]) if found else ("", None, last)
    if word is None:
        return [f"{before}{sign}{each.value}:" for each in Word if each is not Word.TEXT and each.startswith(rest)]
    if word.lower() not in set(Word):
        return []
    chosen, comma, begun = rest.rpartition(",")
    start = f"{before}{sign}{word}:{chosen}{comma}"
    wanted = begun.strip('"').casefold()
    values = [*known.get(Word(word.lower()), ()), *_always(Word(word.lower()))]
    return [f"{start}{quoted(each)}" for each in dict.fromkeys(values) if wanted in each.casefold()][:MOST_OFFERED]


@cache
def error_codes() -> tuple[str, ...]:
    """List every error code that a failure may carry."""
    named = [value for module in FAILURES for value in vars(module).values()]
    kinds = [each for each in named if isinstance(each, type) and issubclass(each, CartageError)]
    return tuple(sorted({kind.code for kind in kinds}))


def _split_last(text: str) -> tuple[str, str]:
    found = list(TOKEN.finditer(text))
    if not found or found[-1].end() != len(text):
        return text, ""
    return text[: found[-1].start()], found[-1][0]


def _always(word: Word) -> list[str]:
    named = list(CHOICES[word]()) if word in CHOICES and word is not Word.ERROR else []
    return [*named, *(("24h", "7d", "30d") if word in AGED else ())]


def _term(token: str) -> Term | None:
    found = HEAD.fullmatch(token)
    sign, word, rest = (found[1], found[2], found[3]) if found else ("", None, token)
    if not word:
        text = _bare(rest)
        return Term(word=Word.TEXT, values=(text,), turned=bool(sign)) if text else None
    known = _word(word.lower())
    values = tuple(dict.fromkeys(_value(known, _bare(part)) for part in PART.findall(rest) if _bare(part)))
    if len(values) > MOST_VALUES:
        raise FilterInvalid(f"A term has at most {MOST_VALUES} values.", "/filter")
    if not values:
        raise FilterInvalid(f"`{known.value}:` has no value; {_offer(known)}.", "/filter")
    return Term(word=known, values=values, turned=bool(sign))


def _word(word: str) -> Word:
    if word in set(Word):
        return Word(word)
    near = get_close_matches(word, list(Word), 1)
    meant = f" Did you mean `{near[0]}:`?" if near else ""
    known = ", ".join(f"`{each.value}:`" for each in Word)
    raise FilterInvalid(f"There is no `{word}:` to filter by; there are {known}.{meant}", "/filter")


def _bare(text: str) -> str:
    return text.replace('"', "").strip()


def _value(word: Word, value: str) -> str:
    plain = READ.get(word, str)(value)
    valid = CHOICES.get(word)
    fits = valid is None or plain in valid() or (word in AGED and AGED[word](plain))
    if fits:
        return plain
    near = get_close_matches(plain, list(valid()) if valid else [], 1)
    meant = f" Did you mean `{near[0]}`?" if near else ""
    raise FilterInvalid(f"`{word.value}:` does not know {value!r}; {_offer(word)}.{meant}", "/filter")


def _offer(word: Word) -> str:
    named = list(CHOICES[word]()) if word in CHOICES and word is not Word.ERROR else []
    ages = ["an age such as 24h or 7d"] if word in AGED else []
    ages = ["an age such as 24h or 7d or a day such as 2026-11-20"] if word in SPANS else ages
    offered = ", ".join([*named, *ages])
    return f"it knows {offered}" if offered else FREE.get(word, "write one after the colon")


def _site(value: str) -> str:
    host = urlsplit(value if "://" in value else f"//{value}").hostname or value
    return host.lower().removeprefix("www.")


def _folded(value: str) -> str:
    return value.casefold().replace("-", "_")


READ: dict[Word, Callable[[str], str]] = {
    Word.SITE: _site,
    Word.TAG: str.casefold,
    **dict.fromkeys(
        (
            Word.ARCHIVED,
            Word.STATUS,
            Word.ERROR,
            Word.MISSING,
            Word.CHANGED,
            Word.REVIEW,
            Word.PICTURES,
        ),
        _folded,
    ),
    Word.SINCE: tidied,
    Word.UNTIL: tidied,
}
CHOICES: dict[Word, Callable[[], Iterable[str]]] = {
    Word.STATUS: lambda: tuple(each.value for each in Standing),
    Word.ERROR: error_codes,
    Word.MISSING: lambda: MISSABLE,
    Word.CHANGED: lambda: tuple(each.value for each in Change),
    Word.REVIEW: lambda: tuple(each.value for each in Review),
    Word.PICTURES: lambda: tuple(each.value for each in Pictured),
    Word.SINCE: tuple,
    Word.UNTIL: tuple,
    Word.ARCHIVED: lambda: tuple(each.value for each in Archived),
}
SPANS = (Word.SINCE, Word.UNTIL)
AGED: dict[Word, Callable[[str], bool]] = {Word.CHANGED: is_age, **dict.fromkeys(SPANS, is_moment)}
FREE = {
    Word.SITE: "name a site, such as shop.example",
    Word.BRAND: "name a brand",
    Word.BATCH: "name a batch by its id, bat_…",
    Word.TAG: "name a tag",
    Word.ID: "name a product by its id, prd_…",
    Word.EXTERNAL_ID: "name a product by what you call it elsewhere",
    Word.ACTION: "name a bulk action by its id, blk_…",
    Word.ERROR: "name an error by its code, such as not_found",
    Word.TEXT: "write the text to search for",
}
