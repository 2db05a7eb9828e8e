"""What the doors may ask of imports: submit, retry, paste, cancel, recover and watch."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain

import pytest

from cartage.engines.inline import Inline
from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.imports.watching import Subject, Watching
from cartage.imports.workflow import ImportWorkflow
from cartage.model.catalogue import Event, ImportState, Status, Step, StepState
from cartage.model.errors import Conflict, InvalidInput, NotFound, PageNotFound, UpstreamUnavailable, UrlInvalid
from cartage.model.page import Page, PageRequest
from cartage.stores.memory import MemoryCatalogue, MemoryStore
from tests.imports.conftest import MERCHANT, URL, Scripted, kettle, make_house
from tests.kept_engine import KeptEngine


@dataclass
class Gated(Scripted):
    """Be a provider that waits for a gate before it answers."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def get(self, request: PageRequest) -> Page:
        """Wait, then answer."""
        self.asked.set()
        await self.gate.wait()
        return await super().get(request)


class LateCatalogue(MemoryCatalogue):
    """Be a catalogue that is slow to write how the last step ended."""

    async def record_steps(self, told: Sequence[tuple[Step, Event]]) -> None:
        """Write, after a while where it is the last step's end."""
        if any((step.name, step.state) == ("save", StepState.SUCCEEDED) for step, _ in told):
            await asyncio.sleep(0.4)
        await super().record_steps(told)


def gated_imports() -> tuple[Imports, Gated]:
    """Make imports whose one provider waits."""
    store, provider = MemoryStore(), Gated("direct", [kettle()])
    return Imports(store, Inline(ImportWorkflow(store, {"direct": provider}))), provider


async def test_a_submission_is_kept_before_it_is_sent() -> None:
    """Product, import and event are written, and the engine is sent exactly the event's data."""
    queue = KeptEngine()
    imports = Imports(MemoryStore(), queue)

    submission = await imports.submit(MERCHANT, URL)

    assert submission.product.status is Status.IMPORTING
    assert submission.import_.state is ImportState.QUEUED
    assert not submission.duplicate
    (event,) = await imports.events(MERCHANT)
    ((import_id, request),) = queue.sent
    assert import_id == submission.import_.id == submission.product.import_id
    assert request.model_dump() == event.data
    assert set(event.data) == {"productId", "sourceUrl", "merchantId"}


async def test_the_same_address_again_is_the_same_product() -> None:
    """A duplicate gives the product back, asks no provider, and tracking parameters make no difference."""
    house = make_house([kettle()])
    first = await house.imports.submit(MERCHANT, URL)

    second = await house.imports.submit(MERCHANT, f"{URL}?utm_source=letter")

    assert second.duplicate
    assert (second.product.id, second.import_.id) == (first.product.id, first.import_.id)
    assert len(house.direct.requests) == 1
    assert len(await house.imports.products(MERCHANT)) == 1


async def test_the_same_address_while_importing_is_not_sent_twice() -> None:
    """A second click changes nothing."""
    queue = KeptEngine()
    imports = Imports(MemoryStore(), queue)
    await imports.submit(MERCHANT, URL)

    assert (await imports.submit(MERCHANT, URL)).duplicate

    assert len(queue.sent) == 1


async def test_the_same_address_is_another_merchants_own_product() -> None:
    """What one merchant has imported does not exist for another."""
    house = make_house([kettle()])
    first = await house.imports.submit(MERCHANT, URL)

    second = await house.imports.submit("mer_2", URL)

    assert not second.duplicate
    assert second.product.id != first.product.id
    with pytest.raises(NotFound):
        await house.imports.product("mer_2", first.product.id)


async def test_a_failed_address_submitted_again_is_tried_again() -> None:
    """After a failure the same address is a new import of the same product."""
    house = make_house([PageNotFound("Gone."), kettle()])
    first = await house.imports.submit(MERCHANT, URL)

    second = await house.imports.submit(MERCHANT, URL)

    assert second.product.id == first.product.id
    assert second.import_.number == 2
    assert (await house.imports.product(MERCHANT, first.product.id)).status is Status.IMPORTED


@pytest.mark.parametrize("text", ["", "not an address", "ftp://shop.example/p/mug", "https://"])
async def test_what_is_no_address_is_refused_and_leaves_nothing(text: str) -> None:
    """No product, no import and no event come of it."""
    queue = KeptEngine()
    imports = Imports(MemoryStore(), queue)

    with pytest.raises(Exception, match=r".") as caught:
        await imports.submit(MERCHANT, text)

    assert isinstance(caught.value, UrlInvalid) or caught.value.__class__.__name__ == "SchemeUnsupported"
    assert await imports.products(MERCHANT) == []
    assert queue.sent == []


