"""The promises that every language model keeps, whoever makes it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from decimal import Decimal

import pytest
import pytest_asyncio

from cartage.fetching.client import Fetcher
from cartage.language_models.asking import AskedModel
from cartage.language_models.endpoint import Endpoint, Maker, Rates
from cartage.model.errors import CartageError, TryLater
from cartage.model.language import Photo
from cartage.model.language_errors import (
    AnswerUnusable,
    ModelKeyRefused,
    ModelNotFound,
    ModelQuotaSpent,
    ModelRateLimited,
    ModelRefused,
    ModelUnavailable,
    QuestionRejected,
)
from cartage.model.product import Money, Value
from tests.language_models.stand_in import CACHED, KEY, Mood, StandIn, running_stand_in

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Colours(Value):
    """Ask for a name and colours."""

    name: str
    colours: tuple[str, ...] = ()


GOOD = {"name": "Mug \N{EM DASH} kupfer", "colours": ["red", "أزرق"]}
INSTRUCTIONS = "Name the product."
PATHS: dict[Maker, str] = {"openai": "/v1", "anthropic": "", "google": ""}


@dataclass
class World:
    """Hold a model and the stand-in that it asks."""

    stand_in: StandIn
    model: AskedModel


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[
        ("openai", "gpt-5-mini", False),
        ("openai", "qwen3:8b", True),
        ("anthropic", "claude-sonnet-4-6", False),
        ("anthropic", "claude-of-the-house", False),
        ("google", "gemini-2.5-flash", False),
    ],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
async def running_world(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    """Give each maker's model in turn, and an OpenAI-compatible server of the operator's own."""
    maker, name, own = request.param
    async with running_stand_in(lambda _: GOOD) as stand_in:
        endpoint = Endpoint(maker, name, stand_in.url + PATHS[maker], own)
        rates = Rates(Decimal(1), Decimal(2), Decimal("0.1"))
        model = AskedModel(endpoint, KEY, fetcher_to(stand_in), seconds=60, rates=None if own else rates)
        yield World(stand_in, model)
        await model.aclose()


@pytest.fixture
def world(running_world: World) -> World:
    """Give a model, with nothing asked yet."""
    running_world.stand_in.asked.clear()
    running_world.stand_in.moods.clear()
    return running_world


def fetcher_to(stand_in: StandIn) -> Fetcher:
    """Give a fetcher that may call a stand-in, and nothing else."""
    host, _, port = stand_in.url.removeprefix("http://").partition(":")
    return Fetcher(exceptions=frozenset({(host, int(port))}), deadline_seconds=60)


async def ask(world: World, *content: str | Photo, most_tokens: int = 300) -> Colours:
    """Ask for colours."""
    answer = await world.model.ask(INSTRUCTIONS, content or ("A red mug.",), Colours, most_tokens=most_tokens)
    return answer.value


async def test_an_answer_has_the_form_that_was_asked_for(world: World) -> None:
    """The model is told the schema and answers in it, whatever the script."""
    answer = await ask(world)

    assert answer == Colours(name="Mug \N{EM DASH} kupfer", colours=("red", "أزرق"))
    assert set(world.stand_in.asked[0].schema["properties"]) == {"name", "colours"}


async def test_instructions_text_and_pictures_arrive(world: World) -> None:
    """What never changes goes first, as instructions; text and pictures follow in their order."""
    await ask(world, "A mug.", Photo(media_type="image/png", content=b"\x89PNG"), "It is red.")

    (question,) = world.stand_in.asked
    assert question.instructions.startswith(INSTRUCTIONS)
    assert question.texts == ("A mug.", "It is red.")
    assert question.pictures == (b"\x89PNG",)


async def test_no_tool_is_offered_but_the_answer_itself(world: World) -> None:
    """A model can do nothing but answer."""
    await ask(world)

    names = [each.get("name") or each["function"]["name"] for each in world.stand_in.asked[0].body.get("tools", [])]
    assert names in ([], ["answer"])


async def test_usage_is_counted_and_priced(world: World) -> None:
    """Tokens in, out and cached come with the answer, and money by the table that is named."""
    answer = await world.model.ask(INSTRUCTIONS, ["A red mug."], Colours, most_tokens=300)

    usage = answer.usage
    assert (usage.model, usage.calls, usage.tokens_cached) == (world.model.name, 1, CACHED)
    assert usage.tokens_in
    assert usage.tokens_out
    paid = (usage.tokens_in - CACHED) * 1 + CACHED * Decimal("0.1") + usage.tokens_out * 2
    free = world.model.local
    assert usage.cost == Money(amount=Decimal(0) if free else paid / 1_000_000, currency="USD")
    assert usage.price_table == (None if free else "settings")


async def test_a_question_weighs_at_least_what_it_costs(world: World) -> None:
    """The reservation is no less than the cost, also where the answer has to be repaired."""
    world.stand_in.moods.append("no_json")
    estimate = world.model.estimate(INSTRUCTIONS, ["A red mug."], most_tokens=300)

    answer = await world.model.ask(INSTRUCTIONS, ["A red mug."], Colours, most_tokens=300)

    assert estimate is not None
    assert answer.usage.cost is not None
    assert estimate.amount >= answer.usage.cost.amount
    assert (estimate.amount == 0) is world.model.local


@pytest.mark.parametrize("mood", ["fenced", "chatty"])
async def test_an_answer_among_other_words_is_read(world: World, mood: Mood) -> None:
    """A fence, or politeness, costs no second question."""
    world.stand_in.moods.append(mood)

    answer = await ask(world)

    assert answer.name == GOOD["name"]
    assert len(world.stand_in.asked) == 1


@pytest.mark.parametrize("mood", ["no_json", "cut", "ignores_schema"])
async def test_an_unusable_answer_is_repaired_once(world: World, mood: Mood) -> None:
    """The second question repeats the first, and says what was wrong; both are counted."""
    world.stand_in.moods.append(mood)

    answer = await world.model.ask(INSTRUCTIONS, ["A red mug."], Colours, most_tokens=300)

    first, second = world.stand_in.asked
    assert answer.value.name == GOOD["name"]
    assert answer.usage.calls == 2
    assert second.instructions == first.instructions
    assert second.texts[0] == "A red mug."
    assert "cannot be used" in second.texts[-1]


@pytest.mark.parametrize("mood", ["no_json", "cut", "ignores_schema"])
async def test_there_is_no_third_question(world: World, mood: Mood) -> None:
    """Two unusable answers end it, and what they used up is told."""
    world.stand_in.moods.extend([mood, mood])

    with pytest.raises(AnswerUnusable) as raised:
        await ask(world)

    assert len(world.stand_in.asked) == 2
    assert raised.value.usage is not None
    assert raised.value.usage.calls == 2
    assert raised.value.usage.tokens_in


async def test_a_refusal_is_told_with_what_it_used_up(world: World) -> None:
    """A model that declines is not asked again."""
    world.stand_in.moods.append("refuses")

    with pytest.raises(ModelRefused) as raised:
        await ask(world)

    assert len(world.stand_in.asked) == 1
    assert raised.value.usage is not None


FAILURES: list[tuple[Mood, type[CartageError]]] = [
    ("rate_limited", ModelRateLimited),
    ("overloaded", ModelUnavailable),
    ("unknown_model", ModelNotFound),
    ("too_long", QuestionRejected),
    ("hangs_up", ModelUnavailable),
    ("web_page", AnswerUnusable),
]


@pytest.mark.parametrize(("mood", "error"), FAILURES)
async def test_what_went_wrong_is_named(world: World, mood: Mood, error: type[CartageError]) -> None:
    """Each failure has its name, nobody asks again behind our back, and no sentence repeats the key."""
    world.stand_in.moods.append(mood)

    with pytest.raises(error) as raised:
        await ask(world)

    assert len(world.stand_in.asked) == 1
    assert KEY not in str(raised.value)
    assert raised.value.origin == "provider"


async def test_an_asked_wait_is_passed_on(world: World) -> None:
    """Who asks to slow down says for how long."""
    world.stand_in.moods.append("rate_limited")

    with pytest.raises(TryLater) as raised:
        await ask(world)

    assert raised.value.retry_after_seconds == 7


async def test_a_spent_quota_is_no_rate_limit(world: World) -> None:
    """An account without credit is told as such, where its maker tells it apart."""
    if world.model.name.startswith("google"):
        pytest.skip("Gemini tells both with the same words")
    world.stand_in.moods.append("quota_spent")

    with pytest.raises(ModelQuotaSpent):
        await ask(world)


async def test_a_refused_key_is_told(world: World) -> None:
    """A wrong key is the operator's to mend, and is not repeated."""
    maker, _, name = world.model.name.partition(":")
    endpoint = Endpoint(maker, name, world.stand_in.url + PATHS[maker], own=True)  # type: ignore[arg-type]
    stranger = AskedModel(endpoint, "sk-wrong", fetcher_to(world.stand_in), seconds=60)

    with pytest.raises(ModelKeyRefused) as raised:
        await stranger.ask(INSTRUCTIONS, ["A mug."], Colours, most_tokens=100)

    assert "sk-wrong" not in str(raised.value)
    await stranger.aclose()


async def test_untold_usage_stays_unknown(world: World) -> None:
    """Nobody guesses tokens, and so no money either; what runs on own machines is free all the same."""
    world.stand_in.moods.append("tells_no_usage")

    answer = await world.model.ask(INSTRUCTIONS, ["A mug."], Colours, most_tokens=100)

    assert (answer.usage.tokens_in, answer.usage.tokens_out) == (None, None)
    assert (answer.usage.cost is not None) is world.model.local
