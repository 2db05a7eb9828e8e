"""Releasing: imports that were held and are paused no longer go to the engine, the oldest first, a few at a time."""

import asyncio
import logging
from dataclasses import dataclass

from cartage.imports.progress import now
from cartage.imports.rounds import going_on
from cartage.imports.service import Imports
from cartage.model.pause import paused_sites
from cartage.store import Store

INTERVAL_SECONDS = 0.5

logger = logging.getLogger("cartage.imports")


@dataclass(frozen=True, slots=True)
class Releaser:
    """Keep at most `window` released imports of each merchant under way.

    Any number of processes may do so at once. One that dies before it sends what it released leaves that to the
    reconciler.
    """

    store: Store
    imports: Imports
    window: int = 16

    async def watch(self) -> None:
        """Release for ever."""
        while True:
            with going_on(logger, "Releasing"):
                await self.release()
            await asyncio.sleep(INTERVAL_SECONDS)

    async def release(self) -> int:
        """Look once at every merchant that has held imports, and give how many went on; none on a low disk."""
        if self.imports.reserve.low:
            return 0
        released = 0
        for merchant_id in await self.store.pauses.held_merchants():
            if paused_sites(await self.store.pauses.pauses(merchant_id)) is not None:
                released += await self._release(merchant_id)
        return released

    async def _release(self, merchant_id: str) -> int:
        free = self.window - await self.store.pauses.under_way(merchant_id)
        released = await self.store.pauses.release(merchant_id, now(), free) if free > 0 else ()
        for import_ in released:
            await self.imports.send(import_)
        return len(released)
