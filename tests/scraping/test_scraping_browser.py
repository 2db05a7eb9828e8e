"""Promises of when the browser is asked."""

from datetime import UTC, datetime

import pytest

from cartage.model.catalogue import Attempt
from cartage.model.errors import AccessDenied, BotChallenge, CartageError, NeedsBrowser, TlsFailed, UpstreamUnavailable
from cartage.model.evidence import Verdict
from cartage.model.spending import HostRecord
from cartage.scraping.plan import Hosted, Plan, make_plan
from cartage.scraping.policy import GiveUp, Try, decide

PLAN = Plan(providers=("direct", "browser", "zyte"))


def attempt(error: CartageError | None = None, verdict: Verdict | None = None) -> Attempt:
    """Make an attempt of `direct`."""
    failure = error.failure() if error else None
    return Attempt(
        provider="direct",
        number=3,
        started_at=datetime(2026, 11, 23, tzinfo=UTC),
        duration_ms=1,
        verdict=verdict,
        failure=failure,
    )


@pytest.mark.parametrize("error", [AccessDenied("No."), BotChallenge("No."), NeedsBrowser("Empty.")])
def test_a_blocked_or_empty_page_calls_for_the_browser(error: CartageError) -> None:
    """What a plain request was refused, a browser may be shown."""
    assert decide(PLAN, [attempt(error)]) == Try("browser", 1)


def test_a_thin_page_calls_for_the_browser() -> None:
    """What a plain request saw little of, a browser may see more of."""
    assert decide(PLAN, [attempt(verdict=Verdict.THIN)]) == Try("browser", 1)


def test_a_site_that_is_down_does_not() -> None:
    """A browser mends no outage: the next provider is asked."""
    assert decide(PLAN, [attempt(UpstreamUnavailable("Down."))]) == Try("zyte", 1)


def test_a_permanent_error_does_not() -> None:
    """What no retry mends ends the import."""
    assert isinstance(decide(PLAN, [attempt(TlsFailed("Expired."))]), GiveUp)


@pytest.mark.parametrize("worked", [0, 2])
def test_it_comes_after_direct_whatever_worked_before(worked: int) -> None:
    """The browser is never asked before the plain request was."""
    records = [
        HostRecord(host="shop.example", provider="direct", tries=5, successes=0),
        HostRecord(host="shop.example", provider="browser", tries=5, successes=worked),
        HostRecord(host="shop.example", provider="zyte", tries=5, successes=5),
    ]

    plan = make_plan(
        "https://shop.example/a", pasted=False, browser=True, hosted=[Hosted(name="zyte")], records=records
    )

    assert plan.providers.index("browser") == plan.providers.index("direct") + 1
    assert (plan.providers[0] == "direct") == bool(worked)
