"""A process that runs imports leaves signs of life, says what it runs, and takes its leave."""

import asyncio
from datetime import timedelta

from cartage.engine import Announcement, Request, ScrapeRequested, Steps
from cartage.engines.inline import Inline
from cartage.imports.presence import Presence, name_of_process
from cartage.imports.works import Works
from cartage.model.worker import SILENT_AFTER
from cartage.stores.memory import MemoryStore
from tests.contracts.records import NOON

REQUEST = ScrapeRequested(productId="prd_1", merchantId="mer_1", sourceUrl="https://shop.example/p")


class Seen:
    """Be a workflow that leaves a sign of life while it runs."""

    def __init__(self) -> None:
        self.presence: Presence | None = None

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Leave a sign."""
        del steps, import_id, request
        assert self.presence
        await self.presence.beat()

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """Do nothing."""

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Say nothing."""


async def test_a_sign_names_what_runs_at_that_moment() -> None:
    """While an import runs the sign of its process names it, and the one after it does not."""
    store, workflow = MemoryStore(), Seen()
    works = Works(workflow, workflow)
    workflow.presence = Presence(store, works.workload, "inline")

    await Inline(works).send("imp_1", REQUEST)
    (during,) = await store.workers.seen(NOON)
    await workflow.presence.beat()
    (after,) = await store.workers.seen(NOON)

    assert (during.running, after.running) == (("imp_1",), ())
    assert (after.id, after.name, after.engine) == (during.id, name_of_process(), "inline")
    assert not after.silent(after.seen_at + SILENT_AFTER)
    assert after.silent(after.seen_at + SILENT_AFTER + timedelta(seconds=1))


async def test_who_stops_takes_its_leave() -> None:
    """A process is listed as soon as it watches, and no more once it is stopped."""
    store, works = MemoryStore(), Works(Seen(), Seen())
    watching = asyncio.create_task(Presence(store, works.workload, "inline").watch())
    await asyncio.sleep(0)
    before = await store.workers.seen(NOON)

    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)

    assert (len(before), await store.workers.seen(NOON)) == (1, [])
