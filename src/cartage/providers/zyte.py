"""The provider that has Zyte API get the page in a browser: `POST /v1/extract`.

Source: docs.zyte.com, Zyte API reference and error handling. Only successful answers are charged; what one costs is
not part of the answer.
"""

import base64
from datetime import UTC, datetime

from cartage.fetching.client import Fetcher
from cartage.fetching.services import Service, as_number, as_object, refuse_site_status, web_address
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money
from cartage.model.service_errors import ServiceFailed, ServiceQuotaSpent, ServiceRefusesSite

URL = "https://api.zyte.com"
HTTP_OK = 200


class Zyte:
    """Get a page's HTML as a browser at Zyte sees it."""

    def __init__(self, fetcher: Fetcher, key: str, *, price: Money | None = None, url: str = URL) -> None:
        self._price = price
        self._url = f"{url.rstrip('/')}/v1/extract"
        self._service = Service(
            "Zyte",
            fetcher,
            {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"},
            statuses={403: ServiceQuotaSpent, 421: ServiceFailed, 451: ServiceRefusesSite},
            codes={"/auth/account-suspended": ServiceQuotaSpent},
        )

    @property
    def name(self) -> str:
        """Name the provider as attempts show it."""
        return "zyte"

    @property
    def cost(self) -> Money | None:
        """State what the operator says that one attempt costs; None where that is not known."""
        return self._price

    async def get(self, request: PageRequest) -> Page:
        """Bring back the page; raises errors of the service, or those of the shop's own status."""
        answer = as_object(await self._service.ask(self._url, {"url": request.url, "browserHtml": True}))
        status = as_number(answer.get("statusCode"), HTTP_OK)
        refuse_site_status(request.url, status)
        html = answer.get("browserHtml")
        if not isinstance(html, str) or not html.strip():
            raise self._service.failed("no_html")
        return Page(
            url=web_address(answer.get("url"), request.url),
            status=status,
            body=html.encode("utf-8", "replace"),
            fetched_at=datetime.now(UTC),
            cost=self._price,
        )
