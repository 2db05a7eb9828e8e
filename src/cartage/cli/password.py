"""`cartage password`: a one-time link by which a person chooses a new password."""

import asyncio

from cartage.accounts.service import PASSWORD_LINK_LASTS
from cartage.app import build, prepare_database
from cartage.cli.manner import note
from cartage.cli.reading import read_settings
from cartage.cli.record import write_json
from cartage.model.errors import NotFound


def password(email: str, /) -> None:
    """Write a one-time link by which a person chooses a new password, as one who lost theirs needs it.

    Parameters
    ----------
    email
        The e-mail address that the person logs in with.
    """
    asyncio.run(_link(email))


async def _link(email: str) -> None:
    settings = read_settings(engine="elsewhere")
    await prepare_database(settings)
    async with build(settings).running() as app:
        user = await app.store.accounts.user_by_email(email.strip())
        if user is None:
            raise NotFound(f"Nobody logs in as {email}.")
        secret = await app.accounts.password_link(user.merchant_id, user.id)
    note(f"The link works once, within {PASSWORD_LINK_LASTS.days * 24} hours.")
    write_json({"link": f"{settings.site_url}/password/{secret}"})
