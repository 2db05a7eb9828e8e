"""What a load balancer, Prometheus and the log's reader are told."""

import json
import logging
import shutil
from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest

from cartage.app import App, build
from cartage.imports.pausing import Pausing
from cartage.model.catalogue import Attempt, ImportState
from cartage.model.errors import RateLimited
from cartage.model.language import Usage
from cartage.model.product import Money
from cartage.parts import make_reserve
from cartage.server import create_server
from cartage.server.health import create_health
from cartage.server.logs import write_logs
from cartage.settings import read_settings
from cartage.stores.sql import downgrade
from tests.contracts.records import NOON, a_product, an_import, ended_product, kept_merchant, kept_product

TOKEN = "Bearer cartage_pat_tok_01ARZ3NDEKTSV4RRFFQ69G5FAV_secret"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def roomy(_: Path) -> int:
    """Say that a disk has room for more."""
    return 2 * 1024**3


@pytest.fixture
async def app(tmp_path: Path, migrated_sqlite: Path) -> AsyncGenerator[App]:
    """Give a running app in a folder of its own."""
    settings = read_settings(data_dir=tmp_path, engine="inline", database_url="", metrics_token="")
    shutil.copy(migrated_sqlite, tmp_path / "cartage.db")
    async with build(settings, free=roomy).running() as running:
        yield running


