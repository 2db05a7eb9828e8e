"""Promises of languages: each sentence of a page is marked, translated, and shown in the reader's language."""

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from babel.messages.pofile import read_po
from fastapi import Request

from cartage.model.errors import BotChallenge
from cartage.model.product import Money, Product
from cartage.web.language import FOLDER, LANGUAGES, OWN, direction, language_of, speaking
from cartage.web.rendering import FOLDER as TEMPLATES
from cartage.web.rendering import counted, money
from docs.catalogue import sentences
from tests.web.conftest import SHOP, Web

# Not marked yet; the list only ever gets shorter.
UNMARKED = {
    "bulk", "bulk_check", "export", "exports", "findings", "preview", "pricing", "reference", "target",
}  # fmt: skip
NAMES = {"Cartage", "doctype", "html", "https", "shop", "example", "products", "linen", "shirt", "wool", "rug"}
SPOKEN = re.compile(r'\b(?:placeholder|aria-label|title|alt|data-label)="([^"]*)"')
ARABIC = re.compile("[\u0600-\u06ff]")


def wordings(template: Path) -> list[str]:
    """Give what of a template a person reads and nobody marked."""
    source = re.sub(r"\{% block width %\}.*?\{% endblock %\}", "", template.read_text())
    text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "\x00", source, flags=re.DOTALL)
    text = re.sub(r"<(script|style|code)\b.*?</\1>", " ", text, flags=re.DOTALL)
    shown = [*SPOKEN.findall(text), re.sub(r'<(?:"[^"]*"|[^">])*>', " ", text)]
    words = re.findall(r"[A-Za-z]{2,}", " ".join(shown))
    return [word for word in words if word not in NAMES]


def forms(message: Any) -> tuple[str, ...]:
    """Give a message's forms: one, or one for each kind of number."""
    return (message,) if isinstance(message, str) else tuple(message)


def places(text: str) -> set[str]:
    """Give the places for values in a sentence."""
    return set(re.findall(r"%\(\w+\)s", text))


def request(**headers: str) -> Request:
    """Make a request with these headers."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw})


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_every_sentence_is_marked(template: Path) -> None:
    """No template shows words that a catalogue cannot know, but those listed as not done."""
    left = wordings(template)

    assert (left == []) is (template.stem not in UNMARKED), left[:20]


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {OWN}))
def test_a_catalogue_is_whole_and_holds_nothing_else(language: str) -> None:
    """Each sentence that the pages say has a translation with the same places for values, and no other is kept."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        kept = read_po(file, locale=language)
    said = {forms(message.id): forms(message.string) for message in kept if message.id}

    assert said.keys() == {forms(message.id) for message in sentences() if message.id}
    for own, translated in said.items():
        assert all(translated), own
        if len(own) == 1:
            assert places(translated[0]) == places(own[0]), own


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "en"),
        ({"accept_language": "ar-EG,ar;q=0.9,en;q=0.8"}, "ar"),
        ({"accept_language": "de,en;q=0.5,ar;q=0.7"}, "ar"),
        ({"accept_language": "de-DE,fr"}, "en"),
        ({"accept_language": "ar;q=0, en;q=x,,;;"}, "en"),
        ({"accept_language": "en", "cookie": "cartage_language=ar"}, "ar"),
        ({"accept_language": "ar", "cookie": "cartage_language=../../etc"}, "ar"),
    ],
)
def test_the_language_is_the_persons(headers: dict[str, str], language: str) -> None:
    """What a person chose holds, else what their browser asks for, else English; nonsense changes nothing."""
    assert language_of(request(**headers)) == language


def test_values_are_written_as_the_language_has_them() -> None:
    """Numbers, money, counts and times follow the reader's language."""
    price = Money.model_validate({"amount": "1299.50", "currency": "EUR"})
    with speaking("ar"):
        told = counted(2, "picture"), counted(5, "picture"), counted(11, "picture"), money(price)

    assert told[:3] == ("صورتان", "5 صور", "11 صورة")
    assert "1,299.50" in told[3]
    assert money(price) == "€1,299.50"
    assert counted(1, "picture") == "1 picture"
    assert direction("ar") == "rtl"


async def test_a_page_speaks_and_reads_from_the_right(web: Web) -> None:
    """In Arabic a page says so to the browser, and none of its own sentences is left in English."""
    await web.imported(Product(name="Mug"))
    product_id = await web.failed(BotChallenge("shop.example asks for proof that a person is looking."))

    pages = [
        await web.mine.client.get(path, headers={"Accept": "text/html", "Accept-Language": "ar"})
        for path in ("/import", f"/import/status/{product_id}")
    ]

    for page in pages:
        assert '<html lang="ar" dir="rtl">' in page.text
    assert "استيراد منتج" in pages[0].text
    assert "يطلب الموقع كابتشا" in pages[1].text
    assert "Retry" not in pages[1].text


async def test_the_switch_needs_no_login_and_no_script(web: Web) -> None:
    """The button sets the language for later visits and comes back to where it was pressed, on this site only."""
    stranger: httpx2.AsyncClient = web.stranger

    switched = await stranger.post("/language", data={"language": "ar", "next": "/login"})
    after = await stranger.get("/login", headers={"Accept": "text/html"})
    elsewhere = await stranger.post("/language", data={"language": "xx", "next": f"//{SHOP}"})

    assert (switched.status_code, switched.headers["location"]) == (303, "/login")
    assert "تسجيل الدخول" in after.text
    assert elsewhere.headers["location"] == "/"
    assert "set-cookie" not in elsewhere.headers
