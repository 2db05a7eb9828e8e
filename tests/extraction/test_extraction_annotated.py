"""Microdata, RDFa and Open Graph: annotated elements read like any other markup."""

import pytest

from cartage.extraction.document import parse
from cartage.extraction.sources import microdata, open_graph, rdfa
from cartage.model.product import Availability, Condition
from tests.extraction.pages import GTIN, NAME, URL, page, price_of, product_of

MICRODATA = f"""
<div itemscope itemtype="https://schema.org/Product">
  <span itemprop="name">{NAME}</span>
  <meta itemprop="sku" content="CK-150"><meta itemprop="gtin13" content="{GTIN}">
  <div itemprop="brand" itemscope itemtype="https://schema.org/Brand"><b itemprop="name">Wanderlite</b></div>
  <link itemprop="image" href="/img/kettle.jpg">
  <div itemprop="description"><p>Hammered <b>copper</b>.</p><p>Wooden handle.</p></div>
  <div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
    <meta itemprop="priceCurrency" content="EUR"><meta itemprop="price" content="49.90">
    <link itemprop="availability" href="https://schema.org/InStock">
    <link itemprop="itemCondition" href="https://schema.org/NewCondition">
  </div>
  <div itemprop="aggregateRating" itemscope itemtype="https://schema.org/AggregateRating">
    <span itemprop="ratingValue">4.5</span>
    of <span itemprop="bestRating">5</span> (<span itemprop="reviewCount">12</span>)
  </div>
</div>"""
RDFA = f"""
<div vocab="https://schema.org/" typeof="Product">
  <span property="name">{NAME}</span>
  <meta property="sku" content="CK-150"><meta property="gtin13" content="{GTIN}">
  <div property="brand" typeof="Brand"><b property="name">Wanderlite</b></div>
  <img property="image" src="/img/kettle.jpg">
  <div property="description"><p>Hammered <b>copper</b>.</p><p>Wooden handle.</p></div>
  <div property="offers" typeof="Offer">
    <meta property="priceCurrency" content="EUR"><meta property="price" content="49.90">
    <link property="availability" href="https://schema.org/InStock">
    <link property="itemCondition" href="https://schema.org/NewCondition">
  </div>
  <div property="aggregateRating" typeof="AggregateRating">
    <span property="ratingValue">4.5</span>
    of <span property="bestRating">5</span> (<span property="reviewCount">12</span>)
  </div>
</div>"""
FORMS = {
    "microdata": MICRODATA,
    "microdata with a plain http type": MICRODATA.replace("https://schema.org", "http://schema.org"),
    "microdata with a www type": MICRODATA.replace("https://schema.org", "http://www.schema.org"),
    "microdata with a lower-case type": MICRODATA.replace("schema.org/Product", "schema.org/product"),
    "microdata with two types": MICRODATA.replace("schema.org/Product", "schema.org/Product https://schema.org/Car"),
    "microdata within a web page": f'<div itemscope itemtype="https://schema.org/WebPage">{MICRODATA}</div>',
    "microdata as main entity": '<div itemscope itemtype="https://schema.org/ItemPage">'
    + MICRODATA.replace("<div itemscope", '<div itemprop="mainEntity" itemscope', 1)
    + "</div>",
    "microdata with an address for a property": MICRODATA.replace(
        'itemprop="sku"', 'itemprop="https://schema.org/sku"'
    ),
    "RDFa": RDFA,
    "RDFa with prefixes": RDFA.replace('typeof="', 'typeof="schema:').replace('property="', 'property="schema:'),
}


@pytest.mark.parametrize("markup", FORMS.values(), ids=FORMS)
def test_annotated_elements_give_the_product(markup: str) -> None:
    """Nested items, contents, links and texts are all read."""
    product = product_of(page(body=markup))

    assert product.name == NAME
    assert price_of(product) == "49.90 EUR"
    assert (product.sku, product.gtin, product.brand) == ("CK-150", GTIN, "Wanderlite")
    assert product.availability is Availability.IN_STOCK
    assert product.condition is Condition.NEW
    assert product.description == "Hammered copper.\nWooden handle."
    assert [image.url for image in product.images] == ["https://shop.example.com/img/kettle.jpg"]
    assert product.rating
    assert f"{product.rating.value} {product.rating.count}" == "4.5 12"


