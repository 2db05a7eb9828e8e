"""Where an import stands, in three fields: for programs with a token and for the status page with its cookie."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from cartage.accounts.service import Accounts
from cartage.api.callers import Caller, bearer_token
from cartage.api.scopes import STATUS, asked_for
from cartage.imports.service import Imports
from cartage.model.catalogue import Status
from cartage.model.errors import NotAuthenticated
from cartage.wire.catalogue import ScrapeStatus

SESSION_COOKIE = "cartage_session"
bearer = HTTPBearer(scheme_name="token", auto_error=False, description="A token from `cartage token create`.")


class PolledRoute(APIRoute):
    """Be a route that hundreds ask at once: it is documented as any other, but reads its request by itself.

    What FastAPI does around so small an answer takes longer than the answer.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give the endpoint the request and what its path names, as they are."""

        async def answered(request: Request) -> Response:
            return await self.endpoint(request, **request.path_params)

        return answered


def add_scrape_status(router: APIRouter, imports: Imports, accounts: Accounts) -> None:
    """Add `GET /api/scrape-status/{jobId}`; the job's id is the product's id."""

    async def merchant_of(request: Request) -> str:
        if token := bearer_token(request):
            known = await accounts.authenticate(token)
            Caller(known.merchant_id, known.id, known.name, known.scopes).check(*asked_for("GET", path=STATUS))
            return known.merchant_id
        session = await accounts.session(request.cookies.get(SESSION_COOKIE, ""))
        if session is None:
            raise NotAuthenticated("The request has neither a token nor a login.")
        return session.merchant_id

    async def get_scrape_status(request: Request, job_id: str) -> Response:
        """Get a product's status, and the error where its import failed."""
        product = await imports.status(await merchant_of(request), job_id)
        error = str(product.failure) if product.failure and product.status is Status.FAILED else None
        answer = ScrapeStatus(status=product.status, productId=product.id, error=error)
        return Response(answer.model_dump_json(), media_type="application/json")

    router.add_api_route(
        STATUS,
        get_scrape_status,
        response_model=ScrapeStatus,
        dependencies=[Depends(bearer)],
        tags=["imports"],
        route_class_override=PolledRoute,
    )
