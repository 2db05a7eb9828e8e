"""JSON-LD in every shape shops give it: graphs, groups, references, offers and prices."""

from typing import Any

import pytest

from cartage.model.product import Availability, Condition
from tests.extraction.pages import GTIN, KETTLE, NAME, PROSE, URL, ld, page, price_of, product_of, shop_page

CONTEXT = "https://schema.org"
OFFER: dict[str, Any] = KETTLE["offers"]


def kettle(**changed: Any) -> dict[str, Any]:
    """Give the kettle's node with some keys changed; None drops one."""
    return {key: value for key, value in (KETTLE | changed).items() if value is not None}


def offered(**offer: Any) -> dict[str, Any]:
    """Give the kettle's node with another offer."""
    return kettle(offers={"@type": "Offer", **offer})


BARE = {key: value for key, value in KETTLE.items() if key != "@context"}
ORGANIZATION = {"@type": "Organization", "@id": "#shop", "name": "Shop", "logo": "https://shop.example.com/logo.png"}
SHAPES: dict[str, Any] = {
    "alone": KETTLE,
    "in a list": [ORGANIZATION, KETTLE],
    "in a list in a list": [[ORGANIZATION, [KETTLE]]],
    "in a graph": {"@context": CONTEXT, "@graph": [ORGANIZATION, BARE]},
    "in a graph of one": {"@context": CONTEXT, "@graph": BARE},
    "in a graph in a list": [{"@context": CONTEXT, "@graph": [ORGANIZATION, BARE]}],
    "main entity": {"@context": CONTEXT, "@type": "ItemPage", "name": "Page", "mainEntity": BARE},
    "main entity of a web page in a graph": {"@graph": [{"@type": ["WebPage", "ItemPage"], "mainEntity": BARE}]},
    "with no context": BARE,
    "with a plain http context": kettle(**{"@context": "http://schema.org"}),
    "with a context that ends in a slash": kettle(**{"@context": "http://schema.org/"}),
    "with a context object": kettle(**{"@context": {"@vocab": "https://schema.org/"}}),
    "with two types": kettle(**{"@type": ["Car", "Product"]}),
    "with a full type": kettle(**{"@type": "http://schema.org/Product"}),
    "with a prefixed type": kettle(**{"@type": "schema:Product"}),
    "with a lower-case type": kettle(**{"@type": "product"}),
    "with capital keys": {key.capitalize() if key[0] != "@" else key: value for key, value in KETTLE.items()},
    "with prefixed keys": {f"schema:{key}" if key[0] != "@" else key: value for key, value in KETTLE.items()},
    "with offers in a list": kettle(offers=[OFFER]),
    "with offers in a list in a list": kettle(offers=[[OFFER]]),
    "with an offer of two types": kettle(offers={**OFFER, "@type": ["Offer"]}),
    "with an offer of no type": kettle(offers={k: v for k, v in OFFER.items() if k != "@type"}),
    "with referred offers": {"@graph": [{**BARE, "offers": {"@id": "#o"}}, {"@id": "#o", **OFFER}]},
    "with offers referred by text": {"@graph": [{**BARE, "offers": "#o"}, {"@id": "#o", **OFFER}]},
    "referred to by the page": {"@graph": [{"@type": "WebPage", "mainEntity": {"@id": "#p"}}, {"@id": "#p", **BARE}]},
    "after another list's end": [KETTLE, {"@type": "BreadcrumbList", "itemListElement": []}],
    "with texts in lists": kettle(name=[NAME], sku=["CK-150"], gtin13=[GTIN]),
    "with values as objects": kettle(name={"@value": NAME, "@language": "en"}),
    "with a numeric GTIN": kettle(gtin13=int(GTIN)),
    "with its GTIN on the offer": kettle(gtin13=None, offers={**OFFER, "gtin13": GTIN}),
    "with an ISO-prefixed number": kettle(gtin13=None, productID=f"ean:{GTIN}"),
    "with null values": kettle(mpn=None, review=[None], color=None) | {"mpn": None, "aggregateRating": None},
}


@pytest.mark.parametrize("data", SHAPES.values(), ids=SHAPES)
def test_every_shape_of_graph_gives_the_product(data: Any) -> None:
    """However the node is wrapped, typed and referred to, its facts are read."""
    product = product_of(page(ld(data)))

    assert product.name == NAME
    assert price_of(product) == "49.90 EUR"
    assert product.availability is Availability.IN_STOCK
    assert product.sku == "CK-150"
    assert product.gtin == GTIN
    assert product.brand == "Wanderlite"


