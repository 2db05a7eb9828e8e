"""Messages of assistants, met one by one by the tools."""

from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Receive, Scope, Send

from cartage.mcp.tools import Connect, create_tools

LARGEST_MESSAGE = 1024 * 1024
# Whoever asks must have a token, and the server's own guard judges the host name before.
UNGUARDED = TransportSecuritySettings(enable_dns_rebinding_protection=False)


class Meeting:
    """Let the tools answer messages over HTTP (streamable, without sessions)."""

    def __init__(self, connect: Connect) -> None:
        self._tools = create_tools(connect)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Meet one message."""
        self._tools.streamable_http_app(
            stateless_http=True,
            json_response=True,
            max_request_body_size=LARGEST_MESSAGE,
            transport_security=UNGUARDED,
        )
        messages = self._tools.session_manager  # one for each message: it runs once
        async with messages.run():
            await messages.asgi_app(scope, receive, send)
