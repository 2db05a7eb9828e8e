"""Pauses: imports that wait until they are resumed, all of them or those of one site."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartage.client.asynchronous.connection import Connection
from cartage.client.call import Call, path
from cartage.wire.pauses import PauseList, PauseOut


@dataclass(frozen=True, slots=True)
class Pauses:
    """Pause and resume imports."""

    connection: Connection

    async def list(self) -> Sequence[PauseOut]:
        """List what is paused."""
        return (await self.connection.get(PauseList, Call("GET", "/v1/pauses"))).pauses

    async def pause(self, site: str = "all") -> PauseOut:
        """Let imports wait, those of a site or all; imports under way end."""
        return await self.connection.get(PauseOut, Call("PUT", path("/v1/pauses/{}", site)))

    async def resume(self, site: str = "all") -> None:
        """Let imports go on that a pause holds; raises `NotFound` where there is none."""
        await self.connection.send(Call("DELETE", path("/v1/pauses/{}", site)))
