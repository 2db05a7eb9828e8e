"""What a postbox is: where webhook endpoints and their deliveries wait until they are told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.batch import Batch
from cartage.model.catalogue import Event
from cartage.model.webhook import Delivery, Endpoint, MessageName


class Postbox(Protocol):
    """Keep endpoints and deliveries, so that nothing is told twice by itself and nothing is forgotten."""

    async def add_endpoint(self, endpoint: Endpoint) -> None:
        """Write an endpoint; it is told of what happens from now on."""
        ...

    async def endpoints(self, merchant_id: str = "") -> Sequence[Endpoint]:
        """List a merchant's endpoints, or everybody's, oldest first."""
        ...

    async def set_events(self, merchant_id: str, endpoint_id: str, events: Sequence[MessageName]) -> None:
        """Write what an endpoint is told of from now on, none for everything; raises `NotFound`."""
        ...

    async def switch_off(self, endpoint_id: str, at: datetime) -> None:
        """Tell an endpoint no more since a moment, and give up its deliveries that wait."""
        ...

    async def switch_on(self, merchant_id: str, endpoint_id: str) -> None:
        """Tell an endpoint again that was switched off, of what happens from now on; raises `NotFound`.

        One that is on stays as it is.
        """
        ...

    async def remove_endpoint(self, merchant_id: str, endpoint_id: str) -> None:
        """Delete an endpoint with its deliveries; raises `NotFound`."""
        ...

    async def hand_in(self, endpoint: Endpoint, read_up_to: int, deliveries: Sequence[Delivery]) -> bool:
        """Write an endpoint's deliveries and how far its events were read, in one transaction.

        False, and nothing is written, where someone else has read on from `endpoint.read_up_to`, or it is off.
        """
        ...

    async def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[tuple[Delivery, Endpoint]]:
        """Take deliveries that are due, with their endpoints that are on; nobody else gets them until a moment."""
        ...

    async def settle(self, delivery: Delivery) -> None:
        """Write what became of a delivery that was claimed."""
        ...

    async def deliveries(self, merchant_id: str, limit: int = 50, endpoint_id: str = "") -> Sequence[Delivery]:
        """List a merchant's deliveries, or those to one endpoint, newest first."""
        ...

    async def delivery(self, merchant_id: str, delivery_id: str) -> Delivery:
        """Get a delivery; raises `NotFound`."""
        ...

    async def deliver_again(self, merchant_id: str, delivery_id: str, now: datetime) -> None:
        """Let a delivery wait again, with all its tries; raises `NotFound`."""
        ...

    async def unannounced(self, limit: int = 50) -> Sequence[Batch]:
        """List every merchant's batches that are fed and were not announced as completed, oldest first."""
        ...

    async def announce(self, batch_id: str, event: Event | None) -> bool:
        """Mark a fed batch as announced and write the event, in one transaction; False where it was already."""
        ...
