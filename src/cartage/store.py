"""What a store is: where catalogues, accounts and artifacts live. Every query carries the merchant."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cartage.archive import Artifacts, Gallery
from cartage.batch import Batches
from cartage.bulk import Bulk
from cartage.enhancement import Enhancements
from cartage.feed import Feeds
from cartage.fetching.turns import Turns
from cartage.listing import Listing
from cartage.membership import Accounts
from cartage.model.catalogue import Attempt, CatalogueProduct, Event, Import, ImportState, ProductStatus, Step
from cartage.model.language import Usage
from cartage.model.spending import Caps, CostLine, HostRecord, PaidAttempt
from cartage.model.worker import Worker
from cartage.pausing import Pauses
from cartage.postbox import Postbox
from cartage.replies import Replies
from cartage.selling import Selling
from cartage.upkeep import Upkeep

Change = Callable[[CatalogueProduct], CatalogueProduct]


class Catalogue(Protocol):
    """Keep products, imports, attempts, steps and events.

    A method that names a `merchant_id` raises `NotFound` for another merchant's id, as for an unknown one.
    """

    async def add_product(self, product: CatalogueProduct, import_: Import, event: Event) -> None:
        """Write a new product, its first import and the event in one transaction.

        Raises `Conflict` when the merchant has a product of this source address, or there is one of this id.
        """
        ...

    async def begin_import(
        self, import_: Import, event: Event, *, planned_at: datetime | None = None
    ) -> CatalogueProduct:
        """Start another import of a settled product: status IMPORTING, failure cleared, all in one transaction.

        What was handed in with its address is set at once where a page was read for it before. The refresh that was
        planned is used up. One of pictures alone leaves both as they are, and how the product
        came about. Raises `Conflict` when an import of it is under way, or its
        refresh is not planned for `planned_at` (any more) where that is given.
        """
        ...

    async def mark_running(self, import_id: str, planned: Sequence[str] = ()) -> bool:
        """Move an import from queued to running, or hold it and give False where it is paused.

        Does nothing in any other state.
        """
        ...

    async def end_import(self, product: CatalogueProduct, import_: Import, event: Event) -> bool:
        """Write the end of an import (product, import and event) in one transaction.

        Guarded: only while the product is IMPORTING by this very import and the import is not over; else gives False
        and writes nothing. Locked fields stay, and what was handed in with the address is set over the first page that
        is read for it. What a successful import saw is noted in the history if it is news.
        """
        ...

    async def change_product(
        self, merchant_id: str, product_id: str, change: Change, versions: frozenset[str] | None = None
    ) -> CatalogueProduct:
        """Write a product as `change` makes it of what is kept, which nobody else changes meanwhile.

        Raises `Conflict` for a product that no page was read for yet, whatever `change` raises and, where `versions`
        is given, `Stale` for a product in any other state.
        """
        ...

    async def product(self, merchant_id: str, product_id: str) -> CatalogueProduct:
        """Get one product."""
        ...

    async def status(self, merchant_id: str, product_id: str) -> ProductStatus:
        """Get a product's status alone, as cheaply as thousands who poll it need."""
        ...

    async def product_by_url(self, merchant_id: str, source_url: str) -> CatalogueProduct | None:
        """Find the merchant's product with this source address."""
        ...

    async def import_(self, merchant_id: str, import_id: str) -> Import:
        """Get one import."""
        ...

    async def imports(
        self, merchant_id: str, *, product_id: str = "", before: str = "", limit: int = 50
    ) -> Sequence[Import]:
        """List imports, newest first, of one product when it is given."""
        ...

    async def unfinished_imports(self) -> Sequence[Import]:
        """List every merchant's imports that are not over, oldest first."""
        ...

    async def import_counts(self) -> Mapping[ImportState, int]:
        """Count every merchant's imports by state."""
        ...

    async def waiting_since(self) -> datetime | None:
        """Say since when the oldest queued import of any merchant waits that is not held; None where none does."""
        ...

    async def record_steps(self, told: Sequence[tuple[Step, Event]]) -> None:
        """Write steps' present states (by import and name), each with its event, all in one transaction."""
        ...

    async def steps(self, import_id: str) -> Sequence[Step]:
        """List an import's steps in the order they started."""
        ...

    async def record_attempt(self, import_id: str, attempt: Attempt) -> None:
        """Write an attempt once; the same provider and number again does nothing."""
        ...

    async def attempts(self, import_id: str) -> Sequence[Attempt]:
        """List an import's attempts in the order they were made."""
        ...

    async def events(
        self,
        merchant_id: str,
        *,
        product_id: str = "",
        import_id: str = "",
        batch_id: str = "",
        after: int = 0,
        limit: int = 200,
    ) -> Sequence[Event]:
        """List events above a sequence, oldest first: of a product, an import or a batch's imports, if given."""
        ...

    async def newest_sequence(self, merchant_id: str) -> int:
        """Give the sequence of the merchant's newest event; 0 where there is none."""
        ...


