"""What every provider promises, whichever it is."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from cartage.model.errors import Permanent, TryAnother, TryLater
from cartage.model.page import Page, PageRequest
from cartage.provider import Provider
from cartage.providers.direct import Direct
from cartage.providers.pasted import Pasted
from cartage.providers.shop_api import ShopApi
from cartage.stores.memory_artifacts import MemoryArtifacts
from tests.providers.conftest import HTML, Shop, shelf, shop
from tests.providers.desks import ANSWERING, HOSTED, provider_at, running_desk

__all__ = ["shelf", "shop"]

PRODUCT = {"title": "Mug", "variants": [{"price": "9.50"}]}


@dataclass(frozen=True)
class Candidate:
    """Hold a provider, a request that it can meet, and one that it cannot."""

    provider: Provider
    good: PageRequest
    bad: PageRequest


@pytest.fixture(params=["direct", "shop_api", "pasted", *HOSTED])
async def candidate(request: pytest.FixtureRequest, shop: Shop, shelf: MemoryArtifacts) -> AsyncGenerator[Candidate]:
    """Give each provider in turn, in a world where it can do its work."""
    if request.param in HOSTED:
        async with running_desk(ANSWERING[request.param]) as desk:
            good = PageRequest(url="https://shop.example/p/mug", merchant_id="mer_1")
            bad = PageRequest(url="https://shop.example/none", merchant_id="mer_1")
            yield Candidate(provider_at(request.param, desk), good, bad)
        return
    shop.shows("/products/mug")
    shop.states("/products/mug.json", {"product": PRODUCT})
    pasted = await shelf.put("mer_1", "text/html", HTML)
    providers: dict[str, Provider] = {
        "direct": Direct(shop.fetcher),
        "shop_api": ShopApi(shop.fetcher),
        "pasted": Pasted(shelf),
    }
    url = f"{shop.origin}/products/mug"
    yield Candidate(
        providers[request.param],
        PageRequest(url=url, merchant_id="mer_1", pasted_page_id=pasted),
        PageRequest(url=f"{shop.origin}/products/none", merchant_id="mer_1", pasted_page_id="art_none"),
    )


def test_it_has_a_name_fit_for_a_record(candidate: Candidate, request: pytest.FixtureRequest) -> None:
    """A provider's name is one lower-case word, and the one it is wired by."""
    assert re.fullmatch(r"[a-z][a-z_]*", candidate.provider.name)
    assert candidate.provider.name in request.node.name


def test_it_states_its_cost(candidate: Candidate) -> None:
    """A cost is money, or not known; never negative."""
    cost = candidate.provider.cost

    assert cost is None or cost.amount >= 0


async def test_it_brings_a_page_that_can_be_kept(candidate: Candidate) -> None:
    """A page has an absolute address, a body and a time with its zone, and survives JSON."""
    page = await candidate.provider.get(candidate.good)

    assert urlsplit(page.url).netloc
    assert page.body
    assert page.fetched_at.tzinfo
    assert Page.model_validate_json(page.model_dump_json()) == page


async def test_it_fails_in_words_the_policy_knows(candidate: Candidate) -> None:
    """A failure says whether to stop, to try another provider, or to try later, and what a person can do."""
    with pytest.raises((Permanent, TryAnother, TryLater)) as caught:
        await candidate.provider.get(candidate.bad)

    failure = caught.value.failure()
    assert failure.detail
    assert failure.advice


async def test_it_may_be_asked_twice(candidate: Candidate) -> None:
    """Asking again gives the same content: an attempt may be repeated after a crash."""
    first = await candidate.provider.get(candidate.good)
    second = await candidate.provider.get(candidate.good)

    assert first.body == second.body
