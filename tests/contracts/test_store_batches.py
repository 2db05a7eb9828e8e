"""What every store promises about batches, whichever it is."""

import asyncio
from datetime import timedelta

import pytest

from cartage.model.batch import BatchState, RowState, RowStatus
from cartage.model.catalogue import ImportState, Status
from cartage.model.errors import Internal, NotFound, PageNotFound, UrlInvalid
from cartage.model.wishes import Render
from cartage.store import Store
from tests.contracts.records import (
    NOON,
    a_batch,
    an_attempt,
    an_event,
    kept_product,
    kept_rows,
    sent_row,
)

LATER = NOON + timedelta(minutes=1)
UNSEEN = {RowStatus.QUEUED, RowStatus.CANCELLED, RowStatus.DELETED}
FAILURE = Internal("It broke.").failure()


async def test_a_batch_comes_back_as_it_was_kept(store: Store, mine: str, theirs: str) -> None:
    """A merchant gets and lists its own batches, newest first, and no other's."""
    first, second = a_batch(mine), a_batch(mine, BatchState.READING)
    for batch in (first, second):
        await store.batches.add_batch(batch)

    assert await store.batches.batch(mine, first.id) == first
    assert await store.batches.batches(mine) == [second, first]
    assert await store.batches.batches(mine, before=second.id, limit=1) == [first]
    assert await store.batches.batches(theirs) == []
    with pytest.raises(NotFound):
        await store.batches.batch(theirs, first.id)


async def test_a_list_that_broke_off_is_forgotten(store: Store, mine: str) -> None:
    """A batch still being read can be thrown away with its rows; one that was taken cannot."""
    broken, taken = a_batch(mine, BatchState.READING), a_batch(mine)
    for batch in (broken, taken):
        await kept_rows(store, batch, 2)
        await store.batches.discard_batch(batch.id)

    assert await store.batches.batches(mine) == [taken]
    assert await store.batches.results(broken.id) == []
    assert len(await store.batches.results(taken.id)) == 2


async def test_a_state_is_changed_from_the_one_it_is_in(store: Store, mine: str) -> None:
    """A batch that is not as expected stays as it is."""
    batch = a_batch(mine, BatchState.READING)
    await store.batches.add_batch(batch)

    moved = await store.batches.move_batch(batch.id, BatchState.READING, BatchState.FEEDING)
    again = await store.batches.move_batch(batch.id, BatchState.READING, BatchState.FEEDING)

    assert (moved, again) == (True, False)
    assert (await store.batches.batch(mine, batch.id)).state is BatchState.FEEDING


async def test_rows_fare_as_their_products_do(store: Store, mine: str) -> None:
    """Rows that wait, run or were imported, failed, known, twice, skipped or invalid are told apart, and counted."""
    batch = a_batch(mine)
    rows = await kept_rows(store, batch, 9)
    _, _, _ = await sent_row(store, batch, rows[1])
    _, _, running = await sent_row(store, batch, rows[2])
    await store.catalogue.mark_running(running.id)
    for row, status, state, failure in (
        (rows[3], Status.IMPORTED, ImportState.SUCCEEDED, None),
        (rows[4], Status.FAILED, ImportState.FAILED, FAILURE),
    ):
        _, product, import_ = await sent_row(store, batch, row)
        settled = product.model_copy(update={"status": status, "failure": failure})
        await store.catalogue.end_import(
            settled, import_.model_copy(update={"state": state, "finished_at": NOON}), an_event(import_)
        )
    known = await store.catalogue.product_by_url(mine, rows[3].source_url)
    assert known
    joined = {"state": RowState.SENT, "product_id": known.id, "import_id": known.import_id, "known": True}
    await store.batches.settle_row(rows[5].model_copy(update=joined))
    await store.batches.settle_row(rows[6].model_copy(update={"state": RowState.DUPLICATE, "same_as": 4}))
    wrong = UrlInvalid("No address.").failure()
    await store.batches.settle_row(rows[7].model_copy(update={"state": RowState.INVALID, "failure": wrong}))

    await store.batches.settle_row(rows[8].model_copy(update={"state": RowState.SKIPPED}))

    results = await store.batches.results(batch.id)

    assert [result.status.value for result in results] == [
        "queued", "queued", "running", "imported", "failed", "already_imported", "duplicate", "invalid", "skipped",
    ]  # fmt: skip
    assert [result.failure for result in results] == [None, None, None, None, FAILURE, None, None, wrong, None]
    assert results[6].product_id == results[3].product_id == known.id
    assert [result.cells for result in results] == [row.cells for row in rows]
    assert await store.batches.counts(batch.id) == {
        RowStatus.QUEUED: 2,
        **{status: 1 for status in RowStatus if status not in UNSEEN},
    }
    assert await store.batches.under_way(mine) == await store.batches.under_way(mine, batch.id) == 2
    assert await store.batches.under_way(mine, "bat_other") == 0


