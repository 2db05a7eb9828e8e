"""What a killed server owes: every accepted import still ends, and no finished step is done again."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen  # noqa: TID251 - a test asks from outside

import pytest

from cartage.accounts.service import Accounts
from cartage.stores.sql import SqlStore
from tests.journeys.conftest import Demo

pytestmark = pytest.mark.browser


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Demo]:
    """Give a running demo of its own, which the test may kill."""
    running = Demo(tmp_path / "data")
    running.start()
    yield running
    running.stop()


def token_for(demo: Demo) -> str:
    """Make an API token for the demo's merchant."""

    async def make() -> str:
        store = SqlStore(f"sqlite+aiosqlite:///{demo.data_dir / 'cartage.db'}")
        await store.open()
        (merchant,) = await store.accounts.merchants()
        _, token = await Accounts(store).create_token(merchant.id, "test")
        await store.close()
        return token

    return asyncio.run(make())


def ask(demo: Demo, token: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
    """Call the API."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = Request(demo.url + path, json.dumps(body).encode() if body else None, headers)
    with urlopen(request, timeout=60) as answer:
        return json.load(answer)


def wait_for(demo: Demo, token: str, path: str, *, field: str, wanted: str, seconds: float) -> dict[str, Any]:
    """Ask until a field, or the name of a step that has begun, is what is wanted."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask(demo, token, path)
        steps = [step["name"] for step in answer.get("steps", []) if step["status"] != "pending"]
        if answer.get(field) == wanted or (field == "step" and wanted in steps):
            return answer
        time.sleep(0.1)
    raise AssertionError(ask(demo, token, path))


def test_a_killed_server_finishes_the_import_after_its_restart(fresh: Demo) -> None:
    """Kill -9 during the slow page: after the restart the import ends by itself, its finished step kept."""
    token = token_for(fresh)
    accepted = ask(fresh, token, "/v1/imports", {"url": f"{fresh.shop}/slow/products/desk-lamp"})
    path = f"/v1/imports/{accepted['id']}"
    before = wait_for(fresh, token, path, field="step", wanted="try direct 1", seconds=60)

    fresh.kill()
    fresh.start()
    after = wait_for(fresh, token, path, field="status", wanted="succeeded", seconds=120)

    assert [attempt["provider"] for attempt in after["attempts"]] == ["shop_api", "direct"]
    assert after["attempts"][0] == before["attempts"][0]
    assert after["steps"][0] == before["steps"][0]
    product = ask(fresh, token, f"/v1/products/{accepted['product_id']}")
    assert (product["status"], product["facts"]["name"]) == ("IMPORTED", "Folded Desk Lamp")