def test_an_item_within_an_item_keeps_its_own_properties() -> None:
    """The brand's name and a review's author are not the product's name."""
    review = (
        '<div itemprop="review" itemscope itemtype="https://schema.org/Review"><b itemprop="name">Love it</b></div>'
    )
    markup = MICRODATA.replace(f'<span itemprop="name">{NAME}</span>', f'{review}<span itemprop="name">{NAME}</span>')

    statements = microdata.read(parse(page(body=markup), URL))

    names = [[claim.value for claim in statement.name] for statement in statements]
    assert names == [[NAME]]


def test_two_products_are_two_statements() -> None:
    """Products beside each other do not share a property."""
    other = MICRODATA.replace(NAME, "Tin Cup").replace("49.90", "9.90").replace("CK-150", "TC-1")

    statements = microdata.read(parse(page(body=MICRODATA + other), URL))

    stated = [(each.name[0].value, each.price[0].value.text, each.sku[0].value) for each in statements]
    assert stated == [(NAME, "49.90", "CK-150"), ("Tin Cup", "9.90", "TC-1")]


def test_a_price_repeated_is_read_once() -> None:
    """Of a price stated many times in one offer the first counts."""
    first = '<meta itemprop="price" content="49.90">'
    more = '<span itemprop="price">€49.90</span><span itemprop="price">69.90</span>'
    repeated = MICRODATA.replace(first, first + more)

    assert price_of(product_of(page(body=repeated))) == "49.90 EUR"


@pytest.mark.parametrize(
    "element",
    [
        '<span itemprop="price">49,90 €</span>', '<span itemprop="price" content="49.90">nur 49,90</span>',
        '<data itemprop="price" value="49.90">49,90 €</data>', '<meter itemprop="price" value="49.90"></meter>',
        '<span itemprop="price"><b>49</b>,90</span>', '<span itemprop="price">1.049,90</span>',
    ],
)  # fmt: skip
def test_a_price_may_be_content_value_or_text(element: str) -> None:
    """What the attribute says comes before what the element shows."""
    markup = MICRODATA.replace('<meta itemprop="price" content="49.90">', element)

    found = microdata.read(parse(page(body=markup, lang="de"), URL))[0].price

    assert len(found) == 1
    assert found[0].value.text.replace(" ", "")[:5] in ("49,90", "49.90", "1.049")


def test_rdfa_and_microdata_do_not_read_each_other() -> None:
    """Each syntax states only what is written in it."""
    document = parse(page(body=MICRODATA), URL)

    assert microdata.read(document) != []
    assert rdfa.read(document) == []


OPEN_GRAPH = f"""<meta property="og:type" content="product"><meta property="og:title" content="{NAME}">
<meta property="og:image" content="//shop.example.com/img/kettle.jpg"><meta property="og:description" content="Copper.">
<meta property="product:price:amount" content="49.90"><meta property="product:price:currency" content="EUR">
<meta property="product:availability" content="in stock"><meta property="product:brand" content="Wanderlite">
<meta property="product:retailer_item_id" content="CK-150"><meta property="product:condition" content="new">
<meta property="product:ean" content="{GTIN}">"""


@pytest.mark.parametrize("attribute", ["property", "name"])
def test_open_graph_gives_the_product(attribute: str) -> None:
    """Meta elements for social networks count, whichever attribute names them."""
    product = product_of(page(OPEN_GRAPH.replace("property=", f"{attribute}="), "<button>Add to cart</button>"))

    assert price_of(product) == "49.90 EUR"
    assert (product.brand, product.sku, product.gtin) == ("Wanderlite", "CK-150", GTIN)
    assert (product.availability, product.condition) == (Availability.IN_STOCK, Condition.NEW)
    assert product.images[0].url == "https://shop.example.com/img/kettle.jpg"


def test_the_sale_price_of_open_graph_is_the_price() -> None:
    """A sale amount comes before the standard one."""
    sale = '<meta property="product:sale_price:amount" content="39.90">'

    product = product_of(page(OPEN_GRAPH + sale, "<button>Add to cart</button>"))

    assert price_of(product) == "39.90 EUR"


def test_a_page_without_meta_states_nothing() -> None:
    """No element, no claim."""
    statement = open_graph.read(parse("<p>Hello", URL))[0]

    assert (statement.name, statement.price, statement.images) == ([], [], [])
