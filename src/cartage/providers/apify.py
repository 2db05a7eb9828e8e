"""The provider that has an Apify Actor read the product: `POST /v2/acts/{actor}/run-sync-get-dataset-items`.

Source: docs.apify.com, API v2; apify.com/apify/e-commerce-scraping-tool for the input and the items' fields. The
answer is the dataset's items alone: it tells no cost.
"""

import json
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote

from cartage.fetching.client import Fetcher
from cartage.fetching.services import Service, as_object, web_address
from cartage.model.page import Page, PageKind, PageRequest
from cartage.model.product import Money
from cartage.model.service_errors import ServiceFailed, ServiceKeyRefused, ServiceQuotaSpent

URL = "https://api.apify.com"
ACTOR = "apify~e-commerce-scraping-tool"
HTTP_OK = 200
RUN_SECONDS = 150
QUOTA = (
    "not-enough-usage-to-run-paid-actor",
    "actor-memory-limit-exceeded",
    "monthly-usage-limit-exceeded",
    "monthly-usage-hard-limit-exceeded",
    "platform-feature-disabled",
    "actor-is-not-rented",
    "max-total-charge-usd-below-minimum",
)


class Apify:
    """Get a product as an Apify Actor reads it."""

    def __init__(
        self, fetcher: Fetcher, key: str, *, actor: str = ACTOR, price: Money | None = None, url: str = URL
    ) -> None:
        self._price = price
        named = quote(actor.replace("/", "~"), safe="~")
        options = f"timeout={RUN_SECONDS}&maxItems=1&format=json"
        self._url = f"{url.rstrip('/')}/v2/acts/{named}/run-sync-get-dataset-items?{options}"
        self._service = Service(
            "Apify",
            fetcher,
            {"Authorization": f"Bearer {key}"},
            statuses={403: ServiceKeyRefused, 408: ServiceFailed},
            codes=dict.fromkeys(QUOTA, ServiceQuotaSpent),
        )

    @property
    def name(self) -> str:
        """Name the provider as attempts show it."""
        return "apify"

    @property
    def cost(self) -> Money | None:
        """State what the operator says that one attempt costs; None where that is not known."""
        return self._price

    async def get(self, request: PageRequest) -> Page:
        """Bring back the product; raises errors of the service, also for a run that found none."""
        question = {"detailsUrls": [{"url": request.url}], "maxProductResults": 1, "additionalProperties": True}
        answer = await self._service.ask(self._url, question)
        items = cast("list[Any]", answer) if isinstance(answer, list) else []
        item = next((found for found in map(as_object, items) if found.get("name") or found.get("title")), None)
        if item is None:
            raise self._service.failed("no_product")
        return Page(
            url=web_address(item.get("url"), request.url),
            status=HTTP_OK,
            kind=PageKind.APIFY,
            body=json.dumps({"product": item}).encode(),
            fetched_at=datetime.now(UTC),
            cost=self._price,
        )
