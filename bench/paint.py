"""Measure how soon after a click a submitted import is painted, in a real browser on a demo of this machine.

Usage: python bench/paint.py [--rounds N]

Each round submits a new address of the demo shop's slow page on the import form, and reads from the browser when two
headings were first painted after the form was sent: that of the row, which the page has ready and shows until the
server has answered, and that of the answer, the import with its steps. Their peer in the same round is the page of
the import loaded by a link (`first-contentful-paint`), without submitting anything: what a page costs in any case.
Prints p50 and p95 of all three; exits with 1 when the p95 of the row is 200 ms or more.
"""

import argparse
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Error, Page, sync_playwright

GOAL_MS, START_SECONDS = 200.0, 60.0
STATUS = "**/import/status/prd_*"
LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# All clocks are the browser's own: when a form was sent or a link followed, and the paint after it.
NOTE_LEAVING = """event => addEventListener(event, () => {
    sessionStorage.left = performance.timeOrigin + performance.now()
}, {capture: true})"""
NOTE_ARRIVAL = """() => {
    document.getElementById("sent").content.querySelector("h1").setAttribute("elementtiming", "row")
    addEventListener("arrived", () => { document.querySelector("h1").elementTiming = "answer" }, {capture: true})
    const paints = {}
    window.shown = new Promise(told => new PerformanceObserver(list => {
        for (const paint of list.getEntries())
            paints[paint.identifier] = performance.timeOrigin + paint.renderTime - Number(sessionStorage.left)
        if (paints.answer) told([paints.row ?? paints.answer, paints.answer])
    }).observe({type: "element"}))
}"""
SHOWN = "() => window.shown"
PAINTED = """() => new Promise(told => new PerformanceObserver(list => {
    const [paint] = list.getEntriesByName("first-contentful-paint")
    if (paint) told([performance.timeOrigin + paint.startTime - Number(sessionStorage.left)])
}).observe({type: "paint", buffered: true}))"""


def spare_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_demo() -> Generator[tuple[str, str]]:
    """Run `cartage demo` with an empty catalogue, and give the addresses of Cartage and the shop."""
    port, shop_port = spare_port(), spare_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "cartage", "demo", "--port", str(port), "--shop-port", str(shop_port)]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen([*command, "--data-dir", folder], stdout=quiet, stderr=quiet)  # noqa: S603 - our own
        try:
            yield f"http://127.0.0.1:{port}", f"http://127.0.0.1:{shop_port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def log_in(page: Page, site: str) -> None:
    """Log in with the filled-in form, as soon as the server answers."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            page.goto(f"{site}/login")
            break
        except Error:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/import")


def submitted(page: Page, site: str, address: str) -> tuple[float, float]:
    """Submit an address, and give the milliseconds until its row and the answer were painted."""
    page.goto(f"{site}/import")
    page.get_by_label("Product URL").fill(address)
    page.evaluate(NOTE_LEAVING, "submit")
    page.evaluate(NOTE_ARRIVAL)
    page.get_by_role("button", name="Import", exact=True).click()
    row, answer = painted(page, address, SHOWN)
    return row, answer


def followed(page: Page, site: str, status: str, address: str) -> float:
    """Follow a link to an import that is there, and give the milliseconds until it was painted."""
    page.goto(f"{site}/import")
    page.evaluate(
        "url => document.querySelector('main').insertAdjacentHTML('afterbegin', `<a href=${url}>There</a>`)", status
    )
    page.evaluate(NOTE_LEAVING, "click")
    page.get_by_role("link", name="There", exact=True).click()
    (page_,) = painted(page, address, PAINTED)
    return page_


def painted(page: Page, address: str, told: str) -> list[float]:
    """Give the milliseconds from a click to each first paint of what follows, which shows the import."""
    page.wait_for_url(STATUS, wait_until="commit")
    milliseconds: list[float] = page.evaluate(told)
    if address not in page.inner_text("main"):
        raise ValueError(f"{page.url} does not show {address}.")
    return milliseconds


def cancel(page: Page) -> None:
    """Cancel the import in front, so that no round waits for another; its page, which is live, is left first."""
    status, csrf = page.url, page.locator("[name=csrf]").first.input_value()
    page.goto("about:blank")
    page.request.post(f"{status}/cancel", form={"csrf": csrf})


def told(name: str, milliseconds: list[float]) -> str:
    """Put a series into a line."""
    p50, p95 = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]
    return f"{name:<36} n={len(milliseconds)}  p50 {p50:6.1f} ms  p95 {p95:6.1f} ms"


def main() -> int:
    """Measure as told, print, and give the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=30)
    rounds: int = parser.parse_args().rounds
    ours, floor = list[tuple[float, float]](), list[float]()
    with running_demo() as (site, shop), sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=LAUNCH).new_page()
        log_in(page, site)
        for number in range(rounds + 1):
            address = f"{shop}/slow/desk-lamp?round={number}"
            ours.append(submitted(page, site, address))
            floor.append(followed(page, site, page.url, address))
            cancel(page)
    del ours[0], floor[0]  # the first fills the caches
    rows, answers = map(list, zip(*ours, strict=True))
    print(told("submitted, until its row is painted", rows))
    print(told("submitted, until the answer is", answers))
    print(told("the same page by a link", floor))
    return int(statistics.quantiles(rows, n=20)[-1] >= GOAL_MS)


if __name__ == "__main__":
    sys.exit(main())
