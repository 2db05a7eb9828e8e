"""Shopify's own documents: exact prices, stock and variants, in any combination of documents."""

from typing import Any

from cartage.extraction import read_page
from cartage.model.evidence import Extraction
from cartage.model.page import PageKind
from cartage.model.product import Availability
from tests.extraction.pages import NAME, documents, price_of, shown

SHOPIFY_URL = "https://shop.example.com/products/copper-kettle"


def shopify_variant(number: int, price: str, size: str, **more: Any) -> dict[str, Any]:
    """Write a variant as `.json` does."""
    return {
        "id": number,
        "title": size,
        "sku": f"CK-{size}",
        "price": price,
        "compare_at_price": "",
        "option1": size,
        "option2": None,
        "option3": None,
        "barcode": "",
        "price_currency": "EUR",
        "image_id": None,
    } | more


SHOPIFY: dict[str, Any] = {
    "id": 1,
    "title": NAME,
    "body_html": "<p>Hammered <b>copper</b>.</p>",
    "vendor": "Wanderlite",
    "product_type": "Kettles",
    "handle": "copper-kettle",
    "tags": "kitchen",
    "options": [{"name": "Size", "position": 1, "values": ["S", "L"]}],
    "variants": [
        shopify_variant(11, "49.90", "S", image_id=101, barcode="4006381333931"),
        shopify_variant(12, "79.90", "L", compare_at_price="99.90"),
    ],
    "images": [
        {
            "id": 101,
            "src": "https://cdn.shopify.com/s/files/1/kettle.jpg?v=1",
            "width": 1200,
            "height": 900,
            "alt": "Kettle",
        },
        {"id": 102, "src": "https://cdn.shopify.com/s/files/1/lid.jpg?v=1", "width": 800, "height": 800, "alt": None},
    ],
}
AJAX: dict[str, Any] = {
    "id": 1,
    "title": NAME,
    "vendor": "Wanderlite",
    "description": "<p>Hammered copper.</p>",
    "available": True,
    "variants": [
        {"id": 11, "available": False, "price": 4990, "compare_at_price": None},
        {"id": 12, "available": True, "price": 7990, "compare_at_price": 9990},
    ],
    "images": ["//cdn.shopify.com/s/files/1/kettle.jpg?v=1"],
}
CART: dict[str, Any] = {"currency": "EUR", "items": []}


def shopify(url: str = SHOPIFY_URL, **named: Any) -> Extraction:
    """Read Shopify's documents."""
    return read_page(documents(PageKind.SHOPIFY, url, **named))


def test_shopify_documents_complete_each_other() -> None:
    """Barcodes come from `.json`, stock from `.js`, the currency from the cart."""
    product = shown(shopify(product=SHOPIFY, product_js=AJAX, cart=CART))

    assert (product.name, product.brand, product.platform) == (NAME, "Wanderlite", "shopify")
    assert product.description_html == "<p>Hammered <b>copper</b>.</p>"
    assert product.availability is Availability.IN_STOCK
    assert [(option.name, option.values) for option in product.options] == [("Size", ("S", "L"))]
    assert [(v.sku, v.gtin, str(v.price), v.availability) for v in product.variants] == [
        ("CK-S", "4006381333931", "49.90 EUR", Availability.OUT_OF_STOCK),
        ("CK-L", None, "79.90 EUR", Availability.IN_STOCK),
    ]
    assert product.variants[0].image == "https://cdn.shopify.com/s/files/1/kettle.jpg?v=1"
    assert [(image.width, image.alt) for image in product.images] == [(1200, "Kettle"), (800, None)]


