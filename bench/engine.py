"""Measure the embedded engine on SQLite, with bare DBOS beside it in the same run.

Usage: python -m bench.engine [--imports N] [--queued N] [PART...]

Prints the latency of a submission while fifty imports run, the time from a submission to its first step, no-op
imports a second as a ratio to bare DBOS doing the same number of steps, whole imports a second with the catalogue on
SQLite and on Postgres, memory over N imports, and how long one merchant's import waits behind another's queue. Exits
with 1 when a promise is not kept.
"""

import argparse
import asyncio
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID

from cartage.engine import Announcement, Request, ScrapeRequested, Steps
from cartage.engines.embedded import ADMITTED, ADMITTED_PER_MERCHANT, MOST_THREADS, Embedded
from cartage.engines.embedded.journal import JournalConnection
from cartage.engines.embedded.turnstile import Limits
from cartage.imports.service import Imports
from cartage.imports.workflow import ImportWorkflow
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money
from cartage.server import listening
from cartage.stores.sql import SqlStore, upgrade
from tests.postgres import find_programs, running_postgres

STEPS, MERCHANTS = 3, 5
BARE_POLL_SECONDS = 0.05
ALL_AT_ONCE = Limits(total=1000, bulk=1000, per_merchant=1000, per_host=1000)
PAGE = (
    "<!doctype html><html lang=en><head><title>Steel Kettle</title><script type='application/ld+json'>"
    '{"@context":"https://schema.org","@type":"Product","name":"Steel Kettle","image":"/kettle.jpg",'
    '"description":"A kettle of brushed steel with a walnut handle, for gas and induction, with a whistle.",'
    '"offers":{"@type":"Offer","price":"49.90","priceCurrency":"EUR"}}</script></head><body><h1>Steel Kettle</h1>'
    "<p>49,90 €</p><button>Add to cart</button></body></html>"
)


@dataclass
class Slow:
    """Be a provider whose page takes a while."""

    seconds: float
    name: str = "direct"
    cost: Money | None = None
    asked: int = 0

    async def get(self, request: PageRequest) -> Page:
        """Wait, then give the page."""
        self.asked += 1
        await asyncio.sleep(self.seconds)
        return Page(url=request.url, status=200, body=PAGE.encode(), fetched_at=datetime.now(UTC))


@dataclass
class NoOp:
    """Be a workflow of some steps that do nothing, or of one fetch that takes a while."""

    fetch_seconds: float = 0.0
    begun: dict[str, float] = field(default_factory=dict[str, float])
    ended: int = 0

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Run the steps."""
        del request
        if self.fetch_seconds:
            await steps.run("try direct 1", self.fetch, import_id)
        else:
            for number in range(STEPS):
                await steps.run(f"step {number}", self.nothing)
        self.ended += 1

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """Stop the bench: nothing may fail here."""
        raise SystemExit(f"{import_id} of {request.productId} was abandoned: {error}")

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Have nothing to tell."""

    async def nothing(self) -> str:
        """Do nothing."""
        return "x"

    async def fetch(self, import_id: str) -> None:
        """Take a while."""
        self.begun[import_id] = time.monotonic()
        await asyncio.sleep(self.fetch_seconds)


@dataclass
class Watched:
    """Be the import workflow, and note when each import took its first step."""

    inner: ImportWorkflow
    begun: dict[str, float] = field(default_factory=dict[str, float])
    ended: int = 0

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Note the time and run."""
        self.begun[import_id] = time.monotonic()
        await self.inner(steps, import_id, request)
        self.ended += 1

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """Stop the bench: nothing may fail here."""
        raise SystemExit(f"{import_id} of {request.productId} was abandoned: {error}")

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Say how it ended."""
        return await self.inner.outcome(import_id, request)


@dataclass
class Report:
    """Print figures beside what was promised, and remember whether all was kept."""

    kept: bool = True

    def line(self, what: str, value: float, unit: str, promise: str = "", *, kept: bool = True) -> None:
        """Print one figure."""
        self.kept &= kept
        print(f"{what:52}{value:10.2f} {unit:9}{promise}{'' if kept else '  NOT KEPT'}", flush=True)


