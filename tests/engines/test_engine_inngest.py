"""What the Inngest engine promises without a real server: its guard, its registration, and the SDK's protocol."""

import asyncio
import json
from typing import Any

import pytest

from cartage.engines.inngest import InngestEngine
from cartage.engines.inngest.terms import InngestTerms
from cartage.imports.ledgers import ImportLedger
from cartage.imports.reconciler import SILENT_IN_QUEUE, Reconciler
from cartage.imports.service import Imports
from cartage.imports.workflow import ImportWorkflow
from cartage.model.catalogue import Status
from cartage.model.errors import EngineUnreachable, PageNotFound, UpstreamUnavailable
from cartage.scraping.plan import RetryPreset
from cartage.stores.memory import MemoryStore
from tests.engines.small_inngest import EVENT_KEY, KEY, Json, SmallInngest
from tests.imports.conftest import MERCHANT, URL, Scripted, kettle

SERVE = "https://cartage.example"
QUICK = RetryPreset(attempts=3, first_delay_seconds=0.05)


def terms(server: SmallInngest, **changes: Any) -> InngestTerms:
    """Give terms that suit the server."""
    given: Json = {"url": server.url, "serve_url": SERVE, "event_key": EVENT_KEY, "signing_key": KEY, "retry": QUICK}
    return InngestTerms(**(given | changes))


class Shop:
    """Hold imports on an Inngest engine, with a provider that answers from a script."""

    def __init__(self, server: SmallInngest, script: list[str | Exception]) -> None:
        self.server, self.store, self.provider = server, MemoryStore(), Scripted("direct", script)
        self.workflow = ImportWorkflow(self.store, {"direct": self.provider}, QUICK)
        self.engine = InngestEngine(self.workflow, terms(server))
        self.imports = Imports(self.store, self.engine)
        server.door = self.engine.door

    async def settled(self, product_id: str) -> Status:
        """Wait until no import of the product is under way and all runs are over."""
        async with asyncio.timeout(60):
            while True:
                product = await self.imports.product(MERCHANT, product_id)
                if product.status.settled and all(run.state != "running" for run in self.server.runs):
                    return product.status
                await asyncio.sleep(0.02)


@pytest.fixture
async def shop(server: SmallInngest) -> Shop:
    """Give a shop whose page is there, registered."""
    made = Shop(server, [kettle()])
    await made.engine.register()
    return made


async def test_the_function_is_registered(shop: Shop) -> None:
    """The server learns one function for the event, where to call it, and the limits by merchant and host."""
    function = shop.server.functions["cartage-scrape-product"]

    assert function["triggers"] == [{"event": "product/scrape.requested"}, {"event": "product/enhance.requested"}]
    assert function["steps"]["step"]["runtime"]["url"].startswith(f"{SERVE}/api/inngest?fnId=cartage-scrape-product")
    assert {rule["key"] for rule in function["concurrency"]} == {"event.data.merchantId", "event.data.host"}
    assert "cartage-scrape-product-failure" in shop.server.functions


async def test_an_import_runs_step_by_step(shop: Shop) -> None:
    """Each call brings one step; the product is imported and the completed event is sent through the server."""
    product = (await shop.imports.submit(MERCHANT, URL)).product

    status = await shop.settled(product.id)

    (run,) = [run for run in shop.server.runs if run.function["id"] == "cartage-scrape-product"]
    (completed,) = shop.server.named("product/scrape.completed")
    assert status is Status.IMPORTED
    assert run.names == ["load", "try direct 1", "save", "how it ended", "announce"]
    assert run.calls == len(run.names) + 1
    assert len(shop.provider.requests) == 1
    assert completed["data"]["productId"] == product.id
    assert completed["data"]["success"] is True
    assert completed["data"]["provider"] == "direct"


async def test_the_request_carries_the_public_fields(shop: Shop) -> None:
    """The event names product, address and merchant, and its id is the import's."""
    submission = await shop.imports.submit(MERCHANT, URL)

    (event,) = shop.server.named("product/scrape.requested")
    wanted = {"productId": submission.product.id, "sourceUrl": URL, "merchantId": MERCHANT}
    assert event["id"] == submission.import_.id
    assert event["data"].items() >= wanted.items()
    await shop.settled(submission.product.id)


