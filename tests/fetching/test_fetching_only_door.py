"""Promises that nothing else opens a connection, and that the environment changes nothing."""

import ast
import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cartage.fetching.address import Rules
from cartage.fetching.guard import GuardedBackend, resolve_as_written, resolve_by_system
from cartage.fetching.limits import Limits
from cartage.model.errors import UrlNotAllowed
from tests.fetching.conftest import PUBLIC, Internet

SOURCES = Path(__file__).parent.parent.parent / "src" / "cartage"
CLIENTS = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpcore",
    "httpcore2",
    "httplib",
    "httpx",
    "httpx2",
    "requests",
    "smtplib",
    "socket",
    "urllib.request",
    "urllib3",
    "websockets",
}

# The client is the programs' that ask the API, in processes of their own.
DOORS = ("fetching", "client")


def imported(path: Path) -> Iterator[str]:
    """Give the full names that a module imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_fetching_can_open_a_connection() -> None:
    """No module outside the fetching room imports a network client."""
    elsewhere = {
        (str(path.relative_to(SOURCES)), name)
        for path in SOURCES.rglob("*.py")
        if path.relative_to(SOURCES).parts[0] not in DOORS
        for name in imported(path)
        if name in CLIENTS
    }

    assert elsewhere == set()


@pytest.mark.parametrize("module", ["address.py", "ranges.py", "answer.py", "decoding.py", "sniffing.py", "limits.py"])
def test_what_judges_does_not_touch_the_network(module: str) -> None:
    """The judge of addresses and the readers of answers open nothing."""
    names = set(imported(SOURCES / "fetching" / module))

    assert not names & (CLIENTS | {"asyncio", "ssl"})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTP_PROXY", "http://127.0.0.1:3128"),
        ("http_proxy", "http://127.0.0.1:3128"),
        ("ALL_PROXY", "socks5://10.0.0.5:1080"),
        ("NO_PROXY", "*"),
        ("NETRC", "/etc/passwd"),
    ],
)
@pytest.mark.case("environment-01", "environment-02", "environment-03", "environment-04")
async def test_the_environment_does_not_lead_us_elsewhere(
    internet: Internet, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """Proxy variables and .netrc change neither the way nor the request."""
    monkeypatch.setenv(variable, value)
    fetcher = internet.fetcher()

    await fetcher.get("http://shop.test/p")

    await fetcher.aclose()
    assert internet.dialled == [PUBLIC]
    assert b"uthorization" not in internet.site.requests[0]


@pytest.mark.case("environment-06")
async def test_the_machines_own_names_are_judged_like_any() -> None:
    """What the hosts file says of a name is an answer like a name server's."""
    backend = GuardedBackend(Rules(), Limits(), resolve=resolve_as_written)

    with pytest.raises(UrlNotAllowed) as caught:
        await backend.connect_tcp("localhost", 80)

    assert caught.value.reason == "bad_address_loopback"


@pytest.mark.case("environment-07")
async def test_a_name_is_looked_up_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver is told that the name is whole, so that it tries no search list of the machine's."""
    asked: list[str] = []

    async def answer(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answer)

    assert await resolve_by_system("redis", 80) == [PUBLIC]
    assert asked == ["redis."]
