"""Quirks of real shops' data: each was seen in many, and none may change what the product is."""

import html
import json
from typing import Any

import pytest

from cartage.extraction.availability import availability_of
from cartage.model.product import Availability
from tests.extraction.pages import KETTLE, NAME, ld, page, price_of, product_of, shop_page

OFFER = KETTLE["offers"]
BARE = {key: value for key, value in KETTLE.items() if key != "@context"}
OTHER = {"@type": "Product", "name": "Tin Ladle", "sku": "TL-1", "offers": {**OFFER, "price": "5.00"}}
SHAPES: dict[str, Any] = {
    "a list whose one item is the product": {
        "@type": "ItemList",
        "itemListElement": [{"@type": "ListItem", "item": BARE}],
    },
    "a page that is about the product": {"@type": "WebPage", "about": BARE},
    "another product beside it": [OTHER, KETTLE],
    "related products within it": {**KETTLE, "isRelatedTo": [OTHER, OTHER], "isSimilarTo": OTHER},
    "a highest price on a plain offer": {**KETTLE, "offers": {**OFFER, "highPrice": "79.90"}},
    "a parent that it is a variant of": {**KETTLE, "isVariantOf": {"@type": "ProductGroup", "name": "Kettles"}},
    "an additional type": {**KETTLE, "additionalType": "http://www.productontology.org/id/Kettle"},
    "a currency of another case in another place": {**KETTLE, "offers": {**OFFER, "PriceCurrency": "eur"}},
    "white space around its name": {**KETTLE, "name": f"  {NAME}\n "},
    "an offer among null ones": {**KETTLE, "offers": [None, OFFER]},
    "a review with a price in words": {**KETTLE, "review": {"@type": "Review", "reviewBody": "Paid 20.00 EUR"}},
}


@pytest.mark.parametrize("data", SHAPES.values(), ids=SHAPES)
def test_a_quirk_of_shape_changes_nothing(data: Any) -> None:
    """Whatever stands around the product's node, name, number and price are its own."""
    product = product_of(page(ld(data)))

    assert (product.name, product.sku, price_of(product)) == (NAME, "CK-150", "49.90 EUR")


def pictured(address: str) -> str:
    """Write the page of a shop whose picture has this address."""
    return shop_page(ld({**KETTLE, "image": None})).replace("/img/kettle.jpg", address)


NO_ADDRESS = "http://[shop.example.com"
MISADDRESSED = {
    "base": shop_page(f'{ld(KETTLE)}<base href="{NO_ADDRESS}">'),
    "canonical": shop_page(f'{ld(KETTLE)}<link rel="canonical" href="{NO_ADDRESS}">'),
    "offer": shop_page(ld({**KETTLE, "url": NO_ADDRESS, "offers": {**OFFER, "url": NO_ADDRESS}})),
    "link home": shop_page(
        ld(KETTLE), more=f'<div><a href="{NO_ADDRESS}">Home</a><a href="/kettles">Kettles</a></div>'
    ),
    "picture": pictured(f"{NO_ADDRESS}/kettle.jpg"),
    "picture behind a proxy": pictured("https://i0.wp.com/[shop.example.com/kettle.jpg"),
    "picture behind the shop's proxy": pictured(f"/_next/image?url={NO_ADDRESS}/kettle.jpg"),
}


@pytest.mark.parametrize("markup", MISADDRESSED.values(), ids=MISADDRESSED)
def test_an_address_that_is_none_spoils_nothing(markup: str) -> None:
    """A host that no program can read costs the page what it led to, not its product."""
    product = product_of(markup)

    assert (product.name, product.sku, price_of(product)) == (NAME, "CK-150", "49.90 EUR")


def test_a_number_with_thousands_marks_and_no_quotes_is_read() -> None:
    """A price that a template wrote bare, as `1,299.00`, breaks the block and is read all the same."""
    block = json.dumps(KETTLE).replace('"49.90"', "1,299.00")

    assert price_of(product_of(page(ld(block)))) == "1299.00 EUR"


