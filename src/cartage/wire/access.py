"""Tokens and webhook endpoints as they are told; a secret is told once, when it is made."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from cartage.model import merchant, webhook
from cartage.model.access import Scope
from cartage.wire.body import Body


class NewToken(Body):
    """Ask for a token."""

    name: Annotated[str, Field(min_length=1, max_length=100, examples=["till"])]
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=3)] = (Scope.READ, Scope.WRITE)


class TokenOut(BaseModel):
    """Show a token, without its secret."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    last_used_at: datetime | None
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


class EndpointOut(BaseModel):
    """Show a webhook's endpoint, without its secret."""

    id: str
    url: str
    created_at: datetime

    @classmethod
    def of(cls, endpoint: webhook.Endpoint) -> "EndpointOut":
        """Map an endpoint."""
        return cls(id=endpoint.id, url=endpoint.url, created_at=endpoint.created_at)


class MadeEndpoint(EndpointOut):
    """Show an endpoint that was just made; `secret` signs what it is told, and nobody can show it again."""

    secret: str


class EndpointList(BaseModel):
    """List endpoints, oldest first."""

    webhook_endpoints: list[EndpointOut]


class DeliveryOut(BaseModel):
    """Show one telling: what was told, how it stands, and what the last try came to."""

    id: str
    name: str
    state: webhook.DeliveryState
    tries: int
    result: str
    due_at: datetime
    created_at: datetime
    payload: str

    @classmethod
    def of(cls, delivery: webhook.Delivery) -> "DeliveryOut":
        """Map a delivery."""
        return cls(**delivery.model_dump(include=set(DeliveryOut.model_fields)))


class DeliveryList(BaseModel):
    """List an endpoint's newest deliveries, newest first."""

    deliveries: list[DeliveryOut]
