"""The hosted providers: what they ask, what they bring, and whose fault it is when they bring nothing."""

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest

from cartage.extraction import read_page
from cartage.fetching.client import Fetcher
from cartage.model.errors import AccessDenied, CartageError, LoginRequired, Origin, PageNotFound, TryAnother
from cartage.model.evidence import Source, Verdict
from cartage.model.page import PageKind, PageRequest
from cartage.model.product import Availability, Money
from cartage.model.service_errors import (
    ServiceBusy,
    ServiceFailed,
    ServiceKeyRefused,
    ServiceQuotaSpent,
    ServiceRefusesSite,
)
from tests.providers.desks import ANSWERING, HOSTED, ITEM, PAGE, Desk, provider_at, running_desk

SHOP = PageRequest(url="https://shop.example/p/mug", merchant_id="mer_1")
AMAZON = PageRequest(url="https://www.amazon.com/dp/B000000001", merchant_id="mer_1")
CENT = Money(amount=Decimal("0.01"), currency="USD")
REFUSALS: list[tuple[str, int, Any, type[CartageError]]] = [
    ("zyte", 401, {"type": "/auth/key-not-found"}, ServiceKeyRefused),
    ("zyte", 403, {"type": "/auth/account-suspended"}, ServiceQuotaSpent),
    ("zyte", 429, {"type": "/limits/over-user-limit"}, ServiceBusy),
    ("zyte", 503, {"type": "/limits/over-global-limit"}, ServiceBusy),
    ("zyte", 451, {"type": "/download/domain-forbidden"}, ServiceRefusesSite),
    ("zyte", 520, {"type": "/download/temporary-error"}, ServiceFailed),
    ("zyte", 521, {"type": "/download/internal-error"}, ServiceFailed),
    ("zyte", 200, b"<html>not JSON</html>", ServiceFailed),
    ("zyte", 200, {"statusCode": 200}, ServiceFailed),
    ("zyte", 200, {"statusCode": 403, "browserHtml": "<p>no"}, AccessDenied),
    ("zyte", 200, {"statusCode": 401, "browserHtml": "<p>no"}, LoginRequired),
    ("zyte", 200, {"statusCode": 503, "browserHtml": "<p>no"}, ServiceFailed),
    ("firecrawl", 401, {"success": False, "error": "Unauthorized"}, ServiceKeyRefused),
    ("firecrawl", 402, {"success": False, "error": "Payment required"}, ServiceQuotaSpent),
    ("firecrawl", 403, {"success": False, "error": "We do not support this site"}, ServiceRefusesSite),
    ("firecrawl", 408, {"success": False, "code": "SCRAPE_TIMEOUT"}, ServiceFailed),
    ("firecrawl", 429, {"success": False, "error": "Rate limit exceeded"}, ServiceBusy),
    ("firecrawl", 500, {"success": False, "code": "SCRAPE_ALL_ENGINES_FAILED"}, ServiceFailed),
    ("firecrawl", 200, {"success": False, "error": "no"}, ServiceFailed),
    ("oxylabs", 401, {"message": "Client not found"}, ServiceKeyRefused),
    ("oxylabs", 403, {"message": "Forbidden"}, ServiceKeyRefused),
    ("oxylabs", 429, {"message": "Too many requests"}, ServiceBusy),
    ("oxylabs", 524, {"message": "Timeout"}, ServiceFailed),
    ("oxylabs", 200, {"results": []}, ServiceFailed),
    ("oxylabs", 200, {"results": [{"status_code": 613, "content": ""}]}, ServiceFailed),
    ("oxylabs", 200, {"results": [{"status_code": 200, "content": ""}]}, ServiceFailed),
    ("apify", 401, {"error": {"type": "user-or-token-not-found"}}, ServiceKeyRefused),
    ("apify", 402, {"error": {"type": "not-enough-usage-to-run-paid-actor"}}, ServiceQuotaSpent),
    ("apify", 403, {"error": {"type": "monthly-usage-hard-limit-exceeded"}}, ServiceQuotaSpent),
    ("apify", 403, {"error": {"type": "insufficient-permissions"}}, ServiceKeyRefused),
    ("apify", 408, {"error": {"type": "run-timeout-exceeded"}}, ServiceFailed),
    ("apify", 429, {"error": {"type": "rate-limit-exceeded"}}, ServiceBusy),
    ("apify", 400, {"error": {"type": "run-failed"}}, ServiceFailed),
    ("apify", 201, [], ServiceFailed),
]


@pytest.fixture(params=HOSTED)
async def desk(request: pytest.FixtureRequest) -> AsyncGenerator[Desk]:
    """Give each service in turn."""
    async with running_desk(ANSWERING[request.param]) as desk:
        yield desk


@pytest.mark.parametrize("desk", HOSTED, indirect=True)
async def test_its_page_is_read_with_evidence(desk: Desk, request: pytest.FixtureRequest) -> None:
    """Whether a service gives HTML or its own product, our reading states name, price and stock with evidence."""
    provider = provider_at(request.node.callspec.params["desk"], desk)

    extraction = read_page(await provider.get(SHOP))

    assert extraction.verdict is Verdict.PRODUCT
    assert extraction.product
    assert extraction.product.name == "Copper mug"
    assert extraction.product.price == Money(amount=Decimal("19.50"), currency="EUR")
    assert extraction.product.availability is Availability.IN_STOCK
    assert extraction.evidence["/price"][0].raw


