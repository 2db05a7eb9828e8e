"""What pages list that turned out to be lists of products: chosen on an import's page or checked, and imported."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from cartage.imports.batch import Batches
from cartage.imports.listings import listed_in, submit_listed
from cartage.model.errors import InvalidInput
from cartage.web.answers import go
from cartage.web.importing import status_page
from cartage.web.lists import LINES, check_path
from cartage.web.session import Posted, Sessions, only_looked

CHOSEN = "product_"
GONE = "What these pages list is not kept any more. Import the pages again."


def add_listings(router: APIRouter, batches: Batches, sessions: Sessions) -> None:
    """Add the importing of what a page lists."""

    @router.post("/import/status/{product_id}/listed")
    async def start(request: Request, product_id: str, posted: Annotated[Posted, Depends(sessions.pasted)]) -> Response:
        product = await batches.imports.product(posted.merchant_id, product_id)
        import_ = await batches.imports.import_(posted.merchant_id, product.import_id)
        urls = {value for name, value in posted.fields.items() if name.startswith(CHOSEN)}
        try:
            batch = await submit_listed(batches.by(posted.asked_by), import_, urls)
        except InvalidInput as error:
            return await status_page(batches.imports, request, product, 422, listed_error=error.detail)
        return go(f"/batches/{batch.id}")

    @router.post("/batches/{batch_id}/listed")
    async def look_over(
        request: Request, batch_id: str, posted: Annotated[Posted, Depends(sessions.posted)]
    ) -> Response:
        urls = await listed_in(batches, await batches.batch(posted.merchant_id, batch_id))
        if not urls:
            raise InvalidInput(GONE)
        only_looked(request)
        text = "\n".join(urls).encode("utf-8", "replace")
        return go(check_path(await batches.store.artifacts.put(posted.merchant_id, "text/plain", text), LINES))
