"""Platforms told by their pages, and the variants that their themes write into them."""

import json
from typing import Any

import pytest

from cartage.model.product import Availability
from tests.extraction.pages import NAME, page, price_of, product_of, shop_page

SHOPIFY = '<script>Shopify.theme = {"name":"Dawn"}; Shopify.currency = {"active":"CAD","rate":"1.0"};</script>'
SHOPIFY_PRODUCT: dict[str, Any] = {
    "id": 1,
    "title": NAME,
    "handle": "copper-kettle",
    "vendor": "Wanderlite",
    "description": "<p>Hammered copper.</p>",
    "options": ["Size"],
    "images": ["//cdn.shopify.com/s/files/1/kettle.jpg"],
    "variants": [
        {"id": 11, "title": "S", "option1": "S", "sku": "CK-S", "available": False, "price": 4990, "compare_at_price": None},
        {"id": 12, "title": "L", "option1": "L", "sku": "CK-L", "available": True, "price": 6490, "compare_at_price": 7900},
    ],
}  # fmt: skip
MAGENTO: dict[str, Any] = {
    "[data-role=swatch-options]": {
        "Magento_Swatches/js/swatch-renderer": {
            "jsonConfig": {
                "attributes": {
                    "93": {"id": "93", "code": "color", "label": "Colour", "options": [{"id": "5", "label": "Copper"}, {"id": "6", "label": "Steel"}]}
                },
                "index": {"701": {"93": "5"}, "702": {"93": "6"}},
                "optionPrices": {
                    "701": {"oldPrice": {"amount": 59.9}, "finalPrice": {"amount": 49.9}},
                    "702": {"oldPrice": {"amount": 39.9}, "finalPrice": {"amount": 39.9}},
                },
                "sku": {"701": "CK-CU", "702": "CK-ST"},
                "salable": {"93": {"5": ["701"], "6": []}},
                "images": {"701": [{"full": "https://shop.example.com/img/cu.jpg", "isMain": True}]},
            }
        }
    }
}  # fmt: skip


def test_a_shopify_page_gives_its_variants() -> None:
    """The product object in a theme's page gives axes, and each variant's price, stock and SKU."""
    script = f'<script type="application/json" id="ProductJson">{json.dumps(SHOPIFY_PRODUCT)}</script>'

    product = product_of(page(SHOPIFY + script, "<button>Add to cart</button>"))

    assert (product.platform, price_of(product), product.sku) == ("shopify", "64.90 CAD", "CK-L")
    assert [(each.options, str(each.price), each.availability) for each in product.variants] == [
        ({"Size": "S"}, "49.90 CAD", Availability.OUT_OF_STOCK),
        ({"Size": "L"}, "64.90 CAD", Availability.IN_STOCK),
    ]


def test_the_address_chooses_a_shopify_variant() -> None:
    """`?variant=` in the address makes that variant's price and SKU the product's."""
    script = f'<script type="application/json">{json.dumps(SHOPIFY_PRODUCT)}</script>'

    product = product_of(page(SHOPIFY + script), "https://shop.example.com/products/copper-kettle?variant=11")

    assert (price_of(product), product.sku) == ("49.90 CAD", "CK-S")


def test_another_products_object_is_left_alone() -> None:
    """A theme's object with another handle, of a quick view say, gives nothing."""
    other = SHOPIFY_PRODUCT | {"handle": "iron-pan", "title": "Iron Pan"}
    script = f'<script type="application/json">{json.dumps(other)}</script>'

    product = product_of(shop_page(SHOPIFY + script, "<p class=price>CA$49.90</p>"))

    assert (product.name, product.variants) == (NAME, ())


