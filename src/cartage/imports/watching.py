"""What happens to a merchant's imports, told in order, as it happens."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from cartage.imports.batch import Batches
from cartage.imports.service import WATCH_INTERVAL_SECONDS, Imports
from cartage.model.catalogue import Event


@dataclass(frozen=True, slots=True)
class Subject:
    """Say what is watched: a product, an import, the imports of a batch, or everything."""

    product_id: str = ""
    import_id: str = ""
    batch_id: str = ""


@dataclass(frozen=True, slots=True)
class Watching:
    """Tell merchants what happens."""

    imports: Imports

    @property
    def batches(self) -> Batches:
        """Give the batches of the same store."""
        return Batches(self.imports.store, self.imports)

    async def check(self, merchant_id: str, subject: Subject) -> None:
        """Raise `NotFound` unless what is to be watched is the merchant's own."""
        if subject.product_id:
            await self.imports.status(merchant_id, subject.product_id)
        if subject.import_id:
            await self.imports.import_(merchant_id, subject.import_id)
        if subject.batch_id:
            await self.batches.batch(merchant_id, subject.batch_id)

    async def latest(self, merchant_id: str) -> int:
        """Give the sequence of the newest event."""
        return await self.imports.store.catalogue.newest_sequence(merchant_id)

    async def events(self, merchant_id: str, subject: Subject, after: int, limit: int = 200) -> Sequence[Event]:
        """List events above a sequence, oldest first."""
        return await self.imports.store.catalogue.events(
            merchant_id,
            product_id=subject.product_id,
            import_id=subject.import_id,
            batch_id=subject.batch_id,
            after=after,
            limit=limit,
        )

    async def watch(self, merchant_id: str, subject: Subject, after: int) -> AsyncIterator[Sequence[Event]]:
        """Give events above a sequence as they happen, until nothing more will; nothing now and then, meanwhile."""
        while True:
            over = await self._is_over(merchant_id, subject)
            events = await self.events(merchant_id, subject, after)
            after = events[-1].sequence if events else after
            yield events
            if over and not events:
                return
            if not events:
                await asyncio.sleep(WATCH_INTERVAL_SECONDS)

    async def _is_over(self, merchant_id: str, subject: Subject) -> bool:
        """Tell whether everything that will be told is written."""
        if subject.import_id:
            return await self.imports.is_over(await self.imports.import_(merchant_id, subject.import_id))
        if subject.product_id:
            product = await self.imports.product(merchant_id, subject.product_id)
            return await self.imports.is_over(await self.imports.import_(merchant_id, product.import_id))
        if subject.batch_id:
            return all(status.over for status in await self.batches.counts(merchant_id, subject.batch_id))
        return False
