"""Promises of the proxy that the browser goes through."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncGenerator

import pytest

from cartage.fetching.meter import metering
from cartage.fetching.proxy import Bounds, FilteringProxy
from tests.fetching.conftest import PUBLIC, Internet, Site, answer, says
from tests.fetching.conftest import listening as sites
from tests.providers.chromium import Canary
from tests.providers.conftest import Shop


@pytest.fixture
async def canary() -> AsyncGenerator[Canary]:
    """Give a listener that must not be reached."""
    listening = Canary()
    server = await asyncio.start_server(listening.serve, "127.0.0.1", 0)
    listening.port = server.sockets[0].getsockname()[1]
    async with server:
        yield listening


@pytest.fixture
async def internet() -> AsyncGenerator[Internet]:
    """Give an internet with a site that shows a page, and a canary."""
    async with sites(Site(says(answer()))) as site, sites(Site(says(answer()))) as canary:
        yield Internet(site, canary)
        assert canary.connections == 0


@pytest.mark.case("browser-22")
async def test_the_proxy_judges_each_connection_anew(internet: Internet) -> None:
    """A name that was public when the page began to load and is not any more is refused."""
    internet.names = {"shop.test": [[PUBLIC], ["127.0.0.1"]]}
    fetcher = internet.fetcher()
    proxy = FilteringProxy(fetcher.rules, fetcher.guard)
    await proxy.start()
    with proxy.visit() as visit:
        told = f"Proxy-Authorization: {visit.credential.decode()}"
        ask = f"GET http://shop.test/p HTTP/1.1\nHost: shop.test\n{told}"
        first, second = await through(proxy, ask), await through(proxy, ask)
    await proxy.aclose()
    await fetcher.aclose()

    assert first.startswith(b"HTTP/1.1 200")
    assert second.startswith(b"HTTP/1.1 403")


async def through(proxy: FilteringProxy, head: str) -> bytes:
    """Say something to the proxy, and give all that it answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2]))
    writer.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return answer


@contextlib.asynccontextmanager
async def listening(shop: Shop, bounds: Bounds | None = None) -> AsyncGenerator[FilteringProxy]:
    """Give a proxy that may reach the shop."""
    proxy = FilteringProxy(shop.fetcher.rules, shop.fetcher.guard, bounds)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.aclose()


@pytest.mark.parametrize("told", ["", "\nProxy-Authorization: Basic " + base64.b64encode(b"a:b").decode()])
async def test_the_proxy_serves_nobody_else(shop: Shop, told: str) -> None:
    """Without the credential of a visit nothing is dialled."""
    shop.shows("/p/mug")

    async with listening(shop) as proxy:
        with proxy.visit():
            answer = await through(proxy, f"GET {shop.origin}/p/mug HTTP/1.1\nHost: x{told}")

    assert answer.startswith(b"HTTP/1.1 407")
    assert shop.asked == []


async def test_what_a_visit_takes_is_counted(shop: Shop) -> None:
    """What pages send for it is on the meter of whoever opened the visit."""
    shop.shows("/p/mug")

    async with listening(shop) as proxy:
        with metering() as meter, proxy.visit() as visit:
            told = f"Proxy-Authorization: {visit.credential.decode()}"
            answer = await through(proxy, f"GET {shop.origin}/p/mug HTTP/1.1\nHost: x\n{told}")

    assert answer.startswith(b"HTTP/1.1 200")
    assert meter.size >= len(answer.partition(b"\r\n\r\n")[2]) > 0


async def test_a_credential_ends_with_its_visit(shop: Shop) -> None:
    """What a visit was given opens nothing afterwards."""
    async with listening(shop) as proxy:
        with proxy.visit() as visit:
            told = f"Proxy-Authorization: {visit.credential.decode()}"
        answer = await through(proxy, f"GET {shop.origin}/p/mug HTTP/1.1\n{told}")

    assert answer.startswith(b"HTTP/1.1 407")


@pytest.mark.parametrize(
    "line",
    [
        "CONNECT 127.0.0.1:{port}",
        "CONNECT localhost:{port}",
        "CONNECT 169.254.169.254:80",
        "CONNECT [::1]:443",
        "CONNECT [::ffff:127.0.0.1]:443",
        "CONNECT 2130706433:443",
        "CONNECT user@127.0.0.1:443",
        "GET http://127.0.0.1:{port}/",
        "GET http://169.254.169.254/latest/meta-data",
        "GET http://10.0.0.1/",
        "GET file:///etc/passwd",
        "GET /latest",
    ],
)
async def test_the_proxy_refuses_what_the_fetcher_refuses(shop: Shop, canary: Canary, line: str) -> None:
    """Each way of naming a private place is refused before anything is dialled, and noted for the visit."""
    async with listening(shop) as proxy:
        with proxy.visit() as visit:
            told = f"Proxy-Authorization: {visit.credential.decode()}"
            answer = await through(proxy, f"{line.format(port=canary.port)} HTTP/1.1\nHost: 127.0.0.1\n{told}")
            noted = len(visit.failures)

    assert answer.startswith((b"HTTP/1.1 403", b"HTTP/1.1 502"))
    assert noted == 1
    assert canary.visits == 0


async def test_the_proxy_carries_an_exchange_and_hides_the_credential(shop: Shop) -> None:
    """A plain request reaches the site without what was meant for the proxy."""
    shop.shows("/p/mug", b"mug", extra="Connection: keep-alive\r\n")

    async with listening(shop) as proxy:
        with proxy.visit() as visit:
            told = f"Proxy-Authorization: {visit.credential.decode()}"
            answer = await through(proxy, f"GET {shop.origin}/p/mug HTTP/1.1\nHost: elsewhere\n{told}")

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"Connection: close\r\n\r\nmug")
    assert shop.asked == ["/p/mug"]


async def test_a_visit_may_carry_only_so_many_bytes(shop: Shop) -> None:
    """A site that sends without end is cut off."""
    shop.shows("/p/mug", b"x" * 200_000)

    async with listening(shop, Bounds(bytes=100_000)) as proxy:
        with proxy.visit() as visit:
            told = f"Proxy-Authorization: {visit.credential.decode()}"
            answer = await through(proxy, f"GET {shop.origin}/p/mug HTTP/1.1\n{told}")
            noted = list(visit.failures)

    assert len(answer) < 110_000
    assert noted == [shop.origin.removeprefix("http://")]