def test_a_reference_crosses_blocks() -> None:
    """An offer may stand in another script than the product that refers to it."""
    product = product_of(page(ld(kettle(offers={"@id": "#o"}), {"@id": "#o", **OFFER})))

    assert price_of(product) == "49.90 EUR"


def test_a_circle_of_references_ends() -> None:
    """Nodes that refer to each other are read once."""
    data = {"@graph": [{**BARE, "@id": "#p", "isRelatedTo": {"@id": "#p"}, "offers": {"@id": "#o"}},
                       {"@id": "#o", **OFFER, "itemOffered": {"@id": "#p"}}]}  # fmt: skip

    product = product_of(page(ld(data)))

    assert price_of(product) == "49.90 EUR"


SPECIFICATION = {"@type": "UnitPriceSpecification", "price": "49.90", "priceCurrency": "EUR"}
STRUCK = {"price": "69.90", "priceCurrency": "EUR", "priceType": "https://schema.org/StrikethroughPrice"}
PRICES: dict[str, tuple[Any, str]] = {
    "text": (offered(price="49.90", priceCurrency="EUR"), "49.90 EUR"),
    "number": (offered(price=49.9, priceCurrency="EUR"), "49.90 EUR"),
    "whole number": (offered(price=49, priceCurrency="EUR"), "49.00 EUR"),
    "decimal comma": (offered(price="49,90", priceCurrency="EUR"), "49.90 EUR"),
    "thousands": (offered(price="1,299.00", priceCurrency="EUR"), "1299.00 EUR"),
    "European thousands": (offered(price="1.299,00", priceCurrency="EUR"), "1299.00 EUR"),
    "apostrophe": (offered(price="1'299.00", priceCurrency="CHF"), "1299.00 CHF"),
    "no-break space": (offered(price="1\u00a0299,00", priceCurrency="EUR"), "1299.00 EUR"),
    "symbol in the price": (offered(price="€49.90"), "49.90 EUR"),
    "symbol and code": (offered(price="£49.90", priceCurrency="GBP"), "49.90 GBP"),
    "code in lower case": (offered(price="49.90", priceCurrency="eur"), "49.90 EUR"),
    "symbol as currency": (offered(price="49.90", priceCurrency="€"), "49.90 EUR"),
    "float noise": (offered(price=34.992001, priceCurrency="EUR"), "34.99 EUR"),
    "more float noise": (offered(price=19.989999999999998, priceCurrency="EUR"), "19.99 EUR"),
    "zero": (offered(price="0", priceCurrency="EUR"), ""),
    "empty": (offered(price="", priceCurrency="EUR"), ""),
    "null": (offered(price=None, priceCurrency="EUR"), ""),
    "negative": (offered(price="-5.00", priceCurrency="EUR"), ""),
    "infinite": (offered(price="1e999", priceCurrency="EUR"), ""),
    "no currency": (offered(price="49.90"), ""),
    "specification": (offered(priceSpecification=SPECIFICATION), "49.90 EUR"),
    "specifications in a list": (offered(priceSpecification=[SPECIFICATION]), "49.90 EUR"),
    "struck price second": (offered(priceSpecification=[SPECIFICATION, STRUCK]), "49.90 EUR"),
    "struck price first": (offered(priceSpecification=[STRUCK, SPECIFICATION]), "49.90 EUR"),
    "struck price beside the price": (offered(price=49.9, priceCurrency="EUR", priceSpecification=STRUCK), "49.90 EUR"),
    "range of offers": (kettle(offers={"@type": "AggregateOffer", "lowPrice": "49.90", "highPrice": "79.90",
                                       "priceCurrency": "EUR"}), "49.90 EUR"),
    "range with a price": (kettle(offers={"@type": "AggregateOffer", "price": "49.90", "lowPrice": "49.90",
                                          "priceCurrency": "EUR"}), "49.90 EUR"),
    "offers in an aggregate": (kettle(offers={"@type": "AggregateOffer", "offers": [OFFER]}), "49.90 EUR"),
    "price on the product": (kettle(offers=None, price="49.90", priceCurrency="EUR"), "49.90 EUR"),
    "used offer first": (kettle(offers=[{**OFFER, "price": "20.00", "itemCondition": "UsedCondition"},
                                        {**OFFER, "itemCondition": "NewCondition"}]), "49.90 EUR"),
    "expired": (offered(price="49.90", priceCurrency="EUR", priceValidUntil="2019-01-01"), "49.90 EUR"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "price"), PRICES.values(), ids=PRICES)
