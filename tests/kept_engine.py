"""An engine that keeps what it is sent and runs nothing, for tests of what stands around an engine."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cartage.engine import Request, Standing
from cartage.model.errors import EngineUnreachable


@dataclass
class KeptEngine:
    """Keep what is sent, and run nothing; say of imports what it was told to say."""

    sent: list[tuple[str, Request]] = field(default_factory=list[tuple[str, Request]])
    lanes: list[tuple[bool, str]] = field(default_factory=list[tuple[bool, str]])
    stands: Standing = Standing.WORKING
    seen_at: datetime | None = field(default_factory=lambda: datetime.now(UTC))
    reachable: bool = True
    gate: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""

    async def send(self, import_id: str, request: Request, *, bulk: bool = False, again: str = "") -> None:
        """Keep the request, and how it was sent; give no answer before the gate is open."""
        if not self.reachable:
            raise EngineUnreachable("Nobody answers.")
        self.sent.append((import_id, request))
        self.lanes.append((bulk, again))
        self.asked.set()
        if self.gate:
            await self.gate.wait()

    async def cancel(self, import_id: str) -> None:
        """Do nothing."""

    async def standings(self, run_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Say the same of all."""
        return dict.fromkeys(run_ids, self.stands)

    async def last_seen(self) -> datetime | None:
        """Say what it was told to say."""
        return self.seen_at
