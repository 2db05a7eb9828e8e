"""The policy: from a plan and the attempts so far, decide what to do next."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cartage.model.catalogue import Attempt
from cartage.model.errors import (
    AccessDenied,
    BotChallenge,
    EmptyPage,
    Failure,
    NeedsBrowser,
    NoProductFound,
    NotAProductPage,
    PageNotFound,
)
from cartage.model.evidence import Verdict
from cartage.model.visit_errors import HostBusy, ProductsListed
from cartage.scraping.plan import Plan

LONGEST_QUEUE = 50

FINAL_VERDICTS = {
    Verdict.LISTING: NotAProductPage("The page lists several products."),
    Verdict.NOT_A_PRODUCT: NotAProductPage("The page is not about a product."),
    Verdict.GONE: PageNotFound("The page says that the product is gone."),
}

BROWSER = "browser"
LANGUAGE_MODEL = "language_model"
SEEN_BETTER_BY_BROWSER = {Verdict.BLOCKED, Verdict.EMPTY, Verdict.THIN}
MENDED_BY_BROWSER = {error.code for error in (AccessDenied, BotChallenge, EmptyPage, NeedsBrowser)}


@dataclass(frozen=True, slots=True)
class Try:
    """Ask a provider; `number` counts its tries from 1."""

    provider: str
    number: int


@dataclass(frozen=True, slots=True)
class Fill:
    """Ask a language model for what is missing of the best attempt; `number` counts its tries from 1."""

    of: Attempt
    number: int

    @property
    def provider(self) -> str:
        """Name what is asked, as attempts do."""
        return LANGUAGE_MODEL


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait until a moment, and for `at_most` seconds, then try, or fill."""

    until: datetime
    then: Try | Fill
    at_most: float = math.inf


@dataclass(frozen=True, slots=True)
class Accept:
    """Keep what an attempt found."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class GiveUp:
    """End in failure, for this reason."""

    failure: Failure


Decision = Try | Fill | Wait | Accept | GiveUp


def decide(plan: Plan, attempts: Sequence[Attempt]) -> Decision:
    """Say what to do after these attempts; ends after at most `providers x attempts` tries.

    A language model is asked when nothing else is left to try, and only where there is something to fill. A page that
    has not changed is as good as what was read of it before, filled or not. A try that
    found other visitors at the site was none: it counts only up to `LONGEST_QUEUE` of them.
    """
    if not attempts:
        return Try(plan.providers[0], 1)
    if attempts[-1].unchanged:
        return Accept(attempts[-1])
    if attempts[-1].provider == LANGUAGE_MODEL:
        return _after_fill(plan, attempts)
    decision = _after_try(plan, attempts)
    over = isinstance(decision, Accept | GiveUp)
    best = _worth_filling(plan, attempts) if over else None
    return decision if best is None else Fill(best, 1)


def _after_try(plan: Plan, attempts: Sequence[Attempt]) -> Decision:
    last = attempts[-1]
    if last.verdict is Verdict.PRODUCT:
        return Accept(last)
    failure = failure_of(last)
    if failure and failure.retry_at and _may_try_again(plan, attempts):
        return _wait(failure, failure.retry_at, Try(last.provider, last.number + 1))
    if failure and failure.retry == "never":
        return _settle(attempts, failure)
    later = plan.providers[plan.providers.index(last.provider) + 1 :]
    following = [name for name in later if name != BROWSER or any(map(_calls_for_browser, attempts))]
    if following:
        return Try(following[0], 1)
    return _settle(attempts, failure or _nothing_found(last))


def _after_fill(plan: Plan, attempts: Sequence[Attempt]) -> Decision:
    last, before = attempts[-1], [each for each in attempts if each.provider != LANGUAGE_MODEL]
    failure, best = last.failure, _worth_filling(plan, before)
    if failure is None and last.extraction_id:
        return Accept(last)
    if best and failure and failure.retry_at and _may_try_again(plan, attempts):
        return _wait(failure, failure.retry_at, Fill(best, last.number + 1))
    return _settle(before, failure or failure_of(before[-1]) or _nothing_found(last))


def _wait(failure: Failure, until: datetime, then: Try | Fill) -> Wait:
    return Wait(until, then, math.inf if failure.retry_seconds is None else failure.retry_seconds)


def _worth_filling(plan: Plan, attempts: Sequence[Attempt]) -> Attempt | None:
    if plan.fill == "off":
        return None
    if best := _best(attempts):
        lacking = best.verdict is Verdict.THIN or (plan.fill == "missing" and best.missing)
        return best if lacking else None
    return next((each for each in reversed(attempts) if each.wordless), None)


def _calls_for_browser(attempt: Attempt) -> bool:
    code = attempt.failure.code if attempt.failure else None
    return attempt.verdict in SEEN_BETTER_BY_BROWSER or code in MENDED_BY_BROWSER


def failure_of(attempt: Attempt) -> Failure | None:
    """Give the failure that an attempt amounts to: its error, or a verdict that no retry mends."""
    if attempt.failure:
        return attempt.failure
    if attempt.listed:
        return ProductsListed(f"The page looks like a list of {attempt.listed} products.").failure()
    error = FINAL_VERDICTS.get(attempt.verdict) if attempt.verdict else None
    return error.failure() if error else None


def _may_try_again(plan: Plan, attempts: Sequence[Attempt]) -> bool:
    last = attempts[-1]
    if not last.failure or last.failure.retry != "later":
        return False
    tries = [each for each in attempts if each.provider == last.provider]
    queued = sum(each.failure is not None and each.failure.code == HostBusy.code for each in tries)
    return last.number - min(queued, LONGEST_QUEUE) < plan.retry.attempts


def _settle(attempts: Sequence[Attempt], failure: Failure) -> Decision:
    best = _best(attempts)
    return Accept(best) if best else GiveUp(failure)


def _best(attempts: Sequence[Attempt]) -> Attempt | None:
    """Give the attempt that found most of a product."""
    found = [attempt for attempt in attempts if attempt.verdict in (Verdict.PRODUCT, Verdict.THIN)]
    return min(found, key=lambda attempt: (attempt.verdict is Verdict.THIN, len(attempt.missing)), default=None)


def _nothing_found(attempt: Attempt) -> Failure:
    return NoProductFound(f"The page brought by {attempt.provider} holds no product.").failure()
