"""`cartage products`: list, show, edit, refresh and delete products."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from pydantic import ValidationError

from cartage.cli.acting import left_told, retry
from cartage.cli.following import follow_import
from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.looking import ls, show
from cartage.cli.manner import note
from cartage.cli.outcome import ExitCode, Miswritten
from cartage.cli.record import AS_USUAL, Form, write_all, write_record
from cartage.cli.removing import rm
from cartage.cli.shown import BULK, DIFFERENCE, HISTORY, PRODUCT_IN_FULL
from cartage.model.bulk import Act
from cartage.model.errors import InvalidInput
from cartage.wire.pricing import PricesOut
from cartage.wire.upkeep import ProductEdit

products = App(name="products", help="List, show, edit, refresh and delete products.")
products.command(ls, name="ls")
products.command(show, name="show")
products.command(rm, name="rm")
products.command(retry, name="refresh", help="Import products again, by id or by a filter.")

SET_VARIANTS = """--set 'variants=[{"options": {"Size": "M"}, "price": {"amount": "79.90", "currency": "EUR"}}]'"""
NOT_APPLIED = "Nothing was changed; --apply takes it over"
PRICES = ("price", "regular_price")
Several = Annotated[list[str] | None, Parameter(negative="")]


@dataclass(frozen=True, slots=True)
class One:
    """Name one product, the version that it is to have, and how pictures are added to it."""

    id: str
    version: str
    alt: str
    first: bool


@products.command
def edit(
    product_id: str = "",
    /,
    *,
    wanted: Annotated[str, Parameter(name="--filter", allow_leading_hyphen=True)] = "",
    set_: Annotated[list[str] | None, Parameter(name="--set", negative="")] = None,
    clear: Several = None,
    unlock: Several = None,
    picture: Annotated[list[Path] | None, Parameter(negative="")] = None,
    alt: str = "",
    first: bool = False,
    version: str = "",
    dry_run: bool = False,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> int:
    """Set fields of a product by hand, or of all that a filter wants; they are locked, and no import overwrites them.

    Parameters
    ----------
    product_id
        The product's id.
    wanted
        Which products, such as 'tag:mugs missing:brand'; instead of an id.
    set_
        A field and its value, several times for several: --set name='Camp Shirt' --set 'price=79.90 EUR'. Others are
        brand, description, description_html, regular_price, availability (InStock, OutOfStock, …), condition
        (NewCondition, …), sku, gtin, mpn, weight_grams (240, or '1.5 lb'), breadcrumbs ('Clothing > Shirts'), handle,
        seo_title and seo_description; options as JSON, such as 'options=[{"name": "Farbe", "rename": "Colour"}]', with
        deletes_variants where values are removed or merged, and 'option_order=Size, Colour' for their order; variants
        as JSON, such as 'variants=[{"options": {"Size": "M"}, "sku": "K-1"}]' (a price sells those as well whose price
        nobody set, if the page asks the same for all);
        'add_tags=summer, sale' and remove_tags.
    clear
        A field to leave empty.
    unlock
        A field to leave to the product's page again: what the page stated last is there at once.
    picture
        A file to show with the product, several times for several: JPEG, PNG, GIF, WebP or AVIF. Where one cannot be
        taken, nothing is changed.
    alt
        Words that stand for these pictures where they cannot be seen.
    first
        These pictures come first, and stand for the product.
    version
        Change it only from this version.
    dry_run
        Only say how many products the filter's edit would change.
    """
    if bool(product_id) == bool(wanted):
        raise Miswritten("Name a product's id, or what you want with --filter; one of both.")
    if (dry_run and product_id) or ((version or picture) and wanted):
        raise Miswritten("--dry-run is for --filter, and --version and --picture for an id.")
    changes = _ready(_changes(set_ or [], clear or [], unlock or []), where)
    pictures = _read_files(picture or [])
    if wanted:
        return asyncio.run(_edit_all(wanted, changes, form, where, dry_run=dry_run))
    asyncio.run(_edit(One(product_id, version, alt, first), changes, pictures, form, where))
    return ExitCode.OK


@products.command
def look(product_id: str, /, *, apply: bool = False, form: Form = AS_USUAL, where: Where = ANYWHERE) -> None:
    """Look at a product's page, and list what a refresh would change of the product, which stays as it is.

    Parameters
    ----------
    product_id
        The product's id.
    apply
        Take over what was seen, without asking the site again; what a person set stays.
    """
    asyncio.run(_look(product_id, form, where, apply=apply))


@products.command
def history(product_id: str, /, *, limit: int = 100, form: Form = AS_USUAL, where: Where = ANYWHERE) -> None:
    """List the changes of a product's price and stock, newest first.

    Parameters
    ----------
    product_id
        The product's id.
    limit
        How many changes at most.
    """
    asyncio.run(_history(product_id, limit, form, where))


async def _edit(one: One, changes: dict[str, Any], pictures: Mapping[str, bytes], form: Form, where: Where) -> None:
    async with connected(where) as client:
        product = None
        if changes and pictures:
            await client.products.upload_pictures(one.id, pictures, alt=one.alt, first=one.first, dry_run=True)
        if changes or not pictures:
            product = await client.products.edit(one.id, changes, version=one.version)
        if pictures:
            product = await client.products.upload_pictures(one.id, pictures, alt=one.alt, first=one.first)
        if product:
            write_record(product, form, PRODUCT_IN_FULL)
        if changes.get("price") and product and (product.facts or {}).get("variants"):
            note(price_told(await client.products.price(one.id)))


def price_told(prices: PricesOut) -> str:
    """Say what the price that was set for a product does to its variants."""
    asked = ", ".join(dict.fromkeys(str(each.price) for each in prices.variants if each.price))
    if not prices.lock_unused:
        return f"Its {len(prices.variants)} variants sell at {asked}."
    return (
        f"Its {len(prices.variants)} variants cost differently, so that each keeps its own price ({asked}) and yours"
        f" sells nothing. Set theirs: {SET_VARIANTS}, or leave it to the page again: --unlock price."
    )


async def _edit_all(wanted: str, changes: dict[str, Any], form: Form, where: Where, *, dry_run: bool) -> int:
    async with connected(where, working=not dry_run) as client:
        action = await client.bulk.create(Act.EDIT, wanted, edit=changes, dry_run=dry_run)
        if action.id:
            action = await client.bulk.wait(action.id)
        if not (dry_run and form.for_people):
            write_record(action, form, BULK)
    cannot = action.total - action.done
    if dry_run:
        note(f"{action.total} match, {action.done} can be edited, {cannot} cannot. Run again without --dry-run.")
    for each in action.left:
        note(left_told(each))
    return ExitCode.SOME_FAILED if cannot and action.done else ExitCode.FAILED if cannot else ExitCode.OK


async def _look(product_id: str, form: Form, where: Where, *, apply: bool) -> None:
    async with connected(where, working=True) as client:
        looked = await follow_import(client, (await client.products.refresh(product_id, "none")).id)
        if looked.error:
            raise InvalidInput(f"The page could not be looked at: {looked.error}")
        found = await client.products.differences(looked.id)
        write_all(found, form, DIFFERENCE)
        kept = sum(each.kept is not None for each in found)
        note(f"{len(found)} differ, of which {kept} are kept as they are. {'Applied' if apply else NOT_APPLIED}.")
        if apply and found:
            await follow_import(client, (await client.imports.retry(looked.id, from_step="extract")).id)


async def _history(product_id: str, limit: int, form: Form, where: Where) -> None:
    async with connected(where) as client:
        write_all(await client.products.history(product_id, limit=limit), form, HISTORY)


def _read_files(paths: Sequence[Path]) -> dict[str, bytes]:
    try:
        return {path.name: path.read_bytes() for path in paths}
    except OSError as error:
        raise InvalidInput(f"{error.filename} cannot be read: {error.strerror}.") from error


def _changes(given: Sequence[str], clear: Sequence[str], unlock: Sequence[str]) -> dict[str, Any]:
    pairs = [each.partition("=") for each in given]
    if wrong := next((name for name, sign, _ in pairs if not sign), None):
        raise Miswritten(f"--set {wrong} has no value; write it as --set {wrong}=….")
    changes: dict[str, Any] = {name: READ.get(name, str)(value) for name, _, value in pairs}
    changes |= dict.fromkeys(clear)
    return changes | ({"unlock": list(unlock)} if unlock else {})


def _ready(changes: dict[str, Any], where: Where) -> dict[str, Any]:
    lacking = any(changes.get(name) and not changes[name]["currency"] for name in PRICES)
    changes = asyncio.run(_with_currency(changes, where)) if lacking else changes
    _check(changes)
    return changes


async def _with_currency(changes: dict[str, Any], where: Where) -> dict[str, Any]:
    """Give prices without a currency that of the business."""
    async with connected(where) as client:
        currency = (await client.merchant()).currency
    if currency is None:
        raise InvalidInput(
            "A price has a currency: write it as 79.90 EUR, or choose one by cartage merchant --currency."
        )
    priced = {name: changes[name] for name in PRICES if changes.get(name)}
    return changes | {name: {**price, "currency": price["currency"] or currency} for name, price in priced.items()}


def _check(changes: dict[str, Any]) -> None:
    try:
        ProductEdit.model_validate(changes)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInput(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.") from error


def _price(value: str) -> dict[str, str]:
    amount, _, currency = value.strip().partition(" ")
    try:
        Decimal(amount)
    except InvalidOperation as error:
        raise Miswritten(f"{value!r} is no price; write it as 79.90 EUR.") from error
    return {"amount": amount, "currency": currency.strip().upper()}


def _trail(value: str) -> list[str]:
    return [part.strip() for part in re.split("[›>]", value) if part.strip()]


def _listed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError as error:
        example = """--set 'options=[{"name": "Farbe", "rename": "Colour"}]'"""
        raise Miswritten(f"Options and variants are written as JSON: {example}, {SET_VARIANTS}.") from error


def _in_order(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


READ: dict[str, Callable[[str], Any]] = {
    "price": _price,
    "regular_price": _price,
    "breadcrumbs": _trail,
    "options": _listed,
    "variants": _listed,
    "option_order": _in_order,
    "add_tags": _in_order,
    "remove_tags": _in_order,
}
