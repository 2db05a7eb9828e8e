"""`cartage enhance`: texts of a language model as JSON, and decisions on them, with a model that is a stand-in."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartage.cli.outcome import ExitCode
from tests.cli.catalogue import new_catalogue
from tests.cli.terminal import Terminal
from tests.contracts.enhancement_records import MUG
from tests.contracts.records import ended_product
from tests.language_models.beside import stand_in_beside
from tests.language_models.stand_in import KEY, Question, StandIn

ARABIC = {"title": "كوب من الخزف", "description": "كوب من الخزف الحجري."}


def written(question: Question) -> dict[str, str]:
    """Translate where that is asked for; else claim what the page does not say."""
    return ARABIC if "description" in question.schema["properties"] else {"title": "The best mug"}


async def filled(folder: Path) -> str:
    """Make a catalogue with a mug, and give its id."""
    async with new_catalogue(folder) as (store, merchant_id):
        product = await ended_product(store, merchant_id, facts=MUG)
    return product.id


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """Give a running stand-in."""
    with stand_in_beside(written) as running:
        yield running


@pytest.fixture
def mug(folder: Path) -> str:
    """Give the id of a product in a catalogue."""
    return asyncio.run(filled(folder))


@pytest.fixture
def settings(stand_in: StandIn) -> dict[str, str]:
    """Give the settings that name the stand-in; the engine works at once."""
    model = {"CARTAGE_MODEL": "openai:small", "CARTAGE_MODEL_URL": f"{stand_in.url}/v1", "CARTAGE_MODEL_KEY": KEY}
    return model | {"CARTAGE_ENGINE": "inline"}


def test_a_translation_is_asked_for_and_accepted(
    cartage: Terminal, mug: str, settings: dict[str, str], stand_in: StandIn
) -> None:
    """The texts come as records beside their sources; accepting asks nothing more."""
    written = cartage("enhance", mug, "--language", "ar", "--json", **settings)
    accepted = cartage("enhance", mug, "--accept-all", "--json=status", **settings)

    texts = json.loads(written.stdout)
    assert (written.code, accepted.code) == (ExitCode.OK, ExitCode.OK)
    assert {each["text"] for each in texts} == set(ARABIC.values())
    assert {each["task"] for each in texts} == {"translation:ar"}
    assert json.loads(accepted.stdout) == [{"status": "accepted"}, {"status": "accepted"}]
    assert len(stand_in.asked) == 1


def test_a_refused_text_is_told_and_its_sentence_shown(
    cartage: Terminal, mug: str, settings: dict[str, str], stand_in: StandIn
) -> None:
    """The command fails, and the record says which words the page does not have."""
    refused = cartage("enhance", mug, "--task", "title", "--json", **settings)
    looked = cartage("enhance", mug, "--show", "--json", **settings)

    assert (refused.code, looked.code, len(stand_in.asked)) == (ExitCode.FAILED, ExitCode.OK, 2)
    assert json.loads(refused.stdout)[0]["offences"][0]["found"] == "best"
    assert "text_refused" in refused.stderr
    assert looked.stdout == refused.stdout


def test_a_task_there_is_not_is_one_sentence(cartage: Terminal, mug: str, settings: dict[str, str]) -> None:
    """Nothing is asked."""
    outcome = cartage("enhance", mug, "--task", "poem", **settings)

    assert (outcome.code, outcome.stdout) == (ExitCode.FAILED, "")
    assert outcome.stderr.startswith("cartage: invalid_input: There is no task 'poem'")
