"""What the policy decides after each history of attempts."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from cartage.model.catalogue import Attempt
from cartage.model.errors import (
    BotChallenge,
    CartageError,
    NotThisPlatform,
    PageNotFound,
    RateLimited,
    UpstreamUnavailable,
)
from cartage.model.evidence import Verdict
from cartage.model.visit_errors import HostBusy
from cartage.scraping.plan import Plan, RetryPreset
from cartage.scraping.policy import Accept, GiveUp, Try, Wait, decide

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=42)
PLAN = Plan(providers=("shop_api", "direct"), retry=RetryPreset(attempts=3))


def brought(provider: str, verdict: Verdict, number: int = 1, missing: tuple[str, ...] = ()) -> Attempt:
    """Make an attempt that brought a page."""
    return Attempt(provider=provider, number=number, started_at=NOON, duration_ms=1, verdict=verdict, missing=missing)


def failed(provider: str, error: CartageError, number: int = 1, retry_at: datetime | None = LATER) -> Attempt:
    """Make an attempt that met an error; one that may be retried says when."""
    failure = error.failure()
    if failure.retry == "later":
        failure = failure.model_copy(update={"retry_at": retry_at})
    return Attempt(provider=provider, number=number, started_at=NOON, duration_ms=1, failure=failure)


def test_the_first_provider_is_tried_first() -> None:
    """Nothing tried yet: the plan's first provider, for the first time."""
    assert decide(PLAN, []) == Try("shop_api", 1)


@pytest.mark.parametrize("error", [NotThisPlatform("No."), BotChallenge("No.")])
def test_a_provider_that_cannot_is_followed_by_the_next(error: CartageError) -> None:
    """What another may do better goes to the next in the plan."""
    assert decide(PLAN, [failed("shop_api", error)]) == Try("direct", 1)


@pytest.mark.parametrize("verdict", [Verdict.THIN, Verdict.EMPTY, Verdict.BLOCKED])
def test_a_poor_page_is_followed_by_the_next_provider(verdict: Verdict) -> None:
    """A page that holds too little is not yet the end."""
    assert decide(PLAN, [brought("shop_api", verdict)]) == Try("direct", 1)


def test_a_product_is_accepted_at_once() -> None:
    """A whole product ends the search, whatever came before."""
    found = brought("direct", Verdict.PRODUCT)

    assert decide(PLAN, [failed("shop_api", NotThisPlatform("No.")), found]) == Accept(found)


@pytest.mark.parametrize("error", [RateLimited("Slow down.", 42.0), UpstreamUnavailable("Down.")])
def test_a_site_that_may_recover_is_asked_again_at_its_time(error: CartageError) -> None:
    """The wait ends at the moment recorded with the attempt, and the same provider's next number follows."""
    assert decide(PLAN, [failed("shop_api", error)]) == Wait(LATER, Try("shop_api", 2))


def test_a_provider_has_its_number_of_tries() -> None:
    """After the last try the next provider has its turn, from number 1."""
    history = [failed("shop_api", UpstreamUnavailable("Down."), number) for number in (1, 2, 3)]

    assert decide(PLAN, history[:2]) == Wait(LATER, Try("shop_api", 3))
    assert decide(PLAN, history) == Try("direct", 1)


def test_too_long_a_wait_ends_the_providers_turn() -> None:
    """A failure whose wait was judged too long (retry another) is not waited for."""
    attempt = failed("shop_api", RateLimited("Come back tomorrow.", 86_400.0))
    assert attempt.failure
    refused = attempt.failure.model_copy(update={"retry": "another"})

    assert decide(PLAN, [attempt.model_copy(update={"failure": refused})]) == Try("direct", 1)


