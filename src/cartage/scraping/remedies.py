"""What may be done about an import that failed."""

from collections.abc import Iterator, Sequence

from cartage.model.catalogue import Attempt
from cartage.model.failure import Failure, Origin
from cartage.model.lasting import WALLED, lasting_codes
from cartage.model.remedy import Remedy
from cartage.model.service_errors import BudgetReached
from cartage.model.visit_errors import ProductsListed
from cartage.scraping.policy import BROWSER, MENDED_BY_BROWSER


def remedies(failure: Failure, attempts: Sequence[Attempt], *, renders: bool) -> Sequence[Remedy]:
    """List what may help, the likeliest first; nothing where the address is at fault, or the page is gone.

    `renders` tells whether there is a browser.
    """
    return tuple(_remedies(failure, renders=renders and mended_by_browser(failure, attempts)))


def mended_by_browser(failure: Failure, attempts: Sequence[Attempt]) -> bool:
    """Tell whether a browser, which was not asked, may see what was not seen."""
    return failure.code in MENDED_BY_BROWSER and all(each.provider != BROWSER for each in attempts)


def _remedies(failure: Failure, *, renders: bool) -> Iterator[Remedy]:
    lasts, walled = failure.code in lasting_codes(None), failure.code in WALLED
    if failure.code == ProductsListed.code:
        yield Remedy.IMPORT_LISTED
    if failure.code == BudgetReached.code:
        yield Remedy.CONTINUE
    if renders:
        yield Remedy.RETRY_IN_BROWSER
    if not lasts:
        yield Remedy.RETRY
    if walled or (failure.origin is not Origin.YOU and not lasts):
        yield Remedy.PASTE_HTML
