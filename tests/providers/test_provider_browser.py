"""Promises of the provider that opens the page in a real Chromium."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartage.extraction import read_page
from cartage.model.errors import AccessDenied, BotChallenge, UnsupportedContentType
from cartage.model.visit_errors import BrowserCrashed, BrowserMissing, BrowserOutOfMemory, PageHangs
from cartage.providers.browser import Browser, Terms, find_chromium
from cartage.providers.browser.settling import Patience
from cartage.scraping.attempt import make_attempt
from tests.providers.chromium import CHROMIUM, SHELL, asks, needs_chromium, opened
from tests.providers.conftest import Shop


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
    for _ in range(600):
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
    async with opened(shop) as browser:
        found = await make_attempt(browser, asks(shop, "/p/mug"))

    assert [each.error and each.error.code for each in (refused, empty)] == ["access_denied", "needs_browser"]
    for each in (refused, empty):
        assert each.shot
        assert (each.shot.media_type, each.shot.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert found.error is None
    assert found.shot is None


@pytest.mark.browser
@needs_chromium
async def test_a_page_that_never_settles_ends(shop: Shop) -> None:
    """A page that changes for ever is read as it is when patience is over; it heard which language was wished."""
    shop.shows(
        "/p/mug", b"<title>Mug</title><script>setInterval(() => document.body.append('x$1 '), 20)</script><body>"
    )

    async with opened(shop, Terms(patience=Patience(settle_seconds=2))) as browser:
        page = await browser.get(asks(shop, "/p/mug").model_copy(update={"language": "pt-BR"}))

    assert b"<title>Mug" in page.body
    assert "accept-language: pt-br" in shop.heads[0]


@pytest.mark.browser
@needs_chromium
@pytest.mark.case("page-103")
async def test_a_page_that_hangs_the_browser_is_killed(shop: Shop) -> None:
    """An endless loop ends with its process, and the next page is shown by a new one."""
    shop.shows("/p/loop", b"<title>Loop</title><body>x<script>while (true) {}</script>")
    shop.shows("/p/mug", SHELL)

    async with opened(shop, Terms(patience=Patience(look_seconds=4))) as browser:
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
        with pytest.raises(error) as caught:
            await browser.get(asks(shop, "/p/mug"))

    assert getattr(caught.value, "http_status", None) == status
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
        await asyncio.sleep(600)
asyncio.run(main())
"""
    )
    server = await asyncio.create_subprocess_exec(sys.executable, str(program), stdout=asyncio.subprocess.PIPE)
    assert server.stdout
    assert await asyncio.wait_for(server.stdout.readline(), 120) == b"up\n"
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
