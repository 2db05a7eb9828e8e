"""Promises of the provider that opens the page in a real Chromium, and of the proxy it goes through."""

import asyncio
import base64
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cartage.extraction import read_page
from cartage.fetching.proxy import Bounds, FilteringProxy
from cartage.model.errors import AccessDenied, BotChallenge, UnsupportedContentType, UrlNotAllowed
from cartage.model.page import PageRequest
from cartage.model.visit_errors import BrowserCrashed, BrowserMissing, BrowserOutOfMemory, PageHangs
from cartage.providers.browser import Browser, Terms, find_chromium
from cartage.providers.browser.settling import Patience
from cartage.scraping.attempt import make_attempt
from tests.fetching.conftest import PUBLIC, Internet, Site, answer, says
from tests.fetching.conftest import listening as sites
from tests.providers.conftest import Shop

CHROMIUM = find_chromium("auto")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
METADATA = "http://169.254.169.254/latest/meta-data"
PRODUCT = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "Blue Mug",
    "offers": {"@type": "Offer", "price": "9.50", "priceCurrency": "USD"},
}
SHELL = f"""<!doctype html><html><head><title>Shop</title></head><body><div id="root"></div><script>
setTimeout(() => {{
  const data = document.createElement("script");
  data.type = "application/ld+json";
  data.textContent = {json.dumps(json.dumps(PRODUCT))};
  document.head.append(data);
  document.title = "Blue Mug";
  document.getElementById("root").innerHTML = "<h1>Blue Mug</h1><p>$9.50</p>";
}}, 600);
</script></body></html>""".encode()


