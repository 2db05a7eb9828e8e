"""The page of upkeep that says how long things are kept."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage.imports.upkeep import Upkeep
from cartage.model.errors import InvalidInput
from cartage.model.upkeep import Retention
from cartage.web.answers import go
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

KEPT_DAYS = {7: "a week", 30: "30 days", 90: "90 days", 365: "a year"}


def add_retention(router: APIRouter, upkeep: Upkeep, sessions: Sessions) -> None:
    """Add the page that says how long things are kept."""

    @router.get("/settings/retention")
    async def show_retention(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], kept: str = ""
    ) -> Response:
        retention = await upkeep.retention(visitor.merchant_id)
        return page(request, "retention.html", retention=retention, days=KEPT_DAYS, kept=bool(kept))

    @router.post("/settings/retention")
    async def set_retention(posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        named = {name: posted.fields.get(name) or None for name in ("pages_days", "events_days")}
        try:
            await upkeep.set_retention(posted.merchant_id, Retention.model_validate(named))
        except ValidationError as error:
            raise InvalidInput("Things are kept for a number of days.", "/pages_days") from error
        return go("/settings/retention?kept=1")
