"""Pages in the form of real platforms and shops, read as their shoppers read them."""

import pytest

from cartage.extraction.scoring import Mark, marks
from tests.extraction.pages import product_of
from tests.extraction.shop_pages import ShopPage, more_of, shop_pages

PAGES = shop_pages()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_a_shops_page_is_read_as_a_shopper_reads_it(page: ShopPage) -> None:
    """Every field that the page's label speaks of is right, and nothing of another product is among them."""
    product = product_of(page.html(), page.url or "")

    assert {field: mark for field, mark in marks(page, product).items() if mark is not Mark.RIGHT} == {}
    assert more_of(page, product) == {name: getattr(page, name) for name in more_of(page, product)}
    assert page.says in (product.description or "")
