"""What a provider is: one way to get a page."""

from typing import Protocol

from cartage.model.page import Page, PageRequest
from cartage.model.product import Money


class Provider(Protocol):
    """Get pages from one place."""

    @property
    def name(self) -> str:
        """Name the provider as attempts show it: `direct`, `shop_api`, ..."""
        ...

    @property
    def cost(self) -> Money | None:
        """State what one attempt costs; None where it cannot be known."""
        ...

    async def get(self, request: PageRequest) -> Page:
        """Bring back the page that is asked for.

        Raises a `Permanent` when no provider can help, a `TryAnother` when only this one cannot, and a
        `TryLater` when this one may succeed in a while.
        """
        ...
