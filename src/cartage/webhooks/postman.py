"""The postman: turns events into deliveries, and delivers them again and again until they arrive or are too old."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cartage.fetching.client import Fetcher
from cartage.imports.rounds import going_on
from cartage.model.batch import Batch
from cartage.model.catalogue import Event
from cartage.model.errors import CartageError
from cartage.model.ids import new_id
from cartage.model.webhook import Delivery, DeliveryState, Endpoint
from cartage.store import Store
from cartage.webhooks.messages import BATCH_COMPLETED, messages_of
from cartage.webhooks.signing import signed_headers

ROUND_SECONDS = 2.0
ANSWER_SECONDS = 20.0
CLAIM = timedelta(seconds=60)
AT_ONCE = 20
EVENTS_AT_ONCE = 200
# The waits after each try, as the Standard Webhooks scheme recommends them.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600))

logger = logging.getLogger("cartage.webhooks")


@dataclass(frozen=True, slots=True)
class Postman:
    """Tell every endpoint what happened since it was last told. Any number of processes may have one."""

    store: Store
    fetcher: Fetcher

    async def watch(self) -> None:
        """Go round for ever."""
        while True:
            with going_on(logger, "A round of webhooks"):
                await self.go_round()
            await asyncio.sleep(ROUND_SECONDS)

    async def go_round(self, now: datetime | None = None) -> int:
        """Collect what happened and deliver what is due; give the number of deliveries that were tried."""
        endpoints = await self.store.postbox.endpoints()
        await self._announce_batches(endpoints)
        if not endpoints:
            return 0
        for endpoint in endpoints:
            await self._collect(endpoint)
        now = now or datetime.now(UTC)
        claimed = await self.store.postbox.claim(now, now + CLAIM, AT_ONCE)
        await asyncio.gather(*(self._deliver(delivery, endpoint, now) for delivery, endpoint in claimed))
        return len(claimed)

    async def _announce_batches(self, endpoints: Sequence[Endpoint]) -> None:
        since: dict[str, datetime] = {}
        for endpoint in endpoints:
            known = since.get(endpoint.merchant_id, endpoint.created_at)
            since[endpoint.merchant_id] = min(known, endpoint.created_at)
        for batch in await self.store.postbox.unannounced():
            counts = await self.store.batches.counts(batch.id)
            if not all(status.over for status in counts):
                continue
            wanted = since.get(batch.merchant_id, batch.created_at) <= batch.created_at
            told = {status.value: count for status, count in counts.items()}
            await self.store.postbox.announce(batch.id, _completed(batch, told) if wanted else None)

    async def _collect(self, endpoint: Endpoint) -> None:
        events = await self.store.catalogue.events(
            endpoint.merchant_id, after=endpoint.read_up_to, limit=EVENTS_AT_ONCE
        )
        if not events:
            return
        deliveries = [
            Delivery(
                id=new_id("msg"),
                endpoint_id=endpoint.id,
                merchant_id=endpoint.merchant_id,
                name=name,
                payload=payload,
                due_at=event.at,
                created_at=event.at,
            )
            for event in events
            for name, payload in messages_of(event)
        ]
        await self.store.postbox.hand_in(endpoint, events[-1].sequence, deliveries)

    async def _deliver(self, delivery: Delivery, endpoint: Endpoint, now: datetime) -> None:
        body = delivery.payload.encode()
        headers = signed_headers(endpoint.secret, delivery.id, datetime.now(UTC), body)
        try:
            reply = await self.fetcher.post(endpoint.url, body, headers=headers, seconds=ANSWER_SECONDS)
        except CartageError as error:
            arrived, result = False, error.code
        else:
            arrived, result = 200 <= reply.status < 300, f"status {reply.status}"  # noqa: PLR2004 - successes
        await self.store.postbox.settle(tried(delivery, arrived=arrived, result=result, now=now))


def tried(delivery: Delivery, *, arrived: bool, result: str, now: datetime) -> Delivery:
    """Say what becomes of a delivery after a try: arrived, to be tried again, or given up."""
    tries = delivery.tries + 1
    changes: dict[str, object] = {"tries": tries, "result": result}
    if arrived:
        return delivery.model_copy(update={**changes, "state": DeliveryState.DELIVERED})
    if tries > len(WAITS):
        return delivery.model_copy(update={**changes, "state": DeliveryState.FAILED})
    return delivery.model_copy(update={**changes, "due_at": now + WAITS[tries - 1]})


def _completed(batch: Batch, counts: dict[str, int]) -> Event:
    return Event(
        id=new_id("evt"),
        name=BATCH_COMPLETED,
        merchant_id=batch.merchant_id,
        product_id="",
        import_id="",
        data={"batchId": batch.id, "counts": counts},
        at=datetime.now(UTC),
    )
