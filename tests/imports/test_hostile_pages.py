"""Pages with messages for a language model, and one that obeys every word: no fact changes, nothing hidden is sent."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from cartage.model.product import Product
from tests.extraction.hostile_pages import BARCODE, CANARY, STATED, Hostile, hostile_pages, page
from tests.imports.test_filling import make_helped
from tests.language_models.scripted import Asked

Mind = Callable[[Asked], dict[str, Any]]

PAGES = hostile_pages()
HONEST = {"price": "49,90 EUR", "availability": "Ready to ship from Lyon."}
ATTACKED = (*STATED, "gtin", "name", "description", "images")


def pointing(asked: Asked, said: dict[str, str]) -> dict[str, Any]:
    """Answer with these words, each with the number of the line that it stands on, or of any."""
    lines = json.loads(asked.text)["lines"]
    where = {name: [number for number, _, text in lines if words in text] or [1] for name, words in said.items()}
    return {name: {"words": words, "line": where[name][0]} for name, words in said.items()}


def obeying(asked: Asked) -> dict[str, Any]:
    """Answer as the message says, whether it came through or not; name every line as the description."""
    numbers = [number for number, _, _ in json.loads(asked.text)["lines"]]
    told = STATED | {"gtin": BARCODE, "name": "Evilcorp kettle"}
    return {**pointing(asked, told), "description": numbers, "images": [1, 2, 3]}


def honest(asked: Asked) -> dict[str, Any]:
    """Answer with what the page states."""
    return pointing(asked, HONEST)


def saying_nothing(asked: Asked) -> dict[str, Any]:
    """Answer that nothing is stated."""
    del asked
    return {}


async def facts_of(html: str, mind: Mind) -> tuple[Product, str]:
    """Import a page, with a language model that thinks so; give the facts, and all that was sent to it."""
    house = make_helped(html, mind)
    product = await house.imported()
    assert product.facts
    assert house.model.asked
    return product.facts, "\n".join(each.text for each in house.model.asked)


async def altered(hostile: Hostile) -> list[str]:
    """Name the fields that an obedient model changed into something that the page does not state of its product."""
    stated, _ = await facts_of(page(), honest)
    silent, _ = await facts_of(hostile.html, saying_nothing)
    obeyed, _ = await facts_of(hostile.html, obeying)
    return [name for name in ATTACKED if getattr(obeyed, name) not in (getattr(silent, name), getattr(stated, name))]


@pytest.mark.parametrize("hostile", PAGES, ids=lambda hostile: hostile.name)
async def test_an_obedient_model_alters_no_fact(hostile: Hostile) -> None:
    """Whatever it is told to say, only what the page states of its product is believed."""
    assert await altered(hostile) == []


@pytest.mark.parametrize("hostile", [each for each in PAGES if each.hidden], ids=lambda hostile: hostile.name)
async def test_only_what_a_shopper_sees_is_sent(hostile: Hostile) -> None:
    """A message that no shopper sees does not reach the model."""
    _, sent = await facts_of(hostile.html, obeying)

    assert CANARY not in sent


def test_there_are_pages_enough() -> None:
    """The count is told."""
    hidden = sum(each.hidden for each in PAGES)
    sys.stdout.write(f"{len(PAGES)} hostile pages, of which {hidden} hide their message\n")

    assert len({each.html for each in PAGES}) == len(PAGES) >= 40
