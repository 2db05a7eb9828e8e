"""`cartage ls`: the products of the catalogue that a filter wants."""

import asyncio
import sys
from typing import Annotated

from cyclopts import Parameter

from cartage.app import build, prepare_database
from cartage.cli.merchant import chosen_merchant
from cartage.cli.record import write_json
from cartage.imports.progress import now
from cartage.listing import Sort
from cartage.model.catalogue import CatalogueProduct
from cartage.model.filtering import Filter, parse_filter
from cartage.settings import read_settings

MOST_AT_ONCE = 200


def ls(
    *wanted: Annotated[str, Parameter(allow_leading_hyphen=True)],
    sort: Sort = Sort.NEWEST,
    limit: int = 50,
    json: str | None = None,
    merchant: str = "",
) -> None:
    """List products: one line each, or JSON.

    Parameters
    ----------
    wanted
        A filter, such as status:failed site:shop.example -error:cancelled; all products without one.
    sort
        Which come first.
    limit
        How many at most; 0 lists all.
    json
        Write JSON, with only these fields, comma-separated and dotted: --json=id,facts.price. All when bare.
    merchant
        The merchant's id or name; not needed when there is only one.
    """
    chosen = parse_filter(" ".join(wanted), now())
    products, found = asyncio.run(_listed(chosen, sort, limit, merchant))
    if json is None:
        for product in products:
            sys.stdout.write("\t".join(_line(product)) + "\n")
        sys.stderr.write(f"{len(products)} of {found} shown\n")
    else:
        fields = ",".join(f"products.{name}" for name in json.split(",")) if json else ""
        write_json({"products": [each.model_dump(mode="json") for each in products]}, fields)


async def _listed(wanted: Filter, sort: Sort, limit: int, named: str) -> tuple[list[CatalogueProduct], int]:
    settings = read_settings(engine="elsewhere")
    await prepare_database(settings)
    async with build(settings).running() as app:
        merchant_id = (await chosen_merchant(app, named)).id
        found = await app.store.listing.count_products(merchant_id, wanted)
        products: list[CatalogueProduct] = []
        most = limit or found
        while len(products) < most:
            before = products[-1].id if products else ""
            page_size = min(MOST_AT_ONCE, most - len(products))
            page = await app.imports.products(merchant_id, wanted, sort=sort, before=before, limit=page_size)
            products += page
            if len(page) < page_size:
                break
    return products, found


def _line(product: CatalogueProduct) -> tuple[str, ...]:
    price = product.facts and product.facts.price
    return (
        product.id,
        product.status.value,
        f"{price.amount} {price.currency}" if price else "-",
        (product.facts and product.facts.name) or product.source_url,
        product.failure.code if product.failure else "",
    )
