"""The schedule: how often all products are imported again by themselves."""

from dataclasses import dataclass

from cartage.client.asynchronous.connection import Connection
from cartage.client.call import Call
from cartage.wire.upkeep import ScheduleBody, ScheduleOut


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
