"""Upkeep over HTTP: edits, price and stock history, and the schedule of refreshes."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from cartage.api.versions import Versions, tell_version
from cartage.imports.upkeep import HISTORY_SHOWN, Upkeep
from cartage.model.refresh_policy import RefreshPolicy
from cartage.model.upkeep import Retention
from cartage.wire.catalogue import ProductOut
from cartage.wire.upkeep import (
    HistoryOut,
    ProductEdit,
    RefreshPolicyBody,
    RefreshPolicyOut,
    RetentionBody,
    RetentionOut,
    ScheduleBody,
    ScheduleOut,
    SightingOut,
)


def add_upkeep(router: APIRouter, upkeep: Upkeep, merchant: Any) -> None:
    """Add editing, history, the schedule, and what refreshes and time may change."""
    _add_editing(router, upkeep, merchant)
    _add_refreshing(router, upkeep, merchant)
    _add_retention(router, upkeep, merchant)


def _add_editing(router: APIRouter, upkeep: Upkeep, merchant: Any) -> None:

    @router.patch("/v1/products/{product_id}", tags=["products"])
    async def edit_product(
        product_id: str, body: ProductEdit, versions: Versions, response: Response, *, merchant_id: str = merchant
    ) -> ProductOut:
        """Set fields of a product by hand; they are locked against imports until they are unlocked.

        With `If-Match` the product is changed only from that version; 412 where it has another by now. A `price` sells
        the variants, too, whose price nobody set, where the page asks the same for all of them; where they cost
        differently each keeps its own, `GET /v1/products/{id}/price` says so in `lock_unused`, and you set theirs by
        `variants`.
        """
        product = await upkeep.edit(merchant_id, product_id, body.as_edit(), versions)
        tell_version(response, product)
        return ProductOut.of(product, evidence=True)

    @router.get("/v1/products/{product_id}/history", tags=["products"])
    async def get_product_history(
        product_id: str,
        limit: Annotated[int, Query(ge=1, le=1000, description="How many changes at most.")] = HISTORY_SHOWN,
        *,
        merchant_id: str = merchant,
    ) -> HistoryOut:
        """List the changes of a product's price and stock, as its page stated them, newest first.

        Each entry holds the price and the stock from a moment on. A refresh that saw nothing new adds none.
        """
        seen = await upkeep.history(merchant_id, product_id, limit)
        return HistoryOut(history=[SightingOut(**each.model_dump()) for each in seen])


def _add_refreshing(router: APIRouter, upkeep: Upkeep, merchant: Any) -> None:
    @router.get("/v1/schedule", tags=["schedule"])
    async def get_schedule(*, merchant_id: str = merchant) -> ScheduleOut:
        """Get how often all products are refreshed.

        `every_hours` is null where products are not refreshed by themselves, as it is until it is set.
        """
        schedule = await upkeep.schedule(merchant_id)
        return ScheduleOut(every_hours=schedule and schedule.every_hours)

    @router.put("/v1/schedule", tags=["schedule"])
    async def set_schedule(body: ScheduleBody, *, merchant_id: str = merchant) -> ScheduleOut:
        """Refresh all products every so many hours, or never.

        `every_hours` null ends it. Refreshes are spread over the period, and go behind what people ask for.
        """
        schedule = await upkeep.set_schedule(merchant_id, body.every_hours)
        return ScheduleOut(every_hours=schedule and schedule.every_hours)

    @router.get("/v1/refresh-policy", tags=["schedule"])
    async def get_refresh_policy(*, merchant_id: str = merchant) -> RefreshPolicyOut:
        """Get what another import of a product may change, and what becomes of one whose page is gone.

        Until it is set, another import changes everything but what a person set, and a product whose page is gone is
        kept.
        """
        return RefreshPolicyOut(**(await upkeep.policy(merchant_id)).model_dump())

    @router.put("/v1/refresh-policy", tags=["schedule"])
    async def set_refresh_policy(body: RefreshPolicyBody, *, merchant_id: str = merchant) -> RefreshPolicyOut:
        """Say what another import of a product may change, from the next one on; what is left out is as ever.

        Answers with the policy as it holds now. What a person set is changed by no import, unless a group says always.
        """
        kept = await upkeep.set_policy(merchant_id, RefreshPolicy(**body.model_dump()))
        return RefreshPolicyOut(**kept.model_dump())


def _add_retention(router: APIRouter, upkeep: Upkeep, merchant: Any) -> None:
    @router.get("/v1/retention", tags=["schedule"])
    async def get_retention(*, merchant_id: str = merchant) -> RetentionOut:
        """Get how long pages and events are kept.

        Null stands for good, as it is until it is set.
        """
        return RetentionOut(**(await upkeep.retention(merchant_id)).model_dump())

    @router.put("/v1/retention", tags=["schedule"])
    async def set_retention(body: RetentionBody, *, merchant_id: str = merchant) -> RetentionOut:
        """Keep pages and events for so many days, or for good; what is older is deleted within the hour.

        Products stay, and so do imports with their tries and costs.
        """
        kept = await upkeep.set_retention(merchant_id, Retention(**body.model_dump()))
        return RetentionOut(**kept.model_dump())
