"""The review of a draft on its product's page: accept, set right or reject what a language model saw in pictures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import ValidationError

from cartage.imports.upkeep import Upkeep
from cartage.model.catalogue import CatalogueProduct
from cartage.model.errors import InvalidInput
from cartage.model.product import Product
from cartage.model.review import ATTRIBUTE, Review, value_at
from cartage.web.answers import go
from cartage.web.session import Posted, Sessions


def add_review(router: APIRouter, upkeep: Upkeep, sessions: Sessions) -> None:
    """Add the decision about one field, or about all of them."""

    @router.post("/products/{product_id}/review")
    async def review(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        product = await upkeep.store.catalogue.product(posted.merchant_id, product_id)
        await upkeep.review(posted.merchant_id, product_id, review_of(product, posted.fields))
        return go(f"/products/{product_id}#review")


def review_of(product: CatalogueProduct, fields: dict[str, str]) -> Review:
    """Read the form: a text that was changed is an edit; raises `InvalidInput`."""
    pointer, decision = fields.get("field", ""), fields.get("decision", "")
    if decision == "all":
        return Review(accept=product.unverified)
    if decision == "reject":
        return Review(reject=(pointer,))
    if decision != "accept":
        raise InvalidInput("A field is accepted or rejected.", "/decision")
    given = fields.get("value", "").replace("\r\n", "\n").strip()
    if given == value_at(product.facts or Product(), pointer):
        return Review(accept=(pointer,))
    try:
        return Review(edit={pointer: given})
    except ValidationError as error:
        raise InvalidInput("A text is empty, or longer than it may be.", "/value") from error


def drafts_of(product: CatalogueProduct) -> list[tuple[str, str, str]]:
    """List what is to be looked at: its pointer, what it is called, and its text."""
    facts = product.facts or Product()
    titles = {pointer: pointer.removeprefix(ATTRIBUTE).removeprefix("/").capitalize() for pointer in product.unverified}
    return [(pointer, titles[pointer], value_at(facts, pointer) or "") for pointer in product.unverified]
