"""What every store promises of webhook endpoints, deliveries, and batches to announce."""

from datetime import datetime, timedelta

import pytest

from cartage.model.batch import BatchState
from cartage.model.errors import NotFound
from cartage.model.ids import new_id
from cartage.model.webhook import Delivery, DeliveryState, Endpoint, MessageName
from cartage.store import Store
from tests.contracts.records import NOON, a_batch, an_event, ended_product, kept_product

LATER = NOON + timedelta(minutes=1)


async def kept_endpoint(store: Store, merchant_id: str) -> Endpoint:
    """Store an endpoint, and give it as it is kept."""
    endpoint = Endpoint(
        id=new_id("whe"), merchant_id=merchant_id, url="https://till.example/", secret="whsec_c2VjcmV0", created_at=NOON
    )
    await store.postbox.add_endpoint(endpoint)
    return next(each for each in await store.postbox.endpoints() if each.id == endpoint.id)


def a_delivery(endpoint: Endpoint, due_at: datetime = NOON) -> Delivery:
    """Make a delivery that is due."""
    return Delivery(
        id=new_id("msg"),
        endpoint_id=endpoint.id,
        merchant_id=endpoint.merchant_id,
        name="import.succeeded",
        payload='{"type": "import.succeeded"}',
        due_at=due_at,
        created_at=NOON,
    )


async def test_an_endpoint_hears_of_what_happens_from_now_on(store: Store, mine: str, theirs: str) -> None:
    """What happened before is not told; endpoints are a merchant's own."""
    await ended_product(store, mine)
    known = await store.catalogue.events(mine)

    endpoint = await kept_endpoint(store, mine)

    assert endpoint.read_up_to == known[-1].sequence
    assert await store.postbox.endpoints(mine) == [endpoint]
    assert await store.postbox.endpoints(theirs) == []


async def test_events_are_handed_in_once(store: Store, mine: str) -> None:
    """Of two that read the same events one hands in; the other writes nothing."""
    endpoint = await kept_endpoint(store, mine)
    reading = endpoint.read_up_to + 5

    first = await store.postbox.hand_in(endpoint, reading, [a_delivery(endpoint)])
    second = await store.postbox.hand_in(endpoint, reading, [a_delivery(endpoint)])

    assert (first, second) == (True, False)
    assert len(await store.postbox.deliveries(mine)) == 1
    assert (await store.postbox.endpoints(mine))[0].read_up_to == reading


async def test_what_is_due_is_claimed_once(store: Store, mine: str) -> None:
    """A claimed delivery is nobody else's until the moment that was named; what is not due waits."""
    endpoint = await kept_endpoint(store, mine)
    due, early = a_delivery(endpoint), a_delivery(endpoint, LATER + timedelta(hours=1))
    await store.postbox.hand_in(endpoint, 10**6, [due, early])

    first = await store.postbox.claim(NOON, LATER, 10)
    second = await store.postbox.claim(NOON, LATER, 10)
    again = await store.postbox.claim(LATER, LATER + timedelta(minutes=1), 10)

    assert [delivery.id for delivery, _ in first] == [due.id]
    assert first[0][1].secret == endpoint.secret
    assert second == []
    assert [delivery.id for delivery, _ in again] == [due.id]


async def test_a_settled_delivery_may_be_sent_again_by_its_merchant(store: Store, mine: str, theirs: str) -> None:
    """What was delivered is over until its own merchant asks for it again."""
    endpoint = await kept_endpoint(store, mine)
    delivery = a_delivery(endpoint)
    await store.postbox.hand_in(endpoint, 10**6, [delivery])
    over = {"state": DeliveryState.DELIVERED, "tries": 1, "result": "status 200"}
    await store.postbox.settle(delivery.model_copy(update=over))

    assert await store.postbox.claim(LATER, LATER, 10) == []
    with pytest.raises(NotFound):
        await store.postbox.deliver_again(theirs, delivery.id, LATER)
    await store.postbox.deliver_again(mine, delivery.id, LATER)
    ((claimed, _),) = await store.postbox.claim(LATER, LATER, 10)
    assert (claimed.id, claimed.tries, claimed.payload) == (delivery.id, 0, delivery.payload)


