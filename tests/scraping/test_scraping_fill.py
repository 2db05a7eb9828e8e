"""When the policy asks a language model: last, once, and only where something is missing."""

from datetime import timedelta

import pytest

from cartage.model.catalogue import Attempt
from cartage.model.errors import CartageError, NeedsBrowser, PageNotFound
from cartage.model.evidence import Verdict
from cartage.model.language_errors import AnswerUnusable, ModelUnavailable
from cartage.model.service_errors import BudgetReached
from cartage.scraping.plan import FillWhen, Plan, RetryPreset
from cartage.scraping.policy import Accept, Fill, GiveUp, Try, Wait, decide
from tests.contracts.records import NOON

LATER = NOON + timedelta(seconds=5)
THIN = Attempt(
    provider="direct",
    number=1,
    started_at=NOON,
    duration_ms=1,
    verdict=Verdict.THIN,
    missing=("price",),
    extraction_id="a",
)
WHOLE = THIN.model_copy(update={"verdict": Verdict.PRODUCT, "missing": ("description",)})
EMPTY = THIN.model_copy(
    update={
        "verdict": Verdict.EMPTY,
        "missing": (),
        "extraction_id": None,
        "wordless": True,
        "failure": NeedsBrowser("x").failure(),
    }
)
FILLED = THIN.model_copy(update={"provider": "language_model", "missing": (), "extraction_id": "b"})
VAIN = FILLED.model_copy(update={"extraction_id": None, "missing": ("price",)})


def plan(fill: FillWhen = "thin", *providers: str) -> Plan:
    """Make a plan."""
    return Plan(providers=providers or ("direct",), fill=fill, retry=RetryPreset(attempts=2))


def failed(error: CartageError, number: int = 1) -> Attempt:
    """Make a try of the language model that failed."""
    failure = error.failure()
    later = {"retry_at": LATER} if failure.retry == "later" else {}
    return VAIN.model_copy(update={"number": number, "failure": failure.model_copy(update=later)})


@pytest.mark.parametrize(
    ("fill", "attempt", "asked"),
    [
        ("thin", THIN, True),
        ("thin", WHOLE, False),
        ("missing", WHOLE, True),
        ("off", THIN, False),
        ("thin", EMPTY, True),
    ],
)
def test_it_is_asked_where_something_is_missing(fill: FillWhen, attempt: Attempt, *, asked: bool) -> None:
    """Of thin pages and wordless ones, of any with gaps where the operator wants that, and never when it is off."""
    assert isinstance(decide(plan(fill), [attempt]), Fill) is asked


def test_providers_go_first() -> None:
    """It is asked when none is left that may bring a better page."""
    assert decide(plan("thin", "direct", "zyte"), [THIN]) == Try("zyte", 1)
    assert decide(plan("thin", "direct", "zyte"), [THIN, THIN.model_copy(update={"provider": "zyte"})]) == Fill(THIN, 1)


def test_it_fills_the_best_there_is() -> None:
    """The attempt with the fewest gaps."""
    better = THIN.model_copy(update={"provider": "browser", "missing": (), "extraction_id": "c"})

    assert decide(plan("thin", "direct", "browser"), [THIN, better]) == Fill(better, 1)


def test_what_it_filled_is_accepted() -> None:
    """There is one question."""
    assert decide(plan(), [THIN, FILLED]) == Accept(FILLED)


def test_what_it_could_not_fill_is_accepted_as_it_was() -> None:
    """The page's own reading stands."""
    assert decide(plan(), [THIN, VAIN]) == Accept(THIN)
    assert decide(plan("missing"), [WHOLE, VAIN]) == Accept(WHOLE)


def test_a_busy_model_is_waited_for_as_often_as_a_site() -> None:
    """Then the import goes on without it."""
    busy = failed(ModelUnavailable("x"))

    assert decide(plan(), [THIN, busy]) == Wait(LATER, Fill(THIN, 2))
    assert decide(plan(), [THIN, busy, failed(ModelUnavailable("x"), 2)]) == Accept(THIN)


@pytest.mark.parametrize("error", [BudgetReached("x"), AnswerUnusable("x")])
def test_a_page_of_pictures_ends_in_what_kept_the_model_from_it(error: CartageError) -> None:
    """A budget asks a person, and a thin page is kept."""
    stopped = decide(plan(), [EMPTY, failed(error)])

    assert isinstance(stopped, GiveUp)
    assert stopped.failure.code == error.code
    assert decide(plan(), [THIN, failed(error)]) == Accept(THIN)


def test_pictures_of_nothing_leave_the_page_what_it_was() -> None:
    """An empty page stays one."""
    ended = decide(plan(), [EMPTY, VAIN.model_copy(update={"verdict": Verdict.EMPTY})])

    assert isinstance(ended, GiveUp)
    assert ended.failure.code == "needs_browser"


def test_a_page_that_is_gone_is_not_asked_about() -> None:
    """There is nothing to fill."""
    gone = EMPTY.model_copy(update={"wordless": False, "failure": PageNotFound("x").failure()})

    assert isinstance(decide(plan(), [gone]), GiveUp)
