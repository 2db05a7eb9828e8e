"""Promises that a page shown in a real Chromium leads nowhere inside."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest

from cartage.extraction import read_page
from cartage.model.errors import UrlNotAllowed
from tests.providers.chromium import METADATA, SHELL, Canary, asks, needs_chromium, opened
from tests.providers.conftest import Shop


@pytest.fixture
async def canary() -> AsyncGenerator[Canary]:
    """Give a listener that must not be reached."""
    listening = Canary()
    server = await asyncio.start_server(listening.serve, "127.0.0.1", 0)
    listening.port = server.sockets[0].getsockname()[1]
    async with server:
        yield listening


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
