"""The bench of language models on the stand-in: withheld facts of labelled pages filled, and every way it can fail."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.models import Tally, make_model, measure, read_folder
from cartage.extraction.filling import Filling
from cartage.extraction.scoring import Label
from tests.language_models.stand_in import KEY, Mood, Question, running_stand_in

SHOPS = Path(__file__).parent.parent / "cases" / "shops"
PAGES = 8
AMOUNT = re.compile(r"[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|EUR|kr|zł)")
STOCK = re.compile(r"in stock|out of stock|en stock|auf lager|skladem", re.IGNORECASE)
LABELLED = re.compile(r"(?:SKU|Art|Ref|Réf)\w*\.?:?\s+(\S+)", re.IGNORECASE)


def reading(question: Question) -> dict[str, Any]:
    """Answer as a hasty reader: the first line that looks like it, a brand that nobody named, the first picture."""
    asked = json.loads(question.texts[0])
    lines = [(number, text) for number, _, text in asked["lines"]]
    headings = [(number, text) for number, tags, text in asked["lines"] if tags.endswith("h1")]
    answer: dict[str, Any] = {"brand": {"words": "Acme Unlimited", "line": 1}, "images": [1]}
    if headings:
        answer["name"] = {"words": headings[0][1], "line": headings[0][0]}
    for name, pattern in (("price", AMOUNT), ("availability", STOCK), ("sku", LABELLED)):
        for number, text in lines:
            if found := pattern.search(text):
                answer[name] = {"words": found[found.lastindex or 0], "line": number}
                break
    return answer


async def measured(*moods: Mood, maker: str = "openai", pages: list[tuple[Label, bytes]]) -> Tally:
    """Measure the stand-in, with these moods over its first answers."""
    async with running_stand_in(reading) as stand_in:
        stand_in.moods.extend(moods)
        model = make_model(f"{maker}:small", stand_in.url + ("/v1" if maker == "openai" else ""), KEY)
        tally = await measure(model, pages)
        await model.aclose()
    return tally


@pytest.fixture(scope="module")
def pages() -> list[tuple[Label, bytes]]:
    """Give a few labelled pages."""
    return read_folder(SHOPS, PAGES)


async def test_withheld_facts_are_filled_and_counted(pages: list[tuple[Label, bytes]]) -> None:
    """What stands on a page is right or wrong, what does not is dropped, and what was used up is told."""
    tally = await measured(pages=pages)

    sys.stdout.write(f"{tally.table()}\n")
    brands = tally.fields["brand"]
    assert tally.pages == tally.calls == PAGES
    assert brands["dropped"] == brands.total() > 0
    assert tally.fields["price"]["right"] > tally.fields["price"]["wrong"]
    assert tally.count("right") > tally.count("wrong")
    assert tally.cost == 0
    assert "cost: 0 USD" in tally.table()


FATES: dict[tuple[Mood, ...], tuple[str, int]] = {
    ("fenced",): ("", 1),
    ("chatty",): ("", 1),
    ("no_json",): ("", 2),
    ("cut",): ("", 2),
    ("ignores_schema",): ("", 2),
    ("no_json", "no_json"): ("model_answer_unusable", 2),
    ("ignores_schema", "ignores_schema"): ("model_answer_unusable", 2),
    ("rate_limited",): ("model_rate_limited", 0),
    ("overloaded",): ("model_unavailable", 0),
    ("refuses",): ("model_refused", 1),
}


@pytest.mark.parametrize("maker", ["openai", "anthropic"])
async def test_an_answer_that_fails_is_an_error_and_no_fact(maker: str, pages: list[tuple[Label, bytes]]) -> None:
    """In both wire formats: what can be read counts, what can be mended is asked again, the rest is told by code."""
    page = next(each for each in pages if each[0].id == "shopware6_drill")
    for moods, (code, calls) in FATES.items():
        tally = await measured(*moods, maker=maker, pages=[page])

        assert (moods, list(tally.errors)) == (moods, [code] if code else [])
        assert (moods, tally.calls) == (moods, calls)
        assert (moods, bool(tally.count("right"))) == (moods, not code)


def test_the_question_holds_no_answer() -> None:
    """Neither the schema nor the form has an example that a model could repeat."""
    schema = json.dumps(Filling.model_json_schema())

    assert "example" not in schema