@dataclass
class Canary:
    """Listen on loopback, where nobody may come."""

    port: int = 0
    visits: int = 0

    async def serve(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Count a visit."""
        self.visits += 1
        writer.close()


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


@contextlib.asynccontextmanager
async def opened(shop: Shop, terms: Terms | None = None) -> AsyncGenerator[Browser]:
    """Give a browser that ends within the test."""
    assert CHROMIUM
    browser = Browser(shop.fetcher, CHROMIUM, terms)
    try:
        yield browser
    finally:
        await browser.aclose()


def asks(shop: Shop, path: str) -> PageRequest:
    """Make a request for a path of the shop."""
    return PageRequest(url=shop.origin + path, merchant_id="mer_1")


def children(of: int) -> Iterator[int]:
    """List a process's descendants, zombies included."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == of:
                yield int(folder.name)
                yield from children(int(folder.name))


def alive(pids: list[int]) -> list[int]:
    """List those processes that still have an entry, zombies included."""
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


async def until_gone(pids: list[int]) -> list[int]:
    """Wait for processes to end, and list those that did not."""
    for _ in range(100):
        if not alive(pids):
            break
        await asyncio.sleep(0.1)
    return alive(pids)


@pytest.mark.browser
@needs_chromium
async def test_an_empty_shell_becomes_its_product(shop: Shop) -> None:
    """What a page's script fills in is read, and its pictures are not fetched."""
    shop.shows("/p/mug", SHELL.replace(b"<p>$9.50", b"<img src=/mug.png><p>$9.50"))

    async with opened(shop) as browser:
        page = await browser.get(asks(shop, "/p/mug"))

    product = read_page(page).product
    assert product
    assert (product.name, str(product.price and product.price.amount)) == ("Blue Mug", "9.50")
    assert (page.url, page.status) == (f"{shop.origin}/p/mug", 200)
    assert "/mug.png" not in shop.asked


@pytest.mark.browser
@needs_chromium
async def test_what_stood_in_the_way_is_shown(shop: Shop) -> None:
    """A refusal, and a page without a product, come with a JPEG of the window; a product's page has none."""
    shop.shows("/p/refused", b"<h1>Go away</h1>", 403)
    shop.shows("/p/empty", b"<!doctype html><title>Shop</title><div id=root></div>")
    shop.shows("/p/mug", SHELL)

    async with opened(shop, Terms(patience=Patience(settle_seconds=2))) as browser:
        refused = await make_attempt(browser, asks(shop, "/p/refused"))
        empty = await make_attempt(browser, asks(shop, "/p/empty"))
        found = await make_attempt(browser, asks(shop, "/p/mug"))

    assert [each.error and each.error.code for each in (refused, empty)] == ["access_denied", "needs_browser"]
    for each in (refused, empty):
        assert each.shot
        assert (each.shot.media_type, each.shot.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert found.error is None
    assert found.shot is None


@pytest.mark.browser
@needs_chromium
async def test_private_addresses_are_not_reached(shop: Shop, canary: Canary) -> None:
    """A page's script, picture, frame, socket and request to our own network end at the proxy."""
    inside = f"127.0.0.1:{canary.port}"
    shop.shows(
        "/p/mug",
        SHELL
        + f"""<img src="http://{inside}/i.png"><script src="http://{inside}/s.js"></script>
<script src="{METADATA}/s.js"></script><iframe src="http://{inside}/f"></iframe><iframe src="{METADATA}"></iframe>
<script>for (const url of ["http://{inside}/x", "http://localhost:{canary.port}/x", "https://{inside}/x", "{METADATA}"])
  fetch(url, {{mode: "no-cors"}}).catch(() => {{}}), navigator.sendBeacon(url);
new WebSocket("ws://{inside}/w");</script>""".encode(),
    )

    async with opened(shop) as browser:
        page = await browser.get(asks(shop, "/p/mug"))

    assert read_page(page).product
    assert canary.visits == 0


def ways_inside(inside: str, turned: str) -> bytes:
    """Write everything that a page can do to reach an address; `turned` redirects there."""
    worker = f"importScripts('http://{inside}/imported.js')"
    calls = f"fetch('http://{inside}/worker', {{mode: 'no-cors'}})"
    return f"""<link rel=stylesheet href="http://{inside}/css"><link rel=dns-prefetch href="//x.internal">
<link rel=preconnect href="http://{inside}"><link rel=prefetch href="http://{inside}/prefetch">
<img src="http://10.0.0.5/x"><img src="{turned}"><script src="{turned}"></script><object data="http://{inside}/o"></object>
<svg width=9 height=9><image href="http://{inside}/svg" width=9 height=9 /></svg><video src="http://{inside}/v"></video>
<iframe src="file:///etc/passwd"></iframe><a id=down download target=sink href="http://{inside}/down">x</a>
<iframe name=sink></iframe><form id=post target=sink action="http://{inside}/post" method=post><input name=a></form>
<script>
const quiet = (act) => {{ try {{ Promise.resolve(act()).catch(() => {{}}); }} catch (error) {{}} }};
for (const code of ["{calls}", "{worker}"])
  quiet(() => new Worker(URL.createObjectURL(new Blob([code], {{type: "text/javascript"}}))));
quiet(() => navigator.serviceWorker.register("/sw.js"));
quiet(() => new WebTransport("https://{inside}/transport"));
quiet(() => {{ const peer = new RTCPeerConnection({{iceServers: [{{urls: "stun:{inside}"}}]}});
  peer.createDataChannel("x"); return peer.createOffer().then((offer) => peer.setLocalDescription(offer)); }});
quiet(() => window.open("http://{inside}/opened"));
quiet(() => document.getElementById("down").click());
quiet(() => document.getElementById("post").submit());
quiet(() => fetch("http://127.0.0.1:9222/json", {{mode: "no-cors"}}));
quiet(() => fetch(location.origin.replace(/:\\d+$/, ":6379"), {{mode: "no-cors"}}));
quiet(() => fetch("http://wpad/wpad.dat", {{mode: "no-cors"}}));
</script>""".encode()


@dataclass
class Datagrams(asyncio.DatagramProtocol):
    """Count what comes past a proxy for connections."""

    arrived: int = 0

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Count one."""
        del data, addr
        self.arrived += 1


@pytest.mark.browser
@needs_chromium
@pytest.mark.case(*(f"browser-{number:02}" for number in range(1, 26) if number not in (5, 22)), "environment-08")
async def test_no_way_that_a_page_has_leads_inside(shop: Shop, canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """Styles, workers, frames, forms, downloads, sockets and datagrams end at the proxy, whatever the environment."""
    monkeypatch.setenv("PLAYWRIGHT_DISABLE_FORCED_CHROMIUM_PROXIED_LOOPBACK", "1")
    inside = f"127.0.0.1:{canary.port}"
    shop.sends_on("/turned", f"http://{inside}/turned")
    shop.shows("/sw.js", b"self.addEventListener('fetch', () => {})", kind="text/javascript")
    shop.shows("/p/mug", SHELL + ways_inside(inside, f"{shop.origin}/turned"))
    loop = asyncio.get_running_loop()
    transport, datagrams = await loop.create_datagram_endpoint(Datagrams, ("127.0.0.1", canary.port))

    async with opened(shop) as browser:
        page = await browser.get(asks(shop, "/p/mug"))
    transport.close()
    await asyncio.sleep(0)

    assert read_page(page).product
    assert b"root:" not in page.body
    assert "/turned" in shop.asked
    assert (canary.visits, datagrams.arrived) == (0, 0)


@pytest.mark.browser
@needs_chromium
@pytest.mark.case("browser-05")
async def test_a_page_that_leads_inside_is_refused(shop: Shop, canary: Canary) -> None:
    """A redirect of the page itself to a private address is the refusal that the fetcher gives too."""
    shop.sends_on("/p/mug", f"http://127.0.0.1:{canary.port}/")

    async with opened(shop) as browser:
        with pytest.raises(UrlNotAllowed):
            await browser.get(asks(shop, "/p/mug"))

    assert canary.visits == 0


@pytest.mark.browser
@needs_chromium
async def test_a_page_that_never_settles_ends(shop: Shop) -> None:
    """A page that changes for ever is read as it is when patience is over."""
    shop.shows(
        "/p/mug", b"<title>Mug</title><script>setInterval(() => document.body.append('x$1 '), 20)</script><body>"
    )

    async with opened(shop, Terms(patience=Patience(settle_seconds=2))) as browser:
        page = await browser.get(asks(shop, "/p/mug"))

    assert b"<title>Mug" in page.body


@pytest.mark.browser
@needs_chromium
@pytest.mark.case("page-103")
async def test_a_page_that_hangs_the_browser_is_killed(shop: Shop) -> None:
    """An endless loop ends with its process, and the next page is shown by a new one."""
    shop.shows("/p/loop", b"<title>Loop</title><body>x<script>while (true) {}</script>")
    shop.shows("/p/mug", SHELL)

    async with opened(shop, Terms(patience=Patience(look_seconds=1))) as browser:
        with pytest.raises(PageHangs):
            await browser.get(asks(shop, "/p/loop"))
        page = await browser.get(asks(shop, "/p/mug"))

    assert read_page(page).product


RESTLESS = {
    "page-104": "for (let i = 0; i < 3; i++) { alert(i); confirm(i); } onbeforeunload = () => 'stay';",
    "page-106": "setInterval(() => { scrollTo(0, 1e6); new WebSocket('wss://none.example/'); }, 100);",
    "page-109": "setTimeout(() => { location = '/p/mug'; }, 100);",
    "page-110": """navigator.geolocation.getCurrentPosition(() => {}); Notification.requestPermission(); print();
      navigator.mediaDevices?.getUserMedia({audio: true}).catch(() => {});
      document.createElement("canvas").getContext("webgl")?.clear(0);""",
}


@pytest.mark.browser
@needs_chromium
@pytest.mark.case(*RESTLESS)
async def test_a_restless_page_is_read_all_the_same(shop: Shop) -> None:
    """Dialogs, endless scrolling, popups, moving on and questions to the person keep nobody from the product."""
    shop.shows("/p/mug", SHELL)
    for name, script in RESTLESS.items():
        shop.shows(f"/p/{name}", SHELL.replace(b"<body>", f"<body><script>{script}</script>".encode()))

    async with opened(shop, Terms(places=len(RESTLESS))) as browser:
        pages = await asyncio.gather(*(browser.get(asks(shop, f"/p/{name}")) for name in RESTLESS))

    products = [read_page(page).product for page in pages]
    assert [found and found.name for found in products] == ["Blue Mug"] * len(RESTLESS)


HUNGRY = b"<script>const all = []; for (;;) all.push(new Array(100000).fill(Math.random()));</script>"


@pytest.mark.browser
@needs_chromium
@pytest.mark.case("page-102", "page-105", "page-108")
async def test_a_page_that_brings_the_browser_down_is_named(shop: Shop) -> None:
    """A renderer out of memory is a crash, to be tried again; five hundred windows end; the next page is shown."""
    shop.shows("/p/hungry", b"<title>Hungry</title><body>x" + HUNGRY)
    shop.shows("/p/popups", SHELL + b"<script>for (let i = 0; i < 500; i++) open('/popup');</script>")
    shop.shows("/p/mug", SHELL)

    async with opened(shop) as browser:
        with pytest.raises((BrowserCrashed, BrowserOutOfMemory, PageHangs)):
            await browser.get(asks(shop, "/p/hungry"))
        with contextlib.suppress(PageHangs):
            await browser.get(asks(shop, "/p/popups"))
        page = await browser.get(asks(shop, "/p/mug"))

    assert read_page(page).product


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


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize(
    ("status", "body", "kind", "error"),
    [
        (403, b"<title>Just a moment...</title><body>cf-chl", "text/html", BotChallenge),
        (403, b"<title>No</title><body>No.", "text/html", AccessDenied),
        (200, b"%PDF-1.7", "application/octet-stream", UnsupportedContentType),
    ],
)
@pytest.mark.case("page-107")
async def test_what_is_no_page_is_named(
    shop: Shop, status: int, body: bytes, kind: str, error: type[Exception]
) -> None:
    """A challenge, a refusal and a file are verdicts; none is worked around."""
    shop.shows("/p/mug", body, status, kind)

    async with opened(shop) as browser:
        with pytest.raises(error):
            await browser.get(asks(shop, "/p/mug"))

    assert shop.asked.count("/p/mug") <= 1


@pytest.mark.browser
@needs_chromium
async def test_it_is_renewed_and_leaves_nothing_behind(shop: Shop) -> None:
    """After so many pages a new process takes over; closing ends them all, driver included."""
    shop.shows("/p/mug", SHELL)
    before = set(children(os.getpid()))

    async with opened(shop, Terms(most_visits=1)) as browser:
        await browser.get(asks(shop, "/p/mug"))
        first = set(children(os.getpid())) - before
        await browser.get(asks(shop, "/p/mug"))
        second = set(children(os.getpid())) - before - first

    assert first
    assert second
    assert await until_gone(list(first | second)) == []


@pytest.mark.browser
@needs_chromium
async def test_no_chromium_outlives_a_killed_server(tmp_path: Path) -> None:
    """After kill -9 of the server, its browser ends by itself."""
    program = tmp_path / "server.py"
    program.write_text(
        f"""import asyncio
from pathlib import Path
from cartage.fetching.client import Fetcher
from cartage.providers.browser import Browser
async def main():
    browser = Browser(Fetcher(), Path({str(CHROMIUM)!r}))
    async with browser._using():
        print("up", flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
    )
    server = await asyncio.create_subprocess_exec(sys.executable, str(program), stdout=asyncio.subprocess.PIPE)
    assert server.stdout
    assert await asyncio.wait_for(server.stdout.readline(), 40) == b"up\n"
    family = list(children(server.pid))

    server.send_signal(signal.SIGKILL)
    await server.wait()

    assert len(family) > 2
    assert await until_gone(family) == []


async def test_a_browser_that_does_not_start_is_missing(shop: Shop) -> None:
    """A program that is no Chromium is named, with what to do."""
    pytest.importorskip("playwright")
    browser = Browser(shop.fetcher, Path("/bin/false"))

    with pytest.raises(BrowserMissing):
        await browser.get(asks(shop, "/p/mug"))

    await browser.aclose()


def test_off_and_nonsense_find_no_browser() -> None:
    """`off`, and a path where nothing is, leave the provider out."""
    assert find_chromium("off") is None
    assert find_chromium("/nowhere/chromium") is None


async def through(proxy: FilteringProxy, head: str) -> bytes:
    """Say something to the proxy, and give all that it answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2]))
    writer.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 5)
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
