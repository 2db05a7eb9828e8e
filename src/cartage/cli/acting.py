"""`cartage retry` and `cartage cancel`: the same for ids and for all that a filter wants."""

import asyncio
import functools
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Annotated, Literal

from cyclopts import Parameter

from cartage.cli.following import code_of_imports, follow_import
from cartage.cli.forecast import estimate_told, forecast_of, retry_told
from cartage.cli.installation import ANYWHERE, UnderWay, Where, connected
from cartage.cli.looking import import_of
from cartage.cli.manner import note
from cartage.cli.outcome import ExitCode, Miswritten
from cartage.cli.record import AS_USUAL, Form, Record, write_all, write_record
from cartage.cli.shown import BATCH, BULK, FORECAST, IMPORT
from cartage.client import AsyncClient
from cartage.model.bulk import HINDERED, Act
from cartage.model.errors import Conflict
from cartage.model.wishes import Render
from cartage.wire.bulk import LeftOut
from cartage.wire.catalogue import ImportOut

AGAIN = " Run again without --dry-run."
STEPS = {"extract": "extract"}  # of those that a bulk action takes; the beginning needs no name
Wanted = Annotated[str, Parameter(name="--filter", allow_leading_hyphen=True)]


@dataclass(frozen=True, slots=True)
class Again:
    """Say from which step on something is done again, and when its page is opened in a browser, if not as before.

    With `anyway` an import that stopped at a budget goes on instead. `max_cost` is its new bound in US dollars.
    """

    from_step: str = "fetch"
    render: Render | None = None
    anyway: bool = False
    max_cost: Decimal | None = None

    def check(self, ids: Sequence[str], wanted: str) -> None:
        """Raise `Miswritten` for what is done by ids alone, of imports and products."""
        if wanted and self.from_step == "pictures":
            raise Miswritten("Pictures alone are fetched by ids, not by --filter.")
        by_import = self.anyway or self.max_cost is not None
        if by_import and (wanted or any(each.startswith("bat_") for each in ids)):
            raise Miswritten("--anyway and --max-cost are for ids of imports and products.")


