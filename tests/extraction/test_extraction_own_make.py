"""The brand of a shop that sells its own make, and the silence about it where a shop sells many makes."""

import pytest

from tests.extraction.pages import PROSE, product_of

URL = "https://www.northfell.example/p/trail-jacket"
SITE = '<meta property="og:site_name" content="Northfell">'
OWN = {
    "the name begins with the shop's": ("Northfell Trail Jacket", "", ""),
    "the shared title puts the shop before the name": (
        "Trail Jacket",
        '<meta property="og:title" content="Northfell Trail Jacket $120">',
        "",
    ),
    "the description does": (
        "Trail Jacket",
        '<meta name="description" content="Stay dry: the Northfell Trail Jacket weighs 300 g.">',
        "",
    ),
    "a sentence of the page does": ("Trail Jacket", "", "<p>Every Northfell Trail Jacket is sewn in Porto.</p>"),
    "a picture's text does": ("Trail Jacket", "", '<img src="/a.jpg" alt="Northfell Trail Jacket, seen from behind">'),
    "a trade mark does": ("Trail Jacket", "", "<p>Meet Northfell® Trail gear.</p>"),
}
MANY = {
    "after a bar": ("Trail Jacket", "<title>Trail Jacket | Northfell</title>", ""),
    "before a bar": ("Trail Jacket", '<meta property="og:title" content="Northfell | Trail Jacket">', ""),
    "before a dash": ("Trail Jacket", '<meta property="og:title" content="Northfell - Trail Jacket">', ""),
    "before a colon": ("Trail Jacket", '<meta property="og:title" content="Northfell: Trail Jacket">', ""),
    "as where to buy": ("Trail Jacket", '<meta name="description" content="Buy the Trail Jacket at Northfell">', ""),
    "as who delivers": ("Trail Jacket", "", "<p>Northfell delivers. Trail Jacket orders ship today.</p>"),
    "before another maker's name": ("Trail Jacket", "", "<p>Northfell Bergans Trail Jacket deals</p>"),
    "before one word of the name": ("Trail Jacket", "", "<p>Northfell Trail shoes are elsewhere.</p>"),
    "as a part of a word": ("Trail Jacket", "", "<p>Northfellwalkers Trail Jacket day</p>"),
    "in a sentence that ends with it": ("Trail Jacket", "", "<p>All from Northfell. Trail Jacket, size M.</p>"),
}


def _page(name: str, head: str, body: str) -> str:
    return (
        f'<html lang="en"><head><title>{name}</title>{SITE}{head}</head><body><main><h1>{name}</h1>'
        f"<span class=price>$120.00</span><button>Add to cart</button>{PROSE}{body}</main></body></html>"
    )


@pytest.mark.parametrize(("name", "head", "body"), OWN.values(), ids=OWN)
def test_a_product_called_by_the_shops_name_is_its_make(name: str, head: str, body: str) -> None:
    """A page that calls its product by the shop's own name, and names no other brand, gives the shop as the brand."""
    assert product_of(_page(name, head, body), URL).brand == "Northfell"


@pytest.mark.parametrize(("name", "head", "body"), MANY.values(), ids=MANY)
def test_a_shop_that_names_itself_beside_a_product_is_not_its_make(name: str, head: str, body: str) -> None:
    """A shop's name after a bar, an `at` or a full stop says who sells, not who makes: the brand stays unknown."""
    assert product_of(_page(name, head, body), URL).brand is None


def test_a_named_brand_is_not_replaced_by_the_shop() -> None:
    """Where the page names a brand, the shop's name before the product's does not replace it."""
    page = _page("Trail Jacket", "", "<p>The Northfell Trail Jacket.</p><p>Brand: Bergans</p>")

    assert product_of(page, URL).brand == "Bergans"


def test_a_label_of_two_words_for_the_maker_names_the_brand() -> None:
    """Of a label with a slash, as `make / manufacturer`, either word may be the one for a brand."""
    page = _page("Trail Jacket", "", "<ul><li>make / manufacturer: Bergans</li><li>colour: red</li></ul>")

    assert product_of(page, URL).brand == "Bergans"
