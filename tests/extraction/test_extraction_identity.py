"""Identity: facts of other products on the page are never spliced in."""

import json
from typing import Any

import pytest

from cartage.model.product import Product
from tests.extraction.pages import KETTLE, NAME, URL, ld, page, price_of, product_of, shop_page
from tests.extraction.test_extraction_annotated import MICRODATA

FOREIGN = {
    "Tin Cup", "Cupmetal", "TC-1", "7.31", "Cupworks", "4012345678901", "A cup of tin.", "777", "cup.jpg", "OutOfStock",
    "UsedCondition",
}  # fmt: skip
CUP: dict[str, Any] = {
    "@context": "https://schema.org", "@type": "Product", "name": "Tin Cup", "sku": "TC-1", "mpn": "CW-TC-1",
    "gtin13": "4012345678901", "description": "A cup of tin.", "brand": "Cupworks", "material": "Cupmetal",
    "image": "https://shop.example.com/img/cup.jpg", "url": "https://shop.example.com/products/tin-cup",
    "offers": {"@type": "Offer", "price": "7.31", "priceCurrency": "EUR", "availability": "https://schema.org/OutOfStock",
               "itemCondition": "https://schema.org/UsedCondition"},
    "aggregateRating": {"ratingValue": 1.5, "reviewCount": 777},
}  # fmt: skip
BARE = {"@context": "https://schema.org", "@type": "Product", "name": NAME, "sku": "CK-150"}
CUPS = [CUP | {"name": f"Tin Cup {size}", "sku": f"TC-{size}"} for size in "SMLX"]
LISTED = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": cup} for cup in CUPS]}


def is_pure(product: Product) -> bool:
    """Tell whether nothing of the cup is in a product."""
    told = product.model_dump_json(exclude={"url", "canonical_url"})
    return not any(
        json.dumps(text)[1:-1] in told for text in [*FOREIGN, "777", "cup.jpg", "OutOfStock", "UsedCondition"]
    )


SITUATIONS = {
    "a related product before": ld(CUP, BARE),
    "a related product after": ld(BARE, CUP),
    "related by name": ld(BARE | {"isRelatedTo": [CUP]}),
    "similar by name": ld(BARE | {"isSimilarTo": CUP}),
    "an accessory": ld(BARE | {"isAccessoryOrSparePartFor": CUP}),
    "a list after": ld(BARE, LISTED),
    "a list before": ld(LISTED, BARE),
    "a list in a graph": ld({"@graph": [LISTED, BARE]}),
    "a list in a web page": ld({"@type": "WebPage", "mainEntity": BARE, "hasPart": LISTED}),
    "many products": ld([*CUPS, BARE]),
    "a review of another product": ld(BARE | {"review": {"@type": "Review", "itemReviewed": CUP, "name": "Fine"}}),
    "an offer of another product": ld(BARE | {"offers": {"@type": "Offer", "itemOffered": CUP}}),
}
ALONE = {"only a related product": ld(CUP), "only a list of others": ld(LISTED)}


@pytest.mark.parametrize("head", SITUATIONS.values(), ids=SITUATIONS)
def test_another_products_markup_is_left_out(head: str) -> None:
    """Neither price, number, picture, maker, stock nor rating of another product is taken."""
    product = product_of(shop_page(head, "", more="<p>In a box.</p>"))

    assert product.name == NAME
    assert is_pure(product), product.model_dump(exclude_defaults=True)


@pytest.mark.parametrize("head", ALONE.values(), ids=ALONE)
def test_markup_of_others_alone_does_not_rename_the_page(head: str) -> None:
    """Where the page's own product has no markup, that of another one is not taken for it."""
    product = product_of(shop_page(head, "", more="<p>In a box.</p>"))

    assert product.name == NAME
    assert is_pure(product)


@pytest.mark.parametrize("first", [True, False])
def test_the_pages_own_product_is_taken_wherever_it_stands(*, first: bool) -> None:
    """Of several products in the markup the one that the page is about is read whole."""
    blocks = [KETTLE, CUP] if first else [CUP, KETTLE]

    product = product_of(page(ld(*blocks)))

    assert (product.name, product.sku, price_of(product)) == (NAME, "CK-150", "49.90 EUR")
    assert is_pure(product)


