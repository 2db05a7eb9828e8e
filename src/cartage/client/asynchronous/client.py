"""The client itself: where the installation is, and everything that it can be asked."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpx2

from cartage.client.asynchronous.batches import Batches
from cartage.client.asynchronous.bulk import Bulk
from cartage.client.asynchronous.connection import Connection
from cartage.client.asynchronous.enhancement import Enhancement
from cartage.client.asynchronous.exports import Exports
from cartage.client.asynchronous.feeds import Feeds
from cartage.client.asynchronous.imports import Imports
from cartage.client.asynchronous.pauses import Pauses
from cartage.client.asynchronous.pricing import Pricing
from cartage.client.asynchronous.products import Products
from cartage.client.asynchronous.schedule import Schedule
from cartage.client.asynchronous.spacings import Spacings
from cartage.client.asynchronous.tokens import Tokens
from cartage.client.asynchronous.webhooks import Webhooks
from cartage.client.call import Call, authorization, path
from cartage.model.errors import Misconfigured
from cartage.settings import read_settings
from cartage.wire.business import MerchantOut, WorkerList, WorkerOut
from cartage.wire.catalogue import ScrapeStatus
from cartage.wire.costs import CostsOut
from cartage.wire.events import EventOut, EventType

TIMEOUT_SECONDS = 90.0  # a reply may wait a minute for the end of an import


class AsyncClient:
    """Talk to a running Cartage: `client.imports`, `.batches`, `.products`, `.exports` and so on.

    `url` and `token` are CARTAGE_URL and CARTAGE_TOKEN where they are not given. Every method raises the errors
    that the library itself raises (`cartage.model.errors`); the problem as the server told it is their `__cause__`.
    What is refused for now (429, 503) is sent again when the server says, at most `retries` times, and so is what a
    cut connection may have lost, wherever doing it twice is doing it once.
    """

    def __init__(
        self,
        url: str = "",
        token: str = "",
        *,
        retries: int = 3,
        timeout: float = TIMEOUT_SECONDS,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        if not url:
            settings = read_settings()
            url, token = settings.url, token or settings.token.get_secret_value()
        if not url:
            raise Misconfigured("CARTAGE_URL does not say where Cartage runs.")
        self._http = httpx2.AsyncClient(
            base_url=url.rstrip("/"),
            headers=authorization(token),
            timeout=timeout,
            transport=transport,
            trust_env=False,
        )
        connection = self._connection = Connection(self._http, retries)
        self.imports = Imports(connection)
        self.pauses = Pauses(connection)
        self.batches = Batches(connection)
        self.products = Products(connection)
        self.bulk = Bulk(connection)
        self.exports = Exports(connection)
        self.feeds = Feeds(connection)
        self.enhancement = Enhancement(connection)
        self.pricing = Pricing(connection)
        self.schedule = Schedule(connection)
        self.tokens = Tokens(connection)
        self.spacings = Spacings(connection)
        self.webhooks = Webhooks(connection)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def events(
        self,
        *,
        product: str = "",
        import_id: str = "",
        batch: str = "",
        types: Sequence[EventType] = (),
        after: str = "",
    ) -> AsyncGenerator[EventOut]:
        """Give what happens, to everything or to one thing, from after an event's id on; from now on without one."""
        query = {"product": product, "import": import_id, "batch": batch, "type": [each.value for each in types]}
        return self._connection.events(Call("GET", "/v1/events", query), after)

    async def costs(self, group_by: str = "provider", *, days: int = 30, batch: str = "") -> CostsOut:
        """Sum up what was spent in the last days, by `provider`, `site`, `batch`, `model`, `day` or `import`.

        With `batch` only what that batch cost.
        """
        query = {"group_by": group_by, "days": days, "batch": batch}
        return await self._connection.get(CostsOut, Call("GET", "/v1/costs", query))

    async def merchant(self) -> MerchantOut:
        """Get the merchant that the token belongs to."""
        return await self._connection.get(MerchantOut, Call("GET", "/v1/merchant"))

    async def rename_merchant(self, name: str) -> MerchantOut:
        """Give the merchant another name; asks for a token of the scope `admin`."""
        return await self.change_merchant({"name": name})

    async def change_merchant(self, changes: Mapping[str, Any]) -> MerchantOut:
        """Change the merchant's `name`, `currency` or `units`, None for no preference; asks for the scope `admin`."""
        return await self._connection.get(MerchantOut, Call("PATCH", "/v1/merchant", body=dict(changes)))

    async def workers(self) -> Sequence[WorkerOut]:
        """List the processes that run imports; asks for a token of the scope `admin`."""
        return (await self._connection.get(WorkerList, Call("GET", "/v1/workers"))).workers

    async def scrape_status(self, job_id: str) -> ScrapeStatus:
        """Get a product's status in three fields."""
        return await self._connection.get(ScrapeStatus, Call("GET", path("/api/scrape-status/{}", job_id)))