def test_a_permanent_error_stops_everything() -> None:
    """A page that is gone is not asked for elsewhere."""
    gone = failed("shop_api", PageNotFound("Gone."))

    decision = decide(PLAN, [gone])

    assert isinstance(decision, GiveUp)
    assert decision.failure == gone.failure


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.LISTING, "not_a_product_page"),
        (Verdict.NOT_A_PRODUCT, "not_a_product_page"),
        (Verdict.GONE, "not_found"),
    ],
)
def test_a_page_that_is_no_product_stops_everything(verdict: Verdict, code: str) -> None:
    """What the page itself says is final, though another provider is left."""
    decision = decide(PLAN, [brought("shop_api", verdict)])

    assert isinstance(decision, GiveUp)
    assert decision.failure.code == code


def test_a_thin_page_is_accepted_in_the_end() -> None:
    """When nobody is left, what was found is kept instead of nothing, and the fullest of it."""
    thinner = brought("shop_api", Verdict.THIN, missing=("price", "description"))
    fuller = brought("direct", Verdict.THIN, missing=("description",))

    assert decide(PLAN, [thinner, fuller]) == Accept(fuller)
    assert decide(
        PLAN, [fuller.model_copy(update={"provider": "shop_api"}), failed("direct", BotChallenge("No."))]
    ) == (Accept(fuller.model_copy(update={"provider": "shop_api"})))


def test_a_thin_page_outlives_a_permanent_error() -> None:
    """A provider that says gone does not take away what an earlier one brought."""
    thin = brought("shop_api", Verdict.THIN, missing=("price",))

    assert decide(PLAN, [thin, failed("direct", PageNotFound("Gone."))]) == Accept(thin)


def test_giving_up_says_why_the_last_one_failed() -> None:
    """The reason is the last provider's."""
    history = [failed("shop_api", NotThisPlatform("Not here.")), failed("direct", BotChallenge("Prove it."))]

    decision = decide(PLAN, history)

    assert isinstance(decision, GiveUp)
    assert decision.failure.code == "bot_challenge"


def test_a_page_without_a_product_is_said_to_hold_none() -> None:
    """Where neither error nor verdict says more, the page holds no product."""
    decision = decide(Plan(providers=("direct",)), [brought("direct", Verdict.EMPTY)])

    assert isinstance(decision, GiveUp)
    assert decision.failure.code == "no_product_found"


@pytest.mark.parametrize(
    "errors",
    list(itertools.product([UpstreamUnavailable("Down."), NotThisPlatform("No."), PageNotFound("Gone.")], repeat=2)),
)
def test_it_always_ends(errors: tuple[CartageError, CartageError]) -> None:
    """Whatever each provider answers, at most providers times attempts are made."""
    answers = dict(zip(PLAN.providers, errors, strict=True))
    attempts: list[Attempt] = []
    decision = decide(PLAN, attempts)
    while isinstance(decision, Try | Wait):
        following = decision if isinstance(decision, Try) else decision.then
        attempts.append(failed(following.provider, answers[following.provider], following.number))
        assert len(attempts) <= len(PLAN.providers) * PLAN.retry.attempts
        decision = decide(PLAN, attempts)

    assert isinstance(decision, GiveUp)
    tried = [(attempt.provider, attempt.number) for attempt in attempts]
    assert len(set(tried)) == len(tried)


def test_finding_others_at_the_site_is_no_try() -> None:
    """An import that queued four times still has all its tries; one that never gets through ends after fifty more."""
    queued = [failed("direct", HostBusy("Others are there."), number) for number in range(1, 5)]
    plan = Plan(providers=("direct",), retry=RetryPreset(attempts=3))
    endless = [failed("direct", HostBusy("Others are there."), number) for number in range(1, 54)]

    assert decide(plan, queued) == Wait(LATER, Try("direct", 5))
    assert decide(plan, [*queued, failed("direct", RateLimited("Slow down."), 6)]) == Wait(LATER, Try("direct", 7))
    assert isinstance(decide(plan, [*queued, failed("direct", RateLimited("Slow down."), 7)]), GiveUp)
    assert isinstance(decide(plan, endless), GiveUp)
