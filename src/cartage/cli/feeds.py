"""`cartage feeds`: files at addresses that shops and marketplaces fetch by themselves."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cartage.cli.export import read_settings_given
from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.manner import note
from cartage.cli.record import AS_USUAL, Form, write_all, write_record
from cartage.cli.shown import FEED, FEED_IN_FULL
from cartage.client import AsyncClient
from cartage.model.feed import LARGEST_HOURS
from cartage.wire.feeds import FeedChange, FeedOut

feeds = App(name="feeds", help="Have shops and marketplaces fetch a file by themselves.")
Hours = Annotated[int, Parameter(validator=Number(gte=1, lte=LARGEST_HOURS))]
Set = Annotated[list[str] | None, Parameter(name="--set", negative="")]
Filter = Annotated[str, Parameter(name="--filter", allow_leading_hyphen=True)]


@feeds.command
def ls(*, form: Form = AS_USUAL, where: Where = ANYWHERE) -> None:
    """List the feeds with their addresses."""
    write_all(asyncio.run(_listed(where)), form, FEED)


@feeds.command
def add(
    name: str,
    /,
    *,
    target: str,
    wanted: Filter = "",
    every_hours: Hours = 6,
    sound_only: bool = False,
    set_: Set = None,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> None:
    """Give a target's file an address that is fetched without a login, and write it.

    Parameters
    ----------
    name
        What you call the feed.
    target
        What is written: any of the targets of `cartage export` but prestashop, which has two files.
    wanted
        Which products, such as 'status:imported -missing:price'; all without.
    every_hours
        The file is made anew after so many hours at the latest, and minutes after products change.
    sound_only
        Leave products with errors out; without, a file with errors does not replace one without.
    set_
        A setting of the target for this feed only, such as --set gender=female; several times for several.
    """
    given = read_settings_given(set_ or [])
    asked = _on(
        where,
        lambda client: client.feeds.create(
            name, target, wanted, every_hours=every_hours, sound_only=sound_only, settings=given
        ),
    )
    write_record(asyncio.run(asked), form, FEED_IN_FULL)


@feeds.command
def show(feed_id: str, /, *, form: Form = AS_USUAL, where: Where = ANYWHERE) -> None:
    """Show a feed: its address, what it holds, what was found, and who fetched it.

    Parameters
    ----------
    feed_id
        The feed's id, as `cartage feeds ls` shows it.
    """
    write_record(asyncio.run(_on(where, lambda client: client.feeds.get(feed_id))), form, FEED_IN_FULL)


@feeds.command
def edit(
    feed_id: str,
    /,
    *,
    name: str | None = None,
    wanted: Annotated[str | None, Parameter(name="--filter", allow_leading_hyphen=True)] = None,
    every_hours: Annotated[int | None, Parameter(validator=Number(gte=1, lte=LARGEST_HOURS))] = None,
    sound_only: bool | None = None,
    set_: Set = None,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> None:
    """Change what is wanted of a feed; what is not named stays, and so does its address.

    Parameters
    ----------
    feed_id
        The feed's id, as `cartage feeds ls` shows it.
    name
        What you call the feed.
    wanted
        Which products.
    every_hours
        The file is made anew after so many hours at the latest.
    sound_only
        Leave products with errors out.
    set_
        All settings of the target that this feed has of its own, such as --set gender=female.
    """
    told = {"name": name, "filter": wanted, "every_hours": every_hours, "sound_only": sound_only}
    told |= {"settings": read_settings_given(set_)} if set_ else {}
    change = FeedChange.model_validate({field: value for field, value in told.items() if value is not None})
    write_record(asyncio.run(_on(where, lambda client: client.feeds.change(feed_id, change))), form, FEED_IN_FULL)


@feeds.command
def make(feed_id: str, /, *, form: Form = AS_USUAL, where: Where = ANYWHERE) -> None:
    """Begin to make a feed's file anew.

    Parameters
    ----------
    feed_id
        The feed's id, as `cartage feeds ls` shows it.
    """
    write_record(asyncio.run(_on(where, lambda client: client.feeds.make(feed_id))), form, FEED_IN_FULL)


@feeds.command
def rotate(feed_id: str, /, *, form: Form = AS_USUAL, where: Where = ANYWHERE) -> None:
    """Give a feed another address; the one before leads nowhere any more.

    Parameters
    ----------
    feed_id
        The feed's id, as `cartage feeds ls` shows it.
    """
    write_record(asyncio.run(_on(where, lambda client: client.feeds.rotate(feed_id))), form, FEED_IN_FULL)


@feeds.command
def rm(feed_id: str, /, *, where: Where = ANYWHERE) -> None:
    """Delete a feed, its address and its files, at once.

    Parameters
    ----------
    feed_id
        The feed's id, as `cartage feeds ls` shows it.
    """
    asyncio.run(_removed(feed_id, where))
    note(f"Feed {feed_id} is deleted.")


async def _listed(where: Where) -> Sequence[FeedOut]:
    async with connected(where) as client:
        return await client.feeds.list()


async def _on(where: Where, ask: Callable[[AsyncClient], Coroutine[Any, Any, FeedOut]]) -> FeedOut:
    async with connected(where) as client:
        return await ask(client)


async def _removed(feed_id: str, where: Where) -> None:
    async with connected(where) as client:
        await client.feeds.delete(feed_id)
