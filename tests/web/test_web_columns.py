"""The table of products shows the columns that a person chose, by the address, and remembers them."""

import re
from decimal import Decimal

import pytest

from cartage.model.product import Money, Product
from cartage.web.columns import TITLES, USUAL
from tests.web.conftest import Web, text_of

MUG = Product(name="Mug", brand="Kiln", sku="K-1", price=Money(amount=Decimal(9), currency="EUR"))


def heads(page: str) -> list[str]:
    """List the table's headings after the product's name."""
    return re.findall(r'<th scope="col">([^<]+)</th>', page)[1:]


async def test_columns_are_chosen_and_remembered(web: Web) -> None:
    """What is ticked is shown, in the links' addresses as well, and again next time, also where nothing was ticked."""
    await web.imported(MUG)

    usual = await web.mine.get("/products?view=table")
    chosen = await web.mine.get("/products?view=table&columns=boxes&column=sku&column=brand")
    again = await web.mine.get("/products?view=table")
    none = await web.mine.get("/products?view=table&columns=boxes")

    assert heads(usual.text) == [TITLES[name] for name in USUAL]
    assert heads(chosen.text) == heads(again.text) == ["Brand", "SKU"]
    assert "Kiln K-1" in text_of(chosen)
    assert "columns=brand%2Csku" in chosen.text
    assert heads(none.text) == []


@pytest.mark.parametrize("name", TITLES)
async def test_every_column_has_what_it_says_or_a_dash(web: Web, name: str) -> None:
    """A product without any facts, and one with few, fit every column; a name that there is not is passed over."""
    await web.imported(MUG)
    await web.failed()

    page = await web.mine.get(f"/products?view=table&columns={name},colour")

    assert (page.status_code, heads(page.text)) == (200, [TITLES[name]])
