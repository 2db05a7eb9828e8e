"""Pages of upkeep: the schedule of refreshes, and how long things are kept."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage.imports.upkeep import Upkeep
from cartage.model.errors import InvalidInput
from cartage.model.upkeep import Retention
from cartage.web.answers import go
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

HERE = "/settings/schedule"
PERIODS = {6: "every 6 hours", 12: "twice a day", 24: "once a day", 72: "every 3 days", 168: "once a week"}
KEPT_DAYS = {7: "a week", 30: "30 days", 90: "90 days", 365: "a year"}


def add_schedule(router: APIRouter, upkeep: Upkeep, sessions: Sessions) -> None:
    """Add the page of the schedule."""

    @router.get(HERE)
    async def show_schedule(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], kept: str = ""
    ) -> Response:
        schedule = await upkeep.schedule(visitor.merchant_id)
        hours = schedule.every_hours if schedule else None
        periods = PERIODS | ({} if hours is None or hours in PERIODS else {hours: f"every {hours} hours"})
        return page(request, "schedule.html", hours=hours, periods=periods, kept=bool(kept))

    @router.post(HERE)
    async def set_schedule(posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        hours = posted.fields.get("every_hours", "")
        if hours and not hours.isdecimal():
            raise InvalidInput("A schedule is a number of hours.", "/every_hours")
        await upkeep.set_schedule(posted.merchant_id, int(hours) if hours else None)
        return go(f"{HERE}?kept=1")


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
