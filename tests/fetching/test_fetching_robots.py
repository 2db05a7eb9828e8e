"""What robots.txt makes of a fetch."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cartage.fetching.client import Fetcher
from cartage.fetching.robots import refusing_rule
from cartage.fetching.turns import Manners
from cartage.model.errors import CartageError, HostNotFound, RateLimited
from cartage.model.visit_errors import RobotsDisallowed, RobotsUnreachable
from cartage.stores.memory_turns import MemoryTurns
from tests.fetching.conftest import PUBLIC, Internet, answer, says

SHOP = "http://shop.example"
KEEP_OFF = answer(
    b"User-agent: *\nDisallow: /private/\nDisallow: /private/mugs/\nAllow: /\n", content_type="text/plain"
)


def polite(internet: Internet, **options: Any) -> Fetcher:
    """Make a fetcher that obeys robots.txt and never pauses."""
    return internet.fetcher(manners=Manners(MemoryTurns(), spacing_seconds=0), **options)


def asked(internet: Internet) -> list[str]:
    """List the paths that the site was asked for."""
    return [request.split(b" ")[1].decode() for request in internet.site.requests]


async def test_a_refused_page_is_never_asked_for(internet: Internet) -> None:
    """The refusal quotes the most precise line, says what to do, and the page itself is left alone."""
    internet.site.behave = says(KEEP_OFF)

    with pytest.raises(RobotsDisallowed) as caught:
        await polite(internet).get(f"{SHOP}/private/mugs/1")

    assert caught.value.rule == "Disallow: /private/mugs/"
    assert '"Disallow: /private/mugs/"' in str(caught.value.failure())
    assert "CARTAGE_ROBOTS=ignore" in caught.value.advice
    assert asked(internet) == ["/robots.txt"]


async def test_the_file_is_asked_for_once_a_day(internet: Internet) -> None:
    """Pages of a site share its robots.txt until it is a day old."""
    internet.site.behave = says(KEEP_OFF, answer(), answer(), KEEP_OFF, answer())
    moment = [datetime(2026, 11, 24, tzinfo=UTC)]
    fetcher = polite(internet, clock=lambda: moment[0])

    await fetcher.get(f"{SHOP}/mugs/1")
    await fetcher.get(f"{SHOP}/mugs/2")
    moment[0] += timedelta(hours=25)
    await fetcher.get(f"{SHOP}/mugs/3")

    assert asked(internet) == ["/robots.txt", "/mugs/1", "/mugs/2", "/robots.txt", "/mugs/3"]


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone"])
async def test_a_missing_file_allows_everything(internet: Internet, status: str) -> None:
    """A 4xx for robots.txt means that there are no rules."""
    internet.site.behave = says(answer(b"no", status), answer())

    page = await polite(internet).get(f"{SHOP}/private/1")

    assert page.status == 200


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("500 Oops", RobotsUnreachable),
        ("503 Busy", RobotsUnreachable),
        ("429 Slow down", RateLimited),
    ],
)
async def test_a_broken_file_refuses_for_now(internet: Internet, status: str, error: type[CartageError]) -> None:
    """A 5xx for robots.txt means to try later, at the moment that the site names; the page is left alone."""
    internet.site.behave = says(answer(b"no", status, retry_after="7"))

    with pytest.raises(error) as caught:
        await polite(internet).get(f"{SHOP}/mugs/1")

    assert caught.value.retry == "later"
    assert getattr(caught.value, "retry_after_seconds", None) == 7
    assert asked(internet) == ["/robots.txt"]


async def test_redirects_of_the_file_are_followed(internet: Internet) -> None:
    """A robots.txt that moved, to another host too, still counts for the site that sent us there."""
    moved = answer(b"", "301 Moved", location="http://www.shop.example/robots.txt")
    internet.site.behave = says(moved, KEEP_OFF)

    with pytest.raises(RobotsDisallowed):
        await polite(internet).get(f"{SHOP}/private/1")


@pytest.mark.case("other_sink-09")
async def test_a_redirect_into_our_network_is_not_followed(internet: Internet) -> None:
    """A robots.txt that redirects to a private address is as good as missing; the canary is never dialled."""
    internet.site.behave = says(answer(b"", "302 Found", location="http://127.0.0.1/robots.txt"), answer())

    assert (await polite(internet).get(f"{SHOP}/mugs/1")).status == 200


async def test_only_the_first_500_kibibytes_count(internet: Internet) -> None:
    """A larger file is read so far and no further."""
    filler = b"# nothing\n" * 52_000
    internet.site.behave = says(answer(b"User-agent: *\nDisallow: /a\n" + filler + b"Disallow: /b\n"), answer())
    fetcher = polite(internet)

    assert (await fetcher.get(f"{SHOP}/b")).status == 200
    with pytest.raises(RobotsDisallowed):
        await fetcher.get(f"{SHOP}/a")


async def test_each_hop_is_asked_of_its_own_site(internet: Internet) -> None:
    """A page that redirects to a place its site keeps programs off is not followed there."""
    moved = answer(b"", "302 Found", location="/private/1")
    internet.site.behave = says(KEEP_OFF, moved)

    with pytest.raises(RobotsDisallowed):
        await polite(internet).get(f"{SHOP}/mugs/1")

    assert asked(internet) == ["/robots.txt", "/mugs/1"]


async def test_the_operator_may_ignore_it(internet: Internet) -> None:
    """With the operator's switch the file is not even asked for."""
    fetcher = internet.fetcher(manners=Manners(MemoryTurns(), robots=False, spacing_seconds=0))

    await fetcher.get(f"{SHOP}/private/1")

    assert asked(internet) == ["/private/1"]


async def test_a_site_that_does_not_exist_is_named_so(internet: Internet) -> None:
    """What stands in the way of the whole site keeps its own name."""
    internet.names["shop.example"] = ["NXDOMAIN"]

    with pytest.raises(HostNotFound):
        await polite(internet).get(f"{SHOP}/mugs/1")


async def test_the_user_agent_names_whom_to_write_to(internet: Internet) -> None:
    """The operator's contact goes with every request, the one for robots.txt included."""
    internet.site.behave = says(answer(b"", "404 Not Found"), answer())

    await polite(internet, contact="shop@example.org").get(f"{SHOP}/mugs/1")

    assert [b"; shop@example.org)" in request for request in internet.site.requests] == [True, True]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("User-agent: *\nDisallow: /", "Disallow: /"),
        ("User-agent: other\nUser-agent: *\nDisallow: /*?page=\nDisallow: /m", "Disallow: /m"),
        ("User-agent: *\nDisallow: /mugs/1\n\nUser-agent: Cartage\nDisallow: /mug # ours", "Disallow: /mug"),
        ("User-agent: other\nDisallow: /mugs/1\nUser-agent: *\nDisallow: /m$\nDisallow: /mugs*1", "Disallow: /mugs*1"),
    ],
)
def test_the_line_that_refuses_is_found(text: str, rule: str) -> None:
    """The longest line that matches is quoted, of the group with our name where there is one."""
    assert refusing_rule(text, f"{SHOP}/mugs/1") == rule


@pytest.mark.case("other_sink-10")
async def test_a_sitemap_is_not_fetched(internet: Internet) -> None:
    """What robots.txt names beside rules is not asked for."""
    internet.site.behave = says(answer(b"User-agent: *\nAllow: /\nSitemap: http://127.0.0.1/map.xml\n"), answer())

    assert (await polite(internet).get(f"{SHOP}/mugs/1")).status == 200

    assert asked(internet) == ["/robots.txt", "/mugs/1"]
    assert set(internet.dialled) == {PUBLIC}
