"""Kill the embedded engine with SIGKILL at random instants while imports run, start it again, and count what broke.

Usage: python bench/faults.py [--kills N] [--imports N] [--seed N]

The imports run over a folder with SQLite for catalogue and journal, from a provider that notes every request.
Prints how many imports were lost, products duplicated, and recorded steps repeated. Exits with 1 when any was.
"""

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from cartage.engine import Announcement, ScrapeRequested, Steps
from cartage.engines.embedded import Embedded
from cartage.engines.embedded.turnstile import Limits
from cartage.imports.reconciler import Reconciler
from cartage.imports.service import Imports
from cartage.imports.workflow import ImportWorkflow
from cartage.model.errors import UpstreamUnavailable
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money
from cartage.scraping.plan import RetryPreset
from cartage.stores.sql import SqlStore, upgrade

ROOT = Path(__file__).parent.parent
FETCH_SECONDS = 0.05
LONGEST_LIFE_SECONDS = 0.4
PATIENCE_SECONDS = 600.0
EACH_FLAKY = 5  # every fifth page is 503 at first
PRESET = RetryPreset(attempts=3, first_delay_seconds=0.2)
LIMITS = Limits(total=8, bulk=8, per_merchant=8, per_host=8)
PAGE = (
    "<!doctype html><html lang=en><head><title>Kettle {0}</title><script type='application/ld+json'>"
    '{{"@context":"https://schema.org","@type":"Product","name":"Kettle {0}","image":"/kettle.jpg",'
    '"description":"A kettle of brushed steel with a walnut handle, for gas and induction, with a whistle.",'
    '"offers":{{"@type":"Offer","price":"49.90","priceCurrency":"EUR"}}}}</script></head><body><h1>Kettle {0}</h1>'
    "<p>49,90 €</p><button>Add to cart</button></body></html>"
)


@dataclass(frozen=True, slots=True)
class Journal:
    """Note what happens, one line each, in a file that outlives every process."""

    path: Path

    def note(self, *words: str) -> None:
        """Add a line in one write."""
        handle = os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_WRONLY)
        os.write(handle, (" ".join(words) + "\n").encode())
        os.close(handle)

    def lines(self, kind: str) -> Iterator[str]:
        """Give what was noted of a kind."""
        for line in self.path.read_text().splitlines() if self.path.exists() else ():
            first, _, rest = line.partition(" ")
            if first == kind:
                yield rest