@pytest.mark.parametrize(
    "markup",
    [OFFER, {"@type": "AggregateOffer", "lowPrice": "69.90", "highPrice": "89.90", "priceCurrency": "EUR"}],
    ids=["offer", "range"],
)
def test_a_shown_sale_price_beats_the_markups_regular_one(markup: dict[str, Any]) -> None:
    """Where markup states what the page strikes through, the shopper's price is the product's, the struck one its former."""
    block = ld({**KETTLE, "offers": {**markup, "price": "69.90"}})
    product = product_of(shop_page(block, "<del>€69.90</del> <ins class=price>€49.90</ins>"))

    assert price_of(product) == "49.90 EUR"
    assert product.regular_price
    assert str(product.regular_price.amount) == "69.90"


def test_the_chosen_size_that_is_sold_out_is_out_of_stock() -> None:
    """Markup may call the parent in stock: what the buy area says of what is chosen counts."""
    body = shop_page(ld(KETTLE)).replace("<button>Add to cart</button>", "<button disabled>Sold out</button>")

    assert product_of(body).availability is Availability.OUT_OF_STOCK


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Caf&eacute; &amp; T&iacute;a", "Café & Tía"),
        ("15&quot; Pan", '15" Pan'),
        ("Pan &amp;amp; Lid", "Pan & Lid"),
        ("Pan&nbsp;&#8211;&nbsp;Blue", "Pan – Blue"),
    ],
)
def test_entities_in_a_name_are_decoded(name: str, expected: str) -> None:
    """Shops encode names once or twice too often."""
    body = page(ld({**KETTLE, "name": name}), title=name)

    assert product_of(body).name == expected


@pytest.mark.parametrize("said", ["Mint", "Clean and ready for use.", "See description", ""])
def test_prose_in_the_conditions_place_is_no_condition(said: str) -> None:
    """A condition that no word names stays unknown."""
    assert product_of(page(ld({**KETTLE, "itemCondition": said}))).condition is None


def test_not_sold_is_no_stock() -> None:
    """`NOT SOLD` in the place of a term says nothing that a shopper may rely on."""
    assert availability_of("NOT SOLD") is None


APOLLO = {
    "ROOT_QUERY": {"product": {"__ref": "Product:7"}},
    "Product:7": {"__typename": "Product", "name": NAME, "sku": "CK-150", "price": {"__ref": "Money:1"},
                  "brand": {"__ref": "Brand:2"}},
    "Money:1": {"amount": "49.90", "currency": "EUR"},
    "Brand:2": {"name": "Wanderlite"},
}  # fmt: skip


def test_apollos_references_are_followed() -> None:
    """In Apollo's cache a value may be a reference to another entry."""
    product = product_of(page(body=f"<script>window.__APOLLO_STATE__ = {json.dumps(APOLLO)};</script>"))

    assert (price_of(product), product.brand) == ("49.90 EUR", "Wanderlite")


def test_a_stock_that_prestashop_leaves_out_stays_unknown() -> None:
    """PrestaShop's `availability` is the same for all products where a shop hides its quantities."""
    data = {"name": NAME, "reference": "CK-150", "price_amount": 49.9, "availability": "available", "show_price": True}
    body = f'<div id="product-details" data-product="{html.escape(json.dumps(data))}"></div>'

    assert product_of(page(body=body)).availability is None


def test_open_graph_of_a_marketplace_keeps_its_former_price() -> None:
    """`product:original_price` is what was asked before."""
    metas = {"og:title": NAME, "og:type": "ebay-objects:item", "product:price:amount": "49.90",
             "product:price:currency": "EUR", "product:original_price:amount": "69.90"}  # fmt: skip
    head = "".join(f'<meta property="{key}" content="{value}">' for key, value in metas.items())
    product = product_of(shop_page(head))

    assert product.regular_price
    assert str(product.regular_price.amount) == "69.90"


def test_a_canonical_address_of_the_home_page_changes_nothing() -> None:
    """Some shops call their home page every page's canonical address."""
    product = product_of(shop_page(ld(KETTLE) + '<link rel="canonical" href="https://shop.example.com/">'))

    assert (product.name, price_of(product)) == (NAME, "49.90 EUR")
