"""Secrets stay secret: canaries in every setting and token are looked for wherever anything is written or shown."""

import contextlib
import gzip
import logging
import re
import sqlite3
from collections.abc import AsyncGenerator, Generator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from cartage.accounts.service import Login
from cartage.app import App, build
from cartage.model.catalogue import Status
from cartage.server import create_server
from cartage.server.logs import write_logs
from cartage.settings import read_settings
from cartage.stores.sql import upgrade
from tests.providers.desks import KEY, Asked, Desk, firecrawl_answers, running_desk
from tests.server.matrix import API, PAGES

CANARY = "canary4711"
PASSWORD = f"{CANARY}-password"
GIVEN = {
    "metrics_token": f"{CANARY}-metrics",
    "inngest_event_key": f"{CANARY}-event",
    "inngest_signing_key": f"signkey-test-{CANARY}",
}


@dataclass
class Guarded:
    """Hold a running installation full of canaries, and what a visitor and a program may ask it with."""

    app: App
    desk: Desk
    login: Login
    token: str
    folder: Path

    @property
    def secrets(self) -> list[str]:
        """List what must be found nowhere: keys as given and as sent, passwords, tokens, sessions."""
        return [CANARY, KEY, self.token.split("_", 3)[3], self.login.secret]

    def found_in(self, text: str | bytes) -> list[str]:
        """Name the secrets that a text holds."""
        plain = text if isinstance(text, bytes) else text.encode()
        return [secret for secret in self.secrets if secret.encode() in plain]


def refuses_plain_reading(asked: Asked) -> tuple[int, Any]:
    """Be a shop that turns plain requests away, and Firecrawl, on one port."""
    return firecrawl_answers(asked) if asked.path == "/v2/scrape" else (403, {})


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncGenerator[Guarded]:
    """Give the installation."""
    async with running_desk(refuses_plain_reading) as desk:
        port = int(desk.url.rpartition(":")[2])
        settings = read_settings(
            data_dir=tmp_path,
            engine="inline",
            database_url="",
            log_level="debug",
            firecrawl_key=SecretStr(KEY),
            firecrawl_price=Decimal("0.001"),
            firecrawl_url=desk.url,
            retry_attempts=1,
            **GIVEN,
        )
        await upgrade(settings.store_url)
        async with build(settings, shop_address=("127.0.0.1", port)).running() as app:
            login = await app.accounts.sign_up(await app.accounts.invite(), "ada@shop.example", PASSWORD, "Ada's")
            _, token = await app.accounts.create_token(login.user.merchant_id, "till")
            yield Guarded(app, desk, login, token, tmp_path)


@contextlib.contextmanager
def logged() -> Generator[None]:
    """Write the log as the server does, at its loudest."""
    root = logging.getLogger()
    before = root.handlers, root.level
    write_logs("debug")
    yield
    root.handlers, root.level = before


async def run_imports(guarded: Guarded) -> tuple[str, str]:
    """Run one import that a service saves and one whose service refuses our key and repeats it; give their ids."""
    merchant = guarded.login.user.merchant_id
    good = await guarded.app.imports.submit(merchant, f"{guarded.desk.url}/p/mug")
    answering = guarded.desk.answering
    echo = {"success": False, "error": f"Unauthorized: invalid token {KEY}", "code": f"bad key {KEY}"}
    guarded.desk.answering = lambda asked: (401, echo) if asked.path == "/v2/scrape" else answering(asked)
    bad = await guarded.app.imports.submit(merchant, f"{guarded.desk.url}/p/other")
    guarded.desk.answering = answering
    found = [await guarded.app.imports.product(merchant, each.product.id) for each in (good, bad)]
    assert [each.status for each in found] == [Status.IMPORTED, Status.FAILED]
    return good.product.id, good.import_.id


def rows_of(folder: Path) -> Iterator[bytes]:
    """Give everything that the databases hold, artifacts unpacked."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes()
    database = sqlite3.connect(folder / "cartage.db")
    yield from (gzip.decompress(packed) for (packed,) in database.execute("SELECT packed FROM artifacts"))
    database.close()


async def test_no_log_and_no_database_holds_a_secret(guarded: Guarded, capsys: pytest.CaptureFixture[str]) -> None:
    """After imports, a login, a webhook and a crash with a key in hand, log and database hold none of it."""
    with logged():
        await run_imports(guarded)
        await guarded.app.accounts.log_in("ada@shop.example", PASSWORD)
        await guarded.app.accounts.authenticate(guarded.token)
        try:
            _break_with(KEY)
        except ZeroDivisionError:
            logging.getLogger("cartage.web").exception("a page broke")

    log = capsys.readouterr().err
    assert "import ended" in log
    assert "a page broke" in log
    assert guarded.found_in(log) == []
    assert [guarded.found_in(content) for content in rows_of(guarded.folder) if guarded.found_in(content)] == []


async def test_no_page_and_no_answer_holds_a_secret(guarded: Guarded) -> None:
    """Every page as its admin, every answer of the API, exports and errors: none shows a secret."""
    product_id, import_id = await run_imports(guarded)
    ids = {"product_id": product_id, "job_id": product_id, "import_id": import_id, "name": "cartage.js", "path": "x"}
    server = create_server(guarded.app)

    async def broken() -> None:
        _break_with(KEY)

    server.add_api_route("/v1/broken", broken)
    transport = httpx2.ASGITransport(server, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {guarded.token}"}
    cookies = {"cartage_session": guarded.login.secret}
    asked: list[str] = ["/v1/broken", "/v1/products?status=nonsense", "/v1/products/none"]
    for route in (*PAGES, *API):
        method, _, path = route.partition(" ")
        if method == "GET" and set(re.findall(r"\{(\w+)", path)) <= ids.keys():
            asked.append(re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: ids[name[1]], path))
    leaks: list[str] = []
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies) as client:
        for path in asked:
            reply = await client.get(path, headers=headers)
            leaks += [path] if guarded.found_in(reply.content) or guarded.found_in(str(reply.headers)) else []

    assert len(asked) > 20
    assert leaks == []


def test_settings_do_not_show_their_keys() -> None:
    """Printing the settings shows no service's key."""
    settings = read_settings(zyte_key=SecretStr(CANARY), oxylabs_key=SecretStr(CANARY), apify_key=SecretStr(CANARY))

    assert CANARY not in repr(settings)
    assert CANARY not in str(settings.model_dump())


def _break_with(key: str) -> None:
    held = {"Authorization": f"Bearer {key}"}
    assert held
    _ = 1 / 0
