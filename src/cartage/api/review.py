"""Reviews over HTTP: a person's decisions about a draft, field by field."""

from typing import Any

from fastapi import APIRouter, Response

from cartage.api.versions import Versions, tell_version
from cartage.imports.upkeep import Upkeep
from cartage.model.review import Review
from cartage.wire.catalogue import ProductOut
from cartage.wire.review import ReviewBody


def add_review(router: APIRouter, upkeep: Upkeep, merchant: Any) -> None:
    """Add `POST /v1/products/{id}/review`."""

    @router.post("/v1/products/{product_id}/review", tags=["products"])
    async def review_product(
        product_id: str, body: ReviewBody, versions: Versions, response: Response, *, merchant_id: str = merchant
    ) -> ProductOut:
        """Decide on what a language model saw in a product's pictures: accept it, edit it or reject it.

        409 for a field that does not wait for a review. With `If-Match` the product is changed only from that version.
        """
        review = Review(accept=tuple(body.accept), reject=tuple(body.reject), edit=body.edit)
        product = await upkeep.review(merchant_id, product_id, review, versions)
        tell_version(response, product)
        return ProductOut.of(product, evidence=True)