def test_shopify_weighs_in_grams() -> None:
    """A weight is taken from either document; 0 is a shop that does not weigh."""
    weighed = [shopify_variant(11, "49.90", "S", grams=240), shopify_variant(12, "79.90", "L", grams=0)]
    ajax = {**AJAX, "variants": [{"id": 12, "available": True, "weight": 310}]}

    told = shown(shopify(product={**SHOPIFY, "variants": weighed}, product_js=ajax, cart=CART))
    untold = shown(shopify(product={**SHOPIFY, "variants": weighed}, cart=CART))

    assert [each.weight_grams for each in told.variants] == [240, 310]
    assert [each.weight_grams for each in untold.variants] == [240, None]


def test_shopify_without_a_chosen_variant_shows_the_first_that_can_be_bought() -> None:
    """The price is that of something a shopper can buy."""
    product = shown(shopify(product=SHOPIFY, product_js=AJAX, cart=CART))

    assert (price_of(product), str(product.regular_price), product.sku) == ("79.90 EUR", "99.90 EUR", "CK-L")


def test_shopify_shows_the_variant_that_the_address_chooses() -> None:
    """`?variant=` decides price, number and stock."""
    product = shown(shopify(f"{SHOPIFY_URL}?variant=11", product=SHOPIFY, product_js=AJAX, cart=CART))

    assert (price_of(product), product.regular_price, product.sku) == ("49.90 EUR", None, "CK-S")
    assert product.gtin == "4006381333931"
    assert product.availability is Availability.OUT_OF_STOCK


def test_shopify_counts_hundredths_in_every_currency() -> None:
    """`.js` writes yen times a hundred too, and its currency is the cart's."""
    ajax = {**AJAX, "variants": [{"id": 11, "available": True, "price": 128000, "compare_at_price": None}]}
    product = {**SHOPIFY, "variants": [shopify_variant(11, "49.90", "S")]}

    assert price_of(shown(shopify(product=product, product_js=ajax, cart={"currency": "JPY"}))) == "1280.00 JPY"


def test_shopify_sold_out_is_out_of_stock() -> None:
    """Where no variant can be bought the product is out of stock, and still priced."""
    ajax = {**AJAX, "variants": [{**variant, "available": False} for variant in AJAX["variants"]]}

    product = shown(shopify(product=SHOPIFY, product_js=ajax, cart=CART))

    assert product.availability is Availability.OUT_OF_STOCK
    assert price_of(product) == "49.90 EUR"


def test_shopify_without_stock_does_not_guess_it() -> None:
    """`.json` alone has prices and no stock."""
    product = shown(shopify(product=SHOPIFY))

    assert price_of(product) == "49.90 EUR"
    assert product.availability is None


def test_shopify_without_a_currency_has_no_price() -> None:
    """Numbers without a currency are no money."""
    bare = {key: value for key, value in shopify_variant(11, "49.90", "S").items() if key != "price_currency"}

    assert shown(shopify(product={**SHOPIFY, "variants": [bare]})).price is None


def test_shopify_with_only_the_ajax_document_is_read() -> None:
    """Some shops close `.json`; `.js` alone gives name, prices, stock and pictures."""
    ajax = {**AJAX, "options": [{"name": "Size", "position": 1, "values": ["S", "L"]}]}
    for variant, size in zip(ajax["variants"], "SL", strict=True):
        variant |= {"sku": f"CK-{size}", "option1": size}

    product = shown(shopify(product_js=ajax, cart=CART))

    assert (product.name, price_of(product), product.sku) == (NAME, "79.90 EUR", "CK-L")
    assert product.availability is Availability.IN_STOCK
    assert [variant.options for variant in product.variants] == [{"Size": "S"}, {"Size": "L"}]
    assert product.images[0].url == "https://cdn.shopify.com/s/files/1/kettle.jpg?v=1"


def test_shopifys_default_title_is_no_option() -> None:
    """A product of one form has neither options nor variants."""
    only = shopify_variant(11, "49.90", "S", option1="Default Title")
    alone = {**SHOPIFY, "options": [{"name": "Title", "values": ["Default Title"]}], "variants": [only]}

    product = shown(shopify(product=alone))

    assert (product.options, product.variants) == ((), ())
