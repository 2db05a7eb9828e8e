"""One attempt: ask a provider, read the page, say how it went."""

from dataclasses import dataclass

from cartage.extraction import list_products, read_page
from cartage.extraction.gaps import is_wordless
from cartage.extraction.walls import Wall, find_wall
from cartage.model.errors import (
    BotChallenge,
    LoginRequired,
    NeedsBrowser,
    Permanent,
    TryAnother,
    TryLater,
    UpstreamUnavailable,
)
from cartage.model.evidence import Extraction, Verdict
from cartage.model.language import Photo
from cartage.model.page import Page, PageRequest
from cartage.model.visit_errors import ConsentWall, GeoBlocked
from cartage.provider import Provider

SiteError = Permanent | TryAnother | TryLater
MAY_LIST = (Verdict.LISTING, Verdict.NOT_A_PRODUCT)


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what an attempt brought: a page and its extraction, or the error that stood in the way.

    `wordless` tells that the page shows pictures and next to no text, `unchanged` that the site says so of its page.
    `shot` is what a browser showed that brought no product, `listed` how many products a page lists that is about none.
    """

    page: Page | None = None
    extraction: Extraction | None = None
    error: SiteError | None = None
    wordless: bool = False
    unchanged: bool = False
    shot: Photo | None = None
    listed: int = 0

    @property
    def http_status(self) -> int | None:
        """Give the status that the site answered with, if it answered."""
        return self.page.status if self.page else self.error.http_status if self.error else None


async def make_attempt(provider: Provider, request: PageRequest) -> Reading:
    """Ask a provider for a page and read it; errors that concern the site come back as data."""
    try:
        page = await provider.get(request)
    except (Permanent, TryAnother, TryLater) as error:
        return Reading(error=error, shot=error.shot)
    if page.unchanged:
        return Reading(unchanged=True)
    extraction = read_page(page)
    error = wall_error(extraction, page) or error_for(extraction, page.url)
    listed = len(list_products(page)) if error is None and extraction.verdict in MAY_LIST else 0
    return Reading(page, extraction, error, is_wordless(page, extraction), shot=page.shot, listed=listed)


def error_for(extraction: Extraction, url: str) -> SiteError | None:
    """Name the error that a verdict stands for, where another provider or a person may do better."""
    match extraction.verdict:
        case Verdict.BLOCKED:
            return BotChallenge(f"{url} asks for a proof of being a person: {extraction.reason}")
        case Verdict.LOGIN:
            return LoginRequired(f"{url} is behind a login: {extraction.reason}")
        case Verdict.EMPTY:
            return NeedsBrowser(f"{url} is an empty shell: {extraction.reason}")
        case _:
            return None


def wall_error(extraction: Extraction, page: Page) -> SiteError | None:
    """Name the error of a page that is only a question, or a notice, in front of the product."""
    if extraction.verdict in (Verdict.PRODUCT, Verdict.THIN, Verdict.LISTING, Verdict.BLOCKED):
        return None
    match find_wall(page):
        case Wall.MAINTENANCE:
            return UpstreamUnavailable(f"{page.url} is closed for maintenance.")
        case Wall.COUNTRY:
            return GeoBlocked(f"{page.url} is not shown in our country.")
        case Wall.CONSENT:
            return ConsentWall(f"{page.url} asks for an age or an agreement first.")
        case Wall.PASSWORD:
            return LoginRequired(f"{page.url} asks for a password.")
        case None:
            return None
