"""`cartage products rm`: delete products for good, after a look at what would go."""

import asyncio
import sys
from typing import Annotated

from cyclopts import Parameter

from cartage.cli.acting import left_told
from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.manner import manner, note
from cartage.cli.outcome import ExitCode, Miswritten
from cartage.cli.record import AS_USUAL, Form, write_record
from cartage.cli.shown import BULK
from cartage.client import AsyncClient
from cartage.model.bulk import Act
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.filtering import Word
from cartage.wire.bulk import BulkActionOut


def rm(
    *ids: str,
    wanted: Annotated[str, Parameter(name="--filter", allow_leading_hyphen=True)] = "",
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=())] = False,
    dry_run: bool = False,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> int:
    """Delete products with their imports, pages and pictures, for good; it asks before.

    Those that are being imported stay. `cartage products ls archived:yes` lists what is only put away.

    Parameters
    ----------
    ids
        Ids of products (prd_…).
    wanted
        Which products, such as 'archived:yes'; instead of ids.
    yes
        Delete without asking.
    dry_run
        Only say how many would be deleted.
    """
    if bool(ids) == bool(wanted):
        raise Miswritten("Name ids, or what you want with --filter; one of both.")
    if wrong := next((each for each in ids if not each.startswith("prd_")), ""):
        raise Miswritten(f"{wrong!r} is no product's id.")
    chosen = f"{Word.ID}:{','.join(ids)} {Word.ARCHIVED}:any" if ids else wanted
    return asyncio.run(_removed(chosen, form, where, yes=yes, dry_run=dry_run))


async def _removed(chosen: str, form: Form, where: Where, *, yes: bool, dry_run: bool) -> int:
    async with connected(where, working=not dry_run) as client:
        forecast = await client.bulk.create(Act.DELETE, chosen, dry_run=True)
        _tell(forecast)
        if dry_run or not forecast.done:
            if not form.for_people:
                write_record(forecast, form, BULK)
            return ExitCode.OK if forecast.done else ExitCode.NOT_FOUND
        if not yes and not await asyncio.to_thread(_sure, forecast.done):
            note("Nothing was deleted.")
            return ExitCode.FAILED
        ended = await _done(client, chosen, forecast.total)
        write_record(ended, form, BULK)
    return ExitCode.OK if ended.done == forecast.done else ExitCode.SOME_FAILED


async def _done(client: AsyncClient, chosen: str, matching: int) -> BulkActionOut:
    """Delete what was looked at; raises `Conflict` where other products match by now."""
    action = await client.bulk.create(Act.DELETE, chosen, expect_count=matching)
    if action.id is None:
        raise Conflict("The deletion was not begun.")
    return await client.bulk.wait(action.id)


def _tell(forecast: BulkActionOut) -> None:
    note(f"{forecast.total} match, {forecast.done} can be deleted.")
    for each in forecast.left:
        note(left_told(each))


def _sure(count: int) -> bool:
    """Ask a person; raises `InvalidInput` where there is nobody to ask."""
    if manner().no_input or not sys.stdin.isatty():
        raise InvalidInput("Nobody is asked here: say --yes to delete, or --dry-run to look.")
    sys.stderr.write(f"Delete {count} for good? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