async def test_results_are_paged_and_picked(store: Store, mine: str) -> None:
    """Rows come in their order, after a number, and those of one status where asked."""
    batch = a_batch(mine)
    rows = await kept_rows(store, batch, 5)
    await store.batches.settle_row(rows[1].model_copy(update={"state": RowState.INVALID, "failure": FAILURE}))

    assert [each.number for each in await store.batches.results(batch.id, after=2, limit=2)] == [3, 4]
    assert [each.number for each in await store.batches.results(batch.id, status=RowStatus.INVALID)] == [2]


async def test_one_feeder_holds_a_batch(store: Store, mine: str) -> None:
    """A batch to feed is one feeder's until its lease runs out; a batch that is not to be fed is nobody's."""
    batch = a_batch(mine)
    for each in (batch, a_batch(mine, BatchState.READING), a_batch(mine, BatchState.FED)):
        await store.batches.add_batch(each)

    taken = await store.batches.lease("one", NOON, LATER)

    assert taken == [batch]
    assert await store.batches.lease("two", NOON, LATER) == []
    assert await store.batches.lease("one", NOON, LATER) == [batch]
    assert await store.batches.lease("two", LATER + timedelta(seconds=1), LATER + timedelta(minutes=1)) == [batch]


async def test_of_feeders_at_the_same_time_one_gets_the_batch(store: Store, mine: str) -> None:
    """Six processes asking in the same moment: one feeds."""
    await store.batches.add_batch(a_batch(mine))

    taken = await asyncio.gather(*(store.batches.lease(f"feeder {n}", NOON, LATER) for n in range(6)))

    assert sum(len(each) for each in taken) == 1


async def test_a_row_is_settled_once(store: Store, mine: str) -> None:
    """A row that no longer waits keeps what became of it."""
    batch = a_batch(mine)
    row, *_ = await kept_rows(store, batch, 1)
    sent, _, _ = await sent_row(store, batch, row)

    late = await store.batches.settle_row(row.model_copy(update={"state": RowState.INVALID, "failure": FAILURE}))

    assert not late
    (result,) = await store.batches.results(batch.id)
    assert (result.status, result.import_id) == (RowStatus.QUEUED, sent.import_id)


async def test_a_batch_is_fed_when_no_row_waits(store: Store, mine: str) -> None:
    """While rows wait it stays to be fed."""
    batch = a_batch(mine)
    first, second = await kept_rows(store, batch, 2)
    await sent_row(store, batch, first)

    await store.batches.finish_feeding(batch.id)
    before = (await store.batches.batch(mine, batch.id)).state
    left = await store.batches.waiting(batch.id, 10)
    await sent_row(store, batch, second)
    await store.batches.finish_feeding(batch.id)

    assert left == [second]
    assert (before, (await store.batches.batch(mine, batch.id)).state) == (BatchState.FEEDING, BatchState.FED)


