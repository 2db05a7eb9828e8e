"""The provider that has Firecrawl get the page: `POST /v2/scrape`.

Source: docs.firecrawl.dev, API reference v2. An answer tells the credits it used, where a credit's price is the plan's.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cartage.fetching.client import Fetcher
from cartage.fetching.services import Service, as_number, as_object, error_code, refuse_site_status, web_address
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money
from cartage.model.service_errors import ServiceFailed, ServiceRefusesSite

URL = "https://api.firecrawl.dev"
HTTP_OK = 200


class Firecrawl:
    """Get a page's HTML through Firecrawl; `price` is what one credit costs."""

    def __init__(self, fetcher: Fetcher, key: str, *, price: Money | None = None, url: str = URL) -> None:
        self._price = price
        self._url = f"{url.rstrip('/')}/v2/scrape"
        self._service = Service(
            "Firecrawl",
            fetcher,
            {"Authorization": f"Bearer {key}"},
            statuses={403: ServiceRefusesSite, 408: ServiceFailed},
        )

    @property
    def name(self) -> str:
        """Name the provider as attempts show it."""
        return "firecrawl"

    @property
    def cost(self) -> Money | None:
        """State what an attempt of one credit costs; None where a credit's price is not known."""
        return self._price

    async def get(self, request: PageRequest) -> Page:
        """Bring back the page; raises errors of the service, or those of the shop's own status."""
        question = {"url": request.url, "formats": ["rawHtml"], "onlyMainContent": False, "maxAge": 0}
        answer = as_object(await self._service.ask(self._url, question))
        data = as_object(answer.get("data"))
        metadata = as_object(data.get("metadata"))
        if answer.get("success") is not True:
            raise self._service.failed(error_code(answer))
        status = as_number(metadata.get("statusCode"), HTTP_OK)
        refuse_site_status(request.url, status)
        html = data.get("rawHtml")
        if not isinstance(html, str) or not html.strip():
            raise self._service.failed("no_html")
        return Page(
            url=web_address(metadata.get("url"), request.url),
            status=status,
            body=html.encode("utf-8", "replace"),
            fetched_at=datetime.now(UTC),
            cost=self._charged(metadata.get("creditsUsed")),
        )

    def _charged(self, credits_used: Any) -> Money | None:
        if self._price is None or not isinstance(credits_used, int | float) or isinstance(credits_used, bool):
            return self._price
        return Money(amount=self._price.amount * Decimal(str(credits_used)), currency=self._price.currency)
