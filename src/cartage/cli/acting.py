"""`cartage retry` and `cartage cancel`: the same for ids and for all that a filter wants."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from cyclopts import Parameter

from cartage.cli.following import code_of_imports, follow_import
from cartage.cli.installation import ANYWHERE, UnderWay, Where, connected
from cartage.cli.looking import import_of
from cartage.cli.outcome import ExitCode
from cartage.cli.record import AS_USUAL, Form, Record, write_all
from cartage.cli.shown import BATCH, IMPORT
from cartage.client import AsyncClient
from cartage.model.catalogue import Status
from cartage.model.errors import Conflict, InvalidInput
from cartage.wire.catalogue import ImportOut

Wanted = Annotated[str, Parameter(name="--filter")]


def retry(
    *ids: str,
    wanted: Wanted = "",
    dry_run: bool = False,
    wait: bool = False,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> int:
    """Import products again: by ids of imports, products or batches, or all that a filter wants.

    Of a batch, the failed and cancelled rows are run again.

    Parameters
    ----------
    ids
        Ids of imports (imp_…), products (prd_…) or batches (bat_…).
    wanted
        Which products, such as 'status:failed error:blocked'.
    dry_run
        Only say how many would be imported again.
    wait
        Follow them to their end, instead of leaving them to a running Cartage.
    """
    _check(ids, wanted)
    under_way = UnderWay()
    with under_way.told():
        return asyncio.run(_retry(ids, wanted, under_way, form, where, dry_run=dry_run, wait=wait))


def cancel(
    *ids: str, wanted: Wanted = "", dry_run: bool = False, form: Form = AS_USUAL, where: Where = ANYWHERE
) -> int:
    """Stop imports that are under way: by ids of imports, products or batches, or all that a filter wants.

    What was imported stays.

    Parameters
    ----------
    ids
        Ids of imports (imp_…), products (prd_…) or batches (bat_…).
    wanted
        Which products, such as 'site:shop.example'.
    dry_run
        Only say how many would be stopped.
    """
    _check(ids, wanted)
    return asyncio.run(_cancel(ids, wanted, form, where, dry_run=dry_run))


def _check(ids: Sequence[str], wanted: str) -> None:
    if bool(ids) == bool(wanted):
        raise InvalidInput("Name ids, or what you want with --filter; one of both.")


async def _retry(
    ids: Sequence[str], wanted: str, under_way: UnderWay, form: Form, where: Where, *, dry_run: bool, wait: bool
) -> int:
    async with connected(where, working=wait and not dry_run) as client:
        if wanted and dry_run:
            return await _tell_about(client, wanted, "imported again", under_way=False)
        begun: list[Record] = []
        cannot = 0
        async for id_ in _chosen(client, ids, wanted):
            try:
                begun.append(await _again(client, id_))
            except Conflict as error:
                cannot += 1
                sys.stderr.write(f"{id_}: {error}\n")
        imports = [each for each in begun if isinstance(each, ImportOut)]
        under_way.ids += [each.id for each in imports]
        ended = [await follow_import(client, each.id) for each in imports] if wait else imports
        others = [each for each in begun if not isinstance(each, ImportOut)]
        write_all([*ended, *others], form, IMPORT if imports else BATCH)
    sys.stderr.write(f"{len(begun)} begun again, {cannot} could not be.\n")
    if wait and not cannot:
        return code_of_imports(ended)
    return _code(len(begun), cannot)


async def _cancel(ids: Sequence[str], wanted: str, form: Form, where: Where, *, dry_run: bool) -> int:
    async with connected(where) as client:
        if wanted and dry_run:
            return await _tell_about(client, wanted, "stopped", under_way=True)
        stopped: list[Record] = []
        async for id_ in _chosen(client, ids, wanted, under_way=True):
            if id_.startswith("bat_"):
                stopped.append(await client.batches.cancel(id_))
            else:
                stopped.append(await client.imports.cancel(await import_of(client, id_)))
        of_batches = all(id_.startswith("bat_") for id_ in ids) and not wanted
        write_all(stopped, form, BATCH if of_batches else IMPORT)
    return ExitCode.OK


async def _again(client: AsyncClient, id_: str) -> Record:
    if id_.startswith("bat_"):
        return await client.batches.retry(id_)
    return await client.imports.retry(await import_of(client, id_))


async def _chosen(
    client: AsyncClient, ids: Sequence[str], wanted: str, *, under_way: bool = False
) -> AsyncIterator[str]:
    """Give the ids, or those of the imports of all products that a filter wants, as they were before."""
    for id_ in ids or [
        each.import_id
        async for each in client.products.list(wanted, page_size=200)
        if (each.status == Status.IMPORTING) is under_way
    ]:
        yield id_


async def _tell_about(client: AsyncClient, wanted: str, done: str, *, under_way: bool) -> int:
    found = [each.status == Status.IMPORTING async for each in client.products.list(wanted, page_size=200)]
    can = sum(each is under_way for each in found)
    sys.stderr.write(
        f"{len(found)} match, {can} can be {done}, {len(found) - can} cannot. Run again without --dry-run.\n"
    )
    return ExitCode.OK


def _code(done: int, cannot: int) -> ExitCode:
    if not cannot:
        return ExitCode.OK
    return ExitCode.SOME_FAILED if done else ExitCode.FAILED
