"""Refreshing: products whose schedule has come are imported again, spread over time and behind people's imports."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from cartage.imports.progress import now
from cartage.imports.rounds import going_on
from cartage.imports.service import Imports
from cartage.model.errors import Conflict, NotFound
from cartage.model.pause import paused_sites
from cartage.model.upkeep import Schedule, planned
from cartage.store import Store

INTERVAL_SECONDS = 5.0
PLANNED_AT_ONCE = 500

logger = logging.getLogger("cartage.imports")


@dataclass(frozen=True, slots=True)
class Refresher:
    """Keep at most `window` scheduled imports of each merchant under way.

    Any number of processes may do so at once: whoever begins a planned refresh uses its moment up.
    """

    store: Store
    imports: Imports
    window: int = 16

    async def watch(self) -> None:
        """Refresh for ever."""
        while True:
            with going_on(logger, "Refreshing"):
                await self.refresh()
            await asyncio.sleep(INTERVAL_SECONDS)

    async def refresh(self, at: datetime | None = None) -> int:
        """Look once at every merchant that has a schedule, and give how many imports were begun; none on a low disk."""
        if self.imports.reserve.low:
            return 0
        moment, begun = at or now(), 0
        for schedule in await self.store.upkeep.schedules():
            await self._plan(schedule, moment)
            begun += await self._begin(schedule.merchant_id, moment)
        return begun

    async def _plan(self, schedule: Schedule, moment: datetime) -> None:
        every = timedelta(hours=schedule.every_hours)
        unplanned = await self.store.upkeep.unplanned(schedule.merchant_id, PLANNED_AT_ONCE)
        moments = {product_id: planned(product_id, updated, every, moment) for product_id, updated in unplanned}
        await self.store.upkeep.plan(moments)

    async def _begin(self, merchant_id: str, moment: datetime) -> int:
        paused = paused_sites(await self.store.pauses.pauses(merchant_id))
        if paused is None:
            return 0
        free = self.window - await self.store.upkeep.refreshing(merchant_id)
        begun = 0
        for due in await self.store.upkeep.due(merchant_id, moment, free, paused) if free > 0 else ():
            with contextlib.suppress(Conflict, NotFound):  # somebody imports it in this very moment
                await self.imports.refresh(merchant_id, due)
                begun += 1
        return begun
