"""Which providers a plan names, and how long its preset waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartage.scraping.plan import SCRAPER, RetryPreset, make_plan

randomness = st.floats(0, 1)


@pytest.mark.parametrize(
    ("url", "providers"),
    [
        ("https://shop.example/products/linen-shirt", ("shop_api", "direct")),
        ("https://shop.example/en-gb/collections/new/products/linen-shirt?variant=1", ("shop_api", "direct")),
        ("https://shop.example/product/desk-organiser/", ("shop_api", "direct")),
        ("https://shop.example/p/mug", ("direct",)),
        ("https://shop.example/products", ("direct",)),
        ("https://shop.example/?next=/products/mug", ("direct",)),
    ],
)
def test_addresses_shaped_like_a_platforms_ask_the_platform_first(url: str, providers: tuple[str, ...]) -> None:
    """Only a path in a platform's shape is worth asking its API for."""
    assert make_plan(url, pasted=False).providers == providers


def test_a_pasted_page_needs_nobody_else() -> None:
    """With a pasted page no site is asked at all."""
    assert make_plan("https://shop.example/products/mug", pasted=True).providers == ("pasted",)


def test_the_scraper_preset_is_the_documented_one() -> None:
    """Three tries, five seconds, doubling."""
    assert (SCRAPER.attempts, SCRAPER.first_delay_seconds, SCRAPER.factor) == (3, 5.0, 2.0)
    assert make_plan("https://shop.example/p/mug", pasted=False).retry == SCRAPER


def test_waits_double() -> None:
    """Without jitter: 5, 10, 20 seconds."""
    assert [SCRAPER.delay_seconds(number, 0.5) for number in (1, 2, 3)] == [5.0, 10.0, 20.0]


@given(st.integers(1, 10), randomness)
def test_jitter_stays_in_its_bounds(number: int, chance: float) -> None:
    """No wait differs from its due by more than the jitter, nor is it ever the next one's."""
    due = SCRAPER.delay_seconds(number, 0.5)

    delay = SCRAPER.delay_seconds(number, chance)

    assert due * 0.75 <= delay <= due * 1.25
    assert delay < SCRAPER.delay_seconds(number + 1, 0)


def test_jitter_spreads() -> None:
    """The ends of the chance are the ends of the spread."""
    assert (SCRAPER.delay_seconds(1, 0), SCRAPER.delay_seconds(1, 1)) == (3.75, 6.25)


@given(randomness, st.floats(0, 7200))
def test_a_sites_wish_is_never_undercut(chance: float, asked: float) -> None:
    """A wait is at least what the site asked for, and at least our own."""
    delay = SCRAPER.delay_seconds(1, chance, asked)

    assert delay >= asked
    assert delay >= SCRAPER.delay_seconds(1, chance)


def test_no_delay_is_possible() -> None:
    """A first delay of nothing waits for nothing."""
    assert RetryPreset(first_delay_seconds=0).delay_seconds(3, 1) == 0
