"""What every store promises of webhook endpoints, deliveries, and batches to announce."""

from datetime import datetime, timedelta

import pytest

from cartage.model.batch import BatchState
from cartage.model.errors import NotFound
from cartage.model.ids import new_id
from cartage.model.webhook import Delivery, DeliveryState, Endpoint
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
