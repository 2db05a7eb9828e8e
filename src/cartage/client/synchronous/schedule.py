"""The schedule: how often all products are imported again by themselves, and how long what comes of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cartage.client.call import Call
from cartage.client.synchronous.connection import Connection
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

    def get(self) -> ScheduleOut:
        """Get how often all products are refreshed."""
        return self.connection.get(ScheduleOut, Call("GET", "/v1/schedule"))

    def set(self, every_hours: int | None) -> ScheduleOut:
        """Refresh all products every so many hours; None for never."""
        body = ScheduleBody(every_hours=every_hours)
        return self.connection.get(ScheduleOut, Call("PUT", "/v1/schedule", body=body))

    def policy(self) -> RefreshPolicyOut:
        """Get what another import of a product may change, and what becomes of one whose page is gone."""
        return self.connection.get(RefreshPolicyOut, Call("GET", "/v1/refresh-policy"))

    def set_policy(self, policy: RefreshPolicyBody | Mapping[str, Any]) -> RefreshPolicyOut:
        """Say what another import of a product may change; what is left out is as ever."""
        return self.connection.get(RefreshPolicyOut, Call("PUT", "/v1/refresh-policy", body=policy))

    def retention(self) -> RetentionOut:
        """Get how long pages and events are kept."""
        return self.connection.get(RetentionOut, Call("GET", "/v1/retention"))

    def set_retention(self, settings: RetentionBody | Mapping[str, Any]) -> RetentionOut:
        """Say how long pages and events are kept."""
        return self.connection.get(RetentionOut, Call("PUT", "/v1/retention", body=settings))
