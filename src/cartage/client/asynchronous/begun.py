"""An import as it was begun or looked at, which can be followed from there."""

from collections.abc import AsyncGenerator, Sequence
from typing import Self

from pydantic import PrivateAttr

from cartage.client.asynchronous.connection import Connection
from cartage.client.call import Call, path
from cartage.model.catalogue import ImportState
from cartage.wire.catalogue import ImportOut
from cartage.wire.events import EventOut, EventType

OVER = frozenset(state.value for state in ImportState if state.over)


class BegunImport(ImportOut):
    """Show an import as it stood when it was asked for, and follow it."""

    _connection: Connection = PrivateAttr()

    @classmethod
    async def told(cls, connection: Connection, call: Call) -> Self:
        """Send a call that is answered with an import."""
        return (await connection.get(cls, call)).through(connection)

    def through(self, connection: Connection) -> Self:
        """Follow it through a connection."""
        self._connection = connection
        return self

    async def wait(self, timeout: float | None = None) -> ImportOut:  # noqa: ASYNC109 - says what goes on
        """Wait for its end; raises `NotOverYet` after `timeout` seconds, and it goes on."""
        return await ended(self._connection, self.id, timeout)

    def events(self, *, types: Sequence[EventType] = (), after: str = "") -> AsyncGenerator[EventOut]:
        """Give its events as they happen, from the first or from after an event's id, to its end."""
        return events_of(self._connection, self.id, types, after)


async def ended(connection: Connection, import_id: str, timeout: float | None) -> ImportOut:  # noqa: ASYNC109 - says what goes on
    """Wait for an import's end; raises `NotOverYet`."""
    return await connection.until_over(ImportOut, Call("GET", path("/v1/imports/{}", import_id)), OVER, timeout)


def events_of(
    connection: Connection, import_id: str, types: Sequence[EventType], after: str
) -> AsyncGenerator[EventOut]:
    """Give an import's events as they happen, to its end."""
    query = {"type": [each.value for each in types]}
    return connection.events(Call("GET", path("/v1/imports/{}/events", import_id), query), after)
