"""The names that the server goes by."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Scope

from cartage.server.hosts import KnownHosts, known_names
from cartage.settings import read_settings

OURS = known_names(
    read_settings(public_url="https://Goods.example/", allowed_hosts=frozenset({"Other.example"}), host="0.0.0.0")  # noqa: S104
)


async def status(headers: list[tuple[bytes, bytes]], path: str = "/import") -> int:
    """Ask for a path with these headers, and give the status."""
    told: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    scope: Scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
    await KnownHosts(PlainTextResponse("ours"), OURS)(scope, receive, send)
    return told[0]


@pytest.mark.parametrize(
    "host",
    [
        "goods.example",
        "GOODS.example:8443",
        "other.example",
        "localhost:8000",
        "127.0.0.1:8000",
        "[::1]:8000",
        "10.0.0.7",
    ],
)
async def test_our_own_names_are_served(host: str) -> None:
    """The public name, named ones, localhost and addresses in digits, with any port."""
    assert await status([(b"host", host.encode())]) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "goods.example.evil.example",
        "goods.example@evil.example",
        "goods.example/evil",
        "goods.example:99999",
        "goods.example:x",
        "",
        " ",
        "127.0.0.1.evil.example",
        "[::1",
        "0x7f.1",
    ],
)
async def test_other_names_are_refused(host: str) -> None:
    """A name that a stranger could point at us is refused before any page is made."""
    assert await status([(b"host", host.encode())]) == 400


async def test_two_names_are_none() -> None:
    """No Host, or two of them, is refused."""
    assert await status([]) == 400
    assert await status([(b"host", b"goods.example"), (b"host", b"evil.example")]) == 400


async def test_probes_may_call_it_what_they_like() -> None:
    """A load balancer's probe of health needs no name."""
    assert await status([(b"host", b"10-0-0-7.pod.cluster")], "/livez") == 200
