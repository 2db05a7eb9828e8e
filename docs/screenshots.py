"""Take the pictures in docs/images from a real demo in a real browser; `make screenshots` runs it."""

import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from cartage.demo import LINKS
from cartage.web.language import COOKIE as LANGUAGE_COOKIE

IMAGES = Path(__file__).parent / "images"
LARGEST_BYTES = 200_000
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 812}
THROW = "/shop/throws/merino-throw"
BUSY = "/busy/tea-pot"
GONE = "/gone/old-kettle"
SETTLING_SECONDS = 90
LAUNCH = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"]


@dataclass(frozen=True, slots=True)
class Demo:
    """Hold the addresses of a running demo."""

    url: str
    shop: str


@dataclass(frozen=True, slots=True)
class Look:
    """Say how a picture is taken: the end of its name, the window and the colours."""

    suffix: str
    viewport: dict[str, int]
    colours: str


LOOKS = (Look("", WIDE, "light"), Look("-dark", WIDE, "dark"), Look("-phone", PHONE, "light"))


def spare_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_demo() -> Iterator[Demo]:
    """Run `cartage demo` on spare ports with a catalogue of its own."""
    port, shop_port = spare_port(), spare_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "cartage", "demo", "--port", str(port), "--shop-port", str(shop_port)]
        process = subprocess.Popen([*command, "--data-dir", folder])  # noqa: S603 - our own program
        try:
            yield Demo(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{shop_port}")
        finally:
            process.terminate()
            process.wait(timeout=30)


def log_in(page: Page, demo: Demo) -> None:
    """Log in with the filled-in form, as soon as the server answers."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while True:
        try:
            page.goto(f"{demo.url}/login")
            break
        except Error:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/import")


def mixed_paths() -> list[str]:
    """List the demo shop's pages, the kind and the hostile in turn, the best last: it is shown first."""
    kind = [link.path for link in LINKS if not link.misbehaves]
    hostile = [link.path for link in LINKS if link.misbehaves]
    return [path for path in chain.from_iterable(zip_longest(kind, hostile)) if path][::-1]


def submit(page: Page, demo: Demo, path: str) -> str:
    """Import one of the demo shop's pages and give the address of its status page."""
    page.goto(f"{demo.url}/import")
    page.get_by_label("Product URL").fill(demo.shop + path)
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url(re.compile(r"/(products|import/status)/prd_"))
    return page.url.replace("/products/", "/import/status/").split("?")[0]


def import_all(context: BrowserContext, demo: Demo) -> dict[str, str]:
    """Import every page of the demo shop, each in a tab of its own, and give the addresses of the status pages."""
    statuses: dict[str, str] = {}
    for path in mixed_paths():
        tab = context.new_page()
        statuses[path] = submit(tab, demo, path)
        tab.close()
    return statuses


def wait_until_settled(page: Page, demo: Demo) -> None:
    """Wait until no import is under way."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while time.monotonic() < deadline:
        page.goto(f"{demo.url}/products?status=IMPORTING")
        if page.get_by_text("No product matches").is_visible():
            return
        time.sleep(1)
    raise TimeoutError("An import of the demo shop did not end.")


def take(page: Page, name: str) -> None:
    """Save what the window shows, once its pictures are there."""
    page.wait_for_function("[...document.images].every(image => image.complete || image.loading === 'lazy')")
    path = IMAGES / f"{name}.png"
    size = len(page.screenshot(path=path, animations="disabled"))
    if size > LARGEST_BYTES:
        raise ValueError(f"{path.name} has {size} bytes, more than {LARGEST_BYTES}.")
    print(f"{path.name} {size // 1024} kB")


def take_still_pages(page: Page, demo: Demo, statuses: dict[str, str], suffix: str) -> None:
    """Take every page that does not move."""
    pages = {
        "import": "/import",
        "products": "/products",
        "imports": "/imports",
        "settings": "/settings/access",
        "product": statuses[THROW].removeprefix(demo.url),
        "failure": statuses[GONE].removeprefix(demo.url),
    }
    for name, path in pages.items():
        page.goto(demo.url + path)
        page.wait_for_load_state("networkidle")
        if name == "product":
            page.locator(".summary .evidence > summary").first.click()
            page.mouse.move(0, 0)
            page.evaluate("scrollTo(0, 0)")
        take(page, name + suffix)
        no_sideways_scroll(page, name + suffix)


def no_sideways_scroll(page: Page, name: str) -> None:
    """Refuse a page that is wider than its window."""
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        raise ValueError(f"{name} scrolls sideways.")


def take_live_import(page: Page, demo: Demo, suffix: str) -> None:
    """Take a running import while it waits before its last try."""
    submit(page, demo, BUSY)
    page.get_by_text("wait for direct 3", exact=True).wait_for(timeout=30_000)
    take(page, f"status{suffix}")
    page.get_by_role("button", name="Cancel").click()


def speak_arabic(context: BrowserContext, demo: Demo) -> None:
    """Have the pages in Arabic from here on, from right to left."""
    context.add_cookies([{"name": LANGUAGE_COOKIE, "value": "ar", "url": demo.url}])


def dressed(browser: Browser, look: Look, demo: Demo) -> tuple[BrowserContext, Page]:
    """Open a logged-in browser session with a look."""
    context = browser.new_context(viewport=look.viewport, color_scheme=look.colours, reduced_motion="reduce")
    page = context.new_page()
    log_in(page, demo)
    return context, page


def main() -> None:
    """Import the whole demo shop and take every picture in every look."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=LAUNCH)
        for look in LOOKS:
            with running_demo() as demo:
                context, page = dressed(browser, look, demo)
                take_live_import(page, demo, look.suffix)
                statuses = import_all(context, demo)
                wait_until_settled(page, demo)
                take_still_pages(page, demo, statuses, look.suffix)
                if look.colours == "light":
                    speak_arabic(context, demo)
                    take_still_pages(page, demo, statuses, f"{look.suffix}-rtl")
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
