"""The language of the pages: which one a person reads, and the catalogue that says each sentence in it."""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from babel import Locale
from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from fastapi import Request

if TYPE_CHECKING:
    from collections.abc import Generator

FOLDER = Path(__file__).parent / "catalogues"
LANGUAGES = {"en": "English", "ar": "العربية"}
OWN = "en"
COOKIE = "cartage_language"
TONES = frozenset({"good", "busy", "wait", "bad", "known", "idle"})
MOST_WISHES = 20

_spoken: ContextVar[str] = ContextVar("spoken", default=OWN)


def language_of(request: Request) -> str:
    """Choose the language: the person's own setting, else what their browser asks for, else English."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else _wished(request.headers.get("accept-language", ""))


def spoken() -> str:
    """Name the language of the page that is being written."""
    return _spoken.get()


def direction(language: str) -> str:
    """Say how a language is written: `ltr` or `rtl`."""
    return Locale.parse(language).text_direction


@contextmanager
def speaking(language: str) -> "Generator[None]":
    """Write in a language within."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str) -> str:
    """Say a sentence in the language of the page; one that the catalogue does not know stays as it is."""
    return catalogue(spoken()).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Say a sentence in the form that a number asks for."""
    return catalogue(spoken()).ngettext(one, many, count)


@cache
def catalogue(language: str) -> NullTranslations:
    """Load the sentences of a language, once."""
    if language == OWN:
        return NullTranslations()
    compiled = BytesIO()
    with (FOLDER / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


class Spoken:
    """Give the tables of a module of words, each entry in the language of the page."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return said(getattr(self._module, name))


def said(value: Any) -> Any:
    """Say a text, or the texts in a table, in the language of the page; tones and other values stay."""
    if isinstance(value, str):
        return value if value in TONES else gettext(value)
    if isinstance(value, dict):
        return _Table(cast("dict[Any, Any]", value))
    if isinstance(value, tuple):
        return tuple(said(each) for each in cast("tuple[Any, ...]", value))
    return value


class _Table(dict[Any, Any]):
    def __getitem__(self, key: Any) -> Any:
        return said(super().__getitem__(key))

    def get(self, key: Any, default: Any = None) -> Any:
        return said(super().get(key, default))

    def items(self) -> Any:
        return [(key, said(value)) for key, value in super().items()]

    def values(self) -> Any:
        return [said(value) for value in super().values()]


def _wished(header: str) -> str:
    wishes: list[tuple[float, str]] = []
    for part in header.split(",")[:MOST_WISHES]:
        tag, _, parameter = part.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            wishes.append((-float(weight or 1), tag.split("-")[0].strip().lower()))
        except ValueError:
            continue
    ordered = [tag for weight, tag in sorted(wishes, key=lambda wish: wish[0]) if weight < 0]
    return negotiate_locale(ordered, LANGUAGES) or OWN