async def submissions(folder: Path, report: Report, count: int = 200, rate: float = 4.0, running: int = 50) -> None:
    """Submit at a steady rate while fifty imports run, each for twelve seconds."""
    url = f"sqlite+aiosqlite:///{folder / 'cartage.db'}"
    await upgrade(url)
    store, provider = SqlStore(url), Slow(running / rate)
    await store.open()
    watched = Watched(ImportWorkflow(store, {"direct": provider}))
    engine = Embedded(folder, watched, ALL_AT_ONCE)
    await engine.start()
    imports = Imports(store, engine)
    took, waited = list[float](), list[float]()
    submitted: dict[str, float] = {}
    warm_up = running * 2
    for number in range(warm_up + count):
        started = time.monotonic()
        merchant = f"mer_{number % MERCHANTS}"
        submission = await imports.submit(merchant, f"https://shop.example/p/{number}")
        if number >= warm_up:
            took.append(time.monotonic() - started)
            submitted[submission.import_.id] = started
        await asyncio.sleep(max(0.0, 1 / rate - (time.monotonic() - started)))
    await until(lambda: watched.ended == warm_up + count)
    waited = [watched.begun[import_id] - started for import_id, started in submitted.items()]
    await engine.stop()
    await store.close()
    report.line(f"submit, p50 of {count} ({running} imports running)", p(took, 50) * 1000, "ms")
    report.line(f"submit, p99 of {count}", p(took, 99) * 1000, "ms", "< 50", kept=p(took, 99) < 0.050)  # noqa: PLR2004
    report.line("submit to first step, p50", p(waited, 50) * 1000, "ms", "< 100", kept=p(waited, 50) < 0.100)  # noqa: PLR2004
    report.line("submit to first step, p99", p(waited, 99) * 1000, "ms")


async def on_postgres(folder: Path, report: Report) -> None:
    """Run whole imports with the catalogue on a Postgres started for it, if there is one."""
    programs = find_programs()
    if programs is None:
        print("Postgres is not installed: skipped")
        return
    with running_postgres(programs) as server:
        await whole_imports(folder, report, server.make("bench"))


async def whole_imports(folder: Path, report: Report, url: str = "", count: int = 200) -> None:
    """Import pages that cost nothing to fetch, with everything that is written of an import."""
    where = "Postgres" if url else "SQLite"
    url = url or f"sqlite+aiosqlite:///{folder / 'cartage.db'}"
    await upgrade(url)
    store = SqlStore(url)
    await store.open()
    watched = Watched(ImportWorkflow(store, {"direct": Slow(0.0)}))
    engine = Embedded(folder, watched, ALL_AT_ONCE)
    await engine.start()
    imports, started = Imports(store, engine), time.monotonic()
    for number in range(count):
        await imports.submit("mer_1", f"https://shop.example/p/{number}")
    await until(lambda: watched.ended == count)
    took = time.monotonic() - started
    await engine.stop()
    await store.close()
    report.line(f"whole imports a second, catalogue on {where}", count / took, "/s")


