"""`cartage pause` and `cartage resume`: let imports wait, all or those of one site, and go on."""

import asyncio
from typing import Annotated

from cyclopts import Parameter

from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.manner import note
from cartage.cli.record import AS_USUAL, Form, write_all, write_record
from cartage.cli.shown import PAUSE
from cartage.imports.pausing import EVERYTHING, named_site
from cartage.wire.pauses import PausedOut


def pause(
    site: str = "",
    /,
    *,
    listed: Annotated[bool, Parameter(name="--list", negative=())] = False,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> None:
    """Let imports wait until they are resumed, all of them or those of one site; imports under way end.

    Parameters
    ----------
    site
        The site, such as shop.example, with its subdomains; everything without one.
    listed
        Pause nothing, and list what is paused.
    """
    asyncio.run(_list(form, where) if listed else _pause(site, form, where))


def resume(site: str = "", /, *, where: Where = ANYWHERE) -> None:
    """Let imports go on, the oldest first, a few at a time.

    Parameters
    ----------
    site
        The site whose pause ends; without one the pause of everything, while sites that are paused stay so.
    """
    asyncio.run(_resume(site, where))


def paused_told(paused: PausedOut, waits: str) -> str:
    """Say that something waits for a pause, who paused, since when, and how it goes on."""
    what = f"importing from {paused.site}" if paused.site else "importing"
    told = f"{waits} waits: {what} is paused since {paused.paused_at:%Y-%m-%d %H:%M} UTC by {paused.paused_by}."
    return f"{told} Let it go on: cartage resume {paused.site or ''}".rstrip()


async def _pause(site: str, form: Form, where: Where) -> None:
    async with connected(where) as client:
        write_record(await client.pauses.pause(_named(site)), form, PAUSE)


async def _list(form: Form, where: Where) -> None:
    async with connected(where) as client:
        write_all(await client.pauses.list(), form, PAUSE)


async def _resume(site: str, where: Where) -> None:
    async with connected(where) as client:
        await client.pauses.resume(_named(site))
    note(f"Importing{f' from {named_site(site)}' if site else ''} goes on.")


def _named(site: str) -> str:
    return (named_site(site) if site else "") or EVERYTHING
