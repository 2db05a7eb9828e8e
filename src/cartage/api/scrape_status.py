"""Where an import stands, in three fields: for programs with a token and for the status page with its cookie."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPBearer
from starlette.routing import Route

from cartage.accounts.service import Accounts
from cartage.api.callers import bearer_token
from cartage.imports.service import Imports
from cartage.model.catalogue import Status
from cartage.model.errors import NotAuthenticated
from cartage.wire.catalogue import ScrapeStatus

PATH = "/api/scrape-status/{job_id}"
SESSION_COOKIE = "cartage_session"
bearer = HTTPBearer(scheme_name="token", auto_error=False, description="A token from `cartage token create`.")


@dataclass(frozen=True, slots=True)
class Polled:
    """Answer `GET /api/scrape-status/{jobId}`; the job's id is the product's id."""

    imports: Imports
    accounts: Accounts

    def add_to(self, router: APIRouter) -> None:
        """Add the route to the API, with its documentation."""
        router.add_api_route(
            PATH,
            self.get_scrape_status,
            response_model=ScrapeStatus,
            dependencies=[Depends(bearer)],
            tags=["imports"],
        )

    def short_way(self) -> Route:
        """Make the same route for whoever serves it to hundreds at once.

        What FastAPI does around so small an answer takes longer than the answer.
        """

        async def answered(request: Request) -> Response:
            return await self.get_scrape_status(request, request.path_params["job_id"])

        return Route(PATH, answered, methods=["GET"])

    async def get_scrape_status(self, request: Request, job_id: str) -> Response:
        """Get a product's status, and the error where its import failed."""
        product = await self.imports.status(await self._merchant_of(request), job_id)
        error = str(product.failure) if product.failure and product.status is Status.FAILED else None
        answer = ScrapeStatus(status=product.status, productId=product.id, error=error)
        return Response(answer.model_dump_json(), media_type="application/json")

    async def _merchant_of(self, request: Request) -> str:
        if token := bearer_token(request):
            return (await self.accounts.authenticate(token)).merchant_id
        session = await self.accounts.session(request.cookies.get(SESSION_COOKIE, ""))
        if session is None:
            raise NotAuthenticated("The request has neither a token nor a login.")
        return session.merchant_id
