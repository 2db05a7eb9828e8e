"""`cartage token`: API tokens for programs."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.manner import note
from cartage.cli.record import AS_USUAL, Form, write_all, write_record
from cartage.cli.shown import MADE_TOKEN, TOKEN
from cartage.model.access import Scope
from cartage.model.errors import InvalidInput

LONGEST_DAYS = 3650
token = App(name="token", help="Create, list and revoke API tokens.")


@token.command
def create(
    name: str = "cli",
    *,
    read_only: bool = False,
    admin: bool = False,
    days: Annotated[int | None, Parameter(validator=Number(gte=1, lte=LONGEST_DAYS))] = None,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> None:
    """Create an API token and write it once; it cannot be shown again.

    Parameters
    ----------
    name
        What the token is for.
    read_only
        Let the token read, and change nothing.
    admin
        Let the token make other tokens and webhook endpoints too.
    days
        How many days it holds; until it is revoked without.
    """
    if read_only and admin:
        raise InvalidInput("A token that only reads makes no other tokens: choose --read-only or --admin.")
    scopes = (Scope.READ,) if read_only else (Scope.READ, Scope.WRITE, *([Scope.ADMIN] if admin else []))
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    asyncio.run(_create(name, scopes, expires_at, form, where))


@token.command(name="list")
def list_(*, form: Form = AS_USUAL, where: Where = ANYWHERE) -> None:
    """List a merchant's API tokens, without their secrets."""
    asyncio.run(_list(form, where))


@token.command
def revoke(token_id: str, /, *, where: Where = ANYWHERE) -> None:
    """Revoke an API token, at once.

    Parameters
    ----------
    token_id
        The token's id, as `cartage token list` shows it.
    """
    asyncio.run(_revoke(token_id, where))


async def _create(name: str, scopes: tuple[Scope, ...], expires_at: datetime | None, form: Form, where: Where) -> None:
    async with connected(where) as client:
        made = await client.tokens.create(name, scopes, expires_at=expires_at)
    note(f"Token {made.id}. Keep it now; it is not shown again.")
    write_record(made, form, MADE_TOKEN)


async def _list(form: Form, where: Where) -> None:
    async with connected(where) as client:
        write_all(await client.tokens.list(), form, TOKEN)


async def _revoke(token_id: str, where: Where) -> None:
    async with connected(where) as client:
        await client.tokens.revoke(token_id)
    note(f"Token {token_id} is revoked.")
