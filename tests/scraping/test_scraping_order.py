"""The order of providers: by platform, by what worked for the host, by price."""

import pytest

from cartage.model.spending import HostRecord
from cartage.model.wishes import Render
from cartage.scraping.plan import Hosted, make_plan, resumed

SHOP = "https://shop.example/p/mug"
DEAR, CHEAP, UNPRICED = Hosted(name="zyte", price=5000), Hosted(name="oxylabs", price=2000), Hosted(name="apify")
ALL = (DEAR, UNPRICED, CHEAP)


def known(provider: str, tries: int, successes: int) -> HostRecord:
    """Make a record of the shop."""
    return HostRecord(host="shop.example", provider=provider, tries=tries, successes=successes)


def test_what_costs_nothing_goes_first() -> None:
    """Plain reading and the browser come before services, the cheap before the dear, the unpriced last."""
    assert make_plan(SHOP, pasted=False, browser=True, hosted=ALL).providers == (
        "direct",
        "browser",
        "oxylabs",
        "zyte",
        "apify",
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://www.amazon.com/dp/B000000001",
        "https://www.amazon.co.uk/dp/B000000001",
        "https://www.amazon.de/dp/B000000001",
        "https://www.aliexpress.com/item/1005.html",
        "https://de.aliexpress.com/item/1005.html",
    ],
)
def test_marketplaces_go_to_services_first(url: str) -> None:
    """Amazon and AliExpress are asked through services where one has a key."""
    assert make_plan(url, pasted=False, hosted=ALL).providers == ("oxylabs", "zyte", "apify", "direct")
    assert make_plan(url, pasted=False).providers == ("direct",)


def test_a_name_that_only_looks_like_a_marketplace_is_a_shop() -> None:
    """`amazon.evil.example` and `notamazon.com` are read like any shop."""
    for url in ("https://amazon.evil.example/dp/1", "https://notamazon.com/dp/1"):
        assert make_plan(url, pasted=False, hosted=ALL).providers[0] == "direct"


def test_what_worked_here_goes_before_what_is_cheap() -> None:
    """A service that succeeded with this host goes before a cheaper one that failed."""
    records = [known("zyte", 4, 4), known("oxylabs", 4, 0)]

    assert make_plan(SHOP, pasted=False, hosted=ALL, records=records).providers == (
        "direct",
        "zyte",
        "apify",
        "oxylabs",
    )


def test_plain_reading_that_never_worked_waits_behind_a_service_that_did() -> None:
    """After three vain tries plain reading goes last, but only where a service is known to work."""
    vain = known("direct", 3, 0)

    assert make_plan(SHOP, pasted=False, hosted=(CHEAP,), records=[vain, known("oxylabs", 1, 1)]).providers == (
        "oxylabs",
        "direct",
    )
    assert make_plan(SHOP, pasted=False, hosted=(CHEAP,), records=[vain]).providers == ("direct", "oxylabs")


def test_a_resumed_plan_goes_on_after_what_was_tried() -> None:
    """What was tried already stays in front, in its order."""
    plan = make_plan(SHOP, pasted=False, hosted=ALL)

    assert resumed(plan, ["direct", "zyte", "zyte"]).providers == ("direct", "zyte", "oxylabs", "apify")


def test_a_browser_is_asked_as_wished() -> None:
    """First of all, or never; where there is none, and for a page that is there, a wish changes nothing."""
    first = make_plan(SHOP, pasted=False, browser=True, render=Render.FIRST).providers
    never = make_plan(SHOP, pasted=False, browser=True, render=Render.NEVER).providers

    assert (first[0], first.count("browser")) == ("browser", 1)
    assert never == make_plan(SHOP, pasted=False).providers
    assert make_plan(SHOP, pasted=False, render=Render.FIRST).providers == never
    assert make_plan(SHOP, pasted=True, browser=True, render=Render.FIRST).providers == ("pasted",)
