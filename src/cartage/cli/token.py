"""`cartage token`: API tokens for programs."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.manner import note
from cartage.cli.outcome import Miswritten
from cartage.cli.record import AS_USUAL, Form, write_all, write_record
from cartage.cli.shown import MADE_TOKEN, TOKEN
from cartage.model.access import USUAL, Scope

LONGEST_DAYS = 3650
token = App(name="token", help="Create, list and revoke API tokens.")


@token.command
def create(
    name: str = "cli",
    *,
    scope: list[str] | None = None,
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
    scope
        What the token may do, several times for several: products:read, imports:write, products:write, exports:write,
        admin. Without, it may do all but the last.
    read_only
        Let the token read, and change nothing: the scope products:read alone.
    admin
        Let the token also change settings, and make other tokens and webhook endpoints: the scope admin.
    days
        How many days it holds; until it is revoked without.
    """
    if read_only + admin + bool(scope) > 1:
        raise Miswritten("Say what the token may do in one way: --scope, --read-only or --admin.")
    usual = (Scope.READ,) if read_only else (*USUAL, *([Scope.ADMIN] if admin else []))
    scopes = tuple(dict.fromkeys(_scope(each) for each in scope)) if scope else usual
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


def _scope(name: str) -> Scope:
    if name not in set(Scope):
        raise Miswritten(f"There is no scope {name!r}; there are {', '.join(Scope)}.")
    return Scope(name)


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
