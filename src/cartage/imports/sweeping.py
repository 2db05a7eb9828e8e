"""Sweeping: what merchants do not want kept any longer is deleted, a little at a time."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from cartage.imports.progress import now
from cartage.imports.rounds import going_on
from cartage.model.upkeep import Swept
from cartage.store import Store

INTERVAL_SECONDS = 3600.0
AT_ONCE = 1000

logger = logging.getLogger("cartage.imports")


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Delete old pages and events of merchants that say how long to keep them; any number of processes may."""

    store: Store

    async def watch(self) -> None:
        """Sweep for ever."""
        while True:
            with going_on(logger, "Sweeping"):
                swept = await self.sweep()
                if swept != Swept():
                    logger.info("swept", extra={"pages": swept.pages, "events": swept.events})
            await asyncio.sleep(INTERVAL_SECONDS)

    async def sweep(self, at: datetime | None = None) -> Swept:
        """Delete all that is too old now, and count it."""
        moment, total = at or now(), Swept()
        for merchant_id, kept in (await self.store.upkeep.retentions()).items():
            pages, events = _before(moment, kept.pages_days), _before(moment, kept.events_days)
            while (swept := await self.store.upkeep.sweep(merchant_id, pages, events, AT_ONCE)) != Swept():
                total = Swept(pages=total.pages + swept.pages, events=total.events + swept.events)
        return total


def _before(moment: datetime, days: int | None) -> datetime | None:
    return None if days is None else moment - timedelta(days=days)
