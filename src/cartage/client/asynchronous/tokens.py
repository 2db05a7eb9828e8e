"""Tokens for programs; all of this asks for a token of the scope `admin`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cartage.client.asynchronous.connection import Connection
from cartage.client.call import Call, once, path
from cartage.model.access import USUAL, Scope
from cartage.wire.access import MadeToken, NewToken, TokenList, TokenOut


@dataclass(frozen=True, slots=True)
class Tokens:
    """Make and revoke tokens."""

    connection: Connection

    async def list(self) -> Sequence[TokenOut]:
        """List the tokens, revoked ones included, without their secrets."""
        return (await self.connection.get(TokenList, Call("GET", "/v1/tokens"))).tokens

    async def create(
        self,
        name: str,
        scopes: Sequence[Scope] = USUAL,
        *,
        expires_at: datetime | None = None,
        key: str = "",
    ) -> MadeToken:
        """Make a token; its secret text is in this reply, and nowhere else ever after."""
        body = NewToken(name=name, scopes=tuple(scopes), expires_at=expires_at)
        return await self.connection.get(MadeToken, Call("POST", "/v1/tokens", body=body, headers=once(key)))

    async def revoke(self, token_id: str) -> None:
        """Revoke a token, at once."""
        await self.connection.send(Call("DELETE", path("/v1/tokens/{}", token_id)))
