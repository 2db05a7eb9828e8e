"""A look before a refresh: the page is read, the product stays as it is, and what it would change is told."""

from datetime import timedelta

import pytest

from cartage.imports.look import look, would_change
from cartage.imports.readings import readings_of
from cartage.imports.upkeep import Upkeep
from cartage.model.catalogue import ImportState, Status
from cartage.model.edit import Edit
from cartage.model.errors import Conflict, PageNotFound
from cartage.model.refresh_policy import RefreshPolicy, Renewal, WhenGone
from tests.imports.conftest import MERCHANT, URL, House, kettle, make_house

CHEAPER = kettle(
    name="Copper Kettle", brand="Kiln", offers={"@type": "Offer", "price": "39.90", "priceCurrency": "EUR"}
).replace("49,90", "39,90")


async def looked(house: House, edit: Edit | None = None) -> str:
    """Import a product, edit it, and look at its page; give the product's id."""
    product = (await house.imports.submit(MERCHANT, URL)).product
    if edit:
        await Upkeep(house.store).edit(MERCHANT, product.id, edit)
    await look(house.imports, MERCHANT, product.id)
    return product.id


async def test_a_look_leaves_the_product_alone() -> None:
    """Its values, evidence, history and readings are what they were, and no picture or text was asked for."""
    house = make_house([kettle(), CHEAPER])
    product = (await house.imports.submit(MERCHANT, URL)).product
    before = await house.imports.product(MERCHANT, product.id)
    await look(house.imports, MERCHANT, product.id)

    after = await house.imports.product(MERCHANT, product.id)
    same = {"import_id": after.import_id}
    assert after == before.model_copy(update=same)
    assert len(await house.store.upkeep.history(MERCHANT, product.id)) == 1
    assert len(await readings_of(house.store, after)) == 1
    assert [each.name for each in await house.events()][-1] == "product/looked"


async def test_what_a_refresh_would_change_is_told_field_by_field() -> None:
    """New, changed, or kept because a person set it or because the policy says so; applying it asks no site again."""
    house = make_house([kettle(), CHEAPER])
    await Upkeep(house.store).set_policy(MERCHANT, RefreshPolicy(stock=Renewal.NEVER))
    product_id = await looked(house, Edit(name="Mine"))
    product = await house.imports.product(MERCHANT, product_id)
    import_ = await house.imports.import_(MERCHANT, product.import_id)

    told = {each.field: each for each in await would_change(house.store, import_)}
    await house.imports.retry(MERCHANT, product_id, from_step="extract")

    applied = await house.imports.product(MERCHANT, product_id)
    assert {name: each.kind for name, each in told.items()} == {"name": "changed", "brand": "new", "price": "changed"}
    assert [name for name, each in told.items() if each.kept] == ["name"]
    assert applied.facts
    assert (applied.facts.name, applied.facts.brand, str(applied.facts.price)) == ("Mine", "Kiln", "39.90 EUR")
    assert len(house.direct.requests) == 2
    assert await would_change(house.store, import_) == []


async def test_a_look_that_fails_changes_nothing() -> None:
    """A page that is gone leaves the product imported, also where the policy would put it away, and says why."""
    house = make_house([kettle(), PageNotFound("It is gone."), kettle()])
    await Upkeep(house.store).set_policy(MERCHANT, RefreshPolicy(gone=WhenGone.ARCHIVE))
    product = await house.imports.product(MERCHANT, await looked(house))
    import_ = await house.imports.import_(MERCHANT, product.import_id)
    await house.imports.retry(MERCHANT, product.id)
    again = await house.imports.import_(MERCHANT, (await house.imports.product(MERCHANT, product.id)).import_id)

    assert (product.status, product.failure, product.archived_at) == (Status.IMPORTED, None, None)
    assert (import_.state, import_.failure and import_.failure.code) == (ImportState.FAILED, "not_found")
    assert again.wishes.look is None
    with pytest.raises(Conflict):
        await would_change(house.store, import_)


async def test_what_was_never_read_cannot_be_looked_at() -> None:
    """There is nothing to compare with: it is to be imported."""
    house = make_house([PageNotFound("It is gone.")])
    product = (await house.imports.submit(MERCHANT, URL)).product

    with pytest.raises(Conflict, match="import it"):
        await look(house.imports, MERCHANT, product.id)


async def test_a_planned_refresh_still_comes() -> None:
    """A look uses up no planned moment."""
    house = make_house([kettle()])
    product = (await house.imports.submit(MERCHANT, URL)).product
    at = (await house.imports.product(MERCHANT, product.id)).updated_at + timedelta(hours=1)
    await house.store.upkeep.plan({product.id: at})

    await look(house.imports, MERCHANT, product.id)

    assert [each.at for each in await house.store.upkeep.due(MERCHANT, at, 9)] == [at]
