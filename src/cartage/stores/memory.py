"""A store that forgets at exit; for the library, the command line and tests."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from cartage.model.catalogue import (
    Attempt,
    CatalogueProduct,
    Event,
    Import,
    ImportState,
    Metadata,
    ProductStatus,
    Status,
    Step,
)
from cartage.model.errors import Conflict
from cartage.model.locks import handed_in, left_by
from cartage.model.pause import Pause, holding
from cartage.model.traits import host_of
from cartage.model.upkeep import sighting_of
from cartage.store import Change
from cartage.stores.memory_accounts import MemoryAccounts, own
from cartage.stores.memory_artifacts import MemoryArtifacts
from cartage.stores.memory_batches import MemoryBatches
from cartage.stores.memory_bulk import MemoryBulk
from cartage.stores.memory_enhancement import MemoryEnhancements
from cartage.stores.memory_feeds import MemoryFeeds
from cartage.stores.memory_gallery import MemoryGallery
from cartage.stores.memory_listing import MemoryListing
from cartage.stores.memory_pauses import MemoryPauses
from cartage.stores.memory_postbox import MemoryPostbox
from cartage.stores.memory_replies import MemoryReplies
from cartage.stores.memory_selling import MemorySelling
from cartage.stores.memory_spending import MemorySpending
from cartage.stores.memory_turns import MemoryTurns
from cartage.stores.memory_upkeep import MemoryHistory, MemoryUpkeep
from cartage.stores.memory_workers import MemoryWorkers


class MemoryStore:
    """Hold the parts in dictionaries."""

    def __init__(self) -> None:
        self.artifacts = MemoryArtifacts()
        self.catalogue = MemoryCatalogue()
        self.accounts = MemoryAccounts()
        self.batches = MemoryBatches(self.catalogue)
        self.spending = MemorySpending()
        self.postbox = MemoryPostbox(self.catalogue, self.batches)
        self.enhancements = MemoryEnhancements(self.catalogue)
        self.upkeep = MemoryUpkeep(self.catalogue, self.artifacts)
        self.listing = MemoryListing(self.catalogue, self.batches)
        self.selling = MemorySelling(self.catalogue)
        self.feeds = MemoryFeeds(self.selling, self.catalogue)
        self.turns = MemoryTurns()
        self.replies = MemoryReplies()
        self.gallery = MemoryGallery(self.catalogue)
        self.bulk = MemoryBulk(self.catalogue, self.batches, self.listing, self.artifacts)
        self.pauses = MemoryPauses(self.catalogue)
        self.workers = MemoryWorkers()

    async def open(self) -> None:
        """Do nothing: memory is always open."""

    async def check(self) -> str:
        """Name no schema: memory always answers, and has none."""
        return ""

    async def close(self) -> None:
        """Do nothing: memory goes with the process."""


class MemoryCatalogue:
    """Keep products, imports, attempts, steps and events in memory."""

    def __init__(self) -> None:
        self._products: dict[str, CatalogueProduct] = {}
        self._imports: dict[str, Import] = {}
        self._steps: dict[str, dict[str, Step]] = {}
        self._attempts: dict[str, dict[tuple[str, int], Attempt]] = {}
        self._events: list[Event] = []
        self._sequence = 0
        self.history = MemoryHistory()
        self.paused: dict[tuple[str, str], Pause] = {}

    async def add_product(self, product: CatalogueProduct, import_: Import, event: Event) -> None:
        """Write a new product, its first import and the event."""
        if product.id in self._products or await self.product_by_url(product.merchant_id, product.source_url):
            raise Conflict("This address, or this id, is in the catalogue already.")
        self._products[product.id] = product
        self._imports[import_.id] = import_
        self._keep(event)

    async def begin_import(
        self, import_: Import, event: Event, *, planned_at: datetime | None = None
    ) -> CatalogueProduct:
        """Start another import of a settled product."""
        product = await self.product(import_.merchant_id, import_.product_id)
        planned = planned_at is None or self.history.refresh_at.get(product.id) == planned_at
        if not product.status.settled or not planned:
            raise Conflict(f"An import of {product.id} is under way, or is not due.")
        begun = handed_in(product, import_.given, import_.created_at)
        begun = begun.model_copy(update={"import_id": import_.id, "status": Status.IMPORTING})
        if not import_.back_to:
            self.history.refresh_at.pop(product.id, None)
            cleared = {"failure": None, "metadata": Metadata(), "updated_at": import_.created_at}
            begun = begun.model_copy(update=cleared)
        self._products[product.id] = begun
        self._imports[import_.id] = import_
        self._keep(event)
        return begun

    async def mark_running(self, import_id: str, planned: Sequence[str] = ()) -> bool:
        """Move an import from queued to running, unless it is paused."""
        import_ = self._imports.get(import_id)
        if import_ is None or import_.state is not ImportState.QUEUED:
            return True
        held = import_.held or self.is_paused(import_)
        begun = {"state": ImportState.RUNNING, "planned": tuple(planned)}
        self._imports[import_id] = import_.model_copy(update={"held": True} if held else begun)
        return not held

    def is_paused(self, import_: Import) -> bool:
        """Tell whether an import's merchant paused it, or its site."""
        own = (pause for pause in self.paused.values() if pause.merchant_id == import_.merchant_id)
        return holding(own, host_of(import_.source_url)) is not None

    def put_import(self, import_: Import) -> None:
        """Write an import as it is."""
        self._imports[import_.id] = import_

    async def end_import(self, product: CatalogueProduct, import_: Import, event: Event) -> bool:
        """Write the end of an import, guarded by its id and by nobody having ended it."""
        kept, begun = self._products.get(product.id), self._imports.get(import_.id)
        if kept is None or begun is None or kept.import_id != import_.id:
            return False
        if kept.status.settled or begun.state.over:
            return False
        self._products[product.id] = left_by(import_, kept, product)
        self._imports[import_.id] = import_
        seen = sighting_of(product)
        if seen and import_.state is ImportState.SUCCEEDED and not import_.back_to:
            self.history.note(product.id, seen)
        self._keep(event)
        return True

    async def change_product(
        self, merchant_id: str, product_id: str, change: Change, versions: frozenset[str] | None = None
    ) -> CatalogueProduct:
        """Write a changed product."""
        product = await self.product(merchant_id, product_id)
        product.check_version(versions)
        if product.facts is None:
            raise Conflict("No page was read for this product yet.")
        self._products[product_id] = change(product)
        return self._products[product_id]

    async def product(self, merchant_id: str, product_id: str) -> CatalogueProduct:
        """Get one product."""
        return own(self._products.get(product_id), merchant_id, product_id)

    async def status(self, merchant_id: str, product_id: str) -> ProductStatus:
        """Get a product's status alone."""
        product = await self.product(merchant_id, product_id)
        return ProductStatus(id=product.id, merchant_id=merchant_id, status=product.status, failure=product.failure)

    async def product_by_url(self, merchant_id: str, source_url: str) -> CatalogueProduct | None:
        """Find the merchant's product with this source address."""
        own = [each for each in self._products.values() if each.merchant_id == merchant_id]
        return max((each for each in own if each.source_url == source_url), key=lambda each: each.id, default=None)

    async def import_(self, merchant_id: str, import_id: str) -> Import:
        """Get one import."""
        return own(self._imports.get(import_id), merchant_id, import_id)

    async def imports(
        self, merchant_id: str, *, product_id: str = "", before: str = "", limit: int = 50
    ) -> Sequence[Import]:
        """List imports, newest first."""
        own = (each for each in self._imports.values() if each.merchant_id == merchant_id)
        return _newest((each for each in own if product_id in ("", each.product_id)), before, limit)

    async def unfinished_imports(self) -> Sequence[Import]:
        """List every merchant's imports that are not over, oldest first."""
        return sorted((each for each in self._imports.values() if not each.state.over), key=lambda each: each.id)

    async def import_counts(self) -> Mapping[ImportState, int]:
        """Count every merchant's imports by state."""
        return Counter(each.state for each in self._imports.values())

    async def waiting_since(self) -> datetime | None:
        """Say since when the oldest queued import waits."""
        queued = (
            each.created_at for each in self._imports.values() if each.state is ImportState.QUEUED and not each.held
        )
        return min(queued, default=None)

    async def record_steps(self, told: Sequence[tuple[Step, Event]]) -> None:
        """Write steps' present states and their events."""
        for step, event in told:
            self._steps.setdefault(step.import_id, {})[step.name] = step
            self._keep(event)

    async def steps(self, import_id: str) -> Sequence[Step]:
        """List an import's steps in the order they started."""
        return sorted(self._steps.get(import_id, {}).values(), key=lambda step: step.started_at)

    async def record_attempt(self, import_id: str, attempt: Attempt) -> None:
        """Write an attempt once."""
        self._attempts.setdefault(import_id, {}).setdefault((attempt.provider, attempt.number), attempt)

    async def attempts(self, import_id: str) -> Sequence[Attempt]:
        """List an import's attempts in the order they were made."""
        return list(self._attempts.get(import_id, {}).values())

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
        """List events above a sequence, oldest first."""
        own = (event for event in self._events if event.sequence > after and event.merchant_id == merchant_id)
        found = (event for event in own if product_id in ("", event.product_id) and import_id in ("", event.import_id))
        return list(islice((event for event in found if not batch_id or self._is_of(event, batch_id)), limit))

    async def newest_sequence(self, merchant_id: str) -> int:
        """Give the sequence of the newest event."""
        return max((event.sequence for event in self._events if event.merchant_id == merchant_id), default=0)

    def all_products(self) -> Sequence[CatalogueProduct]:
        """List everybody's products, for their upkeep."""
        return list(self._products.values())

    def all_imports(self) -> Sequence[Import]:
        """List everybody's imports, for their list."""
        return list(self._imports.values())

    def kept_product(self, product_id: str) -> CatalogueProduct:
        """Get anybody's product, for its batch."""
        return self._products[product_id]

    def kept_import(self, import_id: str) -> Import:
        """Get anybody's import, for its batch."""
        return self._imports[import_id]

    @property
    def last_sequence(self) -> int:
        """Give the newest event's sequence."""
        return self._sequence

    def drop_events(self, merchant_id: str, before: datetime, limit: int) -> int:
        """Forget a merchant's events of before a moment, and count them."""
        old = [each.sequence for each in self._events if each.merchant_id == merchant_id and each.at < before][:limit]
        self._events = [each for each in self._events if each.sequence not in set(old)]
        return len(old)

    def drop(self, product_id: str) -> list[Attempt]:
        """Forget a product and its imports, and give the tries that they made."""
        own = [each.id for each in self._imports.values() if each.product_id == product_id]
        made = [attempt for each in own for attempt in self._attempts.pop(each, {}).values()]
        for import_id in own:
            del self._imports[import_id]
            self._steps.pop(import_id, None)
        del self._products[product_id]
        self.history.forget(product_id)
        return made

    def put(self, product: CatalogueProduct) -> None:
        """Write a product as it is now."""
        self._products[product.id] = product

    def keep(self, event: Event) -> None:
        """Write an event that belongs to no import."""
        self._keep(event)

    def _is_of(self, event: Event, batch_id: str) -> bool:
        return event.import_id in self._imports and self._imports[event.import_id].batch_id == batch_id

    def _keep(self, event: Event) -> None:
        self._sequence += 1
        self._events.append(event.model_copy(update={"sequence": self._sequence}))


def _newest(values: Iterable[Import], before: str, limit: int) -> Sequence[Import]:
    earlier = (each for each in values if not before or each.id < before)
    return sorted(earlier, key=lambda each: each.id, reverse=True)[:limit]
