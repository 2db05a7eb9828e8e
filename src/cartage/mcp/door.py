"""`/mcp`: the tools over HTTP (streamable, without sessions), for whoever has a token."""

import contextlib
from collections.abc import AsyncGenerator
from contextvars import ContextVar

from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cartage.accounts.service import Accounts
from cartage.client import AsyncClient
from cartage.client.in_process import InProcess
from cartage.mcp.tools import create_tools
from cartage.model.errors import NotAuthenticated

PATH = "/mcp"
HERE = "http://localhost"
LARGEST_MESSAGE = 1024 * 1024
# Whoever asks must have a token, and the server's own guard judges the host name before.
UNGUARDED = TransportSecuritySettings(enable_dns_rebinding_protection=False)


class McpDoor:
    """Let assistants in by their token; what a tool then does are calls of `api`, with that very token."""

    def __init__(self, accounts: Accounts, api: ASGIApp) -> None:
        self._accounts = accounts
        self._api = InProcess(api)
        self._token: ContextVar[str] = ContextVar("mcp_token")
        self._tools = create_tools(self._connect)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Meet one message; raises `NotAuthenticated` without a token that is known."""
        kind, _, secret = Request(scope).headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise NotAuthenticated("The request has no token.")
        await self._accounts.authenticate(secret.strip())
        self._token.set(secret.strip())
        self._tools.streamable_http_app(
            stateless_http=True,
            json_response=True,
            max_request_body_size=LARGEST_MESSAGE,
            transport_security=UNGUARDED,
        )
        messages = self._tools.session_manager  # one for each message: it runs once
        async with messages.run():
            await messages.asgi_app(scope, receive, send)

    @contextlib.asynccontextmanager
    async def _connect(self) -> AsyncGenerator[AsyncClient]:
        async with AsyncClient(HERE, self._token.get(), transport=self._api, retries=0) as client:
            yield client
