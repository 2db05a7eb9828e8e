"""What the settings call: endpoints to tell, what became of each delivery, and telling again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cartage.fetching.address import Rules, parse
from cartage.model.errors import Conflict, InvalidInput, NotFound, SchemeUnsupported, UrlInvalid, UrlNotAllowed
from cartage.model.ids import new_id
from cartage.model.webhook import Delivery, Endpoint, MessageName
from cartage.store import Store
from cartage.webhooks.messages import TEST, test_message
from cartage.webhooks.signing import new_secret

MOST_ENDPOINTS = 10
NOT_ALLOWED = "A webhook's address begins with https:// and leads to the public internet."


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Let a merchant say where to tell what happens."""

    store: Store
    rules: Rules = field(default_factory=Rules)

    async def add(self, merchant_id: str, url: str, events: Sequence[MessageName] = ()) -> Endpoint:
        """Add an endpoint, with a secret of its own, that is told of some events, or of all.

        Raises `InvalidInput` for an address that nobody should tell.
        """
        try:
            address = parse(url.strip())
            self.rules.check(address)
        except (UrlInvalid, SchemeUnsupported, UrlNotAllowed) as error:
            raise InvalidInput(NOT_ALLOWED, "/url") from error
        if address.scheme != "https" and (address.host, address.port) not in self.rules.exceptions:
            raise InvalidInput(NOT_ALLOWED, "/url")
        if len(await self.store.postbox.endpoints(merchant_id)) >= MOST_ENDPOINTS:
            raise Conflict(f"There are {MOST_ENDPOINTS} webhooks already; remove one first.")
        endpoint = Endpoint(
            id=new_id("whe"),
            merchant_id=merchant_id,
            url=str(address),
            secret=new_secret(),
            events=in_order(events),
            created_at=datetime.now(UTC),
        )
        await self.store.postbox.add_endpoint(endpoint)
        return endpoint

    async def endpoints(self, merchant_id: str) -> Sequence[Endpoint]:
        """List a merchant's endpoints, oldest first."""
        return await self.store.postbox.endpoints(merchant_id)

    async def remove(self, merchant_id: str, endpoint_id: str) -> None:
        """Remove an endpoint with its deliveries; raises `NotFound`."""
        await self.store.postbox.remove_endpoint(merchant_id, endpoint_id)

    async def deliveries(self, merchant_id: str) -> Sequence[Delivery]:
        """List a merchant's newest deliveries."""
        return await self.store.postbox.deliveries(merchant_id)

    async def set_events(self, merchant_id: str, endpoint_id: str, events: Sequence[MessageName]) -> Endpoint:
        """Tell an endpoint of some events from now on, or of all where none is named; raises `NotFound`."""
        await self.store.postbox.set_events(merchant_id, endpoint_id, in_order(events))
        return await self.endpoint(merchant_id, endpoint_id)

    async def enable(self, merchant_id: str, endpoint_id: str) -> Endpoint:
        """Tell an endpoint again that said that it is gone, of what happens from now on; raises `NotFound`."""
        await self.store.postbox.switch_on(merchant_id, endpoint_id)
        return await self.endpoint(merchant_id, endpoint_id)

    async def delivery(self, merchant_id: str, delivery_id: str) -> tuple[Delivery, Endpoint]:
        """Get a delivery and the endpoint it is for; raises `NotFound`."""
        found = await self.store.postbox.delivery(merchant_id, delivery_id)
        return found, await self.endpoint(merchant_id, found.endpoint_id)

    async def deliver_again(self, merchant_id: str, delivery_id: str) -> None:
        """Tell once more, with the same id; raises `NotFound`, and `Conflict` where the endpoint is switched off."""
        require_on((await self.delivery(merchant_id, delivery_id))[1])
        await self.store.postbox.deliver_again(merchant_id, delivery_id, datetime.now(UTC))

    async def endpoint(self, merchant_id: str, endpoint_id: str) -> Endpoint:
        """Get an endpoint; raises `NotFound`."""
        found = [each for each in await self.endpoints(merchant_id) if each.id == endpoint_id]
        if not found:
            raise NotFound(f"There is no {endpoint_id}.")
        return found[0]

    async def deliveries_to(self, merchant_id: str, endpoint_id: str) -> Sequence[Delivery]:
        """List an endpoint's newest deliveries; raises `NotFound`."""
        endpoint = await self.endpoint(merchant_id, endpoint_id)
        return await self.store.postbox.deliveries(merchant_id, endpoint_id=endpoint.id)

    async def test(self, merchant_id: str, endpoint_id: str) -> Delivery:
        """Tell an endpoint something that only tries whether it hears; raises as `deliver_again`."""
        at = datetime.now(UTC)
        delivery = Delivery(
            id=new_id("msg"),
            endpoint_id=endpoint_id,
            merchant_id=merchant_id,
            name=TEST,
            payload=test_message(endpoint_id, at),
            due_at=at,
            created_at=at,
        )
        while True:  # the endpoint may be told of something else in this very moment
            endpoint = await self.endpoint(merchant_id, endpoint_id)
            require_on(endpoint)
            if await self.store.postbox.hand_in(endpoint, endpoint.read_up_to, [delivery]):
                return delivery

    async def redeliver(self, merchant_id: str, endpoint_id: str, delivery_id: str) -> Delivery:
        """Tell an endpoint once more, with the same id, and give the delivery; raises as `deliver_again`."""
        if (await self.delivery(merchant_id, delivery_id))[0].endpoint_id != endpoint_id:
            raise NotFound(f"There is no {delivery_id}.")
        await self.deliver_again(merchant_id, delivery_id)
        return (await self.delivery(merchant_id, delivery_id))[0]


def in_order(events: Sequence[MessageName]) -> tuple[MessageName, ...]:
    """List events each once, in the order in which they are told."""
    return tuple(name for name in MessageName if name in events)


def require_on(endpoint: Endpoint) -> None:
    """Raise `Conflict` for an endpoint that is switched off."""
    if endpoint.gone_at:
        raise Conflict(f"{endpoint.id} is switched off: it answered that it is gone. Switch it on first.")
