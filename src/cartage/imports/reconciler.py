"""The reconciler: finds work that its engine lost, and queues it again or ends it with the reason."""

import asyncio
import logging
import math
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cartage.engine import Engine, Standing, Workflow
from cartage.imports.ledgers import Job, Ledger
from cartage.imports.progress import now
from cartage.imports.rounds import going_on

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
    """Compare a ledger's unfinished work with what the engine says of it.

    An engine that cannot say is judged by the signs of life that the work's steps leave.
    """

    ledger: Ledger
    engine: Engine
    workflow: Workflow
    _settled: set[str] = field(default_factory=set[str])
    _resent: dict[str, str] = field(default_factory=dict[str, str])

    async def watch(self) -> None:
        """Reconcile for ever: new work every second, all of it every half minute."""
        looked_at_all = 0.0
        while True:
            started = time.monotonic()
            everything = started - looked_at_all >= LOOK_AT_ALL_SECONDS
            with going_on(logger, "The reconciler"):
                await self.reconcile(everything=everything)
                looked_at_all = started if everything else looked_at_all
            await asyncio.sleep(max(INTERVAL_SECONDS, IDLE_SHARE * (time.monotonic() - started)))

    async def reconcile(self, *, everything: bool = True, at: datetime | None = None) -> int:
        """Look at unfinished work once and give how many pieces were queued again or ended."""
        moment = at or now()
        unfinished = await self.ledger.unfinished()
        self._forget({each.run_id for each in unfinished})
        doubtful = [
            each
            for each in unfinished
            if (everything or each.run_id not in self._settled) and moment - each.sent_at >= GRACE
        ]
        standings = await self.engine.standings([each.run_id for each in doubtful])
        crowds = Counter(each.merchant_id for each in unfinished)
        mended = 0
        for job in doubtful:
            bulk = job.bulk or crowds[job.merchant_id] > FEW
            mended += await self._mend(job, standings.get(job.run_id, Standing.UNKNOWN), moment, bulk=bulk)
        return mended

    async def _mend(self, job: Job, standing: Standing, moment: datetime, *, bulk: bool) -> bool:
        match standing:
            case Standing.WORKING:
                self._settled.add(job.run_id)
                return False
            case Standing.UNKNOWN:
                await self.engine.send(job.id, job.request, bulk=bulk, again=job.again)
                return True
            case Standing.OVER:
                return await self._end(job, "The engine stopped the work without saying why.")
            case Standing.UNCLEAR:
                self._settled.add(job.run_id)
                return await self._judge(job, moment, bulk=bulk)

    async def _judge(self, job: Job, moment: datetime, *, bulk: bool) -> bool:
        queued = job.queued
        seen_at = job.sent_at if queued else await self.ledger.last_sign(job)
        silence, patience = moment - seen_at, SILENT_IN_QUEUE if queued else SILENT_AT_WORK
        if silence >= LOST_AFTER:
            return await self._end(job, "Nothing was heard of it for a day.")
        if silence < patience:
            return False
        # The waits double, and every process names the same repeat alike, so that the engine takes it once.
        repeat = f"{int(seen_at.timestamp())}-{int(math.log2(silence / patience))}"
        if self._resent.get(job.run_id) == repeat:
            return False
        self._resent[job.run_id] = repeat
        await self.engine.send(job.id, job.request, bulk=bulk, again=job.again if queued else repeat)
        return True

    async def _end(self, job: Job, reason: str) -> bool:
        if await self.ledger.is_over(job):
            return False
        await self.workflow.abandon(job.id, job.request, self.ledger.lost(reason))
        return True

    def _forget(self, unfinished: set[str]) -> None:
        self._settled &= unfinished
        for run in self._resent.keys() - unfinished:
            del self._resent[run]
