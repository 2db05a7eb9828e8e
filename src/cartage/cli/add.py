"""`cartage add`: import addresses into the catalogue and show the steps."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from cyclopts import Parameter

from cartage.cli.following import FailOn, code_of_imports, follow_import
from cartage.cli.installation import ANYWHERE, UnderWay, Where, connected, site_of
from cartage.cli.manner import note
from cartage.cli.outcome import ExitCode, Miswritten
from cartage.cli.pausing import paused_told
from cartage.cli.record import AS_USUAL, Form, write_all, write_record
from cartage.cli.shown import IMPORT, PRODUCT, PRODUCT_IN_FULL
from cartage.cli.wished import AS_EVER, Wished
from cartage.client import AsyncClient
from cartage.model.batch import OnDuplicate
from cartage.model.visit_errors import ProductsListed
from cartage.model.wishes import Wishes
from cartage.wire.catalogue import ImportOut, ProductOut


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold what was asked for."""

    urls: Sequence[str]
    again: bool
    wait: bool
    timeout: float | None
    enhance: bool | None
    wishes: Wishes
    external_id: str
    fail_on: FailOn


def add(
    *urls: str,
    again: Annotated[bool, Parameter(negative=())] = False,
    on_duplicate: OnDuplicate = OnDuplicate.SKIP,
    wait: bool = True,
    timeout: float | None = None,
    enhance: bool | None = None,
    max_cost: Decimal | None = None,
    external_id: str = "",
    wished: Wished = AS_EVER,
    fail_on: FailOn = "any",
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> int:
    """Import products' pages into the catalogue, show the steps, and write the products.

    Parameters
    ----------
    urls
        The address of one product's page, or several.
    again
        Import an address that is already in the catalogue once more (--on-duplicate refresh).
    on_duplicate
        What happens to products that are there already: skip them, or import them again (refresh).
    wait
        --no-wait only hands the addresses in, for a running Cartage to import.
    timeout
        How many seconds to wait for each; it goes on without us then, and the exit code is 6.
    enhance
        Have what the settings choose written of them, or --no-enhance; as the settings say where neither is given.
    max_cost
        US dollars that each import may spend on paid providers and language models before it stops and asks, such as
        0.05; 0 asks none that is paid.
    external_id
        What you call the product elsewhere, where one address is given; it is found by it (external_id: in a filter).
    fail_on
        When the exit code tells of failed imports: of any, of all of them only, or never.
    """
    if not urls:
        raise Miswritten("There is no address to import: name one or several; a list goes to cartage import FILE.")
    wishes = wished.wishes_within(max_cost)
    if external_id and len(urls) != 1:
        raise Miswritten("--external-id is for one address; a list names one for each row.")
    again = again or on_duplicate is OnDuplicate.REFRESH
    wish = Wish(urls, again, wait, timeout, enhance, wishes, external_id, fail_on)
    under_way = UnderWay()
    with under_way.told():
        return asyncio.run(_add(wish, under_way, form, where))


async def _add(wish: Wish, under_way: UnderWay, form: Form, where: Where) -> int:
    async with connected(where, working=wish.wait) as client:
        submitted = [await _submitted(client, url, wish) for url in wish.urls]
        under_way.ids += [each.id for each in submitted]
        if not wish.wait:
            write_all(submitted, form, IMPORT)
            return ExitCode.OK
        held = [paused_told(each.paused, each.id) for each in submitted if each.paused]
        going = [each for each in submitted if not each.paused]
        ended = [each if _is_over(each) else await follow_import(client, each.id, wish.timeout) for each in going]
        products = [await client.products.get(each.product_id) for each in ended]
    if form.for_people and sys.stdout.isatty():
        sys.stdout.writelines(f"{summary(*each)}\n" for each in zip(products, ended, strict=True))
    elif len(products) == 1:
        write_record(products[0], form, PRODUCT_IN_FULL)
    else:
        write_all(products, form, PRODUCT)
    for product in products:
        _tell(product, where)
    for told in held:
        note(told)
    return ExitCode.TIMED_OUT if held else code_of_imports(ended, wish.fail_on)


async def _submitted(client: AsyncClient, url: str, wish: Wish) -> ImportOut:
    submitted = await client.imports.create(url, external_id=wish.external_id, enhance=wish.enhance, wishes=wish.wishes)
    if submitted.duplicate and _is_over(submitted):
        if wish.again:
            return await client.imports.retry(submitted.id)
        if submitted.status == "succeeded":
            note(f"Already imported as {submitted.product_id}; use --again to import it once more.")
    return submitted


def summary(product: ProductOut, import_: ImportOut) -> str:
    """Say on one line what an import brought: what it is, how many variants, its prices, its id and what that cost."""
    facts: dict[str, Any] = product.facts or {}
    variants: list[dict[str, Any]] = facts.get("variants") or []
    told = (
        facts.get("name") or product.source_url,
        f"{len(variants)} variants" if variants else "",
        _prices([each["price"] for each in (facts, *variants) if each.get("price")]),
        "" if product.error is None else product.status,
        product.id,
        f"${import_.cost.amount:f}" if import_.cost and import_.cost.amount else "",
    )
    return " · ".join(filter(None, told))


def _prices(prices: Sequence[Mapping[str, str]]) -> str:
    if not prices:
        return ""
    amounts = sorted({each["amount"] for each in prices}, key=Decimal)
    return f"{'–'.join(dict.fromkeys((amounts[0], amounts[-1])))} {prices[0]['currency']}"


def _tell(product: ProductOut, where: Where) -> None:
    if product.error:
        sys.stderr.write(f"cartage: {product.error.code}: {product.error}\n")
        if product.error.code == ProductsListed.code:
            sys.stderr.write(f"Import what it lists: cartage import --from {product.import_id}\n")
    elif sys.stderr.isatty():
        note(f"  {site_of(where)}/products/{product.id}")


def _is_over(import_: ImportOut) -> bool:
    return import_.finished_at is not None
