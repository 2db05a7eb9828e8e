"""Amazon's pages, read at the places whose ids have been stable for years."""

import json

import pytest

from cartage.model.evidence import Source
from cartage.model.product import Availability
from tests.extraction.pages import NAME, price_of, product_of, read

AMAZON_URL = "https://www.amazon.com/Copper-Kettle/dp/B000TEST01/ref=sr_1_1"
WHOLE = (
    '<span class="a-price priceToPay"><span class="a-offscreen">{shown}</span><span aria-hidden="true">'
    '<span class="a-price-symbol">$</span><span class="a-price-whole">49<span class="a-price-decimal">.</span></span>'
    '<span class="a-price-fraction">90</span></span></span>'
)
GALLERY = [
    {
        "hiRes": "https://m.media-amazon.com/images/I/71aaaaaaaaL._AC_SL1500_.jpg",
        "large": "https://m.media-amazon.com/images/I/41aaaaaaaaL.jpg",
    },
    {"hiRes": None, "large": "https://m.media-amazon.com/images/I/41bbbbbbbbL.jpg"},
]


def amazon(shown: str = "$49.90", stock: str = "In Stock") -> str:
    """Write a product page with Amazon's ids."""
    return f"""<!doctype html><html lang="en-us"><head><title>Amazon.com: {NAME}</title>
<link rel="canonical" href="https://www.amazon.com/Copper-Kettle/dp/B000TEST01"></head><body><div id="dp">
<div id="wayfinding-breadcrumbs_feature_div"><ul>
<li><a>Home &amp; Kitchen</a></li><li>›</li><li><a>Kettles</a></li></ul></div>
<span id="productTitle">  {NAME}  </span>
<a id="bylineInfo" href="/stores/x">Visit the Wanderlite Store</a>
<span id="acrPopover" title="4.5 out of 5 stars"></span>
<span id="acrCustomerReviewText">1,234 ratings</span>
<div id="corePriceDisplay_desktop_feature_div">{WHOLE.format(shown=shown)}
<span class="basisPrice">List:
<span class="a-price a-text-price"><span class="a-offscreen">$69.90</span></span></span></div>
<div id="availability"><span>{stock}</span></div><input id="add-to-cart-button" type="submit" value="Add to Cart">
<div id="feature-bullets"><ul><li>Hammered copper</li>
<li>Wooden handle, stays cool even on a long boil</li></ul></div>
<img id="landingImage" src="https://m.media-amazon.com/images/I/41aaaaaaaaL.jpg" data-old-hires="{GALLERY[0]["hiRes"]}">
<table id="productDetails_techSpec_section_1"><tr><th>Material</th><td>\u200eCopper</td></tr>
<tr><th>Item model number</th><td>\u200eWL-CK-150</td></tr></table>
<script type="text/javascript">var data = {{ 'colorImages': {{ 'initial': {json.dumps(GALLERY)}}}, 'x': 1 }};</script>
<p>This kettle is made by hand in a small workshop, boils water for six cups and keeps warm for a long time.</p>
</div></body></html>"""


def test_an_amazon_page_gives_the_product() -> None:
    """Name, maker, prices, stock, rating, pictures and details stand in the places Amazon keeps them."""
    product = product_of(amazon(), AMAZON_URL)

    assert (product.name, product.brand, product.sku) == (NAME, "Wanderlite", "B000TEST01")
    assert (price_of(product), str(product.regular_price)) == ("49.90 USD", "69.90 USD")
    assert product.availability is Availability.IN_STOCK
    assert product.rating
    assert f"{product.rating.value} {product.rating.count}" == "4.5 1234"
    assert product.breadcrumbs == ("Home & Kitchen", "Kettles")
    assert len(product.images) == 2
    assert ("Material", "Copper") in product.attributes


def test_a_price_in_three_elements_is_one_price() -> None:
    """Where only the parts are written, whole, point and cents make the price."""
    assert price_of(product_of(amazon(shown=" "), AMAZON_URL)) == "49.90 USD"


@pytest.mark.parametrize(
    ("text", "availability"),
    [
        ("Currently unavailable. We don't know when or if this item will be back.", Availability.OUT_OF_STOCK),
        ("In Stock", Availability.IN_STOCK),
    ],
)
def test_amazons_words_on_stock_are_read(text: str, availability: Availability) -> None:
    """The availability line decides."""
    assert product_of(amazon(stock=text), AMAZON_URL).availability is availability


def test_amazons_ids_mean_nothing_on_another_host() -> None:
    """The places count only where they are Amazon's."""
    extraction = read(amazon(), "https://shop.example.com/products/kettle")

    sources = {entry.source for entries in extraction.evidence.values() for entry in entries}
    assert Source.PLATFORM not in sources