async def test_a_retry_mends_a_failure() -> None:
    """A site that was down for a whole import is imported by a retry: failure gone, number 2, both events."""
    house = make_house([*[UpstreamUnavailable("Down.")] * 3, kettle()])
    product_id = (await house.imports.submit(MERCHANT, URL)).product.id
    assert (await house.imports.product(MERCHANT, product_id)).status is Status.FAILED

    again = await house.imports.retry(MERCHANT, product_id)

    product = await house.imports.product(MERCHANT, product_id)
    assert (product.status, product.failure, product.import_id) == (Status.IMPORTED, None, again.import_.id)
    assert [each.number for each in await house.imports.imports(MERCHANT)] == [2, 1]
    assert len(product.metadata.attempts) == 1
    assert product.metadata.error is None
    names = [event.name.rpartition(".")[2] for event in await house.events()]
    assert names == ["requested", "failed", "requested", "completed"]


async def test_a_failed_refresh_keeps_the_facts() -> None:
    """A product whose page has gone keeps what was known of it, beside the failure."""
    house = make_house([kettle(), PageNotFound("Gone.")])
    product_id = (await house.imports.submit(MERCHANT, URL)).product.id

    await house.imports.retry(MERCHANT, product_id)

    product = await house.imports.product(MERCHANT, product_id)
    assert product.status is Status.FAILED
    assert product.facts
    assert product.facts.name == "Steel Kettle"


async def test_a_retry_while_importing_is_refused() -> None:
    """One import at a time: `Conflict`, and nothing is sent."""
    queue = KeptEngine()
    imports = Imports(MemoryStore(), queue)
    product = (await imports.submit(MERCHANT, URL)).product

    with pytest.raises(Conflict):
        await imports.retry(MERCHANT, product.id)

    assert len(queue.sent) == 1


async def test_anothers_product_cannot_be_touched() -> None:
    """Retry, paste, cancel, progress and watch read another merchant's id as unknown."""
    house = make_house([PageNotFound("Gone.")])
    submission = await house.imports.submit(MERCHANT, URL)
    product_id = submission.product.id

    for act in (
        house.imports.retry("mer_2", product_id),
        house.imports.paste("mer_2", product_id, kettle()),
        house.imports.cancel("mer_2", product_id),
        house.imports.progress("mer_2", submission.import_.id),
        anext(Watching(house.imports).watch("mer_2", Subject(product_id), 0)),
    ):
        with pytest.raises(NotFound):
            await act

    assert len(house.direct.requests) == 1


async def test_pasted_html_becomes_the_product() -> None:
    """The page as a person pasted it is read like any other, and no site is asked."""
    house = make_house([PageNotFound("Gone.")])
    product_id = (await house.imports.submit(MERCHANT, URL)).product.id

    await house.imports.paste(MERCHANT, product_id, kettle())

    product = await house.imports.product(MERCHANT, product_id)
    assert product.status is Status.IMPORTED
    assert product.metadata.provider == "pasted"
    assert product.facts
    assert product.facts.name == "Steel Kettle"
    assert len(house.direct.requests) == 1


async def test_a_retry_from_the_kept_page_fetches_nothing() -> None:
    """Read once more from `extract`: no provider is asked for anything, and the product is there again."""
    house = make_house([kettle()])
    begun = await house.imports.submit(MERCHANT, URL)
    before = len(house.direct.requests), len(house.shop_api.requests)

    again = await house.imports.retry(MERCHANT, begun.product.id, from_step="extract")

    attempts = await house.store.catalogue.attempts(again.import_.id)
    product = await house.imports.product(MERCHANT, begun.product.id)
    assert (len(house.direct.requests), len(house.shop_api.requests)) == before == (1, 0)
    assert [each.provider for each in attempts] == ["kept"]
    assert (product.status, product.import_id) == (Status.IMPORTED, again.import_.id)


async def test_pasted_html_that_is_no_product_says_so() -> None:
    """A paste that holds no product fails with a reason."""
    house = make_house([PageNotFound("Gone.")])
    product_id = (await house.imports.submit(MERCHANT, URL)).product.id

    await house.imports.paste(MERCHANT, product_id, "<p>Hello</p>")

    product = await house.imports.product(MERCHANT, product_id)
    assert product.status is Status.FAILED
    assert product.failure


