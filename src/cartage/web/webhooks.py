"""The pages of webhooks: whom to tell of what, and what was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from cartage.api.problems import status_of
from cartage.model.access import Forbidden
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.webhook import MessageName
from cartage.web.answers import go
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor
from cartage.webhooks.service import Webhooks
from cartage.webhooks.signing import headers_told

HERE = "/settings/webhooks"
NOTHING = "Tick at least one thing to be told of."


@dataclass(frozen=True, slots=True)
class WebhookForms:
    """Show endpoints and deliveries, and act on them as forms ask."""

    webhooks: Webhooks

    async def shown(self, request: Request, visitor: Visitor, status: int = 200, **made: str) -> Response:
        """Make the page: a secret that was just made is on it this once; others than admins see nothing."""
        once, told = {"secret": "", "error": ""} | made, {}
        if visitor.may("admin"):
            told["endpoints"] = await self.webhooks.endpoints(visitor.merchant_id)
            told["deliveries"] = await self.webhooks.deliveries(visitor.merchant_id)
        return page(request, "webhooks.html", status, once=once, **told)

    async def refused(self, request: Request, visitor: Visitor, error: Conflict | InvalidInput) -> Response:
        """Make the page with what a form was refused for."""
        return await self.shown(request, visitor, int(status_of(error)), error=error.detail)

    async def add(self, request: Request, posted: Posted) -> Response:
        """Add an endpoint, and show its secret this once."""
        try:
            events = ticked_events(posted.fields)
            added = await self.webhooks.add(posted.merchant_id, posted.fields.get("url", ""), events)
        except (Conflict, InvalidInput) as error:
            return await self.refused(request, posted.visitor, error)
        return await self.shown(request, posted.visitor, 201, secret=added.secret)

    async def set_events(self, request: Request, posted: Posted, endpoint_id: str) -> Response:
        """Change what an endpoint is told of."""
        await self.webhooks.endpoint(posted.merchant_id, endpoint_id)
        try:
            events = ticked_events(posted.fields)
        except InvalidInput as error:
            return await self.refused(request, posted.visitor, error)
        await self.webhooks.set_events(posted.merchant_id, endpoint_id, events)
        return go(HERE)

    async def test(self, request: Request, posted: Posted, endpoint_id: str) -> Response:
        """Send an endpoint a message that says `test`, and go where it is seen what comes back."""
        try:
            delivery = await self.webhooks.test(posted.merchant_id, endpoint_id)
        except Conflict as error:
            return await self.refused(request, posted.visitor, error)
        return go(f"/settings/deliveries/{delivery.id}")

    async def deliver_again(self, request: Request, posted: Posted, delivery_id: str) -> Response:
        """Send a delivery again."""
        try:
            await self.webhooks.deliver_again(posted.merchant_id, delivery_id)
        except Conflict as error:
            return await self.refused(request, posted.visitor, error)
        return go(f"/settings/deliveries/{delivery_id}")

    async def delivery(self, request: Request, visitor: Visitor, delivery_id: str) -> Response:
        """Show what was sent, what came back, and when it is tried next."""
        delivery, endpoint = await self.webhooks.delivery(visitor.merchant_id, delivery_id)
        if not visitor.may("admin"):
            raise Forbidden("Deliveries are for admins.")
        sent = headers_told(endpoint.secret, delivery)
        return page(request, "delivery.html", delivery=delivery, endpoint=endpoint, sent=sent)


def add_webhooks(router: APIRouter, webhooks: Webhooks, sessions: Sessions) -> None:
    """Add the page of endpoints with its forms, and the deliveries with theirs."""
    forms = WebhookForms(webhooks)
    _add_endpoints(router, forms, sessions)
    _add_deliveries(router, forms, sessions)


def ticked_events(fields: Mapping[str, str]) -> tuple[MessageName, ...]:
    """Read which events are ticked: all of them are everything, of later versions too; raises `InvalidInput`."""
    ticked = tuple(name for name in MessageName if name.value in fields)
    if not ticked:
        raise InvalidInput(NOTHING, "/events")
    return () if len(ticked) == len(MessageName) else ticked


def _add_endpoints(router: APIRouter, forms: WebhookForms, sessions: Sessions) -> None:
    @router.get(HERE)
    async def show_webhooks(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        return await forms.shown(request, visitor)

    @router.post(HERE)
    async def add_webhook(request: Request, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        return await forms.add(request, posted)

    @router.post("/settings/webhooks/{endpoint_id}/events")
    async def set_events(
        request: Request, endpoint_id: str, posted: Annotated[Posted, Depends(sessions.administered)]
    ) -> Response:
        return await forms.set_events(request, posted, endpoint_id)

    @router.post("/settings/webhooks/{endpoint_id}/test")
    async def test_webhook(
        request: Request, endpoint_id: str, posted: Annotated[Posted, Depends(sessions.administered)]
    ) -> Response:
        return await forms.test(request, posted, endpoint_id)

    @router.post("/settings/webhooks/{endpoint_id}/enable")
    async def enable_webhook(endpoint_id: str, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        await forms.webhooks.enable(posted.merchant_id, endpoint_id)
        return go(HERE)

    @router.post("/settings/webhooks/{endpoint_id}/remove")
    async def remove_webhook(endpoint_id: str, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        await forms.webhooks.remove(posted.merchant_id, endpoint_id)
        return go(HERE)


def _add_deliveries(router: APIRouter, forms: WebhookForms, sessions: Sessions) -> None:
    @router.get("/settings/deliveries/{delivery_id}")
    async def show_delivery(
        request: Request, delivery_id: str, visitor: Annotated[Visitor, Depends(sessions.visitor)]
    ) -> Response:
        return await forms.delivery(request, visitor, delivery_id)

    @router.post("/settings/deliveries/{delivery_id}/again")
    async def deliver_again(
        request: Request, delivery_id: str, posted: Annotated[Posted, Depends(sessions.administered)]
    ) -> Response:
        return await forms.deliver_again(request, posted, delivery_id)
