"""`cartage add`: import one address into the catalogue and show the steps."""

import asyncio
import sys

from cartage.app import App, build, prepare_database
from cartage.cli.merchant import chosen_merchant
from cartage.cli.outcome import ExitCode
from cartage.cli.record import write_json
from cartage.model.catalogue import CatalogueProduct, Status
from cartage.settings import read_settings

MARKS = {"running": "…", "waiting": "⏳", "succeeded": "✓", "failed": "✗"}


def add(url: str, /, *, json: str = "", merchant: str = "", again: bool = False) -> int:
    """Import a product's page into the catalogue, wait for the end, and write the product as JSON.

    Parameters
    ----------
    url
        The address of one product's page.
    json
        Only these fields, comma-separated and dotted: --json=facts.name,status. All when bare.
    merchant
        The merchant's id or name; not needed when there is only one.
    again
        Import an address that is already in the catalogue once more.
    """
    product = asyncio.run(_add(url, merchant, again=again))
    write_json(product, json)
    if product.failure:
        sys.stderr.write(f"cartage: {product.failure.code}: {product.failure}\n")
    return ExitCode.FAILED if product.status is Status.FAILED else ExitCode.OK


async def _add(url: str, merchant_name: str, *, again: bool) -> CatalogueProduct:
    settings = read_settings(engine="inline")
    await prepare_database(settings)
    app = build(settings)
    await app.store.open()
    try:
        merchant = await chosen_merchant(app, merchant_name)
        return await _import(app, merchant.id, url, again=again)
    finally:
        await app.fetcher.aclose()
        await app.store.close()


async def _import(app: App, merchant_id: str, url: str, *, again: bool) -> CatalogueProduct:
    telling = asyncio.create_task(_tell(app, merchant_id))
    try:
        submission = await app.imports.submit(merchant_id, url)
        if submission.duplicate and again and submission.product.status.settled:
            submission = await app.imports.retry(merchant_id, submission.product.id)
        product = await app.imports.product(merchant_id, submission.product.id)
        if submission.duplicate and not again and product.status is not Status.FAILED:
            sys.stderr.write(f"Already imported as {product.id}; use --again to import it once more.\n")
        return product
    finally:
        await asyncio.sleep(0)
        telling.cancel()


async def _tell(app: App, merchant_id: str) -> None:
    latest = await app.store.catalogue.events(merchant_id, limit=100_000)
    after = latest[-1].sequence if latest else 0
    while True:
        await asyncio.sleep(0.1)
        for event in await app.store.catalogue.events(merchant_id, after=after):
            after = event.sequence
            if event.name == "import/step":
                mark = MARKS[event.data["state"]]
                sys.stderr.write(f"{mark} {event.data['step']}  {event.data['detail']}".rstrip() + "\n")
