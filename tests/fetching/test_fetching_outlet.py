"""Promises of the outlet: sites are reached through the operator's proxy, and judged before it hears of them."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cartage.fetching.client import Fetcher
from cartage.fetching.outlet import Outlet, Proxy, read_proxy
from cartage.model.errors import CartageError, ConnectFailed, UrlNotAllowed
from cartage.model.failure import Misconfigured
from cartage.model.visit_errors import ProxyFailed
from tests.fetching.conftest import PUBLIC, Internet, Site, answer, listening, says, secure, serving, trusting


@dataclass
class Desk:
    """Be a proxy on loopback that leads every tunnel to the site, unless it is told to answer otherwise."""

    site: Site
    answers: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n"
    heads: list[str] = field(default_factory=list[str])
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one CONNECT, and carry what follows."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
            writer.write(self.answers)
            if b" 200 " in self.answers:
                inward, outward = await asyncio.open_connection("127.0.0.1", self.site.port)
                await asyncio.gather(carried(reader, outward), carried(inward, writer))
        writer.close()


async def carried(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way until they end."""
    with contextlib.suppress(ConnectionError):
        while part := await reader.read(65536):
            writer.write(part)
    writer.close()


@contextlib.asynccontextmanager
async def proxied(
    internet: Internet, desk: Desk, address: str = "http://ada:s%3Acret@127.0.0.1"
) -> AsyncGenerator[Fetcher]:
    """Give a fetcher that reaches the internet's names through the proxy."""
    server = await asyncio.start_server(desk.serve, "127.0.0.1", 0)
    desk.port = server.sockets[0].getsockname()[1]
    beside = frozenset({("127.0.0.1", internet.site.port)})
    outlet = Outlet(read_proxy(f"{address}:{desk.port}"), beside=beside)
    fetcher = Fetcher(resolve=internet.resolve, dial=outlet, exceptions=beside)
    try:
        yield fetcher
    finally:
        await fetcher.aclose()
        server.close()
        await server.wait_closed()


async def test_a_page_comes_through_the_proxy(internet: Internet) -> None:
    """The tunnel leads to the address that was judged; the proxy gets its credentials, the site none of them."""
    desk = Desk(internet.site)
    async with proxied(internet, desk) as fetcher:
        page = await fetcher.get("http://shop.test/mug")

    assert b"<h1>Mug</h1>" in page.body
    assert [head.splitlines()[0] for head in desk.heads] == [f"CONNECT {PUBLIC}:80 HTTP/1.1"]
    assert "Proxy-Authorization: Basic YWRhOnM6Y3JldA==" in desk.heads[0]
    assert b"Host: shop.test" in internet.site.requests[0]
    assert b"roxy-" not in internet.site.requests[0]


async def test_what_is_not_allowed_never_reaches_the_proxy(internet: Internet) -> None:
    """A name that leads to a private address is refused before anything is dialled."""
    internet.names["evil.test"] = [["10.0.0.8"]]
    desk = Desk(internet.site)
    async with proxied(internet, desk) as fetcher:
        with pytest.raises(UrlNotAllowed):
            await fetcher.get("http://evil.test/")

    assert desk.heads == []


async def test_the_demo_shop_is_reached_directly(internet: Internet) -> None:
    """What is excepted from the rules stands beside this machine, where no proxy leads."""
    desk = Desk(internet.site)
    async with proxied(internet, desk) as fetcher:
        page = await fetcher.get(f"http://127.0.0.1:{internet.site.port}/")

    assert b"<h1>Mug</h1>" in page.body
    assert desk.heads == []


@pytest.mark.parametrize("tls", [False, True], ids=["http proxy", "https proxy"])
async def test_the_site_is_spoken_to_in_secret(internet: Internet, certificate: Path, tls: bool) -> None:  # noqa: FBT001
    """Through the tunnel the site's own certificate is checked, whether or not the proxy has one, too."""
    trusted = trusting(certificate)
    async with secure(internet, certificate):
        desk = Desk(internet.site)
        server = await asyncio.start_server(desk.serve, "127.0.0.1", 0, ssl=serving(certificate) if tls else None)
        proxy = Proxy("127.0.0.1", server.sockets[0].getsockname()[1], nameless(certificate) if tls else None)
        fetcher = Fetcher(resolve=internet.resolve, dial=Outlet(proxy), ssl_context=trusted)

        page = await fetcher.get("https://shop.test/mug")

        await fetcher.aclose()
        server.close()
        assert b"<h1>Mug</h1>" in page.body
        assert [head.splitlines()[0] for head in desk.heads] == [f"CONNECT {PUBLIC}:443 HTTP/1.1"]


def nameless(certificate: Path) -> ssl.SSLContext:
    """Trust the test certificate whatever name it is for: the proxy of this test has none."""
    context = trusting(certificate)
    context.check_hostname = False
    return context


@pytest.mark.parametrize(
    ("answers", "error", "says_so"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", ProxyFailed, "answered HTTP 407"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", ProxyFailed, "answered HTTP 403"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", ConnectFailed, "shop.test does not take connections on port 80"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", ProxyFailed, "did not answer as one does"),
        (b"", ProxyFailed, "did not answer as one does"),
    ],
    ids=["credentials", "forbidden", "site away", "no proxy", "nothing"],
)
async def test_a_tunnel_that_does_not_open_says_whose_fault_it_is(
    internet: Internet, answers: bytes, error: type[CartageError], says_so: str
) -> None:
    """The proxy's refusals are told apart from a site that the proxy cannot reach."""
    async with proxied(internet, Desk(internet.site, answers)) as fetcher:
        with pytest.raises(error) as refused:
            await fetcher.get("http://shop.test/")

    assert says_so in refused.value.detail


async def test_a_proxy_that_is_not_there_is_named(internet: Internet) -> None:
    """Where nobody listens, the error names the proxy and its port, and nothing secret."""
    async with listening(Site(says(answer()))) as closed:
        port = closed.port
    fetcher = Fetcher(resolve=internet.resolve, dial=Outlet(read_proxy(f"http://ada:secret@127.0.0.1:{port}")))

    with pytest.raises(ProxyFailed) as refused:
        await fetcher.get("http://shop.test/")

    await fetcher.aclose()
    assert refused.value.detail == f"The proxy 127.0.0.1 takes no connection on port {port}."


@pytest.mark.parametrize("address", ["proxy.example:8080", "socks5://proxy.example", "http://", "http://proxy:x"])
def test_an_address_that_is_no_proxys_is_refused(address: str) -> None:
    """It is said at the start, and not when the first page is fetched."""
    with pytest.raises(Misconfigured, match="CARTAGE_PROXY is not usable"):
        read_proxy(address)
