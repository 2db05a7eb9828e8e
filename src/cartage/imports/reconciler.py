"""The reconciler: finds imports that their engine lost, and queues them again or ends them with the reason."""

import asyncio
import logging
import math
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cartage.engine import Engine, ScrapeRequested, Standing, Workflow
from cartage.imports.progress import now
from cartage.model.catalogue import Import, ImportState
from cartage.model.errors import CartageError, ImportLost
from cartage.store import Catalogue

INTERVAL_SECONDS = 1.0
IDLE_SHARE = 20  # a look that takes long is followed by a rest of so many times its length
LOOK_AT_ALL_SECONDS = 30.0
GRACE = timedelta(seconds=2)
SILENT_IN_QUEUE = timedelta(minutes=1)
SILENT_AT_WORK = timedelta(minutes=15)
LOST_AFTER = timedelta(hours=24)
FEW = 20

logger = logging.getLogger("cartage.imports")


@dataclass(slots=True)
class Reconciler:
    """Compare the catalogue's unfinished imports with what the engine says of them.

    An engine that cannot say is judged by the signs of life that an import's steps leave.
    """

    catalogue: Catalogue
    engine: Engine
    workflow: Workflow
    _settled: set[str] = field(default_factory=set[str])
    _resent: dict[str, str] = field(default_factory=dict[str, str])

    async def watch(self) -> None:
        """Reconcile for ever: new imports every second, all of them every half minute."""
        looked_at_all = 0.0
        while True:
            started = time.monotonic()
            everything = started - looked_at_all >= LOOK_AT_ALL_SECONDS
            try:
                await self.reconcile(everything=everything)
                looked_at_all = started if everything else looked_at_all
            except CartageError as error:
                logger.warning("%s", error)
            except Exception:
                logger.exception("The reconciler failed and goes on.")
            await asyncio.sleep(max(INTERVAL_SECONDS, IDLE_SHARE * (time.monotonic() - started)))

    async def reconcile(self, *, everything: bool = True, at: datetime | None = None) -> int:
        """Look at unfinished imports once and give how many were queued again or ended."""
        moment = at or now()
        unfinished = await self.catalogue.unfinished_imports()
        self._forget({each.id for each in unfinished})
        doubtful = [
            each
            for each in unfinished
            if (everything or each.id not in self._settled) and moment - each.created_at >= GRACE
        ]
        standings = await self.engine.standings([each.id for each in doubtful])
        crowds = Counter(each.merchant_id for each in unfinished)
        mended = 0
        for import_ in doubtful:
            bulk = import_.bulk or crowds[import_.merchant_id] > FEW
            mended += await self._mend(import_, standings.get(import_.id, Standing.UNKNOWN), moment, bulk=bulk)
        return mended

    async def _mend(self, import_: Import, standing: Standing, moment: datetime, *, bulk: bool) -> bool:
        match standing:
            case Standing.WORKING:
                self._settled.add(import_.id)
                return False
            case Standing.UNKNOWN:
                await self.engine.send(import_.id, request_of(import_), bulk=bulk)
                return True
            case Standing.OVER:
                return await self._end(import_, "The engine stopped the import without saying why.")
            case Standing.UNCLEAR:
                self._settled.add(import_.id)
                return await self._judge(import_, moment, bulk=bulk)

    async def _judge(self, import_: Import, moment: datetime, *, bulk: bool) -> bool:
        queued = import_.state is ImportState.QUEUED
        seen_at = import_.created_at if queued else await self._last_sign(import_)
        silence, patience = moment - seen_at, SILENT_IN_QUEUE if queued else SILENT_AT_WORK
        if silence >= LOST_AFTER:
            return await self._end(import_, "Nothing was heard of the import for a day.")
        if silence < patience:
            return False
        # The waits double, and every process names the same repeat alike, so that the engine takes it once.
        repeat = f"{int(seen_at.timestamp())}-{int(math.log2(silence / patience))}"
        if self._resent.get(import_.id) == repeat:
            return False
        self._resent[import_.id] = repeat
        await self.engine.send(import_.id, request_of(import_), bulk=bulk, again="" if queued else repeat)
        return True

    async def _last_sign(self, import_: Import) -> datetime:
        steps = await self.catalogue.steps(import_.id)
        signs = [sign for step in steps for sign in (step.started_at, step.finished_at, step.until) if sign]
        return max(signs, default=import_.created_at)

    async def _end(self, import_: Import, reason: str) -> bool:
        present = await self.catalogue.import_(import_.merchant_id, import_.id)
        if present.state.over:
            return False
        await self.workflow.abandon(import_.id, request_of(import_), ImportLost(reason))
        return True

    def _forget(self, unfinished: set[str]) -> None:
        self._settled &= unfinished
        for import_id in self._resent.keys() - unfinished:
            del self._resent[import_id]


def request_of(import_: Import) -> ScrapeRequested:
    """Give the request that an import stands for."""
    return ScrapeRequested(productId=import_.product_id, sourceUrl=import_.source_url, merchantId=import_.merchant_id)
