"""What every store promises of events."""

from cartage.model.catalogue import Event
from cartage.store import Store
from tests.contracts.records import a_batch, a_step, an_event, ended_product, kept_product, kept_rows, sent_row


async def test_events_are_picked_by_what_they_are_about(store: Store, mine: str, theirs: str) -> None:
    """Of a product, of an import, or of a batch's imports; in their order, and nobody else's."""
    batch = a_batch(mine)
    first, second = await kept_rows(store, batch, 2)
    _, product, import_ = await sent_row(store, batch, first)
    await kept_product(store, mine)
    await sent_row(store, batch, second)
    await store.catalogue.record_steps([(a_step(import_.id, "save"), an_event(import_, "import/step"))])
    catalogue = store.catalogue

    of_product = await catalogue.events(mine, product_id=product.id)
    of_batch = await catalogue.events(mine, batch_id=batch.id)

    assert [each.name for each in of_product] == ["product/scrape.requested", "import/step"]
    assert await catalogue.events(mine, import_id=import_.id) == of_product
    assert [each.sequence for each in of_batch] == sorted(each.sequence for each in of_batch)
    assert (len(of_batch), len(await catalogue.events(mine))) == (3, 4)
    assert await catalogue.events(mine, batch_id=batch.id, after=of_batch[0].sequence, limit=1) == [of_batch[1]]
    others: list[list[Event]] = [
        [*await catalogue.events(theirs, import_id=import_.id)],
        [*await catalogue.events(theirs, batch_id=batch.id)],
    ]
    assert others == [[], []]


async def test_the_newest_event_is_known(store: Store, mine: str, theirs: str) -> None:
    """The sequence of the last event, and 0 where there was none."""
    await ended_product(store, mine)

    assert await store.catalogue.newest_sequence(mine) == (await store.catalogue.events(mine))[-1].sequence
    assert await store.catalogue.newest_sequence(theirs) == 0