@pytest.mark.parametrize("html", ["", " \n ", "x" * (10 * 1024 * 1024 + 1)])
async def test_a_useless_paste_is_refused(html: str) -> None:
    """Nothing, or more than anyone could paste, is refused before an import begins."""
    house = make_house([PageNotFound("Gone.")])
    product_id = (await house.imports.submit(MERCHANT, URL)).product.id

    with pytest.raises(InvalidInput):
        await house.imports.paste(MERCHANT, product_id, html)

    assert len(await house.imports.imports(MERCHANT)) == 1


async def test_a_cancelled_import_stays_cancelled() -> None:
    """FAILED with `cancelled` at once; what the provider brings later changes nothing and is not told."""
    imports, provider = gated_imports()
    submitting = asyncio.create_task(imports.submit(MERCHANT, URL))
    await provider.asked.wait()
    (product,) = await imports.products(MERCHANT)

    stopped = await imports.cancel(MERCHANT, product.id)
    provider.gate.set()
    await submitting

    assert stopped.status is Status.FAILED
    assert stopped.failure
    assert stopped.failure.code == "cancelled"
    assert await imports.product(MERCHANT, product.id) == stopped
    events = [event for event in await imports.events(MERCHANT) if event.name.startswith("product/")]
    assert [event.name for event in events] == ["product/scrape.requested", "product/scrape.failed"]
    assert set(events[1].data) == {"productId", "error", "duration"}


async def test_cancelling_what_is_over_changes_nothing() -> None:
    """A product that has arrived stays."""
    house = make_house([kettle()])
    product_id = (await house.imports.submit(MERCHANT, URL)).product.id
    before = await house.imports.product(MERCHANT, product_id)

    assert await house.imports.cancel(MERCHANT, product_id) == before

    assert len(await house.events()) == 2


async def test_an_import_is_accepted_while_the_engine_does_not_answer() -> None:
    """The submission succeeds; the import waits in the catalogue until the reconciler sends it."""
    imports = Imports(MemoryStore(), KeptEngine(reachable=False))

    submission = await imports.submit(MERCHANT, URL)

    assert (await imports.product(MERCHANT, submission.product.id)).status is Status.IMPORTING


async def test_a_silent_worker_is_noticed_within_ninety_seconds() -> None:
    """A worker never seen, or not for a minute, has stopped; one seen a moment ago has not."""
    engine = KeptEngine(seen_at=None)
    imports = Imports(MemoryStore(), engine)

    never = await imports.worker_stopped()
    engine.seen_at = now() - timedelta(seconds=60)
    silent = await imports.worker_stopped()
    engine.seen_at = now() - timedelta(seconds=15)
    alive = await imports.worker_stopped()

    assert (never, silent, alive) == (True, True, False)


async def test_watching_shows_each_event_once_and_ends() -> None:
    """A watcher sees the events in order, as they happen, up to the outcome; nothing twice."""
    imports, provider = gated_imports()
    submitting = asyncio.create_task(imports.submit(MERCHANT, URL))
    await provider.asked.wait()
    (product,) = await imports.products(MERCHANT)

    seen: list[tuple[int, str]] = []
    async with asyncio.timeout(60):
        async for events in Watching(imports).watch(MERCHANT, Subject(product.id), 0):
            seen += [(event.sequence, event.name) for event in events]
            provider.gate.set()
    await submitting

    happened = [(event.sequence, event.name) for event in await imports.events(MERCHANT)]
    assert seen[0][1] == "product/scrape.requested"
    assert "product/scrape.completed" in {name for _, name in seen}
    assert seen == happened


async def test_a_watcher_gets_the_last_step_s_end() -> None:
    """The step that ends an import tells of its own end a moment later, and a watcher waits for it."""
    store, provider = MemoryStore(), Gated("direct", [kettle()])
    store.catalogue = LateCatalogue()
    imports = Imports(store, Inline(ImportWorkflow(store, {"direct": provider})))
    submitting = asyncio.create_task(imports.submit(MERCHANT, URL))
    await provider.asked.wait()
    product = await store.catalogue.product_by_url(MERCHANT, URL)
    assert product
    provider.gate.set()

    async with asyncio.timeout(60):
        told = [events async for events in Watching(imports).watch(MERCHANT, Subject(product.id), 0)]

    assert list(chain(*told))[-1].data == {"step": "save", "state": "succeeded", "detail": ""}
    await submitting


async def test_watching_goes_on_where_it_left() -> None:
    """After a sequence, only later events are given."""
    house = make_house([kettle()])
    product_id = (await house.imports.submit(MERCHANT, URL)).product.id
    events = await house.imports.events(MERCHANT)

    watching = Watching(house.imports).watch(MERCHANT, Subject(product_id), events[-2].sequence)
    rest = [event async for events in watching for event in events]

    assert rest == [events[-1]]
