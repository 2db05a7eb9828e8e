"""`cartage add`: import addresses into the catalogue and show the steps."""

import asyncio
import sys
from collections.abc import Sequence

from cartage.cli.following import code_of_imports, follow_import
from cartage.cli.installation import ANYWHERE, UnderWay, Where, connected, site_of
from cartage.cli.outcome import ExitCode
from cartage.cli.record import AS_USUAL, Form, write_all, write_record
from cartage.cli.shown import IMPORT, PRODUCT, PRODUCT_IN_FULL
from cartage.client import AsyncClient
from cartage.wire.catalogue import ImportOut, ProductOut


def add(
    *urls: str,
    again: bool = False,
    wait: bool = True,
    timeout: float | None = None,
    enhance: bool | None = None,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> int:
    """Import products' pages into the catalogue, show the steps, and write the products.

    Parameters
    ----------
    urls
        The address of one product's page, or several.
    again
        Import an address that is already in the catalogue once more.
    wait
        --no-wait only hands the addresses in, for a running Cartage to import.
    timeout
        How many seconds to wait for each; it goes on without us then, and the exit code is 6.
    enhance
        Have what the settings choose written of them, or --no-enhance; as the settings say where neither is given.
    """
    under_way = UnderWay()
    with under_way.told():
        return asyncio.run(_add(urls, under_way, again, wait, timeout, enhance, form, where))


async def _add(  # noqa: PLR0917 - as the command has them
    urls: Sequence[str],
    under_way: UnderWay,
    again: bool,  # noqa: FBT001 - as above
    wait: bool,  # noqa: FBT001 - as above
    timeout: float | None,  # noqa: ASYNC109 - says what goes on
    enhance: bool | None,  # noqa: FBT001 - as above
    form: Form,
    where: Where,
) -> int:
    async with connected(where, working=wait) as client:
        submitted = [await _submitted(client, url, again=again, enhance=enhance) for url in urls]
        under_way.ids += [each.id for each in submitted]
        if not wait:
            write_all(submitted, form, IMPORT)
            return ExitCode.OK
        ended = [each if _is_over(each) else await follow_import(client, each.id, timeout) for each in submitted]
        products = [await client.products.get(each.product_id) for each in ended]
        if len(products) == 1:
            write_record(products[0], form, PRODUCT_IN_FULL)
        else:
            write_all(products, form, PRODUCT)
    for product in products:
        _tell(product, where)
    return code_of_imports(ended)


async def _submitted(client: AsyncClient, url: str, *, again: bool, enhance: bool | None) -> ImportOut:
    submitted = await client.imports.create(url, enhance=enhance)
    if submitted.duplicate and _is_over(submitted):
        if again:
            return await client.imports.retry(submitted.id)
        if submitted.status == "succeeded":
            sys.stderr.write(f"Already imported as {submitted.product_id}; use --again to import it once more.\n")
    return submitted


def _tell(product: ProductOut, where: Where) -> None:
    if product.error:
        sys.stderr.write(f"cartage: {product.error.code}: {product.error}\n")
    elif sys.stderr.isatty():
        sys.stderr.write(f"  {site_of(where)}/products/{product.id}\n")


def _is_over(import_: ImportOut) -> bool:
    return import_.finished_at is not None
