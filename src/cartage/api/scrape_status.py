"""Where an import stands, in three fields: for programs with a token and for the status page with its cookie."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from cartage.accounts.service import Accounts
from cartage.imports.service import Imports
from cartage.model.catalogue import Status
from cartage.model.errors import NotAuthenticated
from cartage.wire.catalogue import ScrapeStatus

SESSION_COOKIE = "cartage_session"
bearer = HTTPBearer(scheme_name="token", auto_error=False, description="A token from `cartage token create`.")


def add_scrape_status(router: APIRouter, imports: Imports, accounts: Accounts) -> None:
    """Add `GET /api/scrape-status/{jobId}`; the job's id is the product's id."""

    async def merchant(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
    ) -> str:
        if credentials:
            return (await accounts.authenticate(credentials.credentials)).merchant_id
        session = await accounts.session(request.cookies.get(SESSION_COOKIE, ""))
        if session is None:
            raise NotAuthenticated("The request has neither a token nor a login.")
        return session.merchant_id

    @router.get("/api/scrape-status/{job_id}", tags=["imports"])
    async def get_scrape_status(job_id: str, merchant_id: Annotated[str, Depends(merchant)]) -> ScrapeStatus:
        """Get a product's status, and the error where its import failed."""
        product = await imports.status(merchant_id, job_id)
        error = str(product.failure) if product.failure and product.status is Status.FAILED else None
        return ScrapeStatus(status=product.status, productId=product.id, error=error)
