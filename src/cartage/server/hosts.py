"""Which host names are ours: a request for any other is refused, so that no stranger's name leads to our pages."""

import ipaddress
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cartage.api.problems import problem
from cartage.model.request_errors import UnknownHost
from cartage.settings import Settings

ANYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104 - listening there names no host
HEALTH = {"/livez", "/readyz", "/metrics"}


class KnownHosts:
    """Let requests pass that name one of our hosts, or an address in digits, which no DNS can point elsewhere."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it; probes of health may call us what they like."""
        if scope["type"] != "http" or scope["path"] in HEALTH or self._knows(scope):
            await self._app(scope, receive, send)
            return
        refusal = problem(Request(scope), UnknownHost("This server does not go by that name."))
        await refusal(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        named = [value for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1:
            return False
        host = host_name(named[0].decode("latin-1"))
        return host is not None and (host in self._names or _is_address(host))


def known_names(settings: Settings) -> frozenset[str]:
    """List the names that the settings give this server."""
    public = urlsplit(settings.public_url).hostname or ""
    return frozenset({"localhost", public, settings.host, *map(str.lower, settings.allowed_hosts)} - ANYWHERE)


def host_name(header: str) -> str | None:
    """Read a Host header's name without its port; None where it is not one."""
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname if parts.netloc == header and "@" not in header else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
