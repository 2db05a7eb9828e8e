"""The client itself: where the installation is, and everything that it can be asked."""

from collections.abc import Generator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpx2

from cartage.client.call import Call, authorization, path
from cartage.client.synchronous.batches import Batches
from cartage.client.synchronous.bulk import Bulk
from cartage.client.synchronous.connection import Connection
from cartage.client.synchronous.enhancement import Enhancement
from cartage.client.synchronous.exports import Exports
from cartage.client.synchronous.feeds import Feeds
from cartage.client.synchronous.imports import Imports
from cartage.client.synchronous.pauses import Pauses
from cartage.client.synchronous.pricing import Pricing
from cartage.client.synchronous.products import Products
from cartage.client.synchronous.schedule import Schedule
from cartage.client.synchronous.spacings import Spacings
from cartage.client.synchronous.tokens import Tokens
from cartage.client.synchronous.webhooks import Webhooks
from cartage.model.errors import Misconfigured
from cartage.settings import read_settings
from cartage.wire.business import MerchantOut, WorkerList, WorkerOut
from cartage.wire.catalogue import ScrapeStatus
from cartage.wire.costs import CostsOut
from cartage.wire.events import EventOut, EventType

TIMEOUT_SECONDS = 90.0  # a reply may wait a minute for the end of an import


class Client:
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
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        if not url:
            settings = read_settings()
            url, token = settings.url, token or settings.token.get_secret_value()
        if not url:
            raise Misconfigured("CARTAGE_URL does not say where Cartage runs.")
        self._http = httpx2.Client(
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def events(
        self,
        *,
        product: str = "",
        import_id: str = "",
        batch: str = "",
        types: Sequence[EventType] = (),
        after: str = "",
    ) -> Generator[EventOut]:
        """Give what happens, to everything or to one thing, from after an event's id on; from now on without one."""
        query = {"product": product, "import": import_id, "batch": batch, "type": [each.value for each in types]}
        return self._connection.events(Call("GET", "/v1/events", query), after)

    def costs(self, group_by: str = "provider", *, days: int = 30, batch: str = "") -> CostsOut:
        """Sum up what was spent in the last days, by `provider`, `site`, `batch`, `model`, `day` or `import`.

        With `batch` only what that batch cost.
        """
        query = {"group_by": group_by, "days": days, "batch": batch}
        return self._connection.get(CostsOut, Call("GET", "/v1/costs", query))

    def merchant(self) -> MerchantOut:
        """Get the merchant that the token belongs to."""
        return self._connection.get(MerchantOut, Call("GET", "/v1/merchant"))

    def rename_merchant(self, name: str) -> MerchantOut:
        """Give the merchant another name; asks for a token of the scope `admin`."""
        return self.change_merchant({"name": name})

    def change_merchant(self, changes: Mapping[str, Any]) -> MerchantOut:
        """Change the merchant's `name`, `currency` or `units`, None for no preference; asks for the scope `admin`."""
        return self._connection.get(MerchantOut, Call("PATCH", "/v1/merchant", body=dict(changes)))

    def workers(self) -> Sequence[WorkerOut]:
        """List the processes that run imports; asks for a token of the scope `admin`."""
        return (self._connection.get(WorkerList, Call("GET", "/v1/workers"))).workers

    def scrape_status(self, job_id: str) -> ScrapeStatus:
        """Get a product's status in three fields."""
        return self._connection.get(ScrapeStatus, Call("GET", path("/api/scrape-status/{}", job_id)))
