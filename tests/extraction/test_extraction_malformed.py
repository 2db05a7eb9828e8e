"""JSON-LD as shops break it: each block still gives its product."""

import json

import pytest

from cartage.model.product import Availability
from tests.extraction.pages import GTIN, KETTLE, NAME, ld, page, price_of, product_of, read

GOOD = json.dumps(KETTLE)
OFFER = '"offers":{"@type":"Offer","price":"49.90","priceCurrency":"EUR","availability":"InStock"}'
HEAD = f'"@context":"https://schema.org","@type":"Product","name":"{NAME}","sku":"CK-150","gtin13":"{GTIN}"'
BROKEN = {
    "good": GOOD,
    "raw newline in a text": GOOD.replace("hammered copper", "hammered\ncopper"),
    "raw tab and control character": GOOD.replace("hammered copper", "hammered\t\x0bcopper"),
    "trailing comma in object": GOOD.replace('"EUR", ', '"EUR",').replace('InStock"}', 'InStock",}'),
    "trailing comma in list": GOOD.replace('"https://shop.example.com/img/kettle.jpg"', '["https://a.example/1.jpg",]'),
    "CDATA in line comments": f"// <![CDATA[\n{GOOD}\n// ]]>",
    "CDATA in block comments": f"\n/*<![CDATA[*/\n{GOOD}\n/*]]>*/\n",
    "bare CDATA": f"<![CDATA[{GOOD}]]>",
    "HTML comment around": f"<!-- {GOOD} -->",
    "HTML comment on own lines": f"<!--\n{GOOD}\n-->",
    "line comments": GOOD.replace('"sku"', '\n// the shop\'s number\n"sku"'),
    "block comments": GOOD.replace('"sku"', '/* the number */ "sku"'),
    "comment first": f"/* made by a plugin */\n{GOOD}",
    "trailing semicolon": f"{GOOD};",
    "entities for quotes": GOOD.replace('"', "&quot;"),
    "entities within values": GOOD.replace("A kettle", "&quot;A&quot; kettle"),
    "unescaped inner quotes": GOOD.replace("A kettle of", 'A 15" kettle of'),
    "bad escape of an apostrophe": GOOD.replace("wooden", "wood\\'s"),
    "bad escape of a letter": GOOD.replace("wooden", "wood\\den"),
    "single quotes": GOOD.replace('"', "'"),
    "unquoted keys": GOOD.replace('"name":', "name:").replace('"sku":', "sku:"),
    "missing value": GOOD.replace('"brand": {"@type": "Brand", "name": "Wanderlite"}', '"brand":'),
    "missing value in the middle": "{" + HEAD + ',"mpn":,' + OFFER + "}",
    "missing comma": GOOD.replace('"sku": "CK-150", ', '"sku": "CK-150" '),
    "two objects": GOOD + '{"@type":"Organization","name":"Shop"}',
    "two objects the other way": '{"@type":"Organization","name":"Shop"}' + GOOD,
    "two objects on lines": '{"@type":"Organization","name":"Shop"}\n' + GOOD,
    "cut in the last key": GOOD[:-3],
    "cut in a later value": "{" + HEAD + "," + OFFER + ',"description":"A kettle of ham',
    "NaN": "{" + HEAD + ',"weight":NaN,' + OFFER + "}",
    "undefined": "{" + HEAD + ',"mpn":undefined,' + OFFER + "}",
    "bare number with a comma": GOOD.replace('"49.90"', "49,90"),
    "number": GOOD.replace('"49.90"', "49.90"),
    "byte order mark": "\ufeff" + GOOD,
    "no-break spaces around": "\u00a0" + GOOD + "\u00a0",
    "no-break space within": GOOD.replace(', "sku"', ',\u00a0"sku"'),
    "lone surrogate": GOOD.replace("hammered", "\\ud800hammered"),
    "null bytes": GOOD.replace("hammered", "ham\x00mered"),
    "leading text": "var data = " + GOOD,
    "script within text": GOOD.replace("A kettle", "A <\\/script> kettle"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_block_gives_its_product(text: str) -> None:
    """Whatever is broken, price, stock, number and name are the ones that the block states."""
    product = product_of(page(ld(text)))

    assert product.name == NAME
    assert price_of(product) == "49.90 EUR"
    assert product.availability is Availability.IN_STOCK
    assert product.sku == "CK-150"
    assert product.gtin == GTIN


@pytest.mark.parametrize(
    "kind",
    ["application/ld+json", "application/ld+json; charset=utf-8", "APPLICATION/LD+JSON", " application/ld+json ",
     "application/ld+json;charset=UTF-8"],
)  # fmt: skip
def test_the_script_type_may_be_written_in_any_way(kind: str) -> None:
    """Case and parameters of the type do not matter."""
    product = product_of(page(f'<script type="{kind}">{GOOD}</script>'))

    assert price_of(product) == "49.90 EUR"


@pytest.mark.parametrize("empty", ["", " ", "null", "[]", "{}", '""', "0", "undefined", "<!-- -->", "[null]", "[[[]]]"])
def test_an_empty_block_spoils_nothing(empty: str) -> None:
    """A block with nothing in it, before and after, leaves the good one as it is."""
    product = product_of(page(ld(empty, KETTLE, empty)))

    assert price_of(product) == "49.90 EUR"


def test_a_comment_is_not_found_within_an_address() -> None:
    """The two slashes of `https://` are no comment, even where the block needs repair."""
    text = (
        '{// note\n"@type":"Product","name":"' + NAME + '","image":"https://shop.example.com/img/k.jpg",' + OFFER + ",}"
    )

    product = product_of(page(ld(text)))

    assert [image.url for image in product.images] == ["https://shop.example.com/img/k.jpg"]


def test_a_block_of_garbage_gives_no_product_of_its_own() -> None:
    """Text that is no JSON at all invents neither price nor name."""
    extraction = read(page(ld("<p>Price: 12</p> } { ] [ : ,"), title="About us"), "https://shop.example.com/about")

    assert extraction.product is None or extraction.product.price is None