def retry(
    *ids: str,
    wanted: Wanted = "",
    from_step: Literal["fetch", "extract", "pictures"] = "fetch",
    render: Render | None = None,
    anyway: Annotated[bool, Parameter(negative=())] = False,
    max_cost: Decimal | None = None,
    dry_run: bool = False,
    wait: bool = False,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> int:
    """Import products again: by ids of imports, products or batches, or all that a filter wants.

    Of a batch, the failed and cancelled rows are run again. With a filter it is a bulk action of a running Cartage.
    Both leave alone what would fail again, such as pages that are gone.

    Parameters
    ----------
    ids
        Ids of imports (imp_…), products (prd_…) or batches (bat_…).
    wanted
        Which products, such as 'status:failed error:blocked'.
    from_step
        Where to begin: extract reads the page that is kept once more, pictures fetches the pictures alone.
    render
        When to open pages in a browser this time: where plain reading does not do (auto), first of all, or never. As
        before without.
    anyway
        Let imports that stopped at a budget go on where they stopped, without a bound of their own or with --max-cost.
    max_cost
        US dollars that each may spend before it stops and asks, instead of its bound before.
    dry_run
        Only say how many would be imported again, why not the others, and what it may cost.
    wait
        Follow them to their end, instead of leaving them to a running Cartage.
    """
    _check(ids, wanted)
    under_way, again = UnderWay(), Again(from_step, render, anyway, max_cost)
    again.check(ids, wanted)
    with under_way.told():
        if wanted:
            return asyncio.run(_in_bulk(Act.RETRY, wanted, again, form, where, dry_run=dry_run, wait=wait))
        if dry_run:
            return asyncio.run(_foretell(ids, again, form, where))
        return asyncio.run(_retry(ids, again, under_way, form, where, wait=wait))


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
    if dry_run and ids:
        raise Miswritten("--dry-run says what --filter would pick; ids are what they are.")
    if wanted:
        return asyncio.run(_in_bulk(Act.CANCEL, wanted, Again(), form, where, dry_run=dry_run, wait=False))
    return asyncio.run(_cancel(ids, form, where))


def _check(ids: Sequence[str], wanted: str) -> None:
    if bool(ids) == bool(wanted):
        raise Miswritten("Name ids, or what you want with --filter; one of both.")


async def _retry(ids: Sequence[str], again: Again, under_way: UnderWay, form: Form, where: Where, *, wait: bool) -> int:
    async with connected(where, working=wait) as client:
        begun: list[Record] = []
        cannot = 0
        for id_ in ids:
            try:
                begun.append(await _again(client, id_, again))
            except Conflict as error:
                cannot += 1
                sys.stderr.write(f"{id_}: {error}\n")
        imports = [each for each in begun if isinstance(each, ImportOut)]
        under_way.ids += [each.id for each in imports]
        ended = [await follow_import(client, each.id) for each in imports] if wait else imports
        others = [each for each in begun if not isinstance(each, ImportOut)]
        write_all([*ended, *others], form, IMPORT if imports else BATCH)
    note(f"{len(begun)} begun again, {cannot} could not be.")
    return code_of_imports(ended) if wait and not cannot else _code(len(begun), cannot)


async def _in_bulk(act: Act, wanted: str, again: Again, form: Form, where: Where, *, dry_run: bool, wait: bool) -> int:
    async with connected(where, working=wait and not dry_run) as client:
        step = STEPS.get(again.from_step)
        asked = functools.partial(client.bulk.create, act, wanted, from_step=step, render=again.render)
        action = await asked(dry_run=dry_run or act is Act.RETRY)
        if act is Act.RETRY and action.done:
            await _note_estimate(client, action.done)
        if act is Act.RETRY and not dry_run:
            action = await asked(dry_run=False)
        if wait and action.id and not dry_run:
            action = await client.bulk.wait(action.id)
        if not (dry_run and form.for_people):
            write_record(action, form, BULK)
        if dry_run:
            can, cannot = action.done, action.total - action.done
            note(f"{action.total} match, {can} can be done, {cannot} cannot.{AGAIN if can else ''}")
            if act is Act.RETRY:
                _tell_causes(action.causes)
    for each in action.left:
        note(left_told(each))
    return ExitCode.OK


async def _foretell(ids: Sequence[str], again: Again, form: Form, where: Where) -> int:
    async with connected(where) as client:
        forecasts = [await forecast_of(client, id_, again.from_step, again.render) for id_ in ids]
        can = sum(each.can for each in forecasts)
        if can and again.from_step != "pictures":
            await _note_estimate(client, can)
    if not form.for_people:
        write_all([asdict(each) for each in forecasts], form, FORECAST)
    note(f"{can} can be done, {sum(each.cannot for each in forecasts)} cannot.{AGAIN if can else ''}")
    for each in forecasts:
        if each.why_not:
            note(f"  {each.id}: {each.why_not}")
    return ExitCode.OK


async def _note_estimate(client: AsyncClient, count: int) -> None:
    note(estimate_told(count, (await client.costs("import")).costs))


def _tell_causes(causes: Mapping[str, int]) -> None:
    for code, count in causes.items():
        note(f"  {count} can be done: failed with {code}")


async def _cancel(ids: Sequence[str], form: Form, where: Where) -> int:
    async with connected(where) as client:
        batches = [await client.batches.cancel(id_) for id_ in ids if id_.startswith("bat_")]
        others = [each for each in ids if not each.startswith("bat_")]
        imports = [await client.imports.cancel(await import_of(client, id_)) for id_ in others]
        write_all([*imports, *batches], form, IMPORT if imports else BATCH)
    return ExitCode.OK


async def _again(client: AsyncClient, id_: str, again: Again) -> Record:
    if id_.startswith("bat_"):
        return retry_told(await client.batches.retry(id_, render=again.render))
    import_id = await import_of(client, id_)
    if again.anyway:
        return await client.imports.go_on(import_id, max_cost=again.max_cost)
    return await client.imports.retry(
        import_id, from_step=again.from_step, render=again.render, max_cost=again.max_cost
    )


def left_told(left: LeftOut) -> str:
    """Say how many are left as they are, why, and name the first by what they are called and by id."""
    why = left.detail or HINDERED.get(left.reason, left.reason)
    named = "".join(f"\n    {id_}  {left.names.get(id_, '')}".rstrip() for id_ in left.first)
    more = f"\n    and {left.count - len(left.first)} more" if left.first and left.count > len(left.first) else ""
    return f"  {left.count} left as they are: {why}{named}{more}"


def _code(done: int, cannot: int) -> ExitCode:
    if not cannot:
        return ExitCode.OK
    return ExitCode.SOME_FAILED if done else ExitCode.FAILED
