"""The postbox in memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.batch import Batch, BatchState
from cartage.model.catalogue import Event
from cartage.model.errors import NotFound
from cartage.model.webhook import Delivery, DeliveryState, Endpoint, MessageName
from cartage.stores.memory_batches import MemoryBatches


class KeptEvents(Protocol):
    """Keep events: the part of a catalogue that a postbox needs."""

    @property
    def last_sequence(self) -> int:
        """Give the newest event's sequence."""
        ...

    def keep(self, event: Event) -> None:
        """Write an event."""
        ...


class MemoryPostbox:
    """Keep endpoints and deliveries in memory."""

    def __init__(self, catalogue: KeptEvents, batches: MemoryBatches) -> None:
        self._catalogue = catalogue
        self._batches = batches
        self._endpoints: dict[str, Endpoint] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._announced: set[str] = set()

    async def add_endpoint(self, endpoint: Endpoint) -> None:
        """Write an endpoint that is told of what happens from now on."""
        self._endpoints[endpoint.id] = endpoint.model_copy(update={"read_up_to": self._catalogue.last_sequence})

    async def endpoints(self, merchant_id: str = "") -> Sequence[Endpoint]:
        """List a merchant's endpoints, or everybody's."""
        return [each for each in self._endpoints.values() if merchant_id in ("", each.merchant_id)]

    async def set_events(self, merchant_id: str, endpoint_id: str, events: Sequence[MessageName]) -> None:
        """Write what an endpoint is told of."""
        known = self._own(merchant_id, endpoint_id)
        self._endpoints[endpoint_id] = known.model_copy(update={"events": tuple(events)})

    async def switch_off(self, endpoint_id: str, at: datetime) -> None:
        """Tell an endpoint no more, and give up what waits for it."""
        known = self._endpoints.get(endpoint_id)
        if known is None or known.gone_at:
            return
        self._endpoints[endpoint_id] = known.model_copy(update={"gone_at": at})
        for each in list(self._deliveries.values()):
            if each.endpoint_id == endpoint_id and each.state is DeliveryState.WAITING:
                self._deliveries[each.id] = each.model_copy(update={"state": DeliveryState.FAILED})

    async def switch_on(self, merchant_id: str, endpoint_id: str) -> None:
        """Tell an endpoint again, of what happens from now on."""
        known = self._own(merchant_id, endpoint_id)
        if known.gone_at:
            now_on = {"gone_at": None, "read_up_to": self._catalogue.last_sequence}
            self._endpoints[endpoint_id] = known.model_copy(update=now_on)

    async def remove_endpoint(self, merchant_id: str, endpoint_id: str) -> None:
        """Delete an endpoint with its deliveries."""
        self._own(merchant_id, endpoint_id)
        del self._endpoints[endpoint_id]
        self._deliveries = {key: each for key, each in self._deliveries.items() if each.endpoint_id != endpoint_id}

    async def hand_in(self, endpoint: Endpoint, read_up_to: int, deliveries: Sequence[Delivery]) -> bool:
        """Write an endpoint's deliveries and how far its events were read."""
        known = self._endpoints.get(endpoint.id)
        if known is None or known.gone_at or known.read_up_to != endpoint.read_up_to:
            return False
        self._endpoints[endpoint.id] = known.model_copy(update={"read_up_to": read_up_to})
        self._deliveries |= {each.id: each for each in deliveries}
        return True

    async def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[tuple[Delivery, Endpoint]]:
        """Take deliveries that are due."""
        waiting = [each for each in self._deliveries.values() if each.state is DeliveryState.WAITING]
        heard = [each for each in waiting if not self._endpoints[each.endpoint_id].gone_at]
        due = sorted((each for each in heard if each.due_at <= now), key=lambda each: each.due_at)[:limit]
        for each in due:
            self._deliveries[each.id] = each.model_copy(update={"due_at": until})
        return [(each, self._endpoints[each.endpoint_id]) for each in due]

    async def settle(self, delivery: Delivery) -> None:
        """Write what became of a delivery."""
        if delivery.id in self._deliveries:
            self._deliveries[delivery.id] = delivery

    async def deliveries(self, merchant_id: str, limit: int = 50, endpoint_id: str = "") -> Sequence[Delivery]:
        """List a merchant's deliveries, newest first."""
        theirs = (each for each in self._deliveries.values() if each.merchant_id == merchant_id)
        own = [each for each in theirs if endpoint_id in ("", each.endpoint_id)]
        return sorted(own, key=lambda each: each.id, reverse=True)[:limit]

    async def delivery(self, merchant_id: str, delivery_id: str) -> Delivery:
        """Get a delivery."""
        known = self._deliveries.get(delivery_id)
        if known is None or known.merchant_id != merchant_id:
            raise NotFound(f"There is no {delivery_id}.")
        return known

    async def deliver_again(self, merchant_id: str, delivery_id: str, now: datetime) -> None:
        """Let a delivery wait again."""
        known = await self.delivery(merchant_id, delivery_id)
        again = {"state": DeliveryState.WAITING, "tries": 0, "due_at": now}
        self._deliveries[delivery_id] = known.model_copy(update=again)

    async def unannounced(self, limit: int = 50) -> Sequence[Batch]:
        """List batches that are fed and were not announced."""
        fed = [each for each in self._batches.kept() if each.state is BatchState.FED]
        self._announced -= {each.id for each in self._batches.kept() if each.state is BatchState.FEEDING}
        return [each for each in fed if each.id not in self._announced][:limit]

    async def announce(self, batch_id: str, event: Event | None) -> bool:
        """Mark a batch as announced and write the event."""
        if batch_id in self._announced:
            return False
        self._announced.add(batch_id)
        if event:
            self._catalogue.keep(event)
        return True

    def _own(self, merchant_id: str, endpoint_id: str) -> Endpoint:
        known = self._endpoints.get(endpoint_id)
        if known is None or known.merchant_id != merchant_id:
            raise NotFound(f"There is no {endpoint_id}.")
        return known
