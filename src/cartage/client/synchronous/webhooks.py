"""Webhook endpoints: whom to tell what happens; all of this asks for a token of the scope `admin`."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartage.client.call import Call, once, path
from cartage.client.synchronous.connection import Connection
from cartage.model.webhook import MessageName
from cartage.wire.access import (
    DeliveryList,
    DeliveryOut,
    EndpointChange,
    EndpointList,
    EndpointOut,
    MadeEndpoint,
    NewEndpoint,
)


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Have addresses told what happens."""

    connection: Connection

    def list(self) -> Sequence[EndpointOut]:
        """List the endpoints, without their secrets."""
        return (self.connection.get(EndpointList, Call("GET", "/v1/webhook-endpoints"))).webhook_endpoints

    def create(self, url: str, *, events: Sequence[MessageName] = (), key: str = "") -> MadeEndpoint:
        """Tell an address what happens from now on, some events or all.

        The secret that signs it is in this reply alone.
        """
        wanted = NewEndpoint(url=url, events=tuple(events))
        call = Call("POST", "/v1/webhook-endpoints", body=wanted, headers=once(key))
        return self.connection.get(MadeEndpoint, call)

    def change(self, endpoint_id: str, *, events: Sequence[MessageName]) -> EndpointOut:
        """Tell an endpoint of these events from now on, of all where none is named."""
        where, wanted = path("/v1/webhook-endpoints/{}", endpoint_id), EndpointChange(events=tuple(events))
        return self.connection.get(EndpointOut, Call("PATCH", where, body=wanted))

    def enable(self, endpoint_id: str) -> EndpointOut:
        """Tell an endpoint again that was switched off because it answered 410 Gone."""
        call = Call("POST", path("/v1/webhook-endpoints/{}/enable", endpoint_id), headers=once(""))
        return self.connection.get(EndpointOut, call)

    def delete(self, endpoint_id: str) -> None:
        """Tell an address no more, and forget its deliveries."""
        self.connection.send(Call("DELETE", path("/v1/webhook-endpoints/{}", endpoint_id)))

    def test(self, endpoint_id: str) -> DeliveryOut:
        """Send an endpoint a message that says `test`."""
        call = Call("POST", path("/v1/webhook-endpoints/{}/test", endpoint_id), headers=once(""))
        return self.connection.get(DeliveryOut, call)

    def deliveries(self, endpoint_id: str) -> Sequence[DeliveryOut]:
        """List an endpoint's newest deliveries."""
        call = Call("GET", path("/v1/webhook-endpoints/{}/deliveries", endpoint_id))
        return (self.connection.get(DeliveryList, call)).deliveries

    def redeliver(self, endpoint_id: str, delivery_id: str) -> DeliveryOut:
        """Tell once more, with the same id."""
        where = path("/v1/webhook-endpoints/{}/deliveries/{}/redeliver", endpoint_id, delivery_id)
        return self.connection.get(DeliveryOut, Call("POST", where, headers=once("")))
