"""`cartage spacing`: the time between two visits to a site."""

import asyncio
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.manner import note
from cartage.cli.record import AS_USUAL, Form, write_all, write_record
from cartage.cli.shown import SPACING
from cartage.imports.spacing import registrable
from cartage.model.spacing import LONGEST_SECONDS

spacing = App(name="spacing", help="List, set and remove sites' own times between two visits.")


@spacing.command(name="list")
def list_(*, form: Form = AS_USUAL, where: Where = ANYWHERE) -> None:
    """List the sites that have a time of their own; for all others CARTAGE_HOST_SPACING_SECONDS holds."""
    asyncio.run(_list(form, where))


@spacing.command(name="set")
def set_(
    site: str,
    seconds: Annotated[float, Parameter(validator=Number(gte=0, lte=LONGEST_SECONDS))],
    /,
    *,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> None:
    """Let so many seconds pass between two visits to a site, from the next visit on, whoever imports.

    Parameters
    ----------
    site
        The site, such as shop.example, or an address there; its registrable domain is what counts.
    seconds
        0 to 3600.
    """
    asyncio.run(_set(site, seconds, form, where))


@spacing.command
def remove(site: str, /, *, where: Where = ANYWHERE) -> None:
    """Let a site have the usual time again.

    Parameters
    ----------
    site
        The site, as `cartage spacing list` shows it.
    """
    asyncio.run(_remove(site, where))


async def _list(form: Form, where: Where) -> None:
    async with connected(where) as client:
        write_all(await client.spacings.list(), form, SPACING)


async def _set(site: str, seconds: float, form: Form, where: Where) -> None:
    async with connected(where) as client:
        write_record(await client.spacings.set(registrable(site), seconds), form, SPACING)


async def _remove(site: str, where: Where) -> None:
    async with connected(where) as client:
        await client.spacings.remove(named := registrable(site))
    note(f"{named} has the usual time between visits again.")
