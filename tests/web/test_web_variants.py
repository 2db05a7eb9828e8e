"""Setting variants on the page: row by row, many at once, without a script and without losing what was written."""

import re
from decimal import Decimal

import pytest

from cartage.model.product import Availability, Image, Money, Option, Product, Variant
from tests.web.conftest import SHOP, Web, text_of

COLOURS, SIZES = ("Red", "Blue"), ("S", "M")
EUR = {"currency": "EUR"}
SHIRT = Product(
    name="Shirt",
    price=Money(amount=Decimal(20), currency="EUR"),
    images=(Image(url=f"{SHOP}/red.jpg"), Image(url=f"{SHOP}/blue.jpg")),
    options=(Option(name="Colour", values=COLOURS), Option(name="Size", values=SIZES)),
    variants=tuple(
        Variant(options={"Colour": colour, "Size": size}, price=Money(amount=Decimal(20), currency="EUR"))
        for colour in COLOURS
        for size in SIZES
    ),
)


async def sent(web: Web, **fields: str) -> tuple[int, str, str]:
    """Send the form; give the answer's status, the variants' prices, and what stands of stock and pictures."""
    product_id = await web.imported(SHIRT)
    reply = await web.mine.post(f"/products/{product_id}/variants", **EUR, **fields)
    product = await web.imports.product(web.mine.merchant_id, product_id)
    variants = product.facts.variants if product.facts else ()
    prices = " ".join(f"{each.price.amount}" if each.price else "-" for each in variants)
    rest = " ".join(f"{each.availability or ''}{(each.image or '')[len(SHOP) :]}" for each in variants)
    return reply.status_code, prices, rest.strip()


async def test_many_variants_are_set_at_once(web: Web) -> None:
    """All, those of one colour, or those that are ticked; what is left empty stays as it is."""
    at_once = {"action": "at once"}
    red = "group 0"

    assert await sent(web, **at_once, to="all", amount="25,50") == (303, "25.50 25.50 25.50 25.50", "")
    assert await sent(web, **at_once, to=red, amount="30") == (303, "30 30 20 20", "")
    assert await sent(web, **at_once, to="ticked", tick_3="yes", amount="9") == (303, "20 20 20 9", "")
    stocked = await sent(web, **at_once, to=red, stock=Availability.IN_STOCK.value, image="2")
    assert stocked == (303, "20 20 20 20", "InStock/blue.jpg InStock/blue.jpg")


async def test_rows_are_set_one_by_one(web: Web) -> None:
    """A row's price, emptied price, and picture; what is set at once goes over the rows."""
    assert await sent(web, action="keep", amount_0="21", amount_1="", image_2="1") == (303, "21 - 20 20", "/red.jpg")
    assert await sent(web, action="at once", to="ticked", tick_0="yes", amount="8", amount_1="7") == (
        303,
        "8 7 20 20",
        "",
    )


async def test_a_variants_barcode_number_is_checked(web: Web) -> None:
    """A wrong digit is refused with what it would be; nothing is kept then."""
    assert (await sent(web, action="keep", gtin_0="4006381333931"))[0] == 303
    assert (await sent(web, action="keep", gtin_0="4006381333930", amount_1="9"))[:2] == (422, "20 20 20 20")


async def test_what_cannot_be_is_refused_and_nothing_is_lost(web: Web) -> None:
    """Nothing ticked, no number, no such picture: the form comes back with all that was written."""
    assert (await sent(web, action="at once", to="ticked", amount="9"))[:2] == (422, "20 20 20 20")
    assert (await sent(web, action="at once", to="all", image="9"))[:2] == (422, "20 20 20 20")
    product_id = await web.imported(SHIRT)

    reply = await web.mine.post(f"/products/{product_id}/variants", **EUR, action="keep", amount_0="cheap", sku_1="B-1")

    assert reply.status_code == 422
    assert "A price is a number" in text_of(reply)
    assert 'value="cheap"' in reply.text
    assert 'value="B-1"' in reply.text


async def test_a_change_meanwhile_is_not_overwritten(web: Web) -> None:
    """A form that was opened before another change is told so."""
    product_id = await web.imported(SHIRT)
    version = (await web.imports.product(web.mine.merchant_id, product_id)).version
    await web.mine.post(f"/products/{product_id}/variants", **EUR, action="keep", amount_0="21")

    late = await web.mine.post(f"/products/{product_id}/variants", **EUR, action="keep", amount_1="22", version=version)

    assert late.status_code == 412
    assert 'name="amount_1" value="22"' in late.text


