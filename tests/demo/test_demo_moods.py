"""The demo shop's misbehaviour: as promised on the label, and over when it should be."""

import asyncio
from collections.abc import AsyncIterable
from typing import Any, cast

import httpx2
import pytest

from cartage.demo import LINKS, create_shop
from cartage.demo.goods import Good
from cartage.demo.moods import endlessly
from cartage.demo.shop import GOODS_OF_MOODS, product_page
from cartage.extraction import extract
from cartage.model.evidence import Verdict
from cartage.model.product import Money
from cartage.scraping.plan import SCRAPER, make_plan
from tests.demo.conftest import ORIGIN


async def statuses(visitor: httpx2.AsyncClient, path: str, times: int) -> list[int]:
    """Ask for a path several times and list the answers' statuses."""
    return [(await visitor.get(path)).status_code for _ in range(times)]


@pytest.mark.parametrize("good", GOODS_OF_MOODS, ids=lambda good: good.slug)
def test_behind_every_mood_is_a_good_page(good: Good) -> None:
    """Once it answers, the page is a product's, with its price."""
    page = product_page(good, ORIGIN)

    extraction = extract(page, url=ORIGIN + good.path)

    assert extraction.verdict is Verdict.PRODUCT
    assert extraction.product
    assert extraction.product.price == Money(amount=good.price.amount, currency=good.price.currency)


async def test_the_flaky_page_fails_twice(visitor: httpx2.AsyncClient) -> None:
    """503 twice, then the page; and all over again, so that the demo can be repeated."""
    assert await statuses(visitor, "/flaky/desk-fan", 6) == [503, 503, 200, 503, 503, 200]


async def test_the_busy_page_says_when_to_come_back(visitor: httpx2.AsyncClient) -> None:
    """429 with a Retry-After of one second, then the page."""
    first = await visitor.get("/busy/tea-pot")

    assert (first.status_code, first.headers["retry-after"]) == (429, "1")
    assert await statuses(visitor, "/busy/tea-pot", 2) == [429, 200]


async def test_the_shop_that_is_down_outlasts_one_import(visitor: httpx2.AsyncClient) -> None:
    """Every try that the default plan makes fails; the first try of a retry works."""
    plan = make_plan(f"{ORIGIN}/down/wall-clock", pasted=False)
    tries = len(plan.providers) * SCRAPER.attempts

    assert await statuses(visitor, "/down/wall-clock", tries) == [503] * tries
    assert await statuses(visitor, "/down/wall-clock", 1) == [200]


async def test_two_shops_do_not_share_their_moods(visitor: httpx2.AsyncClient) -> None:
    """What one shop has been asked, another does not know."""
    await statuses(visitor, "/flaky/desk-fan", 2)
    other = httpx2.AsyncClient(transport=httpx2.ASGITransport(create_shop()), base_url=ORIGIN)

    async with other:
        assert await statuses(other, "/flaky/desk-fan", 1) == [503]


async def test_the_slow_page_takes_its_time_and_is_whole() -> None:
    """The page arrives in full, and not before the seconds are over."""
    shop = create_shop(slow_seconds=0.4)
    started = asyncio.get_running_loop().time()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(shop), base_url=ORIGIN) as visitor:
        page = await visitor.get("/slow/desk-lamp")

    assert asyncio.get_running_loop().time() - started >= 0.4
    assert page.text.rstrip().endswith("</html>")


async def test_the_slow_page_begins_at_once() -> None:
    """The head is sent before the wait, so that a reader's patience for headers is not what ends it."""
    messages: list[str] = []
    begun = asyncio.Event()

    async def send(message: object) -> None:
        messages.append(cast("dict[str, str]", message)["type"])
        begun.set()

    async def receive() -> dict[str, str]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/slow/desk-lamp", "query_string": b""}
    scope["headers"] = []
    shop = create_shop(slow_seconds=3600)
    asking = asyncio.create_task(shop(scope, receive, send))
    await asyncio.wait_for(begun.wait(), 60)
    asking.cancel()

    assert messages == ["http.response.start"]


async def test_the_endless_page_goes_on() -> None:
    """The page passes ten megabytes without coming to an end."""
    size = 0
    async for piece in cast("AsyncIterable[bytes]", endlessly()):
        size += len(piece)
        if size > 11 * 1024 * 1024:
            break

    assert size > 11 * 1024 * 1024


@pytest.mark.parametrize(
    ("path", "status", "verdict"),
    [
        ("/gone/old-kettle", 404, Verdict.GONE),
        ("/captcha/brass-kettle", 403, Verdict.BLOCKED),
        ("/category/home", 200, Verdict.LISTING),
        ("/account/login", 200, Verdict.LOGIN),
    ],
)
async def test_a_page_that_is_no_product_is_told_as_such(
    visitor: httpx2.AsyncClient, path: str, status: int, verdict: Verdict
) -> None:
    """Status and page both say what is wrong."""
    page = await visitor.get(path)

    assert page.status_code == status
    assert extract(page.content, url=ORIGIN + path).verdict is verdict


async def test_the_login_wall_sends_to_the_login(visitor: httpx2.AsyncClient) -> None:
    """Members' pages redirect to a page whose address says login."""
    answer = await visitor.get("/login-wall")

    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/account/login")


def test_links_lead_to_different_pages() -> None:
    """No page is offered twice, and each has a label of its own."""
    assert len({link.path for link in LINKS}) == len({link.label for link in LINKS}) == len(LINKS)
