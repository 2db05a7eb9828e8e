"""`cartage ls`, `status`, `watch` and `show`: what there is, how it stands, and what happens to it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Annotated, TypeVar

from cyclopts import Parameter

from cartage.cli.following import code_of_batch, code_of_imports, follow_batch, follow_import
from cartage.cli.installation import ANYWHERE, UnderWay, Where, connected
from cartage.cli.manner import note
from cartage.cli.outcome import ExitCode
from cartage.cli.record import AS_USUAL, Form, write_record, write_records
from cartage.cli.shown import BATCH, EVENT, EXPORT, IMPORT, IMPORT_IN_FULL, PRODUCT, PRODUCT_IN_FULL
from cartage.client import AsyncClient
from cartage.listing import Sort
from cartage.wire.catalogue import ProductOut

T = TypeVar("T")
LATEST = 20


def ls(
    *wanted: Annotated[str, Parameter(allow_leading_hyphen=True)],
    sort: Sort = Sort.NEWEST,
    limit: int = 50,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> None:
    """List products.

    Parameters
    ----------
    wanted
        A filter, such as status:failed site:shop.example -error:cancelled; all products without one.
    sort
        Which come first.
    limit
        How many at most; 0 lists all.
    """
    asyncio.run(_listed(" ".join(wanted), sort, limit, form, where))


def status(id_: str = "", /, *, form: Form = AS_USUAL, where: Where = ANYWHERE) -> None:
    """Say how an import, a product, a batch or an export stands; the latest imports without an id.

    Parameters
    ----------
    id_
        An id, such as imp_… or bat_….
    """
    asyncio.run(_status(id_, form, where))


def watch(id_: str = "", /, *, timeout: float | None = None, form: Form = AS_USUAL, where: Where = ANYWHERE) -> int:
    """Follow an import, a product or a batch to its end; everything that happens from now on without an id.

    Parameters
    ----------
    id_
        The id of an import, a product or a batch.
    timeout
        How many seconds to wait for the end; it goes on without us then, and the exit code is 6.
    """
    under_way = UnderWay([id_] if id_ else [])
    with under_way.told():
        return asyncio.run(_watched(id_, timeout, form, where))


def show(id_: str, /, *, evidence: bool = False, form: Form = AS_USUAL, where: Where = ANYWHERE) -> None:
    """Show a product.

    Parameters
    ----------
    id_
        The id of a product, or of an import of it.
    evidence
        Show where each field was found too; `cartage explain ID` lays that out.
    """
    asyncio.run(_shown(id_, form, where, evidence=evidence))


async def _listed(wanted: str, sort: Sort, limit: int, form: Form, where: Where) -> None:
    async with connected(where) as client:
        found = client.products.list(wanted, sort=sort, page_size=min(limit or 200, 200))
        count = await write_records(_first(found, limit), form, PRODUCT)
    if form.for_people:
        more = "; there may be more: --limit 0 lists all" if limit and count == limit else ""
        note(f"{count} shown{more}")


async def _status(id_: str, form: Form, where: Where) -> None:
    async with connected(where) as client:
        match id_.partition("_")[0]:
            case "":
                await write_records(_first(client.imports.list(page_size=LATEST), LATEST), form, IMPORT)
            case "bat":
                write_record(await client.batches.get(id_), form, BATCH)
            case "exp":
                write_record(await client.exports.get(id_), form, EXPORT)
            case _:
                write_record(await client.imports.get(await import_of(client, id_)), form, IMPORT_IN_FULL)


async def _watched(id_: str, timeout: float | None, form: Form, where: Where) -> int:  # noqa: ASYNC109 - says what goes on
    async with connected(where, working=True) as client:
        if not id_:
            await write_records(client.events(), replace(form, jsonl=True) if form.json is not None else form, EVENT)
            return ExitCode.OK
        if id_.startswith("bat_"):
            batch = await follow_batch(client, id_, timeout)
            write_record(batch, form, BATCH)
            return code_of_batch(batch)
        ended = await follow_import(client, await import_of(client, id_), timeout)
        write_record(ended, form, IMPORT_IN_FULL)
        return code_of_imports([ended])


async def _shown(id_: str, form: Form, where: Where, *, evidence: bool) -> None:
    async with connected(where) as client:
        own = (await client.imports.get(id_)).product_id if id_.startswith("imp_") else id_
        write_record(await client.products.get(own, evidence=evidence), form, PRODUCT_IN_FULL)


async def import_of(client: AsyncClient, id_: str) -> str:
    """Give an import's id, or that of a product's last import."""
    return id_ if id_.startswith("imp_") else (await client.products.get(id_)).import_id


async def product_of(client: AsyncClient, id_: str) -> ProductOut:
    """Give a product, by its id or by that of one of its imports."""
    return await client.products.get((await client.imports.get(id_)).product_id if id_.startswith("imp_") else id_)


async def _first(found: AsyncGenerator[T], limit: int) -> AsyncGenerator[T]:
    count = 0
    async with contextlib.aclosing(found):
        async for each in found:
            yield each
            count += 1
            if count == limit:
                return
