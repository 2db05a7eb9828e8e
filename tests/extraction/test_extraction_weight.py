"""What a product weighs, wherever its page states it, and nothing where it may be read in two ways."""

import json
from typing import Any

import pytest

from cartage.extraction import read_page
from cartage.extraction.grams import grams_in
from cartage.model.evidence import Source
from cartage.model.page import PageKind
from tests.extraction.pages import KETTLE, documents, ld, product_of, read, shop_page, shown
from tests.extraction.test_extraction_shopify import CART, SHOPIFY, shopify, shopify_variant
from tests.extraction.test_extraction_woocommerce import WOO, WOO_URL


@pytest.mark.parametrize(
    ("weight", "grams", "told"),
    [
        ({"@type": "QuantitativeValue", "value": 1.25, "unitCode": "KGM"}, 1250, "1.25 kg"),
        ({"@type": "QuantitativeValue", "value": "0.5", "unitText": "lb"}, 226.796, "0.5 lb"),
        ({"@type": "QuantitativeValue", "value": "1.600000", "unitCode": "kg"}, 1600, "1.600000 kg"),
        ("780 g", 780, "780 g"),
        ("1.250 kg", 1250, "1.250 kg"),
        ({"@type": "QuantitativeValue", "value": 12}, None, "12"),
        ("1,200 g", None, "1,200 g"),
    ],
)
def test_markup_states_a_weight(weight: Any, grams: float | None, told: str) -> None:
    """As a measure with its unit or as a text; among the details it stands as it is stated."""
    product = product_of(shop_page(ld(KETTLE | {"weight": weight})))

    assert (product.weight_grams and float(product.weight_grams)) == grams
    assert ("Weight", told) in product.attributes


@pytest.mark.parametrize(
    ("name", "value", "grams"),
    [
        ("Weight", "780 g", 780),
        ("Gewicht (kg):", "0,25", 250),
        ("Item Weight", "1.2 pounds", 544.311),
        ("Weight capacity", "20 kg", None),
        ("Weight", "170 g/m²", None),
        ("Weight", "5", None),
    ],
)
def test_a_row_of_details_states_a_weight(name: str, value: str, grams: float | None) -> None:
    """Its unit may stand in its name; a row about something else says nothing."""
    found = grams_in(name, value)

    assert (found and float(found)) == grams


def test_a_table_and_markup_agree() -> None:
    """Both are evidence; the same weight in another unit agrees."""
    table = "<table><tr><th>Weight</th><td>1.5 kg</td></tr><tr><th>Colour</th><td>Copper</td></tr></table>"

    extraction = read(shop_page(ld(KETTLE | {"weight": "1500 g"}), more=table))

    assert shown(extraction).weight_grams == 1500
    told = extraction.evidence["/weight_grams"]
    assert {each.source for each in told} == {Source.JSON_LD, Source.VISIBLE}
    assert all(each.agrees for each in told)


def test_each_variant_of_markup_has_its_weight() -> None:
    """Where all weigh the same, so does the product."""

    def group(*weights: str) -> str:
        variants = [
            {"@type": "Product", "sku": f"CK-{place}", "size": f"{place} l", "weight": weight}
            for place, weight in enumerate(weights, 1)
        ]
        return shop_page(ld(KETTLE | {"@type": "ProductGroup", "hasVariant": variants}))

    apart, alike = product_of(group("1 kg", "2 kg")), product_of(group("1 kg", "1 kg"))

    assert [each.weight_grams for each in apart.variants] == [1000, 2000]
    assert (apart.weight_grams, alike.weight_grams) == (None, 1000)


def test_shop_software_states_weights() -> None:
    """WooCommerce with its unit, Shopify in grams, BigCommerce as it is shown, Open Graph in two tags."""
    woo = documents(PageKind.WOOCOMMERCE, WOO_URL, product=WOO | {"formatted_weight": "1.250 kg"}, variations=[])
    alone = {**SHOPIFY, "options": [], "variants": [shopify_variant(11, "49.90", "Default Title", grams=240)]}
    data = {"product_attributes": {"sku": "CK", "weight": {"formatted": "5.00 LBS", "value": 5}}}
    big = shop_page(f"<script>window.BCData = {json.dumps(data)};</script>")
    tags = (
        '<meta property="product:weight:value" content="3.000000"><meta property="product:weight:units" content="kg">'
    )

    assert shown(read_page(woo)).weight_grams == 1250
    assert shown(shopify(product=alone, cart=CART)).weight_grams == 240
    assert float(product_of(big).weight_grams or 0) == pytest.approx(2267.962)
    assert product_of(shop_page(tags)).weight_grams == 3000
