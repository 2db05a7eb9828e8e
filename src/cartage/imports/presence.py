"""The presence of this process among those that run imports: a sign of life now and then, with what it runs."""

import asyncio
import contextlib
import logging
import os
import platform
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime

from cartage.imports.progress import now
from cartage.imports.rounds import going_on
from cartage.model.errors import CartageError
from cartage.model.ids import new_id
from cartage.model.worker import Worker
from cartage.store import Store

BEAT_SECONDS = 10.0
LONGEST_NAME = 200

logger = logging.getLogger("cartage.imports")


@dataclass(frozen=True, slots=True)
class Workload:
    """Count what this process runs; an import may be under way more than once for a moment."""

    running: list[str] = field(default_factory=list[str])

    @contextlib.contextmanager
    def holding(self, import_id: str) -> Generator[None]:
        """Count an import as run here, for as long as it is."""
        self.running.append(import_id)
        try:
            yield
        finally:
            self.running.remove(import_id)


def name_of_process() -> str:
    """Name this process as its operator finds it: the machine, or the container, and the number there."""
    return f"{platform.node()}:{os.getpid()}"[:LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class Presence:
    """Leave signs of life for one process."""

    store: Store
    workload: Workload
    engine: str
    name: str = field(default_factory=name_of_process)
    id: str = field(default_factory=lambda: new_id("wrk"))
    started_at: datetime = field(default_factory=now)

    async def beat(self) -> None:
        """Leave one sign."""
        running = tuple(dict.fromkeys(self.workload.running))
        await self.store.workers.beat(
            Worker(
                id=self.id,
                name=self.name,
                engine=self.engine,
                started_at=self.started_at,
                seen_at=now(),
                running=running,
            )
        )

    async def watch(self) -> None:
        """Leave a sign now and then, for ever; one that stops takes its leave."""
        try:
            while True:
                with going_on(logger, "Leaving a sign of life"):
                    await self.beat()
                await asyncio.sleep(BEAT_SECONDS)
        finally:
            with contextlib.suppress(CartageError):
                await self.store.workers.leave(self.id)
