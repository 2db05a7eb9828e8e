"""`cartage invite`: one-time sign-up links, for a new merchant or into one that is there."""

import asyncio

from cartage.accounts.service import INVITATION_LASTS
from cartage.app import build, prepare_database
from cartage.cli.manner import note
from cartage.cli.merchant import chosen_merchant
from cartage.cli.reading import read_settings
from cartage.cli.record import write_json


def invite(*, merchant: str = "") -> None:
    """Write a one-time sign-up link; whoever opens it founds a new merchant.

    Parameters
    ----------
    merchant
        The id or name of a merchant to join instead, with everything that is theirs.
    """
    asyncio.run(_invite(merchant))


async def _invite(merchant_name: str) -> None:
    settings = read_settings(engine="elsewhere")
    await prepare_database(settings)
    async with build(settings).running() as app:
        joined = await chosen_merchant(app, merchant_name) if merchant_name else None
        secret = await app.accounts.invite(joined.id if joined else None)
    note(f"The link works once, within {INVITATION_LASTS.days} days.")
    write_json({"link": f"{settings.site_url}/join/{secret}", "merchant": joined.id if joined else None})
