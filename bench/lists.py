"""Fill a list of many imports, then ask for every list there is, and print how long each takes.

Usage: python bench/lists.py [--rows N] [--times N] [--plans]

The catalogue is SQLite on disk, behind the whole server in this process; times include everything but the network.
With --plans, how the database finds each answer is printed too. Exits with 1 when a list's 95th percentile is over
300 ms, or when retrying all that failed takes more than one request.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import event, insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.exports import a_product
from cartage.app import build
from cartage.client.in_process import InProcess
from cartage.model.batch import Batch, BatchRow, BatchState, RowState
from cartage.model.catalogue import CatalogueProduct, Import, ImportState, Status
from cartage.model.errors import BotChallenge, PageNotFound
from cartage.model.ids import new_id
from cartage.server import create_server
from cartage.settings import Settings
from cartage.stores.sql import upgrade
from cartage.stores.sql.database import make_engine, writing
from cartage.stores.sql.rows import batch_row, import_row, product_row
from cartage.stores.sql.tables import batch_rows, imports, products

SITE = "http://cartage.test"
MOST_MS = 300
WORST = 4  # statements whose plans are told of a list
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
FAILURES = (BotChallenge("The site asks for a captcha.").failure(), PageNotFound("The page is gone.").failure())
PLACES = (Status.IMPORTED,) * 6 + (Status.FAILED,) * 3 + (Status.IMPORTING,)
ASKED = (
    "/products",
    "/products?filter=status:failed",
    "/products?sort=name",
    "/products?filter=shirt+9999",
    "/imports",
    f"/imports?filter=status:failed+error:{BotChallenge.code}",
    "/imports?filter=batch:{batch}",
    "/batches/{batch}",
    "/v1/products?limit=50",
    "/v1/products?limit=200",
    "/v1/products?filter=missing:price&limit=50",
    "/v1/products?filter=site:shop7.example&sort=cheapest&limit=50",
    "/v1/products?filter=batch:{batch}&sort=updated&limit=50",
    "/v1/products?q=shirt+77&limit=50",
    "/v1/imports?limit=50",
    "/v1/imports?filter=status:failed&limit=50",
    "/v1/imports?filter=batch:{batch}&limit=50",
    "/v1/batches",
    "/v1/batches/{batch}",
    "/v1/batches/{batch}/rows?status=failed&limit=50",
)


def a_row(number: int, batch: Batch) -> tuple[CatalogueProduct, Import, BatchRow]:
    """Make a row of the batch: of ten, six are imported, three failed and one is under way."""
    place, at = PLACES[number % len(PLACES)], AT + timedelta(seconds=number)
    url = f"https://shop{number % 40}.example/p/{number}"
    failed, under_way = place is Status.FAILED, place is Status.IMPORTING
    failure = FAILURES[number % 2] if failed else None
    told: dict[str, Any] = {"merchant_id": batch.merchant_id, "source_url": url, "created_at": at, "updated_at": at}
    if failed or under_way:
        told |= {"facts": None, "evidence": {}, "failure": failure}
        told["status"] = place
    product = a_product(number).model_copy(update=told)
    state = ImportState.FAILED if failed else ImportState.QUEUED if under_way else ImportState.SUCCEEDED
    import_ = Import(
        id=product.import_id,
        product_id=product.id,
        merchant_id=batch.merchant_id,
        source_url=url,
        number=1,
        state=state,
        batch_id=batch.id,
        failure=failure,
        created_at=at,
        finished_at=None if under_way else at,
    )
    row = BatchRow(
        batch_id=batch.id,
        number=number + 1,
        cells=(url,),
        source_url=url,
        state=RowState.SENT,
        product_id=product.id,
        import_id=import_.id,
    )
    return product, import_, row


async def fill(engine: AsyncEngine, batch: Batch, count: int) -> None:
    """Write the batch's rows with their products and imports."""
    for start in range(0, count, 1000):
        made = [a_row(number, batch) for number in range(start, min(start + 1000, count))]
        async with writing(engine) as connection:
            await connection.execute(insert(products), [product_row(product) for product, _, _ in made])
            await connection.execute(insert(imports), [import_row(import_) for _, import_, _ in made])
            await connection.execute(insert(batch_rows), [batch_row(row) for _, _, row in made])


