"""The place in line: how many go first, and when its turn comes, only where what ended lately tells."""

from datetime import timedelta

from cartage.imports.progress import now
from cartage.imports.waiting import Place, place_of
from cartage.model.catalogue import Import, ImportState
from cartage.stores.memory import MemoryStore
from tests.contracts.records import a_product, a_step, an_event, an_import

MERCHANT = "mer_1"


async def kept(store: MemoryStore, **changes: object) -> Import:
    """Keep an import that was asked for a minute ago."""
    product = a_product(MERCHANT)
    import_ = an_import(product, created_at=now() - timedelta(minutes=1)).model_copy(update=changes)
    await store.catalogue.add_product(product, import_, an_event(import_))
    return import_


async def test_a_turn_is_estimated_by_what_ended_lately() -> None:
    """Six ended in the minute that the first has waited: with two ahead, it is a half."""
    store = MemoryStore()
    for _ in range(6):
        await kept(store, state=ImportState.SUCCEEDED, finished_at=now() - timedelta(seconds=20))
    first, second, third = sorted([await kept(store) for _ in range(3)], key=lambda each: each.id)

    place = await place_of(store.listing, third)

    assert place
    assert place.ahead == 2
    assert place.seconds is not None
    assert 29 <= place.seconds <= 32
    assert (await place_of(store.listing, first) or place).ahead == 0
    assert second.id < third.id


async def test_what_nobody_can_tell_is_not_said() -> None:
    """Where hardly anything ended lately, there is a place and no time; bulk never stands before a person."""
    store = MemoryStore()
    await kept(store, state=ImportState.SUCCEEDED, finished_at=now() - timedelta(minutes=30))
    bulk = await kept(store, batch_id="bat_1")
    mine = await kept(store)

    assert await place_of(store.listing, mine) == Place(0)
    assert await place_of(store.listing, bulk) == Place(1)


async def test_what_has_begun_has_no_place() -> None:
    """An import with a step, or that is over, stands in no line."""
    store = MemoryStore()
    running, over = await kept(store, state=ImportState.RUNNING), await kept(store, state=ImportState.SUCCEEDED)

    assert await place_of(store.listing, running, [a_step(running.id, "try direct 1")]) is None
    assert await place_of(store.listing, over) is None
