"""The time between visits; all of this asks for a token of the operator with the scope `admin`."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartage.client.call import Call, path
from cartage.client.synchronous.connection import Connection
from cartage.wire.spacings import SpacingBody, SpacingList, SpacingOut


@dataclass(frozen=True, slots=True)
class Spacings:
    """Give sites a time of their own between two visits."""

    connection: Connection

    def list(self) -> Sequence[SpacingOut]:
        """List the sites that have a time of their own, by name."""
        return (self.connection.get(SpacingList, Call("GET", "/v1/spacings"))).spacings

    def set(self, site: str, seconds: float) -> SpacingOut:
        """Let so many seconds pass between two visits to a site."""
        body = SpacingBody(seconds=seconds)
        return self.connection.get(SpacingOut, Call("PUT", path("/v1/spacings/{}", site), body=body))

    def remove(self, site: str) -> None:
        """Let a site have the usual time again."""
        self.connection.send(Call("DELETE", path("/v1/spacings/{}", site)))