@asynccontextmanager
async def filled(folder: Path, count: int) -> AsyncGenerator[tuple[httpx2.AsyncClient, Batch, AsyncEngine]]:
    """Give a client of a whole server, by session and by token, whose merchant handed in one long list."""
    settings = Settings(data_dir=folder, engine="elsewhere", browser="off", api_rate=0, disk_reserve_mb=0)
    await upgrade(settings.store_url)
    async with build(settings).running() as app:
        login = await app.accounts.sign_up(await app.accounts.invite(), "me@shop.example", "a long password", "Shop")
        merchant_id = login.user.merchant_id
        _, token = await app.accounts.create_token(merchant_id, "bench")
        batch = Batch(id=new_id("bat"), merchant_id=merchant_id, state=BatchState.FED, columns=("url",), created_at=AT)
        await app.store.batches.add_batch(batch)
        engine = make_engine(settings.store_url)
        await fill(engine, batch, count)
        headers = {"Authorization": f"Bearer {token}", "Host": "127.0.0.1"}
        transport = InProcess(create_server(app))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
            client.cookies.set("cartage_session", login.secret)
            yield client, batch, engine
        await engine.dispose()


async def timed(client: httpx2.AsyncClient, path: str, times: int) -> tuple[list[float], float]:
    """Ask for a path some times after a first one; give the milliseconds of each, and the processor's for one."""
    taken: list[float] = []
    await client.get(path)
    worked = time.process_time()
    for _ in range(times):
        started = time.perf_counter()
        reply = await client.get(path)
        taken.append((time.perf_counter() - started) * 1000)
        assert reply.status_code == httpx2.codes.OK, (path, reply.status_code, reply.text[:300])
    return sorted(taken), (time.process_time() - worked) * 1000 / times


async def plans(engine: AsyncEngine, statements: Sequence[tuple[str, Any]]) -> list[str]:
    """Ask the database again, and tell how it finds what takes longest."""
    told: list[tuple[float, str]] = []
    async with engine.connect() as connection:
        for statement, given in dict.fromkeys((each, tuple(given)) for each, given in statements):
            if statement.lstrip().upper().startswith("SELECT"):
                started = time.perf_counter()
                (await connection.exec_driver_sql(statement, given)).all()
                taken = (time.perf_counter() - started) * 1000
                found = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
                steps = " | ".join(str(row.detail) for row in found)
                told.append((taken, f"{taken:.1f} ms: {steps}: {' '.join(statement.split())[-300:]}"))
    return [each for _, each in sorted(told, reverse=True)[:WORST]]


async def measure(rows: int, times: int, *, with_plans: bool) -> bool:
    """Measure and print; tell whether all was fast enough."""
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        async with filled(Path(folder), rows) as (client, batch, engine):
            statements: list[tuple[str, Any]] = []
            if with_plans:
                _listen(statements)
            for template in ASKED:
                path = template.format(batch=batch.id)
                statements.clear()
                taken, worked = await timed(client, path, times)
                p95 = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
                fine &= p95 <= MOST_MS
                print(f"{statistics.median(taken):7.1f} ms, p95 {p95:7.1f}, processor {worked:7.1f}  {template}")
                for each in await plans(engine, statements) if with_plans else ():
                    print(f"        {each}")
            fine &= await retried(client, rows)
            async with engine.connect() as connection:
                pages = await connection.scalar(text("PRAGMA page_count"))
            print(f"{rows} rows, {int(pages or 0) * 4 / 1024:.0f} MB")
    return fine


async def retried(client: httpx2.AsyncClient, rows: int) -> bool:
    """Ask for all that failed to be tried again, and print what one request does."""
    started = time.perf_counter()
    body = {"action": "retry", "filter": f"status:failed error:{BotChallenge.code}"}
    reply = await client.post("/v1/bulk-actions", json=body)
    told = reply.json()
    print(f"{(time.perf_counter() - started) * 1000:7.1f} ms  one request retries {told['total']} of {rows} rows")
    return reply.is_success


def _listen(statements: list[tuple[str, Any]]) -> None:
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "before_cursor_execute")
    def note(*told: Any) -> None:
        statements.append((told[2], told[3]))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--plans", action="store_true")
    arguments = parser.parse_args()
    return int(not asyncio.run(measure(arguments.rows, arguments.times, with_plans=arguments.plans)))


if __name__ == "__main__":
    sys.exit(main())
