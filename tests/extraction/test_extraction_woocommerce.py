"""WooCommerce's own documents: prices in the unit they state, stock and variations."""

from typing import Any

import pytest

from cartage.extraction import read_page
from cartage.model.page import PageKind
from cartage.model.product import Availability, Product
from tests.extraction.pages import documents, price_of, shown

WOO_URL = "https://shop.example.com/product/copper-kettle/"


def prices(price: str, regular: str = "", *, unit: int = 2, code: str = "EUR", span: Any = None) -> dict[str, Any]:
    """Write prices as the Store API does."""
    return {
        "price": price,
        "regular_price": regular or price,
        "sale_price": price,
        "price_range": span,
        "currency_code": code,
        "currency_minor_unit": unit,
    }


WOO: dict[str, Any] = {
    "id": 7,
    "name": "Salt &amp; Pepper",
    "sku": "SP-1",
    "prices": prices("4990", "5990"),
    "is_in_stock": True,
    "description": "<p>One</p><p>Two</p>",
    "short_description": "<p>Short</p>",
    "average_rating": "4.50",
    "review_count": 3,
    "images": [{"id": 1, "src": "https://shop.example.com/wp-content/uploads/set.jpg", "alt": "The set"}],
    "categories": [{"id": 3, "name": "Kitchen"}],
    "attributes": [],
    "variations": [],
    "brands": [{"name": "Wanderlite"}],
}


def woo(product: dict[str, Any], variations: list[dict[str, Any]] | None = None) -> Product:
    """Read WooCommerce's documents."""
    return shown(read_page(documents(PageKind.WOOCOMMERCE, WOO_URL, product=product, variations=variations or [])))


def test_woocommerce_gives_the_product() -> None:
    """Names are decoded, prices divided, and what the document states is kept."""
    product = woo(WOO)

    assert (product.name, product.sku, product.brand) == ("Salt & Pepper", "SP-1", "Wanderlite")
    assert (price_of(product), str(product.regular_price)) == ("49.90 EUR", "59.90 EUR")
    assert product.availability is Availability.IN_STOCK
    assert product.rating
    assert (float(product.rating.value or 0), product.rating.count) == (4.5, 3)
    assert product.description == "One\nTwo"
    assert product.breadcrumbs == ("Kitchen",)


@pytest.mark.parametrize(
    ("stated", "price"),
    [
        (prices("4990"), "49.90 EUR"),
        (prices("4990", unit=0, code="JPY"), "4990.00 JPY"),
        (prices("12500", unit=3, code="KWD"), "12.50 KWD"),
        (prices("250", unit=0, code="EGP"), "250.00 EGP"),
        (prices("4990", unit=2, code="HUF"), "49.90 HUF"),
        (prices("0"), ""),
        (prices(""), ""),
        (prices("abc"), ""),
        (prices("-100"), ""),
        (prices("NaN"), ""),
        (prices("Infinity"), ""),
        (prices("1e999"), ""),
        (prices("2000", span={"min_amount": "1990", "max_amount": "2990"}), "19.90 EUR"),
        (prices("24990", unit=0, code="CLP"), "24990.00 CLP"),
        ({}, ""),
        (None, ""),
        ([], ""),
        ({"price": "4990"}, ""),
    ],
)
def test_woocommerce_prices_count_the_minor_unit_they_state(stated: Any, price: str) -> None:
    """The document says how many digits its numbers have; nonsense is no price."""
    assert price_of(woo({**WOO, "prices": stated})) == price


@pytest.mark.parametrize(
    ("stock", "availability"),
    [
        ({"is_in_stock": True}, Availability.IN_STOCK),
        ({"is_in_stock": False}, Availability.OUT_OF_STOCK),
        ({"is_in_stock": True, "is_on_backorder": True}, Availability.BACK_ORDER),
        ({"is_in_stock": None}, None),
        ({"is_in_stock": "yes"}, None),
    ],
)
def test_woocommerce_stock_is_what_it_states(stock: dict[str, Any], availability: Availability | None) -> None:
    """Stock is a boolean or unknown."""
    assert woo({**WOO, **stock}).availability is availability


def test_woocommerce_variations_name_their_options() -> None:
    """Slugs of a variation become the terms' names, and its own document gives price and stock."""
    terms = [{"slug": "large", "name": "Large &amp; tall"}, {"slug": "small", "name": "Small"}]
    variable = WOO | {
        "attributes": [{"name": "Size", "taxonomy": "pa_size", "has_variations": True, "terms": terms}],
        "variations": [
            {"id": 71, "attributes": [{"name": "Size", "value": "large"}]},
            {"id": 72, "attributes": [{"name": "Size", "value": "small"}]},
        ],
    }
    details = [{"id": 71, "sku": "SP-L", "prices": prices("5990"), "is_in_stock": False}]

    product = woo(variable, details)

    assert [(option.name, option.values) for option in product.options] == [("Size", ("Large & tall", "Small"))]
    assert [(v.sku, v.options, str(v.price), v.availability) for v in product.variants] == [
        ("SP-L", {"Size": "Large & tall"}, "59.90 EUR", Availability.OUT_OF_STOCK),
        (None, {"Size": "Small"}, "None", None),
    ]