async def test_every_variant_is_reached_by_pages(web: Web) -> None:
    """Pages of rows hold each variant once; going to another one keeps what was written, and says so."""
    price = Money(amount=Decimal(20), currency="EUR")
    many = SHIRT.model_copy(
        update={
            "options": (Option(name="Size", values=tuple(map(str, range(450)))),),
            "variants": tuple(Variant(options={"Size": str(size)}, price=price) for size in range(450)),
        }
    )
    product_id = await web.imported(many)
    path = f"/products/{product_id}/variants"

    pages = [(await web.mine.get(f"{path}?page={page}")).text for page in (1, 2, 3, 99)]
    rows = [re.findall(r'name="amount_(\d+)"', page) for page in pages]
    onward = await web.mine.post(path, **EUR, page="2", action="page 3", amount_399="21")
    wrong = await web.mine.post(path, **EUR, page="3", action="page 1", amount_449="cheap")
    ticked = await web.mine.post(path, **EUR, page="3", action="at once", to="ticked", tick_449="yes", amount="9")

    product = await web.imports.product(web.mine.merchant_id, product_id)
    assert product.facts
    assert [int(row) for page in rows[:3] for row in page] == list(range(450))
    assert rows[3] == rows[2]
    assert (onward.status_code, onward.headers["location"]) == (303, f"{path}?page=3")
    assert (wrong.status_code, 'name="amount_449" value="cheap"' in wrong.text) == (422, True)
    assert ticked.status_code == 303
    changed = {
        at: f"{each.price.amount}"
        for at, each in enumerate(product.facts.variants)
        if each.price != price and each.price
    }
    assert changed == {399: "21", 449: "9"}


async def test_weights_are_set_row_by_row_and_at_once(web: Web) -> None:
    """With their units; a bare number is in the unit that stood there, else it is refused until units are chosen."""
    weighed = tuple(each.model_copy(update={"weight_grams": Decimal(1500)}) for each in SHIRT.variants[:2])
    product_id = await web.imported(SHIRT.model_copy(update={"variants": (*weighed, *SHIRT.variants[2:])}))
    path = f"/products/{product_id}/variants"

    replies = [
        await web.mine.post(path, **EUR, action="keep", weight_0="1.25", weight_2="8 oz"),
        await web.mine.post(path, **EUR, action="at once", to="ticked", tick_3="yes", weight="300 g"),
        await web.mine.post(path, **EUR, action="keep", weight_2="9", weight_1=""),
        await web.mine.post(path, **EUR, action="at once", to="all", weight="300"),
    ]

    facts = (await web.imports.product(web.mine.merchant_id, product_id)).facts
    assert [each.status_code for each in replies] == [303, 303, 303, 422]
    assert facts
    assert [each.weight_grams for each in facts.variants] == [1250, None, 9, 300]
    assert "A weight has a unit" in text_of(replies[3])
    assert 'value="1.25 kg"' in (await web.mine.get(path)).text


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        ((20, 20, 20, 20), "All 4 variants sell for the price that you set here."),
        (
            (20, 25, 20, 25),
            "None of its 4 variants sells for the price that you set here: each has a price of its own.",
        ),
        ((20, 25, None, 25), "1 of its 4 variants sells for the price that you set here; the others have"),
    ],
)
async def test_a_product_s_price_says_which_variants_sell_for_it(
    web: Web, prices: tuple[int | None, ...], told: str
) -> None:
    """Beside the field stands what a price does that is set there, with the way to those of the variants."""
    amounts = [None if each is None else Money(amount=Decimal(each), currency="EUR") for each in prices]
    variants = tuple(v.model_copy(update={"price": p}) for v, p in zip(SHIRT.variants, amounts, strict=True))
    product_id = await web.imported(SHIRT.model_copy(update={"variants": variants}))

    page = await web.mine.get(f"/products/{product_id}/edit")

    assert told in text_of(page)
    assert f'href="/products/{product_id}/variants">Set the variants' in page.text


async def test_variants_are_told_in_rows_that_name_their_cells(web: Web) -> None:
    """On a narrow screen each variant is a stack of named values, and a wide matrix gives way to it."""
    product_id = await web.imported(SHIRT)

    page = (await web.mine.get(f"/products/{product_id}")).text

    table = page[page.index('aria-label="Table of variants"') :].partition("</table>")[0]
    assert 'class="table stacked"' in table
    assert re.findall(r'data-label="(\w+)"', table)[:3] == ["Price", "Stock", "SKU"]
