"""The schedule: how often all products are imported again by themselves, and how long what comes of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cartage.client.asynchronous.connection import Connection
from cartage.client.call import Call
from cartage.wire.upkeep import (
    RefreshPolicyBody,
    RefreshPolicyOut,
    RetentionBody,
    RetentionOut,
    ScheduleBody,
    ScheduleOut,
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Have products refreshed."""

    connection: Connection

    async def get(self) -> ScheduleOut:
        """Get how often all products are refreshed."""
        return await self.connection.get(ScheduleOut, Call("GET", "/v1/schedule"))

    async def set(self, every_hours: int | None) -> ScheduleOut:
        """Refresh all products every so many hours; None for never."""
        body = ScheduleBody(every_hours=every_hours)
        return await self.connection.get(ScheduleOut, Call("PUT", "/v1/schedule", body=body))

    async def policy(self) -> RefreshPolicyOut:
        """Get what another import of a product may change, and what becomes of one whose page is gone."""
        return await self.connection.get(RefreshPolicyOut, Call("GET", "/v1/refresh-policy"))

    async def set_policy(self, policy: RefreshPolicyBody | Mapping[str, Any]) -> RefreshPolicyOut:
        """Say what another import of a product may change; what is left out is as ever."""
        return await self.connection.get(RefreshPolicyOut, Call("PUT", "/v1/refresh-policy", body=policy))

    async def retention(self) -> RetentionOut:
        """Get how long pages and events are kept."""
        return await self.connection.get(RetentionOut, Call("GET", "/v1/retention"))

    async def set_retention(self, settings: RetentionBody | Mapping[str, Any]) -> RetentionOut:
        """Say how long pages and events are kept."""
        return await self.connection.get(RetentionOut, Call("PUT", "/v1/retention", body=settings))