class Spending(Protocol):
    """Keep paid attempts, and how providers fared with hosts."""

    async def reserve(self, attempt: PaidAttempt, caps: Caps, day: datetime) -> str | None:
        """Write an attempt that is about to be made; give the name of a cap that is reached instead, if one is.

        Reservations are made one after the other, so that all of them together pass a cap by one call at most.
        One that was made already stands. Days count from `day`.
        """
        ...

    async def settle(
        self, import_id: str, provider: str, number: int, cost: int | None, usage: Usage | None = None
    ) -> None:
        """Write what an attempt cost, once, None where nobody told, and what a language model used up."""
        ...

    async def costs(self, merchant_id: str, since: datetime, by: str, *, batch_id: str = "") -> Sequence[CostLine]:
        """Sum a merchant's paid attempts by `provider`, `site`, `batch`, `model`, `day` or `import`, by name.

        Days are UTC's, such as `2026-11-23`. By `model` counts questions to language models only. With `batch_id` only
        that batch's attempts are summed.
        """
        ...

    async def note_host(self, record: HostRecord) -> None:
        """Add tries to what is known of a host and provider."""
        ...

    async def host_records(self, host: str) -> Sequence[HostRecord]:
        """List what is known of a host."""
        ...


class Workers(Protocol):
    """Keep the newest sign of life of each process that runs imports; these are everybody's."""

    async def beat(self, worker: Worker) -> None:
        """Write a worker's newest sign."""
        ...

    async def leave(self, worker_id: str) -> None:
        """Forget a worker; one that is not there stays so."""
        ...

    async def seen(self, since: datetime) -> Sequence[Worker]:
        """List the workers seen since a moment, the longest running first, and forget the others."""
        ...


class Store(Protocol):
    """Hold the parts of a store and open and close them together."""

    @property
    def catalogue(self) -> Catalogue:
        """Give the catalogue part."""
        ...

    @property
    def accounts(self) -> Accounts:
        """Give the accounts part."""
        ...

    @property
    def batches(self) -> Batches:
        """Give the batches part."""
        ...

    @property
    def spending(self) -> Spending:
        """Give the spending part."""
        ...

    @property
    def upkeep(self) -> Upkeep:
        """Give the upkeep part."""
        ...

    @property
    def listing(self) -> Listing:
        """Give the listing part."""
        ...

    @property
    def selling(self) -> Selling:
        """Give the selling part."""
        ...

    @property
    def feeds(self) -> Feeds:
        """Give the part of feeds."""
        ...

    @property
    def enhancements(self) -> Enhancements:
        """Give the part of enhancement."""
        ...

    @property
    def postbox(self) -> Postbox:
        """Give the postbox part."""
        ...

    @property
    def turns(self) -> Turns:
        """Give the part that knows whose turn it is at each site."""
        ...

    @property
    def replies(self) -> Replies:
        """Give the part that keeps replies to requests with an idempotency key."""
        ...

    @property
    def gallery(self) -> Gallery:
        """Give the gallery part."""
        ...

    @property
    def bulk(self) -> Bulk:
        """Give the part of bulk actions."""
        ...

    @property
    def pauses(self) -> Pauses:
        """Give the part of pauses."""
        ...

    @property
    def workers(self) -> Workers:
        """Give the part of workers' signs of life."""
        ...

    @property
    def artifacts(self) -> Artifacts:
        """Give the artifacts part."""
        ...

    async def open(self) -> None:
        """Connect and check the schema; raises as `check` does."""
        ...

    async def check(self) -> str:
        """Ask whether the store answers, and give its schema's revision, empty where it has none.

        Raises `DatabaseUnreachable`, or `SchemaOutdated` on an older schema.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
