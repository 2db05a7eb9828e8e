"""Tokens and webhook endpoints over HTTP, for tokens with the scope `admin`."""

from typing import Any

from fastapi import APIRouter, Response

from cartage.accounts.service import Accounts
from cartage.model.webhook import Endpoint
from cartage.webhooks.service import Webhooks
from cartage.wire.access import (
    DeliveryList,
    DeliveryOut,
    EndpointChange,
    EndpointList,
    EndpointOut,
    MadeEndpoint,
    MadeToken,
    NewEndpoint,
    NewToken,
    TokenList,
    TokenOut,
)

TOKENS = "tokens"
WEBHOOKS = "webhooks"


def add_access(router: APIRouter, accounts: Accounts, webhooks: Webhooks, merchant: Any) -> None:
    """Add `/v1/tokens` and `/v1/webhook-endpoints`."""
    _add_tokens(router, accounts, merchant)
    _add_endpoints(router, webhooks, merchant)
    _add_deliveries(router, webhooks, merchant)


def _add_tokens(router: APIRouter, accounts: Accounts, merchant: Any) -> None:
    @router.get("/v1/tokens", tags=[TOKENS])
    async def list_tokens(*, merchant_id: str = merchant) -> TokenList:
        """List the tokens, revoked ones included, without their secrets.

        Each says its scopes, until when it holds, when and from where it was last used, and when it was revoked.
        """
        return TokenList(tokens=[TokenOut.of(each) for each in await accounts.tokens(merchant_id)])

    @router.post("/v1/tokens", status_code=201, tags=[TOKENS])
    async def create_token(body: NewToken, *, merchant_id: str = merchant) -> MadeToken:
        """Make a token; its secret text is in this reply, and nowhere else ever after.

        Without `scopes` it has all but `admin`, and without `expires_at` it holds until it is revoked.
        """
        made, text = await accounts.create_token(
            merchant_id, body.name, tuple(dict.fromkeys(body.scopes)), body.expires_at
        )
        return MadeToken(**TokenOut.of(made).model_dump(), token=text)

    @router.delete("/v1/tokens/{token_id}", status_code=204, tags=[TOKENS])
    async def revoke_token(token_id: str, *, merchant_id: str = merchant) -> Response:
        """Revoke a token, at once.

        Whoever sends it is answered 401 from then on. 404 for a token there is not.
        """
        await accounts.revoke_token(merchant_id, token_id)
        return Response(status_code=204)


def _add_endpoints(router: APIRouter, webhooks: Webhooks, merchant: Any) -> None:
    @router.get("/v1/webhook-endpoints", tags=[WEBHOOKS])
    async def list_webhook_endpoints(*, merchant_id: str = merchant) -> EndpointList:
        """List the endpoints, without their secrets.

        Oldest first; each says which events it is told of, all where none is named.
        """
        return EndpointList(webhook_endpoints=[EndpointOut.of(each) for each in await webhooks.endpoints(merchant_id)])

    @router.post("/v1/webhook-endpoints", status_code=201, tags=[WEBHOOKS])
    async def create_webhook_endpoint(body: NewEndpoint, *, merchant_id: str = merchant) -> MadeEndpoint:
        """Tell an address what happens from now on; the secret that signs it is in this reply alone.

        Without `events` it is told of everything. Messages are signed by the Standard Webhooks scheme, and
        sent again, with the same id, where the answer is no 2xx; 410 Gone switches the endpoint off.
        """
        made: Endpoint = await webhooks.add(merchant_id, body.url, body.events)
        return MadeEndpoint(**EndpointOut.of(made).model_dump(), secret=made.secret)

    @router.patch("/v1/webhook-endpoints/{endpoint_id}", tags=[WEBHOOKS])
    async def change_webhook_endpoint(
        endpoint_id: str, body: EndpointChange, *, merchant_id: str = merchant
    ) -> EndpointOut:
        """Change what an endpoint is told of, from now on.

        `events` takes the place of those before; none named is all of them. 404 for an endpoint there is not.
        """
        return EndpointOut.of(await webhooks.set_events(merchant_id, endpoint_id, body.events))

    @router.post("/v1/webhook-endpoints/{endpoint_id}/enable", tags=[WEBHOOKS])
    async def enable_webhook_endpoint(endpoint_id: str, *, merchant_id: str = merchant) -> EndpointOut:
        """Tell an endpoint again that was switched off because it answered 410 Gone, of what happens from now on.

        What happened meanwhile is not made up for; a delivery that was missed can be sent again. 404 for an endpoint
        there is not.
        """
        return EndpointOut.of(await webhooks.enable(merchant_id, endpoint_id))

    @router.delete("/v1/webhook-endpoints/{endpoint_id}", status_code=204, tags=[WEBHOOKS])
    async def delete_webhook_endpoint(endpoint_id: str, *, merchant_id: str = merchant) -> Response:
        """Tell an address no more, and forget its deliveries.

        404 for an endpoint there is not.
        """
        await webhooks.remove(merchant_id, endpoint_id)
        return Response(status_code=204)


def _add_deliveries(router: APIRouter, webhooks: Webhooks, merchant: Any) -> None:
    @router.post("/v1/webhook-endpoints/{endpoint_id}/test", status_code=202, tags=[WEBHOOKS])
    async def test_webhook_endpoint(endpoint_id: str, *, merchant_id: str = merchant) -> DeliveryOut:
        """Send an endpoint a message that says `test`.

        It is signed and sent as any other; how it went stands among the endpoint's deliveries. 409 for an endpoint that
        is switched off.
        """
        return DeliveryOut.of(await webhooks.test(merchant_id, endpoint_id))

    @router.get("/v1/webhook-endpoints/{endpoint_id}/deliveries", tags=[WEBHOOKS])
    async def list_webhook_deliveries(endpoint_id: str, *, merchant_id: str = merchant) -> DeliveryList:
        """List an endpoint's newest deliveries.

        Each says how it stands, so that what your side missed can be sent again.
        """
        found = await webhooks.deliveries_to(merchant_id, endpoint_id)
        return DeliveryList(deliveries=[DeliveryOut.of(each) for each in found])

    @router.post(
        "/v1/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/redeliver", status_code=202, tags=[WEBHOOKS]
    )
    async def redeliver_webhook(endpoint_id: str, delivery_id: str, *, merchant_id: str = merchant) -> DeliveryOut:
        """Tell once more, with the same id.

        Answers with the delivery, which is sent soon; 409 where the endpoint is switched off, 404 where the delivery is
        none of its.
        """
        return DeliveryOut.of(await webhooks.redeliver(merchant_id, endpoint_id, delivery_id))
