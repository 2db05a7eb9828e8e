"""What a page lists that an import found to be a list of products."""

from typing import Any

from fastapi import APIRouter

from cartage.imports.listings import listed_by
from cartage.imports.service import Imports
from cartage.wire.listings import ListedProducts


def add_listings(router: APIRouter, imports: Imports, merchant: Any) -> None:
    """Add what imports came upon."""

    @router.get("/v1/imports/{import_id}/listed", tags=["imports"])
    async def list_listed(import_id: str, *, merchant_id: str = merchant) -> ListedProducts:
        """List the products that a page leads to which an import found to be a list (`products_listed`).

        `POST /v1/batches` imports those that you want. There are none where the page lists none, or is no longer kept.
        """
        import_ = await imports.import_(merchant_id, import_id)
        return ListedProducts(products=list(await listed_by(imports.store, import_)))
