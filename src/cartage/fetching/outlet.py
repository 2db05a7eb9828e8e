"""The outlet: connections that a proxy of the operator's makes for us, to addresses that were judged here."""

import base64
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import httpcore2

from cartage.fetching.trust import trusted_context
from cartage.model.failure import Misconfigured
from cartage.model.visit_errors import ProxyFailed

PORTS = {"http": 80, "https": 443}
OPENED = range(200, 300)
SITE_IS_AWAY = {502, 503, 504}


@dataclass(frozen=True, slots=True)
class Proxy:
    """Hold where an HTTP proxy is, and what it is told to let us in."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    authorization: bytes = b""


def read_proxy(address: str) -> Proxy:
    """Read a proxy from `http[s]://[name:password@]host[:port]`; raises `Misconfigured`, without what is secret."""
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Misconfigured("CARTAGE_PROXY is not usable: it does not begin with http:// or https://.") from None
    if not parts.hostname:
        raise Misconfigured("CARTAGE_PROXY is not usable: it names no host.")
    tls = trusted_context() if parts.scheme == "https" else None
    return Proxy(parts.hostname, port, tls, _basic(unquote(parts.username or ""), unquote(parts.password or "")))


def _basic(name: str, password: str) -> bytes:
    """Write credentials as RFC 7617 has them."""
    return b"Basic " + base64.b64encode(f"{name}:{password}".encode()) if name else b""


class Outlet(httpcore2.AsyncNetworkBackend):
    """Connect through a proxy's tunnels (CONNECT, RFC 9110, section 9.3.6), and to what is `beside` it directly.

    The proxy is given the address that was judged and never a name, so that it looks nothing up by itself.
    """

    def __init__(
        self,
        proxy: Proxy,
        *,
        beside: frozenset[tuple[str, int]] = frozenset(),
        dial: httpcore2.AsyncNetworkBackend | None = None,
    ) -> None:
        self._proxy = proxy
        self._beside = beside
        self._dial = dial or cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the backend's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Open a tunnel; raises `ProxyFailed`, and `ConnectError` where the proxy does not reach the address."""
        if (host, port) in self._beside:
            return await self._dial.connect_tcp(host, port, timeout, local_address, socket_options)
        proxy = self._proxy
        try:
            stream = await self._dial.connect_tcp(proxy.host, proxy.port, timeout, local_address, socket_options)
            if proxy.tls:
                stream = await stream.start_tls(proxy.tls, proxy.host, timeout)
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            raise ProxyFailed(f"The proxy {proxy.host} takes no connection on port {proxy.port}.") from error
        return Tunnel(await self._opened(stream, host, port, timeout), (host, port))

    async def _opened(
        self, stream: httpcore2.AsyncNetworkStream, host: str, port: int, seconds: float | None
    ) -> httpcore2.AsyncNetworkStream:
        proxy = self._proxy
        origin = httpcore2.Origin(b"http", proxy.host.encode(), proxy.port)
        connection = httpcore2.AsyncHTTP11Connection(origin=origin, stream=stream)
        try:
            response = await connection.handle_async_request(self._request(host, port, seconds))
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as error:
            await connection.aclose()
            raise ProxyFailed(f"The proxy {proxy.host} did not answer as one does.") from error
        if response.status in OPENED:
            return response.extensions["network_stream"]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        await connection.aclose()
        if response.status in SITE_IS_AWAY:
            raise httpcore2.ConnectError(f"The proxy answered {response.status}.")
        raise ProxyFailed(f"The proxy {proxy.host} opens no way to the site: it answered HTTP {response.status}.")

    def _request(self, host: str, port: int, seconds: float | None) -> httpcore2.Request:
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        headers = [(b"Host", place.encode())]
        if self._proxy.authorization:
            headers.append((b"Proxy-Authorization", self._proxy.authorization))
        url = httpcore2.URL(scheme="http", host=self._proxy.host, port=self._proxy.port, target=place)
        return httpcore2.Request(
            "CONNECT", url, headers=headers, extensions={"timeout": {"read": seconds, "write": seconds}}
        )


class Tunnel(httpcore2.AsyncNetworkStream):
    """Be a connection whose other end is where the tunnel leads."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream, end: tuple[str, int]) -> None:
        self._stream = stream
        self._end = end

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Read."""
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Write."""
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore2.AsyncNetworkStream:
        """Begin TLS with the site."""
        return await self._stream.start_tls(ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        """Name the end; pass other questions on."""
        return self._end if info == "server_addr" else self._stream.get_extra_info(info)