def test_related_products_in_microdata_are_left_out() -> None:
    """Cards annotated as products of their own do not mix with the page's."""
    card = (
        MICRODATA.replace(NAME, "Tin Cup").replace("49.90", "7.31").replace("CK-150", "TC-1").replace("kettle", "cup")
    )
    cards = card.replace("Wanderlite", "Cupworks").replace("4006381333931", "4012345678901") * 6

    product = product_of(page(body=f"{MICRODATA}<section class=related><h2>You may also like</h2>{cards}</section>"))

    assert (product.name, product.sku, price_of(product)) == (NAME, "CK-150", "49.90 EUR")
    assert is_pure(product)


CARD = (
    '<li class="product-card"><a href="/products/tin-cup-{n}"><img src="/img/cup.jpg" width=300 height=300>'
    '<h3>Tin Cup {n}</h3><span class="price">€7.31</span></a><button>Add to cart</button></li>'
)


@pytest.mark.parametrize("count", [1, 4, 12])
@pytest.mark.parametrize("heading", ["You may also like", "Related products", "Customers also bought"])
def test_a_carousel_is_left_out(heading: str, count: int) -> None:
    """Cards below the product give neither price nor picture."""
    cards = "".join(CARD.format(n=number) for number in range(count))

    product = product_of(shop_page(more=f"<section class=recommendations><h2>{heading}</h2><ul>{cards}</ul></section>"))

    assert (product.name, price_of(product)) == (NAME, "49.90 EUR")
    assert is_pure(product), product.model_dump(exclude_defaults=True)


def test_state_of_other_products_is_left_out() -> None:
    """A state that lists many products gives only the one named like the page."""
    listed = [{"name": cup["name"], "sku": cup["sku"], "price": "7.31", "currency": "EUR"} for cup in CUPS]
    own = {"name": NAME, "sku": "CK-150", "price": "49.90", "currency": "EUR", "brand": "Wanderlite"}
    text = json.dumps({"products": [*listed, own, *listed]})

    product = product_of(page(body=f"<script>window.__STATE__ = {text};</script>"))

    assert (product.sku, price_of(product)) == ("CK-150", "49.90 EUR")
    assert is_pure(product)


def variant(size: str, price: str) -> dict[str, Any]:
    """Give a variant's node with its own address."""
    url = f"{URL}?variant={size}"
    offer = {**KETTLE["offers"], "price": price, "url": url}
    return {
        "@type": "Product",
        "name": f"{NAME} {size}",
        "sku": f"CK-{size}",
        "size": size,
        "url": url,
        "offers": offer,
    }


@pytest.mark.parametrize(("size", "price"), [("S", "39.90 EUR"), ("M", "49.90 EUR"), ("L", "59.90 EUR")])
def test_the_address_chooses_the_variant(size: str, price: str) -> None:
    """With `?variant=` the price and number are those of the variant at that address."""
    group = {"@type": "ProductGroup", "name": NAME, "url": URL, "productGroupID": "CK",
             "hasVariant": [variant("S", "39.90"), variant("M", "49.90"), variant("L", "59.90")]}  # fmt: skip

    product = product_of(page(ld(group)), f"{URL}?variant={size}&utm_source=mail")

    assert (price_of(product), product.sku) == (price, f"CK-{size}")
    assert len(product.variants) == 3


@pytest.mark.parametrize(("size", "price"), [("S", "39.90 EUR"), ("M", "49.90 EUR"), ("L", "59.90 EUR")])
def test_the_address_chooses_the_offer(size: str, price: str) -> None:
    """Where one product lists an offer for each variant, the one at the page's address gives the price."""
    offers = [{**variant(each, amount)["offers"], "sku": f"CK-{each}"}
              for each, amount in (("S", "39.90"), ("M", "49.90"), ("L", "59.90"))]  # fmt: skip

    product = product_of(page(ld(KETTLE | {"offers": offers})), f"{URL}?variant={size}")

    assert price_of(product) == price
