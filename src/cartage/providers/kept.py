"""The provider that gives again a page that an earlier import brought."""

from decimal import Decimal

from cartage.archive import Artifacts
from cartage.model.errors import NoProductFound, NotFound, NotThisPlatform
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money


class Kept:
    """Get the page that is kept of an address, without asking its site."""

    def __init__(self, artifacts: Artifacts) -> None:
        self._artifacts = artifacts

    @property
    def name(self) -> str:
        """Name the provider as attempts show it."""
        return "kept"

    @property
    def cost(self) -> Money | None:
        """State what one attempt costs: nothing."""
        return Money(amount=Decimal(0), currency="USD")

    async def get(self, request: PageRequest) -> Page:
        """Bring the page back; raises `NotThisPlatform` when none is named, `NoProductFound` when it is gone."""
        if request.kept_page_id is None:
            raise NotThisPlatform("No kept page is named for this address.")
        try:
            content = await self._artifacts.get(request.merchant_id, request.kept_page_id)
        except NotFound:
            raise NoProductFound("The page is no longer kept.") from None
        return Page.model_validate_json(content)
