"""The provider that fetches the page itself."""

import re
from decimal import Decimal
from urllib.parse import urlsplit

from cartage.fetching.client import Fetcher
from cartage.fetching.failing import answered_with
from cartage.model.errors import LoginRequired, NotAProductPage
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money
from cartage.model.visit_errors import ConsentWall

LOGIN_PATH = re.compile(r"/(?:log-?in|sign-?in|sign_in|password|authenticate)(?:\.\w+)?/?$", re.IGNORECASE)
CONSENT_PAGE = re.compile(
    r"^consent\.|/(?:cookie-?)?consent(?:/|$|\.)|/(?:age-?(?:gate|check|verification))(?:/|$)", re.IGNORECASE
)
HOME_PATH = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?$", re.IGNORECASE)


class Direct:
    """Get a page with one plain HTTP request, as a polite reader would."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    @property
    def name(self) -> str:
        """Name the provider as attempts show it."""
        return "direct"

    @property
    def cost(self) -> Money | None:
        """State what one attempt costs: nothing."""
        return Money(amount=Decimal(0), currency="USD")

    async def get(self, request: PageRequest) -> Page:
        """Bring back the page; raises the fetcher's errors, and names redirects to a login or the home page."""
        page = await self._fetcher.get(request.url, validators=request.validators, language=request.language)
        asked, landed = urlsplit(request.url), urlsplit(page.url)
        with answered_with(page.status):
            if LOGIN_PATH.search(landed.path) and not LOGIN_PATH.search(asked.path):
                raise LoginRequired(f"{landed.hostname} sends us to its login.")
            if CONSENT_PAGE.search(f"{landed.hostname}{landed.path}") and not CONSENT_PAGE.search(asked.path):
                raise ConsentWall(f"{landed.hostname} asks for an agreement first.")
            if HOME_PATH.fullmatch(landed.path) and not landed.query and not HOME_PATH.fullmatch(asked.path):
                raise NotAProductPage(f"{landed.hostname} sends us to its home page; the product seems to be gone.")
        return page
