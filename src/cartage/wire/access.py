"""Tokens and webhook endpoints as they are told; a secret is told once, when it is made."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from cartage.model import merchant, webhook
from cartage.model.access import USUAL, Scope
from cartage.model.webhook import MessageName
from cartage.wire.body import Body

Events = Annotated[
    tuple[MessageName, ...],
    Field(max_length=len(MessageName), description="What to tell; none is everything, that of later versions too."),
]


class NewToken(Body):
    """Ask for a token; it holds until `expires_at`, or until it is revoked where that is null."""

    expires_at: AwareDatetime | None = None
    name: Annotated[str, Field(min_length=1, max_length=100, examples=["till"])]
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=len(Scope))] = USUAL


class TokenOut(BaseModel):
    """Show a token, without its secret; `last_used_from` is the address it last called from."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str
    revoked_at: datetime | None

    @classmethod
    def of(cls, token: merchant.ApiToken) -> "TokenOut":
        """Map a token."""
        return cls(**token.model_dump(include=set(TokenOut.model_fields)))


class MadeToken(TokenOut):
    """Show a token that was just made; `token` is its secret text, which nobody can show again."""

    token: str


class TokenList(BaseModel):
    """List tokens, oldest first."""

    tokens: list[TokenOut]


class NewEndpoint(Body):
    """Ask for a webhook's endpoint."""

    url: Annotated[str, Field(max_length=4096, examples=["https://till.example/cartage"])]
    events: Events = ()


class EndpointChange(Body):
    """Change what a webhook's endpoint is told of."""

    events: Events


class EndpointOut(BaseModel):
    """Show a webhook's endpoint, without its secret."""

    id: str
    url: str
    events: Annotated[list[MessageName], Field(description="What it is told of; empty for everything.")]
    enabled: bool
    gone_at: Annotated[
        datetime | None, Field(description="When it answered 410 Gone, and so was switched off; null while it is on.")
    ]
    created_at: datetime

    @classmethod
    def of(cls, endpoint: webhook.Endpoint) -> "EndpointOut":
        """Map an endpoint."""
        told = endpoint.model_dump(include={"id", "url", "events", "gone_at", "created_at"})
        return cls(**told, enabled=endpoint.gone_at is None)


class MadeEndpoint(EndpointOut):
    """Show an endpoint that was just made; `secret` signs what it is told, and nobody can show it again."""

    secret: str


class EndpointList(BaseModel):
    """List endpoints, oldest first."""

    webhook_endpoints: list[EndpointOut]


class DeliveryOut(BaseModel):
    """Show one telling: what was told, how it stands, and what the last try came to.

    `answer` is the beginning of what came back, as text; `result` names why nothing did.
    """

    id: str
    name: str
    state: webhook.DeliveryState
    tries: int
    result: str
    status: int | None
    answer: str
    tried_at: datetime | None
    next_try_at: datetime | None
    due_at: datetime
    created_at: datetime
    payload: str

    @classmethod
    def of(cls, delivery: webhook.Delivery) -> "DeliveryOut":
        """Map a delivery."""
        told = delivery.model_dump(include=set(DeliveryOut.model_fields))
        return cls(**told, next_try_at=delivery.next_try_at)


class DeliveryList(BaseModel):
    """List an endpoint's newest deliveries, newest first."""

    deliveries: list[DeliveryOut]
