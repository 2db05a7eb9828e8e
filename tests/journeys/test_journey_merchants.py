"""Two merchants on one server: each signs up by a link of their own, and sees nothing of the other's."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import new_context
from tests.ports import spare_port

pytestmark = pytest.mark.browser

ADDRESS = "https://shop.example/products/secret-kettle"
PASSWORD = "four random words"


@dataclass
class Server:
    """Run `cartage serve` in an empty folder; without a worker, so that nothing is fetched."""

    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """Give the settings of this server."""
        own = {"CARTAGE_DATA_DIR": str(self.folder / "data"), "CARTAGE_PORT": str(self.port)}
        return os.environ | own  # noqa: TID251 - the child's

    def start(self) -> "subprocess.Popen[str]":
        """Start the server."""
        command = [sys.executable, "-m", "cartage", "serve", "--no-worker"]
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, stderr=subprocess.PIPE, text=True)

    def invite(self) -> str:
        """Make a sign-up link for one more merchant, as the operator does."""
        command = [sys.executable, "-m", "cartage", "invite"]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, check=True, timeout=120
        )
        return json.loads(done.stdout)["link"]


@dataclass(frozen=True, slots=True)
class Served:
    """Hold a running server and the sign-up link that it printed."""

    server: Server
    first_link: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a running server that nobody has signed up at."""
    server = Server(tmp_path_factory.mktemp("served"), spare_port())
    with server.start() as process:
        try:
            yield Served(server, printed_link(process))
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def first(served: Served, chromium: Browser) -> Page:
    """Give the page of the first to sign up, by the printed link."""
    return sign_up(chromium, served.first_link, "ada@first.example", "First")


def printed_link(process: "subprocess.Popen[str]") -> str:
    """Read stderr until the server runs, and give the sign-up link."""
    assert process.stderr
    link = ""
    for line in process.stderr:
        if found := re.search(r"works once\): (\S+)", line):
            link = found[1]
        if "Uvicorn running" in line:
            return link
    raise AssertionError("The server did not start.")


def sign_up(browser: Browser, link: str, email: str, business: str) -> Page:
    """Sign up in a fresh browser."""
    page = new_context(browser).new_page()
    page.goto(link)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Business name").fill(business)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/import")
    return page


def body_of(page: Page, path: str) -> tuple[int, str]:
    """Ask for a path with the page's own login: the status, and the text without the ids that were asked for."""
    answer = page.request.get(path)
    return answer.status, re.sub(r"prd_\w+|imp_\w+", "", answer.text())


def test_two_merchants_see_nothing_of_each_other(served: Served, chromium: Browser, first: Page) -> None:
    """The second merchant finds an empty catalogue, and the first one's product reads as one that never was."""
    first.get_by_label("Product URL").fill(ADDRESS)
    first.get_by_role("button", name="Import", exact=True).click()
    first.wait_for_url("**/import/status/prd_*")
    status_path = first.url.removeprefix(f"http://127.0.0.1:{served.server.port}")
    product_id = status_path.rpartition("/")[2]
    site = first.url.removesuffix(status_path)

    second = sign_up(chromium, served.server.invite(), "bob@second.example", "Second")

    second.goto(f"{site}/products")
    expect(second.get_by_text("There is no product yet")).to_be_visible()
    assert "secret-kettle" not in second.content()
    second.goto(f"{site}/imports")
    assert "secret-kettle" not in second.content()
    unknown = product_id[:-1] + ("0" if product_id[-1] != "0" else "1")
    for path in ("/products/{}", "/import/status/{}", "/import/status/{}/events", "/api/scrape-status/{}"):
        theirs, never = (body_of(second, site + path.format(each)) for each in (product_id, unknown))
        assert theirs == never
        assert theirs[0] == 404
    assert body_of(first, f"{site}/api/scrape-status/{product_id}")[0] == 200


@pytest.mark.usefixtures("first")
def test_a_sign_up_link_works_once(served: Served, chromium: Browser) -> None:
    """The printed link is used up by the first to sign up."""
    late = new_context(chromium).new_page()

    late.goto(served.first_link)
    late.get_by_label("E-mail").fill("eve@elsewhere.example")
    late.get_by_label("Password").fill(PASSWORD)
    late.get_by_role("button", name="Sign up").click()

    expect(late.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_a_colleague_joins_by_invitation(served: Served, chromium: Browser, first: Page) -> None:
    """Whoever follows the link from the settings sees what their colleague sees."""
    first.get_by_role("link", name="Settings").click()
    first.get_by_role("link", name="Access", exact=True).click()
    first.get_by_role("button", name="Create an invitation link").click()
    link = first.locator("#new-link").inner_text()

    colleague = sign_up(chromium, link, "cleo@first.example", "")

    assert link.startswith(f"http://127.0.0.1:{served.server.port}/join/")
    expect(colleague.get_by_role("banner")).to_contain_text("First")