async def test_a_cancelled_batch_gives_what_still_runs(store: Store, mine: str) -> None:
    """Waiting rows are cancelled at once; rows with an import of their own are given, others' imports are not."""
    batch = a_batch(mine)
    first, second, third = await kept_rows(store, batch, 3)
    sent, _, _ = await sent_row(store, batch, first)
    product, import_ = await kept_product(store, mine)
    joined = {"state": RowState.SENT, "product_id": product.id, "import_id": import_.id, "known": True}
    await store.batches.settle_row(second.model_copy(update=joined))

    running = await store.batches.cancel_batch(batch.id)
    await store.batches.cancel_rows(batch.id, [sent.number])

    assert running == [sent]
    statuses = [result.status for result in await store.batches.results(batch.id)]
    assert statuses == [RowStatus.CANCELLED, RowStatus.QUEUED, RowStatus.CANCELLED]
    assert (await store.batches.batch(mine, batch.id)).state is BatchState.CANCELLED
    assert not await store.batches.settle_row(third)


async def test_failed_and_cancelled_rows_wait_again(store: Store, mine: str) -> None:
    """A retry counts them and feeds the batch again; with none it changes nothing."""
    batch = a_batch(mine)
    first, *_ = await kept_rows(store, batch, 3)
    _, product, import_ = await sent_row(store, batch, first)
    failed = product.model_copy(update={"status": Status.FAILED, "failure": FAILURE})
    ended = import_.model_copy(update={"state": ImportState.FAILED, "finished_at": NOON})
    await store.catalogue.end_import(failed, ended, an_event(import_))
    await store.batches.cancel_batch(batch.id)

    again = await store.batches.retry_batch(batch.id)
    more = await store.batches.retry_batch(batch.id)

    assert (again, more) == (3, 0)
    assert len(await store.batches.waiting(batch.id, 10)) == 3
    assert (await store.batches.batch(mine, batch.id)).state is BatchState.FEEDING


async def test_reasons_are_counted_and_retried_one_by_one(store: Store, mine: str, theirs: str) -> None:
    """Failed and invalid rows by reason and site; only rows of the reason that is named wait again."""
    batch = a_batch(mine, BatchState.FED).model_copy(update={"name": "order.csv"})
    gone, blocked, fine, wrong = await kept_rows(store, batch, 4)
    for row, failure in ((gone, PageNotFound("x").failure()), (blocked, FAILURE), (fine, None)):
        _, product, import_ = await sent_row(store, batch, row)
        await store.catalogue.record_attempt(import_.id, an_attempt("browser" if row is gone else "direct"))
        status = Status.FAILED if failure else Status.IMPORTED
        state = ImportState.FAILED if failure else ImportState.SUCCEEDED
        settled = product.model_copy(update={"status": status, "failure": failure})
        ended = import_.model_copy(update={"state": state, "failure": failure, "finished_at": NOON})
        await store.catalogue.end_import(settled, ended, an_event(import_))
    invalid = {"state": RowState.INVALID, "failure": UrlInvalid("x").failure()}
    await store.batches.settle_row(wrong.model_copy(update=invalid))

    tally = await store.batches.tally(batch.id)
    closely = await store.batches.tally(batch.id, closely=True)
    counts = await store.batches.counts(batch.id)
    known = await store.batches.known_urls(mine, [row.source_url for row in (gone, blocked, fine, wrong)])
    none = await store.batches.retry_batch(batch.id, leaving={"not_found", "internal"})
    retried = await store.batches.retry_batch(batch.id, "not_found", Render.FIRST)

    site = (("shop.example", 1),)
    assert tally.counts == {RowStatus.FAILED: 2, RowStatus.IMPORTED: 1, RowStatus.INVALID: 1}
    assert tally.counts == closely.counts == counts
    assert [(each.code, each.rows) for each in tally.causes] == [(each.code, each.rows) for each in closely.causes]
    assert [(each.code, each.rows, each.rendered, each.sites) for each in closely.causes] == [
        ("internal", 1, 0, site),
        ("not_found", 1, 1, site),
        ("url_invalid", 1, 0, ()),
    ]
    assert none == 0
    assert known == {fine.source_url}
    assert await store.batches.known_urls(theirs, [fine.source_url]) == set()
    waiting = await store.batches.waiting(batch.id, 9)
    assert (retried, [(row.number, row.render) for row in waiting]) == (1, [(gone.number, Render.FIRST)])
    assert (await store.batches.ended_since(batch.id, NOON), await store.batches.ended_since(batch.id, LATER)) == (3, 0)
    assert (await store.batches.batch(mine, batch.id)).name == "order.csv"