async def on_cartage(folder: Path, count: int, memory: list[float] | None = None) -> float:
    """Run no-op imports through Cartage's engine and give how many a second."""
    workflow = NoOp()
    engine = Embedded(folder, workflow, ALL_AT_ONCE)
    await engine.start()
    requests = (ScrapeRequested(productId="prd", sourceUrl="https://a.example/p", merchantId="mer_1"),) * count
    started = time.monotonic()

    async def send(number: int, request: ScrapeRequested) -> None:
        await engine.send(f"imp_{number:07}", request)
        if memory is not None and number % max(1, count // 10) == 0:
            await until(lambda: workflow.ended >= number - ADMITTED)
            memory.append(resident_mb())

    for number, request in enumerate(requests):
        await send(number, request)
    await until(lambda: workflow.ended == count)
    took = time.monotonic() - started
    await engine.stop()
    return count / took


async def on_bare_dbos(folder: Path, count: int) -> float:
    """Run as many steps on DBOS alone, on the same journal and queue, and give how many workflows a second."""
    await asyncio.to_thread(folder.mkdir)
    ended = 0
    config = DBOSConfig(
        name="bare",
        system_database_url=f"sqlite:///{folder / 'bare.db'}",
        db_engine_kwargs={"connect_args": {"factory": JournalConnection, "timeout": 30.0}},
        serializer=DBOSPortableJSONSerializer(),
        max_executor_threads=MOST_THREADS,
        console_log_level="ERROR",
    )
    DBOS(config=config)

    async def nothing() -> str:
        return "x"

    @DBOS.workflow(name="bare")
    async def bare(_: str) -> None:
        nonlocal ended
        for number in range(STEPS):
            await DBOS.run_step_async({"name": f"step {number}"}, nothing)
        ended += 1

    def launch() -> None:
        DBOS.launch()
        limits = {"worker_concurrency": ADMITTED, "partition_worker_concurrency": ADMITTED_PER_MERCHANT}
        DBOS.register_queue("bare", **limits, polling_interval_sec=BARE_POLL_SECONDS)  # pyright: ignore[reportArgumentType]

    def send(number: int) -> None:
        with SetWorkflowID(f"bare_{number:07}"), SetEnqueueOptions(queue_partition_key="mer_1"):
            DBOS.enqueue_workflow("bare", bare, "x")

    await asyncio.to_thread(launch)
    started = time.monotonic()
    for number in range(count):
        await asyncio.to_thread(send, number)
    await until(lambda: ended == count)
    took = time.monotonic() - started
    await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
    return count / took


async def fairness(folder: Path, report: Report, queued: int) -> None:
    """Queue many imports for one merchant, then one for another."""
    workflow = NoOp(fetch_seconds=2.0)  # slower than they are queued
    engine = Embedded(folder, workflow)
    await engine.start()
    for number in range(queued):
        url = f"https://shop-{number % 100}.example/p"
        request = ScrapeRequested(productId="prd", sourceUrl=url, merchantId="mer_a")
        await engine.send(f"imp_a{number:07}", request)
    delays = list[float]()
    for number in range(10):
        request = ScrapeRequested(productId="prd", sourceUrl="https://other.example/p", merchantId="mer_b")
        sent, import_id = time.monotonic(), f"imp_b{number}"
        await engine.send(import_id, request)
        await until(lambda import_id=import_id: import_id in workflow.begun)
        delays.append(workflow.begun[import_id] - sent)
    waiting = queued - workflow.ended
    await engine.stop()
    worst = max(delays)
    report.line(f"another merchant's import behind {waiting} queued, worst of 10", worst, "s", "< 5", kept=worst < 5)  # noqa: PLR2004


async def ratio(folder: Path, report: Report, count: int = 600, rounds: int = 3) -> None:
    """Compare the engine with bare DBOS, by turns."""
    ours, bare = list[float](), list[float]()
    for number in range(rounds):
        bare.append(await on_bare_dbos(folder / f"bare{number}", count))
        ours.append(await on_cartage(folder / f"ours{number}", count))
    share = statistics.median(ours) / statistics.median(bare)
    report.line(f"no-op imports a second ({STEPS} steps)", statistics.median(ours), "/s")
    report.line("bare DBOS, the same steps", statistics.median(bare), "/s")
    report.line("ratio to bare DBOS", share, "", ">= 0.7", kept=share >= 0.7)  # noqa: PLR2004


async def memory(folder: Path, report: Report, count: int) -> None:
    """Run many imports and compare memory in the last tenth with that in the second."""
    seen = list[float]()
    await on_cartage(folder, count, seen)
    growth = seen[-1] - seen[1]
    report.line(f"memory after {count // 10} imports", seen[1], "MB")
    report.line(f"memory after {count} imports", seen[-1], "MB", "flat: < +10 %", kept=growth < seen[1] * 0.1)


async def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened."""
    while not happened():  # noqa: ASYNC110 - it happens on another thread
        await asyncio.sleep(0.01)


def p(values: Sequence[float], percent: int) -> float:
    """Give a percentile."""
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def resident_mb() -> float:
    """Give this process's resident memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


async def run(imports: int, queued: int, chosen: Sequence[str]) -> bool:
    """Run the chosen parts, each in a folder of its own, and tell whether all promises were kept."""
    report = Report()
    parts: dict[str, Callable[[Path], Awaitable[None]]] = {
        "submit": lambda folder: submissions(folder, report),
        "whole": lambda folder: whole_imports(folder, report),
        "whole-postgres": lambda folder: on_postgres(folder, report),
        "ratio": lambda folder: ratio(folder, report),
        "memory": lambda folder: memory(folder, report, imports),
        "fairness": lambda folder: fairness(folder, report, queued),
    }
    listening.settle()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for name in chosen or parts:
        with tempfile.TemporaryDirectory() as folder:
            await parts[name](Path(folder))
    return report.kept


def main() -> None:
    """Read the arguments and print the figures."""
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    cli.add_argument("--imports", type=int, default=10_000, help="no-op imports over which memory is watched")
    cli.add_argument("--queued", type=int, default=10_000, help="imports queued by one merchant")
    cli.add_argument("parts", nargs="*", help="submit, whole, ratio, memory, fairness; all if none is named")
    arguments = cli.parse_args()
    sys.exit(0 if listening.run(run(arguments.imports, arguments.queued, arguments.parts)) else 1)


if __name__ == "__main__":
    main()