@pytest.mark.parametrize("desk", HOSTED, indirect=True)
async def test_a_wrong_key_is_the_operators_to_mend(desk: Desk, request: pytest.FixtureRequest) -> None:
    """A refused key is told apart, and neither the key nor its encoding is in what is said."""
    provider = provider_at(request.node.callspec.params["desk"], desk, key="wrong-secret")

    with pytest.raises(ServiceKeyRefused) as caught:
        await provider.get(SHOP)

    assert caught.value.origin is Origin.PROVIDER
    assert "wrong-secret" not in str(caught.value.failure())


@pytest.mark.parametrize(("told", "known"), [({"statusCode": 403, "browserHtml": "<p>no"}, 403), (b"none", None)])
async def test_the_shop_s_status_is_known_where_a_service_tells_it(told: Any, known: int | None) -> None:
    """An error keeps what the shop answered the service, never what the service answered us."""
    async with running_desk(lambda _: (200, told)) as desk:
        with pytest.raises((AccessDenied, ServiceFailed)) as caught:
            await provider_at("zyte", desk).get(SHOP)

    assert caught.value.http_status == known


@pytest.mark.parametrize(("name", "status", "body", "kind"), REFUSALS)
async def test_a_refusal_has_its_own_name(name: str, status: int, body: Any, kind: type[CartageError]) -> None:
    """Key, quota, slow-down, refused site and failure are told apart as the service documents them."""
    async with running_desk(ANSWERING[name]) as desk:
        desk.fails(status, body)

        with pytest.raises(kind) as caught:
            await provider_at(name, desk).get(SHOP)

    assert type(caught.value) is kind


async def test_a_wait_that_is_asked_for_is_kept() -> None:
    """`Retry-After` reaches the retry policy."""
    async with running_desk(ANSWERING["zyte"]) as desk:
        desk.fails(429, {"type": "/limits/over-user-limit"}, "Retry-After: 30\r\n")

        with pytest.raises(ServiceBusy) as caught:
            await provider_at("zyte", desk).get(SHOP)

    assert caught.value.retry_after_seconds == 30


@pytest.mark.parametrize("name", ["zyte", "firecrawl", "oxylabs"])
async def test_a_page_that_is_gone_is_gone_for_all(name: str) -> None:
    """The shop's own 404, as the service tells it, ends the import."""
    async with running_desk(ANSWERING[name]) as desk:
        with pytest.raises(PageNotFound):
            await provider_at(name, desk).get(SHOP.model_copy(update={"url": "https://shop.example/none"}))


async def test_credits_are_charged_at_their_price() -> None:
    """Firecrawl tells the credits of each answer; the operator told what one costs."""
    async with running_desk(ANSWERING["firecrawl"]) as desk:
        page = await provider_at("firecrawl", desk, price=CENT).get(SHOP)

    assert page.cost == Money(amount=Decimal("0.05"), currency="USD")


@pytest.mark.parametrize("name", HOSTED)
async def test_an_unknown_cost_stays_unknown(name: str) -> None:
    """Without a price from the operator no cost is made up."""
    async with running_desk(ANSWERING[name]) as desk:
        provider = provider_at(name, desk)
        page = await provider.get(SHOP)

    assert (provider.cost, page.cost) == (None, None)


async def test_amazon_comes_parsed_by_oxylabs() -> None:
    """Amazon's own parser is asked for, and each field points into its answer."""
    async with running_desk(ANSWERING["oxylabs"]) as desk:
        page = await provider_at("oxylabs", desk).get(AMAZON)

    extraction = read_page(page)
    assert desk.asked[0].body == {"source": "amazon", "url": AMAZON.url, "parse": True}
    assert page.kind is PageKind.OXYLABS
    assert extraction.product
    assert extraction.product.regular_price == Money(amount=Decimal("25.0"), currency="USD")
    assert extraction.product.breadcrumbs == ("Kitchen", "Mugs")
    assert len(extraction.product.images) == 2
    evidence = extraction.evidence["/price"][0]
    assert (evidence.source, evidence.where, evidence.raw) == (Source.SERVICE, "/product/price", "19.5")


async def test_a_price_of_zero_is_no_price() -> None:
    """Services write 0 for a price that they did not find, and a shop's slogan for its brand; neither is kept."""
    async with running_desk(ANSWERING["apify"]) as desk:
        desk.fails(201, [{**ITEM, "offers": {"price": 0, "priceCurrency": "EUR"}}])
        page = await provider_at("apify", desk).get(SHOP)

    product = read_page(page).product
    assert product
    assert (product.price, product.brand) == (None, None)


async def test_a_service_that_cannot_be_reached_is_passed_over() -> None:
    """A service that is down is the provider's failure, not the shop's, and the next one is asked."""
    async with running_desk(ANSWERING["zyte"]) as desk:
        provider = provider_at("zyte", desk)
        desk_url = desk.url
    closed = Fetcher(exceptions=frozenset({("127.0.0.1", int(desk_url.rsplit(":", 1)[1]))}), deadline_seconds=2)

    with pytest.raises(TryAnother) as caught:
        await provider_at("zyte", Desk(ANSWERING["zyte"], closed, desk_url)).get(SHOP)

    await closed.aclose()
    assert provider.name == "zyte"
    assert caught.value.origin is Origin.PROVIDER


@pytest.mark.case("other_sink-16")
@pytest.mark.parametrize("told", ["http://10.0.0.5/", "http://169.254.169.254/latest", "file:///etc/passwd", 7])
async def test_a_service_cannot_place_a_page_inside(told: Any) -> None:
    """An address inside that a service says it ended up at is not believed: the page stands where it was asked for."""
    async with running_desk(lambda _: (200, {"url": told, "statusCode": 200, "browserHtml": PAGE})) as desk:
        page = await provider_at("zyte", desk).get(PageRequest(url="https://shop.example/p", merchant_id="mer_1"))

    assert page.url == "https://shop.example/p"
