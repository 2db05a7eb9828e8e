"""The settings of refreshes: how often products are imported again, what that may change, and pages that are gone."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage.imports.upkeep import Upkeep
from cartage.model.errors import InvalidInput
from cartage.model.refresh_policy import FieldGroup, RefreshPolicy, Renewal, WhenGone
from cartage.web.answers import go
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

HERE = "/settings/schedule"
PERIODS = {6: "every 6 hours", 12: "twice a day", 24: "once a day", 72: "every 3 days", 168: "once a week"}


def add_refreshing(router: APIRouter, upkeep: Upkeep, sessions: Sessions) -> None:
    """Add the page of the schedule and of the policy, and what is set on it."""

    @router.get(HERE)
    async def show_schedule(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], kept: str = ""
    ) -> Response:
        schedule = await upkeep.schedule(visitor.merchant_id)
        hours = schedule.every_hours if schedule else None
        periods = PERIODS | ({} if hours is None or hours in PERIODS else {hours: f"every {hours} hours"})
        policy = await upkeep.policy(visitor.merchant_id)
        shown = {"policy": policy, "groups": FieldGroup, "renewals": Renewal, "whens": WhenGone}
        return page(request, "schedule.html", hours=hours, periods=periods, kept=kept, **shown)

    @router.post(HERE)
    async def set_schedule(posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        hours = posted.fields.get("every_hours", "")
        if hours and not hours.isdecimal():
            raise InvalidInput("A schedule is a number of hours.", "/every_hours")
        await upkeep.set_schedule(posted.merchant_id, int(hours) if hours else None)
        return go(f"{HERE}?kept=schedule")

    @router.post("/settings/refresh-policy")
    async def set_policy(posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        asked = {name: posted.fields[name] for name in RefreshPolicy.model_fields if name in posted.fields}
        try:
            policy = RefreshPolicy.model_validate(asked)
        except ValidationError as error:
            raise InvalidInput("There is no such choice.", f"/{error.errors()[0]['loc'][0]}") from error
        await upkeep.set_policy(posted.merchant_id, policy)
        return go(f"{HERE}?kept=policy")
