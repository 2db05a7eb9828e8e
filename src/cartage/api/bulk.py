"""Bulk actions over HTTP: one act on all that a filter picks, told before, followed, stopped and undone."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from cartage.api.callers import Calling
from cartage.api.paging import Paging
from cartage.api.scopes import asked_by
from cartage.imports.bulk import BulkActions, Wish
from cartage.model.bulk import BulkAction
from cartage.wire.bulk import BulkActionOut, BulkActionPage, NewBulkAction

TAGS: list[Any] = ["bulk actions"]
DRY: dict[int | str, dict[str, Any]] = {200: {"model": BulkActionOut, "description": "What it would do."}}


def add_bulk(router: APIRouter, bulk: BulkActions, merchant: Any) -> None:
    """Add `/v1/bulk-actions`."""
    _add_intake(router, bulk, merchant)
    _add_one(router, bulk, merchant)


def _add_intake(router: APIRouter, bulk: BulkActions, merchant: Any) -> None:
    @router.post("/v1/bulk-actions", status_code=202, tags=TAGS, responses=DRY)
    async def submit_bulk_action(
        body: NewBulkAction, response: Response, caller: Calling, *, merchant_id: str = merchant
    ) -> BulkActionOut:
        """Do one act to all products that a filter picks; 409 where not exactly as many match as you expect.

        With `dry_run` nothing is done: 200, with how many match, to how many it can be done, and why not to the others.
        What imports or cancels needs the scope `imports:write`, any other act `products:write`.
        """
        caller.check(asked_by(body.action))
        edit = body.edit.as_edit() if body.edit else None
        wish = Wish(body.action, body.filter, edit, body.from_step or "", body.render)
        if body.dry_run:
            wish.check()
            response.status_code = 200
            forecast = await bulk.forecast(merchant_id, wish.act, wish.filter)
            return BulkActionOut.foretold(forecast, body.filter, await bulk.names(merchant_id, forecast.left))
        action = await bulk.submit(merchant_id, wish, expect_count=body.expect_count, asked_by=caller.signature)
        response.headers["Location"] = f"/v1/bulk-actions/{action.id}"
        return BulkActionOut.of(action)

    @router.get("/v1/bulk-actions", tags=TAGS)
    async def list_bulk_actions(paging: Annotated[Paging, Depends()], *, merchant_id: str = merchant) -> BulkActionPage:
        """List bulk actions, newest first.

        Those of people and of programs; how the imports of one stand is told where it is asked for alone.
        """
        found = await bulk.actions(merchant_id, before=paging.after, limit=paging.limit + 1)
        shown_ones, following = paging.cut(found, lambda each: each.id)
        return BulkActionPage(bulk_actions=[BulkActionOut.of(each) for each in shown_ones], next=following)


def _add_one(router: APIRouter, bulk: BulkActions, merchant: Any) -> None:
    async def shown(action: BulkAction) -> BulkActionOut:
        names = await bulk.names(action.merchant_id, action.left)
        return BulkActionOut.of(action, await bulk.imports(action), names)

    @router.get("/v1/bulk-actions/{action_id}", tags=TAGS)
    async def get_bulk_action(action_id: str, *, merchant_id: str = merchant) -> BulkActionOut:
        """Get a bulk action: how far it is, why it was not done to some, and how its imports stand.

        `left` counts by reason what it was not done to, and names the first five products of each.
        """
        return await shown(await bulk.action(merchant_id, action_id))

    @router.post("/v1/bulk-actions/{action_id}/stop", tags=TAGS)
    async def stop_bulk_action(action_id: str, caller: Calling, *, merchant_id: str = merchant) -> BulkActionOut:
        """Do nothing more of a bulk action; what it did stays.

        Imports that it began go on; undo it to cancel them. One that is over stays as it is.
        """
        caller.check(asked_by((await bulk.action(merchant_id, action_id)).act))
        return await shown(await bulk.stop(merchant_id, action_id))

    @router.post("/v1/bulk-actions/{action_id}/undo", status_code=202, tags=TAGS)
    async def undo_bulk_action(
        action_id: str, response: Response, caller: Calling, *, merchant_id: str = merchant
    ) -> BulkActionOut:
        """Restore what it archived, or cancel the imports that it began; 409 for other acts.

        It stops first. The undoing is a bulk action of its own, which is what the reply holds.
        """
        caller.check(asked_by((await bulk.action(merchant_id, action_id)).act))
        action = await bulk.undo(merchant_id, action_id, asked_by=caller.signature)
        response.headers["Location"] = f"/v1/bulk-actions/{action.id}"
        return BulkActionOut.of(action)