async def test_an_endpoint_is_told_of_what_its_merchant_chose(store: Store, mine: str, theirs: str) -> None:
    """Everything at first; what is chosen stays chosen, and nobody else chooses."""
    endpoint = await kept_endpoint(store, mine)

    with pytest.raises(NotFound):
        await store.postbox.set_events(theirs, endpoint.id, [MessageName.IMPORT_FAILED])
    await store.postbox.set_events(mine, endpoint.id, [MessageName.IMPORT_FAILED, MessageName.EXPORT_COMPLETED])

    (kept,) = await store.postbox.endpoints(mine)
    assert (endpoint.events, endpoint.hears("batch.completed")) == ((), True)
    assert kept.events == (MessageName.IMPORT_FAILED, MessageName.EXPORT_COMPLETED)
    assert (kept.hears("import.failed"), kept.hears("batch.completed")) == (True, False)


async def test_an_endpoint_that_is_gone_is_told_no_more(store: Store, mine: str) -> None:
    """What waits for it is given up, nothing is handed in, and what is sent again is not claimed."""
    endpoint, other = await kept_endpoint(store, mine), await kept_endpoint(store, mine)
    waiting, untouched = a_delivery(endpoint), a_delivery(other)
    await store.postbox.hand_in(endpoint, 10**6, [waiting])
    await store.postbox.hand_in(other, 10**6, [untouched])

    await store.postbox.switch_off(endpoint.id, NOON)
    await store.postbox.switch_off(endpoint.id, LATER)

    gone = next(each for each in await store.postbox.endpoints(mine) if each.id == endpoint.id)
    assert gone.gone_at == NOON
    assert (await store.postbox.delivery(mine, waiting.id)).state is DeliveryState.FAILED
    assert not await store.postbox.hand_in(gone, 10**7, [a_delivery(endpoint)])
    await store.postbox.deliver_again(mine, waiting.id, NOON)
    assert [delivery.id for delivery, _ in await store.postbox.claim(NOON, LATER, 10)] == [untouched.id]


async def test_an_endpoint_is_switched_on_by_its_merchant(store: Store, mine: str, theirs: str) -> None:
    """It hears of what happens from then on; switching on one that is on moves nothing."""
    endpoint = await kept_endpoint(store, mine)
    await store.postbox.switch_off(endpoint.id, NOON)
    await ended_product(store, mine)
    newest = (await store.catalogue.events(mine))[-1].sequence

    with pytest.raises(NotFound):
        await store.postbox.switch_on(theirs, endpoint.id)
    await store.postbox.switch_on(mine, endpoint.id)
    await ended_product(store, mine)
    await store.postbox.switch_on(mine, endpoint.id)

    (kept,) = await store.postbox.endpoints(mine)
    assert (kept.gone_at, kept.read_up_to) == (None, newest)


async def test_what_came_back_is_kept(store: Store, mine: str, theirs: str) -> None:
    """A delivery is read back as it was settled, by its own merchant only."""
    endpoint = await kept_endpoint(store, mine)
    delivery = a_delivery(endpoint)
    await store.postbox.hand_in(endpoint, 10**6, [delivery])
    answered = {"tries": 1, "tried_at": LATER, "result": "status 500", "status": 500, "answer": "Fehler: \u00fc\n<b>"}
    settled = delivery.model_copy(update=answered)
    await store.postbox.settle(settled)

    assert await store.postbox.delivery(mine, delivery.id) == settled
    with pytest.raises(NotFound):
        await store.postbox.delivery(theirs, delivery.id)


async def test_a_removed_endpoint_takes_its_deliveries_along(store: Store, mine: str, theirs: str) -> None:
    """Only its merchant removes it; nothing is left to tell."""
    endpoint = await kept_endpoint(store, mine)
    await store.postbox.hand_in(endpoint, 10**6, [a_delivery(endpoint)])

    with pytest.raises(NotFound):
        await store.postbox.remove_endpoint(theirs, endpoint.id)
    await store.postbox.remove_endpoint(mine, endpoint.id)

    assert await store.postbox.endpoints() == []
    assert await store.postbox.deliveries(mine) == []


async def test_a_batch_is_announced_once(store: Store, mine: str) -> None:
    """A fed batch waits to be announced; after that it does not, and its event is there once."""
    fed, feeding = a_batch(mine, BatchState.FED), a_batch(mine, BatchState.FEEDING)
    for batch in (fed, feeding):
        await store.batches.add_batch(batch)
    product, import_ = await kept_product(store, mine)
    before = [batch.id for batch in await store.postbox.unannounced()]

    event = an_event(import_, "batch/completed")
    assert await store.postbox.announce(fed.id, event)
    assert not await store.postbox.announce(fed.id, event.model_copy(update={"id": new_id("evt")}))

    told = [each.name for each in await store.catalogue.events(mine, product_id=product.id)]
    assert before == [fed.id]
    assert await store.postbox.unannounced() == []
    assert told.count("batch/completed") == 1