@dataclass(frozen=True, slots=True)
class Shop:
    """Be a provider that gives pages, some only at the second try."""

    journal: Journal
    name: str = "direct"
    cost: Money | None = None

    async def get(self, request: PageRequest) -> Page:
        """Give the page of an address, after a while."""
        await asyncio.sleep(FETCH_SECONDS)
        number = request.url.rpartition("/")[2]
        if is_busy(self.journal, number):
            raise UpstreamUnavailable("503")
        return Page(url=request.url, status=200, body=PAGE.format(number).encode(), fetched_at=datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class NotedSteps:
    """Run steps, and note each time one runs and each time its recorded result came back."""

    steps: Steps
    journal: Journal
    import_id: str

    async def run(self, name: str, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a step, noted."""

        async def noted() -> Any:
            self.journal.note("ran", self.import_id, name)
            return await function(*args, **kwargs)

        noted.__annotations__["return"] = function.__annotations__["return"]
        result = await self.steps.run(name, noted)
        self.journal.note("recorded", self.import_id, name)
        return result

    async def sleep_until(self, name: str, when: datetime) -> None:
        """Sleep."""
        await self.steps.sleep_until(name, when)


@dataclass(frozen=True, slots=True)
class NotedWorkflow:
    """Be the import workflow, on noted steps."""

    inner: ImportWorkflow
    journal: Journal

    async def __call__(self, steps: Steps, import_id: str, request: ScrapeRequested) -> None:
        """Run an import."""
        await self.inner(NotedSteps(steps, self.journal, import_id), import_id, request)

    async def abandon(self, import_id: str, request: ScrapeRequested, error: BaseException) -> None:
        """End an import that could not be run."""
        self.journal.note("abandoned", import_id, repr(error))
        await self.inner.abandon(import_id, request, error)

    async def outcome(self, import_id: str, request: ScrapeRequested) -> Announcement | None:
        """Say how an import ended."""
        return await self.inner.outcome(import_id, request)


def is_busy(journal: Journal, number: str) -> bool:
    """Tell whether the shop is busy when this page is asked for, which is so once."""
    if int(number) % EACH_FLAKY or number in set(journal.lines("busy")):
        return False
    journal.note("busy", number)
    return True


async def work(folder: Path, count: int) -> None:
    """Be the process that is killed: submit what was not accepted yet, run, and end when all imports are over."""
    journal = Journal(folder / "notes")
    store = SqlStore(store_url(folder))
    await store.open()
    workflow = ImportWorkflow(store, {"direct": Shop(journal)}, PRESET)
    engine = Embedded(folder, NotedWorkflow(workflow, journal), LIMITS, PRESET)
    await engine.start()
    journal.note("started", str(os.getpid()))
    imports = Imports(store, engine)
    watching = asyncio.create_task(Reconciler(store.catalogue, engine, workflow).watch())
    accepted = set(journal.lines("accepted"))
    for number in range(count):
        if str(number) not in accepted:
            await imports.submit(f"mer_{number % 3}", f"https://shop.example/p/{number}")
            journal.note("accepted", str(number))
    while await store.catalogue.unfinished_imports():  # noqa: ASYNC110 - other processes may end them
        await asyncio.sleep(0.1)
    watching.cancel()
    await engine.stop()
    await store.close()
    journal.note("over")


def run(kills: int, count: int, seed: int) -> bool:
    """Kill and start again, then let it end, count, print, and tell whether nothing broke."""
    randomness = random.Random(seed)  # noqa: S311 - instants, not secrets
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(upgrade(store_url(folder)))
        journal, killed, started = Journal(folder / "notes"), 0, time.monotonic()
        while killed < kills and not list(journal.lines("over")):
            killed += killed_once(folder, count, randomness.uniform(0.0, LONGEST_LIFE_SECONDS))
        left = process(folder, count).wait(timeout=PATIENCE_SECONDS)
        counts = judged(folder, count)
        print(f"seed {seed}: {killed} kills over {count} imports in {time.monotonic() - started:.0f} s")
        for what, number in counts.items():
            print(f"{number:6} {what}")
    bad = ("lost", "not accepted", "duplicated products", "repeated recorded steps", "failed", "ended twice")
    return left == 0 and not any(counts[what] for what in bad)


def killed_once(folder: Path, count: int, life_seconds: float) -> int:
    """Start the process, let it live a while after its start, kill it, and give how many were killed."""
    journal = Journal(folder / "notes")
    before = len(list(journal.lines("started")))
    child = process(folder, count)
    while len(list(journal.lines("started"))) == before and child.poll() is None:
        time.sleep(0.01)
    time.sleep(life_seconds)
    if child.poll() is not None:
        if child.returncode:
            raise SystemExit((folder / "log").read_text()[-2000:])
        return 0
    child.send_signal(signal.SIGKILL)
    child.wait()
    return 1


def process(folder: Path, count: int) -> "subprocess.Popen[bytes]":
    """Start the process that works in a folder."""
    command = [sys.executable, str(Path(__file__).resolve()), "--work", str(folder), "--imports", str(count)]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)  # noqa: S603 - our own program


def judged(folder: Path, count: int) -> dict[str, int]:
    """Compare what was accepted and done with what the catalogue says."""
    journal = Journal(folder / "notes")
    engine = create_engine(f"sqlite:///{folder / 'cartage.db'}")
    with engine.connect() as connection:
        products = Counter(row[0] for row in connection.execute(text("SELECT source_url FROM products")))
        status = Counter(row[0] for row in connection.execute(text("SELECT status FROM products")))
        ends = Counter(
            row[0]
            for row in connection.execute(
                text("SELECT import_id FROM events WHERE name IN ('product/scrape.completed', 'product/scrape.failed')")
            )
        )
        for failure in connection.execute(text("SELECT id, failure FROM products WHERE status = 'FAILED'")):
            print("failed:", *failure)
    engine.dispose()
    for line in journal.lines("abandoned"):
        print("abandoned:", line)
    accepted = set(journal.lines("accepted"))
    return {
        "imported": status["IMPORTED"],
        "steps run": len(list(journal.lines("ran"))),
        "steps cut off by a kill and run again": cut_off(journal),
        "not accepted": count - len(accepted),
        "lost": sum(products[f"https://shop.example/p/{number}"] == 0 for number in accepted) + status["IMPORTING"],
        "failed": status["FAILED"],
        "duplicated products": sum(many - 1 for many in products.values()),
        "ended twice": sum(many - 1 for many in ends.values()),
        "repeated recorded steps": repeated(journal),
    }


def cut_off(journal: Journal) -> int:
    """Count steps that ran again because the kill came before their result was recorded."""
    return sum(many - 1 for many in Counter(journal.lines("ran")).values())


def repeated(journal: Journal) -> int:
    """Count steps that ran although their result had been recorded before."""
    recorded, again = set[str](), 0
    for line in journal.path.read_text().splitlines():
        kind, _, step = line.partition(" ")
        if kind == "recorded":
            recorded.add(step)
        again += kind == "ran" and step in recorded
    return again


def store_url(folder: Path) -> str:
    """Give the address of the folder's catalogue."""
    return f"sqlite+aiosqlite:///{folder / 'cartage.db'}"


def main() -> None:
    """Read the arguments and run."""
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    cli.add_argument("--kills", type=int, default=200)
    cli.add_argument("--imports", type=int, default=500)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    arguments = cli.parse_args()
    if arguments.work:
        asyncio.run(work(arguments.work, arguments.imports))
        return
    sys.exit(0 if run(arguments.kills, arguments.imports, arguments.seed) else 1)


if __name__ == "__main__":
    main()