def test_every_way_to_state_a_price_is_read(data: Any, price: str) -> None:
    """A price is what one piece costs now; without an amount or a currency there is none."""
    product = product_of(page(ld(data)))

    assert price_of(product) == price


def test_the_struck_price_is_the_regular_one() -> None:
    """A list price beside the price is kept apart from it."""
    product = product_of(page(ld(offered(priceSpecification=[SPECIFICATION, STRUCK]))))

    assert str(product.regular_price) == "69.90 EUR"


def test_a_product_group_gives_its_variants() -> None:
    """Each member of a group is a variant, and what differs between them is an option."""
    group = {
        "@type": "ProductGroup", "name": NAME, "productGroupID": "CK", "variesBy": ["https://schema.org/size"],
        "brand": {"name": "Wanderlite"},
        "hasVariant": [
            {"@type": "Product", "name": f"{NAME} {size}", "sku": f"CK-{size}", "size": size, "material": "Copper",
             "offers": {**OFFER, "price": price}}
            for size, price in (("S", "39.90"), ("M", "49.90"), ("L", "59.90"))
        ],
    }  # fmt: skip

    product = product_of(page(ld(group)))

    assert product.name == NAME
    assert [(variant.sku, variant.options, str(variant.price)) for variant in product.variants] == [
        ("CK-S", {"Size": "S"}, "39.90 EUR"),
        ("CK-M", {"Size": "M"}, "49.90 EUR"),
        ("CK-L", {"Size": "L"}, "59.90 EUR"),
    ]
    assert [(option.name, option.values) for option in product.options] == [("Size", ("S", "M", "L"))]


def test_variants_that_refer_to_their_group_are_its_own() -> None:
    """A group's members may stand beside it and be referred to."""
    members = [{"@type": "Product", "@id": f"#{size}", "name": f"{NAME} {size}", "size": size, "sku": f"CK-{size}",
                "isVariantOf": {"@id": "#g"}, "offers": OFFER} for size in "SM"]  # fmt: skip
    group = {"@type": "ProductGroup", "@id": "#g", "name": NAME, "hasVariant": [{"@id": "#S"}, {"@id": "#M"}]}

    product = product_of(page(ld({"@graph": [group, *members]})))

    assert [variant.options for variant in product.variants] == [{"Size": "S"}, {"Size": "M"}]


@pytest.mark.parametrize(
    ("image", "urls"),
    [
        ("https://a.example/1.jpg", ["https://a.example/1.jpg"]),
        (
            ["https://a.example/1.jpg", "https://a.example/2.jpg"],
            ["https://a.example/1.jpg", "https://a.example/2.jpg"],
        ),
        ({"@type": "ImageObject", "url": "https://a.example/1.jpg"}, ["https://a.example/1.jpg"]),
        ({"@type": "ImageObject", "contentUrl": "https://a.example/1.jpg"}, ["https://a.example/1.jpg"]),
        (
            [{"url": ["https://a.example/1.jpg"]}, "/2.jpg"],
            ["https://a.example/1.jpg", "https://shop.example.com/2.jpg"],
        ),
        ("//a.example/1.jpg", ["https://a.example/1.jpg"]),
        (["None", "", None, "https://a.example/1.jpg"], ["https://a.example/1.jpg"]),
        ("https://a.example/placeholder.gif", []),
        ({"@id": "https://a.example/1.jpg"}, ["https://a.example/1.jpg"]),
    ],
)
def test_every_way_to_state_a_picture_is_read(image: Any, urls: list[str]) -> None:
    """Pictures are texts, lists or objects; what is no picture is left out."""
    product = product_of(page(ld(kettle(image=image))))

    assert [picture.url for picture in product.images] == urls