async def test_step_results_are_versioned_json(shop: Shop) -> None:
    """What the server keeps of a step says in which version it was written."""
    product = (await shop.imports.submit(MERCHANT, URL)).product
    await shop.settled(product.id)

    run = shop.server.runs[0]
    kept = [json.loads(step["data"]) for step in list(run.steps.values())[:3]]
    assert [each["v"] for each in kept] == [1, 1, 1]


async def test_a_shop_that_is_down_is_asked_again_after_a_durable_sleep(server: SmallInngest) -> None:
    """503 twice, then the page: three tries with sleeps between that the server keeps."""
    shop = Shop(server, [UpstreamUnavailable("503"), UpstreamUnavailable("503"), kettle()])
    await shop.engine.register()
    product = (await shop.imports.submit(MERCHANT, URL)).product

    status = await shop.settled(product.id)

    assert status is Status.IMPORTED
    assert len(shop.provider.requests) == 3
    assert {"wait for direct 2", "wait for direct 3"} <= set(server.runs[0].names)


async def test_a_permanent_error_fails_and_is_announced(server: SmallInngest) -> None:
    """404 ends in FAILED after one try, and `product/scrape.failed` is sent with the error."""
    shop = Shop(server, [PageNotFound("The page is not there.")])
    await shop.engine.register()
    product = (await shop.imports.submit(MERCHANT, URL)).product

    status = await shop.settled(product.id)

    (failed,) = server.named("product/scrape.failed")
    assert status is Status.FAILED
    assert len(shop.provider.requests) == 1
    assert failed["data"]["productId"] == product.id
    assert "The page is not there." in failed["data"]["error"]
    assert failed["data"]["duration"] >= 0


async def test_a_bug_ends_in_failed_through_on_failure(server: SmallInngest) -> None:
    """An error that nobody foresaw fails the run at once; `on_failure` writes FAILED and announces it."""
    shop = Shop(server, [ZeroDivisionError("by zero")])
    await shop.engine.register()
    product = (await shop.imports.submit(MERCHANT, URL)).product

    status = await shop.settled(product.id)

    assert status is Status.FAILED
    assert [run.state for run in server.runs] == ["failed", "completed"]
    assert server.runs[1].function["id"] == "cartage-scrape-product-failure"
    assert len(server.named("product/scrape.failed")) == 1


async def test_a_cancelled_import_is_announced_once_it_is_over(server: SmallInngest) -> None:
    """Cancelling stops the run, the product is FAILED, and the failed event is sent."""
    gate, shop = asyncio.Event(), Shop(server, [kettle()])

    async def hold(_: object) -> bool:
        await gate.wait()
        return True

    await shop.engine.register()
    server.before_call = hold
    product = (await shop.imports.submit(MERCHANT, URL)).product

    await shop.imports.cancel(MERCHANT, product.id)
    gate.set()

    assert await shop.settled(product.id) is Status.FAILED
    assert server.runs[0].state == "cancelled"
    assert len(server.named("product/scrape.failed")) == 1
    assert shop.provider.requests == []


async def test_an_unreachable_server_does_not_hold_up_a_submission(server: SmallInngest) -> None:
    """The import is accepted all the same, and sent when the server is back."""
    shop = Shop(server, [kettle()])
    await shop.engine.register()
    server.refuse = True
    product = (await shop.imports.submit(MERCHANT, URL)).product
    server.refuse = False
    reconciler = Reconciler(ImportLedger(shop.store.catalogue), shop.engine, shop.workflow)
    (import_,) = await shop.store.catalogue.unfinished_imports()

    await reconciler.reconcile(at=import_.created_at + SILENT_IN_QUEUE * 1.1)

    assert await shop.settled(product.id) is Status.IMPORTED
    assert len(server.named("product/scrape.requested")) == 1


async def test_a_server_that_is_not_there_is_told_of(server: SmallInngest) -> None:
    """Registering where nobody answers raises, and nobody has been seen."""
    engine = InngestEngine(Shop(server, []).workflow, terms(server, url="http://127.0.0.1:9"))

    with pytest.raises(EngineUnreachable):
        await engine.register()

    assert await engine.last_seen() is None


async def test_a_call_from_the_server_is_a_sign_of_life(shop: Shop) -> None:
    """Registering was answered: the server has been seen."""
    assert await shop.engine.last_seen() is not None
