"""The provider that reads the page a person pasted."""

from datetime import UTC, datetime
from decimal import Decimal

from cartage.archive import Artifacts
from cartage.model.errors import NoProductFound, NotFound, NotThisPlatform
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money

HTTP_OK = 200


class Pasted:
    """Get the HTML that a person pasted for an address."""

    def __init__(self, artifacts: Artifacts) -> None:
        self._artifacts = artifacts

    @property
    def name(self) -> str:
        """Name the provider as attempts show it."""
        return "pasted"

    @property
    def cost(self) -> Money | None:
        """State what one attempt costs: nothing."""
        return Money(amount=Decimal(0), currency="USD")

    async def get(self, request: PageRequest) -> Page:
        """Bring back what was pasted; raises `NotThisPlatform` when nothing was, `NoProductFound` when it is empty."""
        if request.pasted_page_id is None:
            raise NotThisPlatform("No page was pasted for this address.")
        try:
            body = await self._artifacts.get(request.merchant_id, request.pasted_page_id)
        except NotFound:
            raise NoProductFound("The pasted page is no longer kept.") from None
        if not body.strip():
            raise NoProductFound("The pasted page is empty.")
        return Page(url=request.url, status=HTTP_OK, body=body, fetched_at=datetime.now(UTC))
