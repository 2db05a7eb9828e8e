"""Promises of languages: each sentence of a page is marked, translated, and shown in the reader's language."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from fastapi import Request

from cartage.model.errors import BotChallenge
from cartage.model.product import Money, Product
from cartage.web.language import FOLDER, direction, language_of, speaking
from cartage.web.rendering import FOLDER as TEMPLATES
from cartage.web.rendering import counted, money, size
from cartage.web.sentences import told as sentences_of
from docs.catalogue import details_told, sentences
from tests.web.conftest import SHOP, Web

NAMES = {
    "Cartage",
    "HTTP",
    "jpg",
    "doctype",
    "html",
    "https",
    "shop",
    "example",
    "products",
    "linen",
    "shirt",
    "wool",
    "rug",
}
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
    """No template shows words that a catalogue cannot know."""
    assert wordings(template) == []


@pytest.mark.parametrize(("name", "gathered"), [("ar", sentences), ("ar.details", details_told)])
def test_a_catalogue_is_whole_and_holds_nothing_else(name: str, gathered: Callable[[], Catalog]) -> None:
    """Each sentence of pages, errors and findings has a translation with the same places, and no other is kept."""
    with (FOLDER / f"{name}.po").open("rb") as file:
        kept = read_po(file, locale=name[:2])
    said = {forms(message.id): forms(message.string) for message in kept if message.id}

    assert said.keys() == {forms(message.id) for message in gathered() if message.id}
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
        told = [counted(count, "row") for count in (0, 1, 2, 3, 11, 100, 103)]
        priced, weight = money(price), size(81_920)
        dollars = money(Money.model_validate({"amount": "5", "currency": "USD"}))

    assert told == ["لا صفوف", "صف واحد", "صفّان", "3 صفوف", "11 صفًا", "100 صف", "103 صفوف"]
    assert "1,299.50" in priced
    assert dollars.endswith("US$\u200e")
    assert weight == "81.9 كيلوبايت"
    assert size(81_920) == "81.9 kB"
    assert money(price) == "€1,299.50"
    assert counted(1, "picture") == "1 picture"
    assert direction("ar") == "rtl"


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("shop.example asks for a login (status 401).", "يطلب \u2068shop.example\u2069 تسجيل الدخول (الحالة 401)."),
        ("Found the product; missing: price, brand.", "عُثر على المنتج؛ ينقصه: السعر، العلامة التجارية."),
        ("Kept 1 of 2 pictures. The image is damaged.", "حُفظت 1 من 2 من الصور. الصورة تالفة."),
        ("“price” is no number, such as 2.5.", "«\u2068price\u2069» ليس عددًا، مثل 2.5."),
        ("Rounded up to an ending of .99", "قُرّب إلى الأعلى بنهاية \u2068.99\u2069"),
        ("Nobody ever wrote this.", "Nobody ever wrote this."),
    ],
)
def test_a_detail_is_told_by_the_sentence_it_was_made_from(detail: str, told: str) -> None:
    """Values keep their places, isolated where they read from the left; quoted and unknown ones stay as they are."""
    with speaking("ar"):
        said = sentences_of(detail)

    assert (said, sentences_of(detail)) == (told, detail)


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


async def test_the_switch_comes_back_to_the_very_page(web: Web) -> None:
    """The filter stays; where a page answers a form, it is the form's own page that comes back."""
    listed = await web.mine.get("/products?filter=status:failed&view=table")
    refused = await web.mine.client.post(
        "/settings/tokens", data={"csrf": web.mine.csrf}, headers={"Referer": "http://cartage.test/settings"}
    )

    assert 'name="next" value="/products?filter=status:failed&amp;view=table"' in listed.text
    assert 'name="next" value="/settings"' in refused.text


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
