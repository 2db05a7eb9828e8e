"""`/mcp`: the tools over HTTP (streamable, without sessions), for whoever has a token."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextvars import ContextVar

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cartage.accounts.service import Accounts
from cartage.client import AsyncClient
from cartage.client.in_process import InProcess
from cartage.model.errors import NotAuthenticated

PATH = "/mcp"
HERE = "http://localhost"


class McpDoor:
    """Let assistants in by their token; what a tool then does are calls of `api`, with that very token."""

    def __init__(self, accounts: Accounts, api: ASGIApp) -> None:
        self._accounts = accounts
        self._api = InProcess(api)
        self._token: ContextVar[str] = ContextVar("mcp_token")
        self._meet: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Meet one message; raises `NotAuthenticated` without a token that is known."""
        kind, _, secret = Request(scope).headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise NotAuthenticated("The request has no token.")
        await self._accounts.authenticate(secret.strip())
        self._token.set(secret.strip())
        self._meet = self._meet or await asyncio.to_thread(self._learn)
        await self._meet(scope, receive, send)

    def _learn(self) -> ASGIApp:
        # The protocol's library takes a second to load, which most installations never need.
        from cartage.mcp.meeting import Meeting

        return Meeting(self._connect)

    @contextlib.asynccontextmanager
    async def _connect(self) -> AsyncGenerator[AsyncClient]:
        async with AsyncClient(HERE, self._token.get(), transport=self._api, retries=0) as client:
            yield client
