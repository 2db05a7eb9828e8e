"""The dial: a name is resolved once, every answer is judged, and only a judged address is connected to."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import cast

import httpcore2

from cartage.fetching.address import Rules, judge, refused
from cartage.fetching.limits import Limits
from cartage.model.errors import ConnectFailed, ConnectTimeout, DnsFailed, HostNotFound

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

# Of the addresses behind an excepted name: no machine of an operator's own, but the platform's or nobody's.
NEVER = {f"bad_address_{name}" for name in ("broadcast", "cloud_platform", "link_local", "multicast", "unspecified")}
NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver for a host's addresses; raises `HostNotFound` or `DnsFailed`."""
    # The dot keeps the resolver from trying its search list: `redis` stays `redis.`, not `redis.internal`.
    return await resolve_as_written(f"{host}.", port)


async def resolve_as_written(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver as any program on this machine does; raises as `resolve_by_system`."""
    loop = asyncio.get_running_loop()
    try:
        answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in NO_SUCH_NAME:
            raise HostNotFound(f"The name {host.rstrip('.')} does not exist.") from error
        raise DnsFailed(f"The name {host.rstrip('.')} could not be looked up.") from error
    except (OSError, UnicodeError) as error:
        raise DnsFailed(f"The name {host.rstrip('.')} could not be looked up.") from error
    return [str(answer[4][0]) for answer in answers]


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Connect only to addresses that the rules and the judge allow."""

    def __init__(
        self,
        rules: Rules,
        limits: Limits,
        *,
        resolve: Resolve = resolve_by_system,
        dial: httpcore2.AsyncNetworkBackend | None = None,
    ) -> None:
        self._rules = rules
        self._limits = limits
        self._resolve = resolve
        self._dial = dial or cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the backend's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve, judge, dial and check the peer.

        Raises `UrlNotAllowed`, `HostNotFound`, `DnsFailed`, `ConnectTimeout` or `ConnectFailed`.
        """
        addresses = await self._judged(host, port)
        budget = timeout or self._limits.connect_seconds
        failure = ConnectFailed(f"{host} cannot be reached.")
        for ip in addresses:
            try:
                stream = await self._dial.connect_tcp(ip, port, budget / len(addresses), local_address, socket_options)
            except httpcore2.ConnectTimeout:
                failure = ConnectTimeout(f"{host} did not take the connection within {budget:g} seconds.")
            except httpcore2.ConnectError:
                failure = ConnectFailed(f"{host} does not take connections on port {port}.")
            else:
                await _check_peer(stream, ip)
                return stream
        raise failure

    async def _judged(self, host: str, port: int) -> Sequence[str]:
        excepted = (host, port) in self._rules.exceptions
        if excepted and _is_ip(host):
            return [host]
        answers = [host] if _is_ip(host) else await self._look_up(host, port)
        for answer in answers:
            reason = judge(answer)
            if reason and not (excepted and reason not in NEVER):
                raise refused(reason)
        return list(dict.fromkeys(answers))[: self._limits.addresses]

    async def _look_up(self, host: str, port: int) -> Sequence[str]:
        try:
            async with asyncio.timeout(self._limits.resolve_seconds):
                answers = await self._resolve(host, port)
        except TimeoutError:
            raise DnsFailed(f"Looking up the name {host} took too long.") from None
        if not answers:
            raise HostNotFound(f"The name {host} has no address.")
        return answers


async def _check_peer(stream: httpcore2.AsyncNetworkStream, ip: str) -> None:
    peer = stream.get_extra_info("server_addr")
    if not peer or ipaddress.ip_address(peer[0]) != ipaddress.ip_address(ip):
        await stream.aclose()
        raise refused("peer_mismatch")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