@pytest.mark.parametrize(
    ("brand", "expected"),
    [
        ("Wanderlite", "Wanderlite"),
        ({"@type": "Brand", "name": "Wanderlite"}, "Wanderlite"),
        ({"@type": "Thing", "name": ["Wanderlite"]}, "Wanderlite"),
        (["Wanderlite", "Other"], "Wanderlite"),
        ([{"name": "Wanderlite"}], "Wanderlite"),
        ("Salt &amp; Co", "Salt & Co"),
        (None, None),
        ("", None),
        ("N/A", None),
        ({"@type": "Brand"}, None),
        ({"@type": "Brand", "name": None}, None),
        ({"@id": "#b"}, "Wanderlite"),
    ],
)
def test_every_way_to_state_a_brand_is_read(brand: Any, expected: str | None) -> None:
    """A brand is a text, an object or a list; placeholders are none."""
    product = product_of(page(ld(kettle(brand=brand), {"@id": "#b", "@type": "Brand", "name": "Wanderlite"})))

    assert product.brand == expected


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        ({"ratingValue": "4.5", "reviewCount": "12"}, "4.5/5 12"),
        ({"ratingValue": 4.5, "ratingCount": 12}, "4.5/5 12"),
        ({"ratingValue": "4,5", "reviewCount": "1.234"}, "4.5/5 1234"),
        ({"ratingValue": "9", "bestRating": "10"}, "9/10 None"),
        ({"ratingValue": 90, "bestRating": 100, "reviewCount": 3}, "90/100 3"),
        ({"ratingValue": 0, "reviewCount": 0}, ""),
        ({"ratingValue": "", "reviewCount": "12"}, ""),
        ({"ratingValue": "NaN"}, ""),
        ({"ratingValue": "4.5", "reviewCount": 0}, ""),
    ],
)
def test_every_way_to_state_a_rating_is_read(rating: dict[str, Any], expected: str) -> None:
    """A rating nobody gave is none."""
    found = product_of(page(ld(kettle(aggregateRating={"@type": "AggregateRating", **rating})))).rating

    assert (f"{found.value}/{found.best} {found.count}" if found else "") == expected


def test_text_is_decoded_and_html_becomes_lines() -> None:
    """Entities in names and markup in descriptions are not shown as such."""
    data = kettle(name="Salt &amp; Pepper &quot;Set&quot;", description="<p>One</p><p>Two &amp; three</p>")

    product = product_of(page(ld(data), title='Salt & Pepper "Set"'))

    assert product.name == 'Salt & Pepper "Set"'
    assert product.description == "One\nTwo & three"


def test_the_trail_is_read_in_the_order_of_its_positions() -> None:
    """A BreadcrumbList gives the categories above the product."""
    steps = [{"@type": "ListItem", "position": place, "item": {"@id": f"/{name}", "name": name}}
             for place, name in ((3, "Kettles"), (1, "Home"), (2, "Kitchen"), (4, NAME))]  # fmt: skip

    product = product_of(page(ld(KETTLE, {"@type": "BreadcrumbList", "itemListElement": steps})))

    assert product.breadcrumbs == ("Kitchen", "Kettles")


def test_the_condition_and_codes_of_the_only_offer_count() -> None:
    """What the single offer states of the goods is the product's."""
    offer = {**OFFER, "itemCondition": "https://schema.org/RefurbishedCondition", "mpn": "WL-CK-150"}

    product = product_of(page(ld(kettle(offers=offer))))

    assert product.condition is Condition.REFURBISHED
    assert product.mpn == "WL-CK-150"


def test_additional_properties_are_attributes() -> None:
    """Named values, with their units, are listed."""
    properties = [{"@type": "PropertyValue", "name": "Volume", "value": 1.5, "unitText": "l"}, {"name": "Empty"}]

    product = product_of(page(ld(kettle(additionalProperty=properties))))

    assert ("Volume", "1.5 l") in product.attributes
    assert "Empty" not in dict(product.attributes)


def test_the_address_of_the_page_stays_its_own() -> None:
    """The product's address is the page's, whatever the markup links to."""
    product = product_of(page(ld(kettle(url="https://elsewhere.example/x")), PROSE))

    assert product.url == URL


def test_an_ean_in_the_part_numbers_place_is_a_gtin() -> None:
    """A valid EAN that markup states as the part number identifies the product."""
    without = {key: value for key, value in KETTLE.items() if key != "gtin13"}

    assert product_of(shop_page(ld(without | {"mpn": GTIN}))).gtin == GTIN
    assert product_of(shop_page(ld(without | {"mpn": "4006381333932"}))).gtin is None
