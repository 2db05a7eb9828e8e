"""What an import left out, and why."""

import pytest

from cartage.model.catalogue import Attempt
from cartage.model.errors import AccessDenied, PageNotFound
from cartage.model.evidence import Verdict
from cartage.scraping.plan import Plan
from cartage.scraping.skipping import (
    FOUND,
    NO_MODEL,
    NO_PAGE,
    NO_PICTURES,
    NO_PRODUCT,
    NOTHING_MISSING,
    NOTHING_NEW,
    OF_NO_USE,
    UNCHANGED,
    Skipped,
    skipped,
)
from tests.contracts.records import an_attempt

PLAN = Plan(providers=("direct", "browser"), fill="thin")


def tried(**changes: object) -> Attempt:
    """Make an attempt of `direct`."""
    return an_attempt("direct").model_copy(update={"failure": None, **changes})


@pytest.mark.parametrize(
    ("attempt", "found", "browser", "filled"),
    [
        (tried(verdict=Verdict.PRODUCT), True, FOUND, NOTHING_MISSING),
        (tried(unchanged=True, verdict=Verdict.THIN), True, UNCHANGED, UNCHANGED),
        (tried(verdict=None, failure=PageNotFound("Gone.").failure()), False, OF_NO_USE, NO_PAGE),
        (tried(verdict=Verdict.EMPTY, failure=None), False, NOTHING_NEW, NO_PAGE),
    ],
)
def test_each_thing_left_out_has_its_reason(attempt: Attempt, *, found: bool, browser: str, filled: str) -> None:
    """A provider and a language model that were not asked say why, by how the import ended."""
    left = skipped(PLAN, [attempt], found=found, pictures=True)

    assert left[:2] == [Skipped("try browser 1", browser), Skipped("fill 1", filled)]
    assert [each.name for each in left[2:]] == ([] if found else ["try pictures", "save"])


def test_what_was_done_is_not_left_out() -> None:
    """Providers that were asked are not listed, nor a language model that was; what is switched off is."""
    attempts = [
        tried(verdict=None, failure=AccessDenied("No.").failure()),
        an_attempt("browser"),
        an_attempt("language_model"),
    ]

    assert skipped(PLAN, attempts, found=True, pictures=True) == []
    assert skipped(PLAN.model_copy(update={"fill": "off"}), attempts[:2], found=True, pictures=False) == [
        Skipped("fill 1", NO_MODEL),
        Skipped("try pictures", NO_PICTURES),
    ]
    assert skipped(PLAN, attempts, found=False, pictures=False)[-1] == Skipped("save", NO_PRODUCT)
