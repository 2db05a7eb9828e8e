"""The time between visits; all of this asks for a token of the operator with the scope `admin`."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartage.client.asynchronous.connection import Connection
from cartage.client.call import Call, path
from cartage.wire.spacings import SpacingBody, SpacingList, SpacingOut


@dataclass(frozen=True, slots=True)
class Spacings:
    """Give sites a time of their own between two visits."""

    connection: Connection

    async def list(self) -> Sequence[SpacingOut]:
        """List the sites that have a time of their own, by name."""
        return (await self.connection.get(SpacingList, Call("GET", "/v1/spacings"))).spacings

    async def set(self, site: str, seconds: float) -> SpacingOut:
        """Let so many seconds pass between two visits to a site."""
        body = SpacingBody(seconds=seconds)
        return await self.connection.get(SpacingOut, Call("PUT", path("/v1/spacings/{}", site), body=body))

    async def remove(self, site: str) -> None:
        """Let a site have the usual time again."""
        await self.connection.send(Call("DELETE", path("/v1/spacings/{}", site)))
