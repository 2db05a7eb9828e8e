"""A demo installation on loopback, as `cartage demo` runs it, and a browser that is logged in."""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any
from urllib.request import urlopen  # noqa: TID251 - a test asks from outside

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from cartage.cli.demo import demo as demo_command
from tests.forked import Child, forked
from tests.ports import spare_port

LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 60_000  # only a net: what is waited for comes as soon as the machine can
expect.set_options(timeout=PATIENCE_MS)


def run_demo(settings: dict[str, str], port: int, shop_port: int, data_dir: Path) -> None:
    """Run `cartage demo` in this process, with these settings."""
    os.environ.update(settings)  # noqa: TID251 - this process is the demo's own
    demo_command(port=port, shop_port=shop_port, data_dir=data_dir)


@dataclass
class Demo:
    """Run `cartage demo` in a process of its own; it can be killed and started again."""

    data_dir: Path
    port: int = field(default_factory=spare_port)
    shop_port: int = field(default_factory=spare_port)
    process: Child | None = None
    session: dict[str, str] = field(default_factory=dict[str, str])
    settings: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def url(self) -> str:
        """Give Cartage's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def _log(self) -> Path:
        return self.data_dir.parent / "demo.log"

    @property
    def shop(self) -> str:
        """Give the demo shop's address."""
        return f"http://127.0.0.1:{self.shop_port}"

    def start(self) -> None:
        """Start the process and wait until it answers."""
        environment = {"CARTAGE_RETRY_FIRST_DELAY_SECONDS": "0.3"} | self.settings
        self.process = forked(self._log, run_demo, environment, self.port, self.shop_port, self.data_dir)
        self._wait()

    def kill(self) -> None:
        """Kill the process with no warning."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Stop the process as an operator would."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except TimeoutExpired:
                self.kill()

    def _wait(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert self.process
            assert self.process.poll() is None, self._log.read_text()
            try:
                with urlopen(f"{self.url}/livez", timeout=10):
                    return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise AssertionError(self._log.read_text())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Give a running demo, with nothing imported yet."""
    running = Demo(tmp_path_factory.mktemp("demo") / "data")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Give headless Chromium, as the system has it; only for one module, as its driver keeps an event loop running."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=LAUNCH, timeout=2 * PATIENCE_MS)
        yield browser
        browser.close()


def new_context(chromium: Browser, **options: Any) -> BrowserContext:
    """Make a fresh browser session, which waits for as long as a busy machine needs."""
    context = chromium.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    return context


def arrive(page: Page, where: re.Pattern[str]) -> None:
    """Wait for an address that a page leads on to by itself."""
    # Doing so it may break off another load, which `wait_for_url` takes for a fault.
    expect(page).to_have_url(where)
    page.wait_for_load_state()


def with_session(context: BrowserContext, demo: Demo) -> Page:
    """Give an empty page of somebody who is logged in, which is done once for a demo."""
    if not demo.session:
        log_in(context, demo).close()
        demo.session = {each.get("name", ""): each.get("value", "") for each in context.cookies()}
    context.add_cookies([{"name": name, "value": value, "url": demo.url} for name, value in demo.session.items()])
    return context.new_page()


def log_in(context: BrowserContext, demo: Demo) -> Page:
    """Log in with the demo's filled-in form."""
    page = context.new_page()
    page.goto(f"{demo.url}/login")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/import")
    return page


@pytest.fixture
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """Give a page in a fresh browser session that is logged in."""
    context = new_context(chromium)
    page = with_session(context, demo)
    page.goto(f"{demo.url}/import")
    yield page
    context.close()
