"""The postman: turns events into deliveries, and delivers them again and again until they arrive or are too old."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

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
ANSWER_KEPT_BYTES = 1000
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
            if endpoint.gone_at is None:
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
            if endpoint.hears(name)
        ]
        await self.store.postbox.hand_in(endpoint, events[-1].sequence, deliveries)

    async def _deliver(self, delivery: Delivery, endpoint: Endpoint, now: datetime) -> None:
        body = delivery.payload.encode()
        tried_at = datetime.now(UTC)
        delivery = delivery.model_copy(update={"tried_at": tried_at})
        headers = signed_headers(endpoint.secret, delivery.id, tried_at, body)
        try:
            reply = await self.fetcher.post(endpoint.url, body, headers=headers, seconds=ANSWER_SECONDS)
        except CartageError as error:
            outcome = Outcome(error.code)
        else:
            outcome = Outcome(f"status {reply.status}", reply.status, first_characters(reply.body))
        await self.store.postbox.settle(tried(delivery, outcome, now))
        if outcome.gone:
            await self.store.postbox.switch_off(endpoint.id, tried_at)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Say what a try came to: a word for it, and the answer where there was one."""

    result: str
    status: int | None = None
    answer: str = ""

    @property
    def arrived(self) -> bool:
        """Tell whether the endpoint heard."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def gone(self) -> bool:
        """Tell whether the endpoint asks to be told no more."""
        return self.status == HTTPStatus.GONE


def tried(delivery: Delivery, outcome: Outcome, now: datetime) -> Delivery:
    """Say what becomes of a delivery after a try: arrived, to be tried again, or given up."""
    tries = delivery.tries + 1
    told = {"tries": tries, "result": outcome.result, "status": outcome.status, "answer": outcome.answer}
    if outcome.arrived:
        return delivery.model_copy(update={**told, "state": DeliveryState.DELIVERED})
    if outcome.gone or tries > len(WAITS):
        return delivery.model_copy(update={**told, "state": DeliveryState.FAILED})
    return delivery.model_copy(update={**told, "due_at": now + WAITS[tries - 1]})


def first_characters(body: bytes) -> str:
    """Give the beginning of an answer as text that can be kept and shown: what is not to be printed is marked."""
    text = body[:ANSWER_KEPT_BYTES].decode("utf-8", "replace")
    return "".join(each if each.isprintable() or each in "\n\t" else "\N{REPLACEMENT CHARACTER}" for each in text)


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
