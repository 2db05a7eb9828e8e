"""Listings: an import whose page lists products fails by saying so, and what it lists can be imported at once."""

import pytest

from cartage.imports.batch import Batches
from cartage.imports.listings import listed_by, submit_listed
from cartage.model.catalogue import Import
from cartage.model.errors import InvalidInput
from cartage.model.visit_errors import ProductsListed
from cartage.model.wishes import Wishes
from tests.extraction.listings import CARDED, NAMES, SHOP, listing
from tests.imports.conftest import MERCHANT, House, kettle, make_house

LISTING = listing(CARDED["a storefront"])
URL = f"{SHOP}/c/kitchen"


async def imported(house: House, url: str = URL, wishes: Wishes | None = None) -> Import:
    """Import an address to its end."""
    submission = await house.imports.submit(MERCHANT, url, wishes=wishes or Wishes())
    return await house.imports.import_(MERCHANT, submission.import_.id)


async def test_a_listing_says_how_many_products_it_has() -> None:
    """The import fails at its first page, names the count, and the products come in the page's order."""
    house = make_house([LISTING])

    import_ = await imported(house)

    assert import_.failure
    assert (import_.failure.code, import_.failure.retry) == (ProductsListed.code, "never")
    assert import_.failure.detail == f"The page looks like a list of {len(NAMES)} products."
    assert [each.name for each in await listed_by(house.store, import_)] == list(NAMES)


async def test_what_is_chosen_becomes_a_batch() -> None:
    """The batch has the chosen addresses in the page's order, nothing that the page does not list, and the wishes."""
    house = make_house([LISTING])
    wishes = Wishes(tags=("spring",), language="de")
    import_ = await imported(house, wishes=wishes)
    urls = [each.url for each in await listed_by(house.store, import_)]

    batch = await submit_listed(
        Batches(house.store, house.imports), import_, [urls[4], urls[1], "https://other.example/p"]
    )

    rows = await house.store.batches.results(batch.id)
    assert [row.source_url for row in rows] == [urls[1], urls[4]]
    assert (batch.name, batch.wishes) == ("shop.example.com/c/kitchen", wishes)


async def test_choosing_nothing_is_refused() -> None:
    """No batch is made of nothing."""
    house = make_house([LISTING])

    with pytest.raises(InvalidInput, match="at least one"):
        await submit_listed(Batches(house.store, house.imports), await imported(house), [])


async def test_a_product_s_page_lists_nothing() -> None:
    """An import that found a product, however many others its page shows, has none to offer."""
    house = make_house([kettle().replace("</main>", f"</main>{CARDED['a storefront']}")])

    import_ = await imported(house, f"{SHOP}/p/steel-kettle")

    assert import_.failure is None
    assert await listed_by(house.store, import_) == ()


async def test_a_page_that_is_no_longer_kept_lists_nothing() -> None:
    """Once the page is swept away there is nothing to choose from, and nothing breaks."""
    house = make_house([LISTING])
    import_ = await imported(house)
    (attempt,) = await house.store.catalogue.attempts(import_.id)
    assert attempt.page_id
    house.store.artifacts.drop(attempt.page_id)

    assert await listed_by(house.store, import_) == ()
