"""What may be done about an import that failed."""

import pytest

from cartage.model.errors import (
    AccessDenied,
    BotChallenge,
    CartageError,
    PageNotFound,
    RateLimited,
    UrlInvalid,
)
from cartage.model.remedy import Remedy
from cartage.model.service_errors import BudgetReached
from cartage.scraping.remedies import remedies
from tests.contracts.records import an_attempt


@pytest.mark.parametrize(
    ("error", "provider", "helps"),
    [
        (PageNotFound("Gone."), "direct", ()),
        (UrlInvalid("No address.", "syntax"), "direct", ()),
        (RateLimited("Slow down."), "direct", (Remedy.RETRY, Remedy.PASTE_HTML)),
        (AccessDenied("No."), "direct", (Remedy.RETRY_IN_BROWSER, Remedy.RETRY, Remedy.PASTE_HTML)),
        (AccessDenied("No."), "browser", (Remedy.RETRY, Remedy.PASTE_HTML)),
        (BotChallenge("Prove it."), "browser", (Remedy.PASTE_HTML,)),
        (BudgetReached("Used up."), "direct", (Remedy.CONTINUE, Remedy.RETRY)),
    ],
)
def test_what_helps_depends_on_what_happened(error: CartageError, provider: str, helps: tuple[Remedy, ...]) -> None:
    """A browser is offered where none looked, the page's HTML where a person may see more, and nothing in vain."""
    assert remedies(error.failure(), [an_attempt(provider)], renders=True) == helps


def test_without_a_browser_none_is_offered() -> None:
    """What cannot be done is not named."""
    assert Remedy.RETRY_IN_BROWSER not in remedies(AccessDenied("No.").failure(), [], renders=False)
