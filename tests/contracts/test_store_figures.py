"""What every store promises of figures: what waits, what ended when, what was spent by day; and of sweeping."""

from datetime import UTC, datetime, timedelta

import pytest

from cartage.listing import Ended, Fetched, Queue, Tried
from cartage.model.catalogue import ImportState, Status, Step, StepState
from cartage.model.errors import NotFound
from cartage.model.ids import new_id
from cartage.model.spending import NO_CAPS, PaidAttempt
from cartage.model.upkeep import Retention, Swept
from cartage.store import Store
from tests.contracts.records import (
    NOON,
    a_batch,
    a_product,
    an_attempt,
    an_event,
    an_import,
    ended_product,
    kept_product,
)

HOUR = timedelta(hours=1)


async def test_what_waits_is_counted_and_ranked(store: Store, mine: str, theirs: str) -> None:
    """The queue says how many wait and since when; `before` counts those ahead without a step, of bulk all singles."""
    imports = sorted([(await kept_product(store, mine))[1] for _ in range(3)], key=lambda each: each.id)
    await kept_product(store, theirs)
    await store.catalogue.mark_running(imports[0].id)
    step = Step(import_id=imports[0].id, name="try direct 1", state=StepState.RUNNING, started_at=NOON)
    await store.catalogue.record_steps([(step, an_event(imports[0], "import/step"))])

    assert await store.listing.queue(mine) == Queue(waiting=2, since=NOON)
    assert (await store.listing.queue(mine, before=imports[2])).waiting == 1
    await store.catalogue.mark_running(imports[1].id)
    assert (await store.listing.queue(mine, before=imports[2])).waiting == 1
    bulk = imports[1].model_copy(update={"batch_id": "bat_1"})
    assert (await store.listing.queue(mine, before=bulk)).waiting == 2
    assert await store.listing.queue("mer_none") == Queue()


async def test_ends_are_counted_by_stretches_of_time(store: Store, mine: str, theirs: str) -> None:
    """Each stretch counts what succeeded and what failed; earlier ones and those of others are left out."""
    for minutes, state in ((-90, "failed"), (5, "succeeded"), (55, "failed"), (59, "failed"), (61, "succeeded")):
        product, import_ = await kept_product(store, mine)
        settled = product.model_copy(update={"status": Status.IMPORTED})
        over = {"state": ImportState(state), "finished_at": NOON + timedelta(minutes=minutes, seconds=0.5)}
        assert await store.catalogue.end_import(settled, import_.model_copy(update=over), an_event(import_))
    await ended_product(store, theirs)

    found = await store.listing.ended(mine, NOON, 3600)

    assert found == [Ended(at=NOON, succeeded=1, failed=2), Ended(at=NOON + HOUR, succeeded=1)]


async def test_the_time_of_a_provider_s_tries_is_summed(store: Store, mine: str, theirs: str) -> None:
    """Tries that are over count, whatever came of them; skipped, earlier, other and another's ones do not."""
    _, import_ = await kept_product(store, mine)
    _, of_others = await kept_product(store, theirs)
    begun = [
        (import_, "try browser 1", StepState.SUCCEEDED, 8),
        (import_, "try browser 2", StepState.FAILED, 20),
        (import_, "try browser 3", StepState.RUNNING, None),
        (import_, "try browser 4", StepState.SKIPPED, 5),
        (import_, "try direct 1", StepState.SUCCEEDED, 7),
        (of_others, "try browser 1", StepState.SUCCEEDED, 9),
    ]
    for at, name, state, took in begun:
        over = None if took is None else NOON + timedelta(seconds=took)
        step = Step(import_id=at.id, name=name, state=state, started_at=NOON, finished_at=over)
        await store.catalogue.record_steps([(step, an_event(at, "import/step"))])

    assert await store.listing.tried(mine, "browser", NOON) == Tried(tries=2, seconds=28)
    assert await store.listing.tried(mine, "browser", NOON + HOUR) == Tried()


