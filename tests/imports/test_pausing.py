"""Pausing and resuming: nothing new begins, nothing is lost, and what was held goes on a few at a time."""

import io

import pytest

from cartage.imports.batch import Batches
from cartage.imports.batch_file import Form, open_batch
from cartage.imports.feeding import Feeder
from cartage.imports.pausing import Pausing
from cartage.imports.releasing import Releaser
from cartage.imports.service import Imports
from cartage.model.batch import RowStatus
from cartage.model.catalogue import ImportState, Status
from cartage.model.errors import Conflict, InvalidInput, NotFound
from tests.imports.conftest import MERCHANT, House, kettle, make_house
from tests.kept_engine import KeptEngine

SHOP, OTHER = "https://shop.example/p", "https://other.example/p"


def queued(engine: KeptEngine) -> tuple[House, Imports, Pausing]:
    """Make a house whose imports are sent to an engine that runs nothing."""
    house = make_house([kettle()])
    return house, Imports(house.store, engine), Pausing(house.store)


@pytest.mark.parametrize(("written", "named"), [("ALL", ""), ("https://www.shop.example/p?a=1", "shop.example")])
async def test_a_pause_is_of_everything_or_of_a_site(written: str, named: str) -> None:
    """A site may be named by any of its addresses; who paused first stands."""
    _, _, pausing = queued(KeptEngine())

    paused = await pausing.pause(MERCHANT, written, "ann")

    assert (paused.site, paused.paused_by) == (named, "ann")
    assert await pausing.pause(MERCHANT, written, "bob") == paused
    assert await pausing.resume(MERCHANT, written) == paused
    with pytest.raises(NotFound):
        await pausing.resume(MERCHANT, written)


async def test_what_is_no_site_is_not_paused() -> None:
    """The field is named."""
    with pytest.raises(InvalidInput) as caught:
        await queued(KeptEngine())[2].pause(MERCHANT, "no host")

    assert caught.value.pointer == "/site"


async def test_what_is_submitted_while_it_is_paused_is_accepted_and_kept_back() -> None:
    """The product is IMPORTING and the import queued at once, and nothing is sent; of other sites it is."""
    engine = KeptEngine()
    house, imports, pausing = queued(engine)
    pause = await pausing.pause(MERCHANT, "shop.example")

    held = await imports.submit(MERCHANT, f"{SHOP}/1")
    other = await imports.submit(MERCHANT, f"{OTHER}/1")

    assert (held.product.status, held.import_.state, held.import_.held) == (Status.IMPORTING, ImportState.QUEUED, True)
    assert [import_id for import_id, _ in engine.sent] == [other.import_.id]
    assert await pausing.holding(held.import_) == pause
    assert await pausing.holding(other.import_) is None
    assert await pausing.waiting(MERCHANT, pause) == 1
    assert not (await house.store.catalogue.import_(MERCHANT, other.import_.id)).held


async def test_a_run_that_comes_to_a_pause_ends_without_visiting_anybody() -> None:
    """What the engine had before the pause is held as it begins, and runs in full after it was resumed."""
    house = make_house([kettle()])
    engine = KeptEngine()
    sent = await Imports(house.store, engine).submit(MERCHANT, f"{SHOP}/1")
    pausing, releaser = Pausing(house.store), Releaser(house.store, house.imports)
    await pausing.pause(MERCHANT, "all")

    await house.imports.engine.send(*engine.sent[0])
    held = await house.imports.import_(MERCHANT, sent.import_.id)
    assert await releaser.release() == 0
    await pausing.resume(MERCHANT, "all")

    assert (held.state, held.held, house.direct.requests[1:]) == (ImportState.QUEUED, True, [])
    assert await releaser.release() == 1
    assert (await house.imports.product(MERCHANT, sent.product.id)).status is Status.IMPORTED
    assert await releaser.release() == 0


