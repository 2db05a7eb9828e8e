"""Promises of where a language model may be asked, and of what an installation without one does."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from cartage.app import build
from cartage.fetching.client import Fetcher
from cartage.fetching.guard import resolve_as_written
from cartage.fetching.sdk import sdk_client
from cartage.language_models.asking import AskedModel
from cartage.language_models.endpoint import find_endpoint
from cartage.language_models.prices import Prices
from cartage.model.errors import Misconfigured, UrlNotAllowed
from cartage.model.product import Money, Value
from cartage.settings import Settings
from cartage.wire.enhancement import EnhanceSettingsBody
from tests.language_models.stand_in import KEY, running_stand_in


class Name(Value):
    """Ask for a name."""

    name: str


@pytest.mark.parametrize(
    ("model", "url", "name", "local"),
    [
        ("openai:gpt-5-mini", "", "openai:gpt-5-mini", False),
        ("openai:qwen3:8b", "http://localhost:11434/v1", "openai:qwen3:8b", True),
        ("openai:qwen", "http://ollama:11434/v1/", "openai:qwen", True),
        ("openai:qwen", "http://192.168.1.20:8000/v1", "openai:qwen", True),
        ("openai:meta/llama", "https://models.example.com/v1", "openai:meta/llama", False),
        ("anthropic:claude-sonnet-4-6", "", "anthropic:claude-sonnet-4-6", False),
        ("google:gemini-2.5-flash", "", "google:gemini-2.5-flash", False),
    ],
)
def test_a_setting_names_a_model_and_where_it_runs(model: str, url: str, name: str, *, local: bool) -> None:
    """The maker comes first; what an operator's own address leads to in a private network is local."""
    endpoint = find_endpoint(model, url)

    assert (endpoint.name, endpoint.local) == (name, local)


@pytest.mark.parametrize(
    ("model", "url"), [("gpt-5", ""), ("acme:x", ""), ("openai:", ""), ("openai:x", "ftp://a.example")]
)
def test_an_unusable_setting_is_told(model: str, url: str) -> None:
    """The operator reads which setting to mend."""
    with pytest.raises(Misconfigured, match="CARTAGE_MODEL"):
        find_endpoint(model, url)


async def test_an_own_server_is_found_by_its_name() -> None:
    """`localhost`, or a name from the machine's own hosts, leads to the operator's server."""
    async with running_stand_in(lambda _: {"name": "Mug"}) as stand_in:
        endpoint = find_endpoint("openai:qwen3", f"{stand_in.url.replace('127.0.0.1', 'localhost')}/v1")
        fetcher = Fetcher(exceptions=endpoint.door, resolve=resolve_as_written)
        model = AskedModel(endpoint, KEY, fetcher, seconds=60)

        answer = await model.ask("Name it.", ["A mug."], Name, most_tokens=50)

        await model.aclose()
    assert answer.value.name == "Mug"


@pytest.mark.parametrize(
    "other", ["http://127.0.0.1:9/v1/x", "http://localhost:11434/v1/x", "https://elsewhere.example/v1"]
)
async def test_an_own_server_opens_no_other_door(other: str) -> None:
    """Only the exact host and port that the operator named can be reached, and only by the model's own client."""
    endpoint = find_endpoint("openai:qwen3", "http://127.0.0.1:11434/v1")
    client = sdk_client(Fetcher(exceptions=endpoint.door), endpoint.url, seconds=60)

    with pytest.raises(Exception, match="url_not_allowed") as raised:
        await client.post(other, json={})

    assert isinstance(raised.value.__cause__, UrlNotAllowed)


async def test_a_name_never_leads_to_the_platform() -> None:
    """A name that the operator set and somebody else moved to a cloud's metadata service is refused."""

    async def moved(host: str, port: int) -> list[str]:
        del host, port
        return ["169.254.169.254"]

    endpoint = find_endpoint("openai:qwen3", "http://models.example:8000/v1")
    client = sdk_client(Fetcher(exceptions=endpoint.door, resolve=moved), endpoint.url, seconds=60)

    with pytest.raises(Exception, match="url_not_allowed"):
        await client.post(f"{endpoint.url}/chat/completions", json={})


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "CARTAGE_MODEL names no language model."),
        ({"model": "openai:gpt-5-mini"}, "CARTAGE_MODEL_KEY is not set."),
    ],
)
def test_an_installation_without_a_model_says_why(tmp_path: Path, given: dict[str, str], why: str) -> None:
    """Everything else is wired all the same."""
    app = build(Settings(data_dir=tmp_path, engine="elsewhere", **given))  # type: ignore[arg-type]

    assert (app.trial, app.model_off) == (None, why)


def test_a_public_table_prices_makers_models() -> None:
    """Its version is named; what it does not list is unknown, and what runs on own machines costs nothing."""
    million = 1_000_000

    known = Prices(find_endpoint("openai:gpt-5-mini", ""))
    unknown = Prices(find_endpoint("openai:none-such", "https://models.example.com/v1"))
    local = Prices(find_endpoint("openai:qwen3", "http://localhost:11434/v1"))

    assert known.cost(million, 0) == Money(amount=Decimal("0.25"), currency="USD")
    assert known.table
    assert known.table.startswith("genai-prices ")
    assert (unknown.cost(million, 0), unknown.table) == (None, None)
    assert (local.cost(million, 0), local.table) == (Money(amount=Decimal(0), currency="USD"), None)


@pytest.mark.case("other_sink-14")
@pytest.mark.parametrize("name", ["url", "base_url", "model", "model_url", "endpoint"])
def test_a_merchant_cannot_choose_where_a_model_is_asked(name: str) -> None:
    """What a merchant may set of enhancement has no address, and one that is sent along is refused."""
    with pytest.raises(ValidationError) as caught:
        EnhanceSettingsBody.model_validate({name: "http://10.0.0.5/"})

    assert caught.value.errors()[0]["type"] == "extra_forbidden"