async def test_bytes_are_summed_by_provider(store: Store, mine: str, theirs: str) -> None:
    """Of one's own tries since a moment, of one batch where it is asked for, pictures last; gaps are told as such."""
    batch = a_batch(mine)
    await store.batches.add_batch(batch)
    _, one = await kept_product(store, mine)
    listed = a_product(mine)
    other = an_import(listed, batch_id=batch.id)
    await store.catalogue.add_product(listed, other, an_event(other))
    _, foreign = await kept_product(store, theirs)
    for import_, provider, number, size in (
        (one, "direct", 1, 1000), (one, "direct", 2, None), (one, "browser", 1, 5_000_000_000),
        (other, "direct", 1, 24), (foreign, "direct", 1, 7),
    ):  # fmt: skip
        attempt = an_attempt(provider, number).model_copy(update={"fetched_bytes": size})
        await store.catalogue.record_attempt(import_.id, attempt)

    for import_, size in ((one, 2048), (other, 512), (foreign, 9)):
        ended = import_.model_copy(update={"state": ImportState.SUCCEEDED, "picture_bytes": size, "finished_at": NOON})
        product = await store.catalogue.product(import_.merchant_id, import_.product_id)
        imported = product.model_copy(update={"status": Status.IMPORTED})
        assert await store.catalogue.end_import(imported, ended, an_event(import_))

    browser = Fetched(provider="browser", tries=1, unknown=0, bytes=5_000_000_000)
    assert await store.listing.fetched(mine, NOON) == [
        browser,
        Fetched(provider="direct", tries=3, unknown=1, bytes=1024),
        Fetched(provider="pictures", tries=2, unknown=0, bytes=2560),
    ]
    assert await store.listing.fetched(mine, NOON, batch_id=batch.id) == [
        Fetched(provider="direct", tries=1, unknown=0, bytes=24),
        Fetched(provider="pictures", tries=1, unknown=0, bytes=512),
    ]
    assert await store.listing.fetched(mine, NOON + HOUR) == []


async def test_costs_are_summed_by_day(store: Store, mine: str) -> None:
    """Days are those of UTC, in their order."""
    for hours, cost in ((0, 5), (1, 6), (13, 7)):
        paid = PaidAttempt(
            import_id=new_id("imp"),
            provider="zyte",
            number=1,
            merchant_id=mine,
            host="shop.example",
            at=NOON + hours * HOUR,
            counted=cost,
        )
        assert await store.spending.reserve(paid, NO_CAPS, NOON) is None
        await store.spending.settle(paid.import_id, "zyte", 1, cost)

    lines = await store.spending.costs(mine, NOON, "day")

    assert [(line.name, line.attempts) for line in lines] == [("2026-11-23", 2), ("2026-11-24", 1)]


async def test_a_sweep_deletes_what_is_too_old_and_nothing_else(store: Store, mine: str, theirs: str) -> None:
    """Pages and events of before a moment go, a few at a time; younger ones and another's stay."""
    now = datetime.now(UTC)
    page, other = [await store.artifacts.put(each, "text/html", b"<p>") for each in (mine, theirs)]
    product, import_ = await kept_product(store, mine)
    later = an_event(an_import(product)).model_copy(update={"id": new_id("evt"), "at": NOON + HOUR})
    await store.catalogue.end_import(product.model_copy(update={"status": Status.FAILED}), import_, later)
    newest = await store.catalogue.newest_sequence(mine)

    young = await store.upkeep.sweep(mine, now - HOUR, None)
    first = await store.upkeep.sweep(mine, now + HOUR, NOON + HOUR)
    again = await store.upkeep.sweep(mine, now + HOUR, NOON + HOUR)

    assert (young, first, again) == (Swept(), Swept(pages=1, events=1), Swept())
    assert [event.sequence for event in await store.catalogue.events(mine)] == [newest]
    with pytest.raises(NotFound):
        await store.artifacts.get(mine, page)
    assert await store.artifacts.get(theirs, other) == b"<p>"


async def test_retention_is_each_merchants_own(store: Store, mine: str, theirs: str) -> None:
    """What is set again replaces what was; nobody else is swept."""
    await store.upkeep.set_retention(mine, Retention(pages_days=7))
    await store.upkeep.set_retention(mine, Retention(pages_days=30, events_days=90))

    assert await store.upkeep.retentions() == {mine: Retention(pages_days=30, events_days=90)}
    assert theirs not in await store.upkeep.retentions()
