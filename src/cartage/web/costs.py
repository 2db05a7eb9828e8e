"""The page of costs: what was spent, by provider, host and batch, and what language models used up."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from cartage.imports.spending import SHOWN_DAYS, Costs, total_of
from cartage.web.rendering import page
from cartage.web.session import Sessions, Visitor

TITLES = {"provider": "By provider", "host": "By shop", "batch": "By batch"}


def add_costs(router: APIRouter, costs: Costs, sessions: Sessions) -> None:
    """Add the page of costs."""

    @router.get("/costs")
    async def show_costs(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        tables = {title: await costs.of(visitor.merchant_id, by) for by, title in TITLES.items()}
        lines = tables[TITLES["provider"]]
        return page(
            request,
            "costs.html",
            days=SHOWN_DAYS,
            tables=tables,
            models=await costs.of(visitor.merchant_id, "model"),
            total=total_of(lines),
            attempts=sum(line.attempts for line in lines),
            unknown=sum(line.unknown for line in lines),
        )
