"""`cartage token`: API tokens for programs."""

import asyncio
import sys

from cyclopts import App

from cartage.app import build, prepare_database
from cartage.cli.merchant import chosen_merchant
from cartage.cli.record import write_json
from cartage.model.access import Scope
from cartage.model.errors import InvalidInput
from cartage.settings import read_settings

token = App(name="token", help="Create, list and revoke API tokens.")


@token.command
def create(name: str = "cli", *, merchant: str = "", read_only: bool = False, admin: bool = False) -> None:
    """Create an API token and write it once; it cannot be shown again.

    Parameters
    ----------
    name
        What the token is for.
    merchant
        The merchant's id or name; not needed when there is only one.
    read_only
        Let the token read, and change nothing.
    admin
        Let the token make other tokens and webhook endpoints too.
    """
    if read_only and admin:
        raise InvalidInput("A token that only reads makes no other tokens: choose --read-only or --admin.")
    scopes = (Scope.READ,) if read_only else (Scope.READ, Scope.WRITE, *([Scope.ADMIN] if admin else []))
    asyncio.run(_create(name, merchant, scopes))


@token.command(name="list")
def list_(*, merchant: str = "") -> None:
    """List a merchant's API tokens, without their secrets."""
    asyncio.run(_list(merchant))


@token.command
def revoke(token_id: str, *, merchant: str = "") -> None:
    """Revoke an API token, at once."""
    asyncio.run(_revoke(token_id, merchant))


async def _create(name: str, merchant_name: str, scopes: tuple[Scope, ...]) -> None:
    settings = read_settings(engine="elsewhere")
    await prepare_database(settings)
    async with build(settings).running() as app:
        merchant = await chosen_merchant(app, merchant_name)
        created, plain = await app.accounts.create_token(merchant.id, name, scopes)
    sys.stderr.write(f"Token {created.id} for {merchant.name}. Keep it now; it is not shown again.\n")
    write_json({"id": created.id, "name": created.name, "merchant": merchant.id, "token": plain})


async def _list(merchant_name: str) -> None:
    settings = read_settings(engine="elsewhere")
    async with build(settings).running() as app:
        merchant = await chosen_merchant(app, merchant_name)
        tokens = await app.accounts.tokens(merchant.id)
    write_json({"tokens": [each.model_dump(mode="json", exclude={"secret_hash"}) for each in tokens]})


async def _revoke(token_id: str, merchant_name: str) -> None:
    settings = read_settings(engine="elsewhere")
    async with build(settings).running() as app:
        merchant = await chosen_merchant(app, merchant_name)
        await app.accounts.revoke_token(merchant.id, token_id)
    sys.stderr.write(f"Token {token_id} is revoked.\n")
