"""What a store lists: products and imports by a filter, how many there are, and what there is to filter by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cartage.model.catalogue import Attempt, CatalogueProduct, Import, Step, StepState
from cartage.model.filtering import EVERYTHING, Filter, Word
from cartage.model.product import Value


class Sort(StrEnum):
    """Name the orders of a list of products; equal ones stand newest first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    UPDATED = "updated"


class Queue(Value):
    """Tell how many imports wait, and since when the first of them does."""

    waiting: int = 0
    since: datetime | None = None


class Ended(Value):
    """Count the imports that ended within a stretch of time that begins at a moment."""

    at: datetime
    succeeded: int = 0
    failed: int = 0


class Tried(Value):
    """Count tries, and the whole seconds that they took together."""

    tries: int = 0
    seconds: int = 0


PICTURES = "pictures"


class Fetched(Value):
    """Sum up the bytes that a provider's tries fetched; `unknown` counts the tries of which nobody counted them.

    What the pictures of imports took is summed up as of a provider called `PICTURES`.
    """

    provider: str
    tries: int
    unknown: int
    bytes: int


class Progress(Value):
    """Hold how far an import came: its steps and its attempts, in the order they began."""

    steps: tuple[Step, ...] = ()
    attempts: tuple[Attempt, ...] = ()

    @property
    def reached(self) -> Step | None:
        """Give the last step that was not skipped; None where nothing has begun."""
        begun = (step for step in reversed(self.steps) if step.state is not StepState.SKIPPED)
        return next(begun, None)


NO_PROGRESS = Progress()


class Listing(Protocol):
    """List what a merchant has. A product whose import failed keeps what an earlier one found."""

    async def products(
        self,
        merchant_id: str,
        wanted: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        before: str = "",
        limit: int = 50,
    ) -> Sequence[CatalogueProduct]:
        """List products in an order, from after the one with the id `before` where it is given."""
        ...

    async def product_ids(
        self, merchant_id: str, wanted: Filter = EVERYTHING, *, after: str = "", limit: int = 1000
    ) -> Sequence[str]:
        """List the ids alone, oldest first, of products with ids above `after`."""
        ...

    async def count_products(self, merchant_id: str, wanted: Filter = EVERYTHING) -> int:
        """Count products."""
        ...

    async def imports(
        self,
        merchant_id: str,
        wanted: Filter = EVERYTHING,
        *,
        before: str = "",
        after: str = "",
        among: Sequence[str] = (),
        limit: int = 50,
    ) -> Sequence[Import]:
        """List imports, newest first, with ids below `before`, above `after` and `among` some, where they are given.

        `status:`, `error:`, `batch:` and `since:` look at the import itself, every other word at its product.
        """
        ...

    async def progress(self, merchant_id: str, import_ids: Sequence[str]) -> Mapping[str, Progress]:
        """Tell how far imports came, by id; those that have not begun, and another's, are left out."""
        ...

    async def count_imports(self, merchant_id: str, wanted: Filter = EVERYTHING) -> int:
        """Count imports."""
        ...

    async def queue(self, merchant_id: str, *, before: Import | None = None) -> Queue:
        """Tell of the merchant's imports that wait, or of those whose first step waits and goes before an import's.

        Those that are paused do not count.

        Those go first that were asked for first, and those that a person waits for before bulk.
        """
        ...

    async def ended(self, merchant_id: str, since: datetime, seconds: int) -> Sequence[Ended]:
        """Count imports that ended since a moment, by stretches of so many seconds, in their order; none is empty."""
        ...

    async def tried(self, merchant_id: str, provider: str, since: datetime) -> Tried:
        """Count the tries of one provider that began since a moment and are over, and the time that they took."""
        ...

    async def fetched(self, merchant_id: str, since: datetime, *, batch_id: str = "") -> Sequence[Fetched]:
        """Sum up what tries that began since a moment fetched, by provider; with `batch_id`, for that batch alone."""
        ...

    async def choices(self, merchant_id: str, limit: int = 100) -> Mapping[Word, Sequence[str]]:
        """Give the sites, brands, errors and batches that a merchant's products have, the most frequent first.

        Batches stand newest first.
        """
        ...