def test_a_magento_page_gives_its_variants() -> None:
    """The swatches' configuration gives axes, and each variant's prices, stock and picture."""
    block = f'<script type="text/x-magento-init">{json.dumps(MAGENTO)}</script>'

    product = product_of(shop_page(more=block))

    assert (product.platform, product.options[0].values) == ("magento", ("Copper", "Steel"))
    first, second = product.variants
    assert (first.sku, str(first.price), str(first.regular_price)) == ("CK-CU", "49.9 EUR", "59.9 EUR")
    assert (first.availability, second.availability) == (Availability.IN_STOCK, Availability.OUT_OF_STOCK)
    assert first.image == "https://shop.example.com/img/cu.jpg"


def test_a_woocommerce_form_gives_its_variations() -> None:
    """The form's own JSON gives each variation, with the axis named as the page labels it."""
    variations = [
        {"variation_id": 1, "attributes": {"attribute_pa_size": "s"}, "display_price": 49.9, "display_regular_price": 59.9, "is_in_stock": True, "sku": "CK-S"},
        {"variation_id": 2, "attributes": {"attribute_pa_size": "l"}, "display_price": 64.9, "display_regular_price": 64.9, "is_in_stock": False, "sku": "CK-L"},
    ]  # fmt: skip
    quoted = json.dumps(variations).replace('"', "&quot;")
    form = (
        f'<form class="variations_form" data-product_variations="{quoted}"><label for="pa_size">Size</label>'
        '<select id="pa_size" name="attribute_pa_size"><option>s</option><option>l</option></select></form>'
    )

    product = product_of(shop_page('<link rel="x" href="/wp-content/plugins/woocommerce/a.css">', more=form))

    assert product.platform == "woocommerce"
    assert [(each.sku, each.options, str(each.price)) for each in product.variants] == [
        ("CK-S", {"Size": "s"}, "49.9 EUR"),
        ("CK-L", {"Size": "l"}, "64.9 EUR"),
    ]


def test_too_many_woocommerce_variations_say_nothing() -> None:
    """`false`, which WooCommerce writes above its threshold, gives no variant and no stock."""
    form = '<form class="variations_form" data-product_variations="false"></form>'

    assert product_of(shop_page(more=form)).variants == ()


def test_a_bigcommerce_page_gives_its_codes() -> None:
    """`BCData` gives SKU, UPC and MPN."""
    data = {"product_attributes": {"sku": "CK-150", "upc": "4006381333931", "mpn": "WL-77", "instock": True}}

    product = product_of(shop_page(f"<script>window.BCData = {json.dumps(data)};</script>"))

    assert (product.platform, product.sku, product.gtin, product.mpn) == (
        "bigcommerce",
        "CK-150",
        "4006381333931",
        "WL-77",
    )


@pytest.mark.parametrize(
    ("mark", "platform"),
    [
        ('<script src="https://static1.squarespace.com/a.js"></script>', "squarespace"),
        ('<script id="wix-warmup-data" type="application/json">{}</script>', "wix"),
        ('<link href="https://cdn.salla.network/x.css">', "salla"),
        ('<link href="/bundles/storefront/a.css">', "shopware"),
        ('<img src="/on/demandware.static/a.jpg">', "salesforce"),
        ('<link href="catalog/view/theme/default/a.css">', "opencart"),
        ("<script>var prestashop = {};</script>", "prestashop"),
        ('<script src="https://app.ecwid.com/script.js?1"></script>', "ecwid"),
        ('<link href="https://cdn.webshopapp.com/shops/1/a.css">', "lightspeed"),
        ('<img src="https://cdn.myshoptet.com/usr/a.jpg">', "shoptet"),
        ('<link href="/templates/NOVA/a.css">', "jtl"),
        ('<link href="/static/version1/frontend/Hyva/a/nl_NL/a.css">', "magento"),
        ('<body class="is--ctl-detail is--act-index">', "shopware"),
        ("", None),
    ],
)
def test_a_platform_is_told_by_its_files(mark: str, platform: str | None) -> None:
    """What a page loads tells its platform; a page that loads nothing known has none."""
    assert product_of(shop_page(mark)).platform == platform
