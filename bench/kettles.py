"""Import kettles from a shop that misbehaves, in a process of its own that may be killed, starved or lied to.

Usage: python -m bench.kettles FOLDER --imports N [--store URL] [--storm SECONDS]

The journal for imports is in the folder, and so is the catalogue where no other store is named. What happens is
noted in FOLDER/notes, a line each.
"""

import argparse
import asyncio
import contextlib
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from cartage.engine import Announcement, Request, Steps
from cartage.engines.embedded import Embedded
from cartage.engines.embedded.turnstile import Limits
from cartage.imports.ledgers import ImportLedger
from cartage.imports.reconciler import Reconciler
from cartage.imports.service import Imports
from cartage.imports.workflow import ImportWorkflow
from cartage.model.errors import CartageError, RateLimited, UpstreamUnavailable
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money
from cartage.scraping.plan import RetryPreset
from cartage.stores.sql import SqlStore

FETCH_SECONDS = 0.05
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
    """Be a provider that gives pages, some only at the second try, and none before a storm is over."""

    journal: Journal
    storm_until: float = 0.0
    name: str = "direct"
    cost: Money | None = None

    async def get(self, request: PageRequest) -> Page:
        """Give the page of an address, after a while."""
        await asyncio.sleep(FETCH_SECONDS)
        number = request.url.rpartition("/")[2]
        self.journal.note("asked", number)
        if (left := self.storm_until - time.monotonic()) > 0:
            raise RateLimited("429", left)
        if is_busy(self.journal, number):
            raise UpstreamUnavailable("503")
        return Page(url=request.url, status=200, body=PAGE.format(number).encode(), fetched_at=datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class NotedSteps:
    """Run steps, and note each time one runs and each time its recorded result came back."""

    steps: Steps
    journal: Journal
    import_id: str

    @property
    def again(self) -> str:
        """Give what the run was asked for by."""
        return self.steps.again

    async def run(self, name: str, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a step, noted."""

        async def noted() -> Any:
            self.journal.note("ran", self.import_id, name)
            return await function(*args, **kwargs)

        noted.__annotations__["return"] = function.__annotations__["return"]
        result = await self.steps.run(name, noted)
        self.journal.note("recorded", self.import_id, name)
        return result

    async def sleep_until(self, name: str, when: datetime, *, at_most: float = math.inf) -> None:
        """Sleep."""
        await self.steps.sleep_until(name, when, at_most=at_most)


@dataclass(frozen=True, slots=True)
class NotedWorkflow:
    """Be the import workflow, on noted steps."""

    inner: ImportWorkflow
    journal: Journal

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Run an import."""
        await self.inner(NotedSteps(steps, self.journal, import_id), import_id, request)

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """End an import that could not be run."""
        self.journal.note("abandoned", import_id, repr(error))
        await self.inner.abandon(import_id, request, error)

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Say how an import ended."""
        return await self.inner.outcome(import_id, request)


def is_busy(journal: Journal, number: str) -> bool:
    """Tell whether the shop is busy when this page is asked for, which is so once."""
    if int(number) % EACH_FLAKY or number in set(journal.lines("busy")):
        return False
    journal.note("busy", number)
    return True


async def work(folder: Path, count: int, store_url: str, storm_seconds: float) -> None:
    """Submit what was not accepted yet, run, and end when all imports are over."""
    journal = Journal(folder / "notes")
    store = SqlStore(store_url)
    await store.open()
    shop = Shop(journal, storm_until=time.monotonic() + storm_seconds)
    workflow = ImportWorkflow(store, {"direct": shop}, PRESET)
    engine = Embedded(folder / "data", NotedWorkflow(workflow, journal), LIMITS, PRESET)
    await engine.start()
    journal.note("started", str(os.getpid()))
    watching = asyncio.create_task(Reconciler(ImportLedger(store.catalogue), engine, workflow).watch())
    await submit(Imports(store, engine), journal, count)
    while await are_unfinished(store):  # noqa: ASYNC110 - the engine's threads may end them
        await asyncio.sleep(0.1)
    watching.cancel()
    await engine.stop()
    await store.close()
    journal.note("over")


async def submit(imports: Imports, journal: Journal, count: int) -> None:
    """Submit each address until it is accepted."""
    accepted = set(journal.lines("accepted"))
    for number in range(count):
        while str(number) not in accepted:
            try:
                await imports.submit(f"mer_{number % 3}", f"https://shop.example/p/{number}")
            except (CartageError, SQLAlchemyError) as error:
                journal.note("refused", str(number), type(error).__name__)
                await asyncio.sleep(0.1)
            else:
                journal.note("accepted", str(number))
                accepted.add(str(number))


async def are_unfinished(store: SqlStore) -> bool:
    """Tell whether imports are under way, as far as the store can tell."""
    with contextlib.suppress(CartageError, SQLAlchemyError):
        return bool(await store.catalogue.unfinished_imports())
    return True


def sqlite_url(folder: Path) -> str:
    """Give the address of the catalogue in a folder."""
    return f"sqlite+aiosqlite:///{folder / 'data' / 'cartage.db'}"


def run(folder: Path, count: int, store_url: str, storm_seconds: float) -> None:
    """Work in this process until all is over."""
    asyncio.run(work(folder, count, store_url, storm_seconds))


def main() -> None:
    """Read the arguments and work."""
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    cli.add_argument("folder", type=Path)
    cli.add_argument("--imports", type=int, required=True)
    cli.add_argument("--store", default="")
    cli.add_argument("--storm", type=float, default=0.0)
    arguments = cli.parse_args()
    run(arguments.folder, arguments.imports, arguments.store or sqlite_url(arguments.folder), arguments.storm)


if __name__ == "__main__":
    main()