async def test_a_run_that_was_held_and_comes_late_does_nothing() -> None:
    """The run that a pause ended, begun anew after a crash, leaves the import to the one that was released."""
    house, engine = make_house([kettle()]), KeptEngine()
    imports, pausing = Imports(house.store, engine), Pausing(house.store)
    await pausing.pause(MERCHANT, "all")
    held = await imports.submit(MERCHANT, f"{SHOP}/1")
    await pausing.resume(MERCHANT, "all")
    await Releaser(house.store, imports).release()
    (import_id, request), (bulk, again) = engine.sent[0], engine.lanes[0]

    await house.imports.engine.send(import_id, request)
    left = await house.imports.import_(MERCHANT, import_id)
    await house.imports.engine.send(import_id, request, bulk=bulk, again=again)

    assert (left.state, left.held) == (ImportState.QUEUED, False)
    assert (await house.imports.product(MERCHANT, held.product.id)).status is Status.IMPORTED
    assert len(house.direct.requests) == 1


async def test_what_was_held_goes_on_oldest_first_within_the_window() -> None:
    """However many were held, the engine has only a window of them at once."""
    engine = KeptEngine()
    house, imports, pausing = queued(engine)
    await pausing.pause(MERCHANT, "all")
    held = [(await imports.submit(MERCHANT, f"{SHOP}/{number}")).import_.id for number in range(5)]
    await pausing.resume(MERCHANT, "all")
    releaser = Releaser(house.store, imports, window=2)

    released = [await releaser.release(), await releaser.release()]
    await imports.cancel(MERCHANT, (await imports.import_(MERCHANT, held[0])).product_id)

    assert released == [2, 0]
    assert await releaser.release() == 1
    assert [import_id for import_id, _ in engine.sent] == held[:3]
    assert all(again for _, again in engine.lanes)


async def test_a_held_import_can_be_cancelled_and_not_be_begun_twice() -> None:
    """Cancelling ends it at once, for good; until then another import of its product is refused."""
    engine = KeptEngine()
    house, imports, pausing = queued(engine)
    await pausing.pause(MERCHANT, "all")
    held = await imports.submit(MERCHANT, f"{SHOP}/1")
    with pytest.raises(Conflict):
        await imports.retry(MERCHANT, held.product.id)

    cancelled = await imports.cancel(MERCHANT, held.product.id)
    again = await imports.retry(MERCHANT, held.product.id)
    await pausing.resume(MERCHANT, "all")
    await Releaser(house.store, imports).release()

    assert (cancelled.status, cancelled.failure and cancelled.failure.code) == (Status.FAILED, "cancelled")
    assert [import_id for import_id, _ in engine.sent] == [again.import_.id]


async def test_a_list_goes_on_with_the_sites_that_are_not_paused() -> None:
    """Rows of a paused site wait as rows, however many stand before the others, and go on when it is resumed."""
    house = make_house([kettle()])
    batches, feeder = Batches(house.store, house.imports), Feeder(house.store, house.imports, window=1)
    pausing = Pausing(house.store)
    await pausing.pause(MERCHANT, "shop.example")
    text = "\n".join([*(f"{SHOP}/{number}" for number in range(4)), f"{OTHER}/1", "https://third.example/1"])
    batch = await batches.submit(MERCHANT, open_batch(io.BytesIO(text.encode()), Form.LINES))

    for _ in range(4):
        assert await feeder.feed()
        await feeder.settle()
    counts = await batches.counts(MERCHANT, batch.id)
    await pausing.resume(MERCHANT, "shop.example")
    while await feeder.feed():
        await feeder.settle()

    assert counts == {RowStatus.QUEUED: 4, RowStatus.IMPORTED: 2}
    assert await house.store.catalogue.import_counts() == {ImportState.SUCCEEDED: 6}
    assert (await batches.standing(MERCHANT, batch.id)).over


async def test_a_list_waits_while_everything_is_paused() -> None:
    """No row becomes an import, and the list is not over."""
    house = make_house([kettle()])
    batches, feeder = Batches(house.store, house.imports), Feeder(house.store, house.imports)
    await Pausing(house.store).pause(MERCHANT, "all")
    batch = await batches.submit(MERCHANT, open_batch(io.BytesIO(f"{SHOP}/1".encode()), Form.LINES))

    await feeder.feed()
    await feeder.settle()

    assert await batches.counts(MERCHANT, batch.id) == {RowStatus.QUEUED: 1}
    assert not (await batches.standing(MERCHANT, batch.id)).over