def client(app: App) -> httpx2.AsyncClient:
    """Make a client of the whole server."""
    transport = httpx2.ASGITransport(create_server(app), raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://localhost")


async def test_a_well_server_is_ready(app: App) -> None:
    """The database answers with a current schema and something runs imports."""
    async with client(app) as asking:
        live, ready = await asking.get("/livez"), await asking.get("/readyz")

    assert (live.status_code, ready.status_code) == (200, 200)
    checks = {"database": "ok", "engine": "ok", "disk": "ok", "importing": "ok"}
    assert ready.json() == {"status": "ok", "checks": checks}


async def test_a_pause_is_told_and_is_no_trouble(app: App) -> None:
    """Traffic may come while somebody's imports are paused; whose and which is not told to strangers."""
    merchant = await kept_merchant(app.store)
    pausing = Pausing(app.store)
    await pausing.pause(merchant.id, "shop.example", "ann@mine.example")

    async with client(app) as asking:
        paused = await asking.get("/readyz")
        await pausing.resume(merchant.id, "shop.example")
        after = await asking.get("/readyz")

    assert (paused.status_code, paused.json()["status"], paused.json()["checks"]["importing"]) == (200, "ok", "paused")
    assert after.json()["checks"]["importing"] == "ok"
    assert "shop.example" not in paused.text


async def test_an_older_schema_is_not_ready(app: App) -> None:
    """A database that was taken back under a running server is told so; the process lives all the same."""
    await downgrade(app.settings.store_url, "0001")

    async with client(app) as asking:
        live, ready = await asking.get("/livez"), await asking.get("/readyz")

    assert (live.status_code, ready.status_code) == (200, 503)
    assert ready.json()["checks"] == {"database": "schema_outdated", "engine": "ok", "disk": "ok"}


async def test_a_server_without_a_worker_is_not_ready(tmp_path: Path, migrated_sqlite: Path) -> None:
    """Where imports run elsewhere and nobody was seen there, nothing would finish."""
    settings = read_settings(data_dir=tmp_path, engine="elsewhere", database_url="")
    shutil.copy(migrated_sqlite, tmp_path / "cartage.db")

    async with build(settings, free=roomy).running() as app, client(app) as asking:
        ready = await asking.get("/readyz")

    assert ready.json()["checks"] == {"database": "ok", "engine": "nothing runs imports", "disk": "ok"}


async def test_a_low_disk_degrades_and_names_nothing(tmp_path: Path, migrated_sqlite: Path) -> None:
    """Pages go on being served, so traffic may come; what is told names no folder and no number."""
    settings = read_settings(data_dir=tmp_path, engine="inline", database_url="")
    shutil.copy(migrated_sqlite, tmp_path / "cartage.db")

    async with build(settings, free=lambda _: 2**20).running() as app, client(app) as asking:
        ready = await asking.get("/readyz")

    assert ready.status_code == 200
    checks = {"database": "ok", "engine": "ok", "disk": "disk_low", "importing": "ok"}
    assert ready.json() == {"status": "degraded", "checks": checks}


def test_a_disk_that_holds_no_data_is_not_looked_at(tmp_path: Path) -> None:
    """Where Postgres keeps the data, this machine's disk says nothing of it; SQLite's file may lie anywhere on it."""
    own, elsewhere, away = (
        read_settings(data_dir=tmp_path, database_url=url)
        for url in ("", "sqlite+aiosqlite:////srv/goods.db?timeout=9", "postgresql+psycopg://host/goods")
    )

    folders = [make_reserve(each, lambda _: 0).folder for each in (own, elsewhere)]

    assert folders == [tmp_path, Path("/srv")]
    assert [make_reserve(each, lambda _: 0).low for each in (own, elsewhere, away)] == [True, True, False]


async def test_a_database_that_went_away_is_said(tmp_path: Path, migrated_postgres_url: str, postgres: object) -> None:
    """Postgres gone: readiness names it, and a request is told to come back, not that we broke."""
    settings = read_settings(data_dir=tmp_path, engine="inline", database_url=migrated_postgres_url)
    async with build(settings).running() as app, client(app) as asking:
        before = await asking.get("/readyz")
        postgres.drop(migrated_postgres_url.rpartition("/")[2])  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        after = await asking.get("/readyz")
        refused = await asking.get("/v1/products", headers={"Authorization": TOKEN})

    assert (before.status_code, after.status_code) == (200, 503)
    assert after.json()["checks"]["database"] == "database_unreachable"
    assert (refused.status_code, refused.json()["code"]) == (503, "database_unreachable")
    assert refused.headers["retry-after"] == "5"


async def test_imports_and_attempts_are_counted(app: App) -> None:
    """Imports by state, attempts by provider and outcome, and how long they took."""
    merchant = await kept_merchant(app.store)
    await ended_product(app.store, merchant.id)
    limited = RateLimited("Slow down.").failure()
    attempt = Attempt(provider="direct", number=1, started_at=NOON, duration_ms=300, failure=limited)
    app.measures.attempted(attempt)
    import_ = an_import(a_product(merchant.id), state=ImportState.SUCCEEDED, finished_at=NOON)
    app.measures.ended(import_)
    failed = {"state": ImportState.FAILED, "failure": limited}
    app.measures.ended(import_.model_copy(update=failed))

    async with client(app) as asking:
        lines = (await asking.get("/metrics")).text.splitlines()

    assert 'cartage_catalogue_imports{state="succeeded"} 1.0' in lines
    assert 'cartage_catalogue_imports{state="queued"} 0.0' in lines
    assert 'cartage_imports_total{error_code="",status="succeeded"} 1.0' in lines
    assert 'cartage_imports_total{error_code="rate_limited",status="failed"} 1.0' in lines
    assert 'cartage_attempts_total{outcome="rate_limited",provider="direct"} 1.0' in lines
    assert 'cartage_attempt_seconds_bucket{le="0.5",provider="direct"} 1.0' in lines
    assert 'cartage_import_seconds_count{state="succeeded"} 1.0' in lines


async def test_the_line_and_the_models_cost_are_told(app: App) -> None:
    """How many stand in line, how long the oldest has, and what language models cost; no address is a label."""
    merchant = await kept_merchant(app.store)
    nobody = await measured(app)
    await kept_product(app.store, merchant.id)
    cost = Money(amount=Decimal("0.25"), currency="USD")
    for usage in (Usage(model="openai:tiny", cost=cost), Usage(model="openai:tiny", cost=cost), Usage(model="own")):
        app.measures.asked(usage)

    somebody = await measured(app)

    assert (nobody["cartage_queue_depth"], nobody["cartage_queue_oldest_seconds"]) == (0, 0)
    assert somebody["cartage_queue_depth"] == 1
    assert somebody["cartage_queue_oldest_seconds"] > 0
    assert somebody['cartage_llm_cost_usd_total{model="openai:tiny"}'] == 0.5
    assert not [name for name in somebody if "://" in name or "own" in name]


async def measured(app: App) -> dict[str, float]:
    """Give what `/metrics` tells, by name and labels."""
    async with client(app) as asking:
        lines = (await asking.get("/metrics")).text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


async def test_metrics_can_ask_for_a_token(app: App, tmp_path: Path, migrated_sqlite: Path) -> None:
    """With a token set, nobody else sees the counts."""
    settings = app.settings.model_copy(update={"metrics_token": "s3cret", "data_dir": tmp_path / "other"})
    (tmp_path / "other").mkdir()
    shutil.copy(migrated_sqlite, tmp_path / "other" / "cartage.db")

    async with build(settings).running() as guarded, client(guarded) as asking:
        nobody = await asking.get("/metrics")
        wrong = await asking.get("/metrics", headers=[(b"Authorization", "Bearer s3cre\xe9".encode())])
        right = await asking.get("/metrics", headers={"Authorization": "Bearer s3cret"})

    assert [each.status_code for each in (nobody, wrong, right)] == [401, 401, 200]


async def test_a_worker_answers_too(app: App) -> None:
    """The three routes alone, on a server of their own."""
    transport = httpx2.ASGITransport(create_health(app))
    async with httpx2.AsyncClient(transport=transport, base_url="http://worker.test") as asking:
        codes = [(await asking.get(path)).status_code for path in ("/livez", "/readyz", "/metrics", "/v1/products")]

    assert codes == [200, 200, 200, 404]


async def test_a_request_keeps_its_trace(app: App) -> None:
    """The caller's trace comes back; without one, or with nonsense, a new one."""
    async with client(app) as asking:
        given = await asking.get("/livez", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
        nonsense = await asking.get("/livez", headers={"traceparent": "nonsense"})

    assert given.headers["x-request-id"] == TRACE
    assert len(nonsense.headers["x-request-id"]) == 32


async def test_the_log_names_import_step_and_trace(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is JSON; what happens in a step carries its ids, and no line holds an address."""
    root = logging.getLogger()
    before = root.handlers, root.level
    write_logs("info")
    try:
        merchant = await kept_merchant(app.store)
        submission = await app.imports.submit(merchant.id, "http://no-such-shop.invalid:80/p?token=hunter2")
    finally:
        root.handlers, root.level = before

    text = capsys.readouterr().err
    lines = [json.loads(line) for line in text.splitlines()]
    (accepted,) = [line for line in lines if line["event"] == "import accepted"]
    attempt = next(line for line in lines if line["event"] == "attempt ended")
    assert accepted["import_id"] == attempt["import_id"] == submission.import_.id
    assert attempt["step"].startswith("try direct")
    assert len(attempt["trace_id"]) == 32
    assert attempt["level"] == "info"
    assert "hunter2" not in text
