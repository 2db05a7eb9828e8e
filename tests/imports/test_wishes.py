"""Wishes: what is asked of an import beside the address reaches the site, the plan and the product."""

from decimal import Decimal

import pytest

from cartage.model.batch import BatchTerms
from cartage.model.catalogue import Status
from cartage.model.errors import BotChallenge, InvalidInput, PageNotFound
from cartage.model.pricing import Markup
from cartage.model.wishes import Render, Wishes
from tests.imports.conftest import MERCHANT, URL, kettle, make_house
from tests.imports.test_batches import SHOP, works

DOUBLE = Markup(multiplier=Decimal(2))
WISHES = Wishes(language="ar", tags=("spring", "sale"), own_rule=DOUBLE)


async def test_wishes_reach_the_site_and_the_product() -> None:
    """The provider is asked for the language; the product has its tags and its rule; a retry asks the same."""
    house = make_house([kettle()])

    begun = await house.imports.submit(MERCHANT, URL, wishes=WISHES)
    await house.imports.retry(MERCHANT, begun.product.id)

    product = await house.imports.product(MERCHANT, begun.product.id)
    assert [request.language for request in house.direct.requests] == ["ar", "ar"]
    assert (product.tags, product.own_rule) == (("spring", "sale"), DOUBLE)


async def test_a_product_that_failed_gets_what_is_wished_now() -> None:
    """Handed in again after a failure, it is as wished then; one that was found stays as it is."""
    house = make_house([PageNotFound("Gone."), kettle()])
    failed = await house.imports.submit(MERCHANT, URL, wishes=Wishes(tags=("old",)))

    await house.imports.submit(MERCHANT, URL, wishes=WISHES)
    known = await house.imports.submit(MERCHANT, URL, wishes=Wishes(tags=("late",)))

    product = await house.imports.product(MERCHANT, failed.product.id)
    assert (product.status, product.tags, product.own_rule) == (Status.IMPORTED, ("old", "spring", "sale"), DOUBLE)
    assert known.duplicate


async def test_a_list_is_imported_as_wished() -> None:
    """Each of its rows is asked for so, and its products get what is wished."""
    there = works([kettle()])

    await there.hand_in(f"url\n{SHOP}/1\n{SHOP}/2\n", terms=BatchTerms(enhance=False, wishes=WISHES))
    await there.run()

    products = await there.house.imports.products(MERCHANT)
    imports = await there.house.imports.imports(MERCHANT)
    assert [product.tags for product in products] == [("spring", "sale")] * 2
    assert {(each.enhance, each.wishes) for each in imports} == {(False, WISHES)}


async def test_a_list_s_rows_are_retried_with_the_browser() -> None:
    """Only the retry is done so; all else stays as the list says, and the next retry is as the list says again."""
    there = works([BotChallenge("A captcha.")])
    batch = await there.hand_in(f"url\n{SHOP}/1\n", terms=BatchTerms(wishes=WISHES))
    await there.run()

    await there.batches.retry(MERCHANT, batch.id, "bot_challenge", Render.FIRST)
    await there.run()
    await there.batches.retry(MERCHANT, batch.id, "bot_challenge")
    await there.run()

    newest, retried, first = await there.house.imports.imports(MERCHANT)
    assert (first.wishes, newest.wishes) == (WISHES, WISHES)
    assert retried.wishes == WISHES.model_copy(update={"render": Render.FIRST})


async def test_no_browser_is_promised_where_there_is_none() -> None:
    """To open pages in a browser is refused where none is installed, and nothing is kept."""
    house = make_house([kettle()])
    bare = type(house.imports)(house.store, house.imports.engine, renders=False)

    with pytest.raises(InvalidInput, match="no browser") as refused:
        await bare.submit(MERCHANT, URL, wishes=Wishes(render=Render.FIRST))

    assert refused.value.pointer == "/render"
    assert await house.imports.products(MERCHANT) == []
