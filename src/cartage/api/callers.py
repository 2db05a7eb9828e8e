"""Who calls the API: the token behind a request, and what it may do."""

from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Depends, Request

from cartage.accounts.quota import WINDOW_SECONDS, Allowance, Quota
from cartage.accounts.service import Accounts
from cartage.model.access import Forbidden, Scope
from cartage.model.errors import NotAuthenticated

SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Hold who calls: the merchant acted for, and the token; `secret` is the token's own text."""

    merchant_id: str
    token_id: str
    name: str
    scopes: tuple[Scope, ...]
    secret: str = field(default="", repr=False)
    allowance: Allowance | None = None
    kind: str = "token "

    @property
    def signature(self) -> str:
        """Name who asks, as records and the log of the merchant name it."""
        return f"{self.kind}{self.name}"

    @property
    def headers(self) -> dict[str, str]:
        """Say what is left of the caller's quota (draft-ietf-httpapi-ratelimit-headers-10)."""
        left = self.allowance
        if left is None:
            return {}
        return {
            "RateLimit-Policy": f'"token";q={left.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"token";r={left.remaining};t={left.reset_seconds}',
        }

    def check(self, *scopes: Scope) -> None:
        """Raise `Forbidden` unless the caller has one of some scopes."""
        if not set(scopes) & set(self.scopes):
            raise Forbidden(f"The token {self.name} does not have the scope {' or '.join(scopes)}.")


class Callers(Protocol):
    """Find out who calls."""

    async def find(self, request: Request) -> Caller:
        """Name the caller of a request.

        Raises `NotAuthenticated` or `TooManyRequests`.
        """
        ...


def asker(request: Request) -> str:
    """Name who asks."""
    caller: Caller = request.state.caller
    return caller.signature


Asker = Annotated[str, Depends(asker)]


def caller_of(request: Request) -> Caller:
    """Give who calls."""
    caller: Caller = request.state.caller
    return caller


Calling = Annotated[Caller, Depends(caller_of)]


def bearer_token(request: Request) -> str:
    """Give the token that a request carries, or an empty text."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


@dataclass(frozen=True, slots=True)
class TokenCallers:
    """Know callers by the bearer token they send, and count their requests."""

    accounts: Accounts
    quota: Quota

    async def find(self, request: Request) -> Caller:
        """Name the caller by the token."""
        secret = bearer_token(request)
        if not secret:
            raise NotAuthenticated("The request has no token.")
        token = await self.accounts.authenticate(secret, request.client.host if request.client else "")
        allowance = self.quota.spend(token.id)
        return Caller(token.merchant_id, token.id, token.name, token.scopes, secret, allowance)
