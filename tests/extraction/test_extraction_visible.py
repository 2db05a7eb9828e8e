"""What a shopper sees: the price among other amounts, and the facts that no markup states."""

import gc
import json

import pytest

from cartage.model.product import Availability
from tests.extraction.pages import KETTLE, NAME, ld, page, price_of, product_of, read, shop_page

BUTTON = "<button>Add to cart</button>"
PICTURE = '<div class="gallery"><img src="/img/kettle.jpg" width="800" alt="Copper Kettle 1.5 l"></div>'


def seen(price: str, *, lang: str = "en", button: str = BUTTON, more: str = "") -> str:
    """Write a page without markup that shows a price block, a picture and a buy button."""
    return page(body=f"{PICTURE}<div>{price}</div>{button}{more}", lang=lang)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        # an amount that is not the price stands beside the one that is
        ('<p class="price">€49.90</p><p>Free shipping on orders over €75</p>', "49.90 EUR"),
        ('<p>Free delivery over €25</p><p class="price">€49.90</p>', "49.90 EUR"),
        ('<p class="price">€49.90</p><p>or 4 payments of €12.48</p>', "49.90 EUR"),
        ('<p class="price">€49.90</p><p class="unit-price">€33.27 / l</p>', "49.90 EUR"),
        ('<p class="price">€49.90</p><p>Members pay €44.90 with club card</p>', "49.90 EUR"),
        ('<p class="price">€49.90</p><p class="price-excl-tax">€41.93 excl. VAT</p>', "49.90 EUR"),
        ('<p class="price">€49.90</p><p>You save €20.00</p>', "49.90 EUR"),
        ('<p class="price">€49.90</p><p>Open-box from €39.90</p>', "49.90 EUR"),
        ('<p class="price">€49.90</p><p>Shipping: €4.95</p>', "49.90 EUR"),
        # a former price
        ('<p class="price"><del>€69.90</del> <ins>€49.90</ins></p>', "49.90 EUR"),
        ('<p class="price"><s>€69.90</s> <span>€49.90</span></p>', "49.90 EUR"),
        ('<p class="price"><span class="old-price">€69.90</span><span class="special-price">€49.90</span></p>', "49.90 EUR"),
        ('<p class="price">Was €69.90 <b>Now €49.90</b></p>', "49.90 EUR"),
        ('<p class="price"><span style="text-decoration: line-through">€69.90</span> €49.90</p>', "49.90 EUR"),
        ('<p class="price"><span>UVP 69,90 €</span> <strong>49,90 €</strong></p>', "49.90 EUR"),
        ('<p class="price"><span>statt 69,90 €</span> <strong>49,90 €</strong></p>', "49.90 EUR"),
        ('<p class="price"><span>Prix conseillé 69,90 €</span> <strong>49,90 €</strong></p>', "49.90 EUR"),
        ('<p class="price"><span>Antes 69,90 €</span> <strong>49,90 €</strong></p>', "49.90 EUR"),
        # how the amount itself is written
        ('<p class="price">€49<sup>90</sup></p>', "49.90 EUR"),
        ('<p class="price"><span>49</span><span class="cents">90</span> €</p>', "49.90 EUR"),
        ('<p class="price">1.249,90 €</p>', "1249.90 EUR"),
        ('<p class="price">kr 1 249,00 NOK</p>', "1249.00 NOK"),
        ('<p class="price">1 249 zł</p>', "1249.00 PLN"),
        ('<p class="price">2 490 р.</p>', "2490.00 RUB"),
        ('<p class="price">₹1,24,999</p>', "124999.00 INR"),
        ('<p class="price">١٬٢٤٩٫٠٠ ر.س</p>', "1249.00 SAR"),
        ('<p class="price">58,00 € – 72,00 €</p>', "58.00 EUR"),
        ('<p class="price">From £19.50</p>', "19.50 GBP"),
    ],
)  # fmt: skip
def test_the_price_is_what_a_shopper_pays_now(shown: str, expected: str) -> None:
    """Of the amounts on a page without markup the product's own present price is read."""
    product = product_of(seen(shown))

    assert price_of(product) == expected


@pytest.mark.parametrize(
    "shelf",
    [
        '<section class="related-products"><h2>You may also like</h2>{cards}</section>',
        '<div class="upsell"><h3>Customers also bought</h3>{cards}</div>',
        '<section><p class="h5 upper">You might also like</p>{cards}</section>',
        "<section><h2>16 other products in the same category:</h2>{cards}</section>",
        "<aside>{cards}</aside>",
        '<div class="recently-viewed-carousel">{cards}</div>',
    ],
)
def test_other_products_prices_are_not_the_products(shelf: str) -> None:
    """A page that shows no price of its own takes none from the shelf below."""
    cards = "".join(
        f'<div class="card"><a href="/p/{n}">Pan {n}</a><p class="price">€{n}9.00</p></div>' for n in range(2, 8)
    )

    product = product_of(seen("<p>Ask in the shop.</p>", more=shelf.format(cards=cards)))

    assert product.price is None


def test_the_former_price_is_kept() -> None:
    """A struck price beside the present one is the regular price."""
    product = product_of(seen('<p class="price"><del>€69.90</del> <ins>€49.90</ins></p>'))

    assert product.regular_price
    assert str(product.regular_price) == "69.90 EUR"


@pytest.mark.parametrize(
    ("shown", "button", "expected"),
    [
        ('<p class="stock">In stock</p>', BUTTON, Availability.IN_STOCK),
        ('<p class="stock">Out of stock</p>', "<button disabled>Add to cart</button>", Availability.OUT_OF_STOCK),
        ('<p class="availability">Derzeit nicht verfügbar</p>', "", Availability.OUT_OF_STOCK),
        ("", '<input type="submit" value="Udsolgt" disabled>', Availability.OUT_OF_STOCK),
        ("", '<img src="/b/7.gif" alt="Sold Out">', Availability.OUT_OF_STOCK),
        ("<div>Rupture de stock</div>", "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Není skladem</p>', "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Brak na stanie</p>', "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Fuera de stock</p>', "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Sin existencias</p>', "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Sem estoque</p>', "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Ikke på lager</p>', "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Nincs raktáron</p>', "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Nu este în stoc</p>', "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Не в наличии, закончился</p>', "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Нема на складі</p>', "", Availability.OUT_OF_STOCK),
        ('<p class="stock">Derniers articles en stock</p>', "", Availability.IN_STOCK),
        ('<p class="stock">Ultimi articoli in magazzino</p>', "", Availability.IN_STOCK),
        ("<p>Availability: Out of stock</p>", BUTTON, Availability.OUT_OF_STOCK),
        ("<p>Nicht auf Lager</p>", "", Availability.OUT_OF_STOCK),
        ("", "<button>Sold out</button>", Availability.OUT_OF_STOCK),
        ("", "<button>Pre-order now</button>", Availability.PRE_ORDER),
        ("", "<button>In den Warenkorb</button>", Availability.IN_STOCK),
        ("", "<button>أضف إلى السلة</button>", Availability.IN_STOCK),
        ("", "<button>カートに入れる</button>", Availability.IN_STOCK),
    ],
)
def test_stock_is_what_the_buy_area_says(shown: str, button: str, expected: Availability) -> None:
    """Words beside the button, and the button itself, say whether the product can be bought."""
    product = product_of(seen(f'<p class="price">€49.90</p>{shown}', button=button))

    assert product.availability is expected


def test_labelled_facts_are_read_from_a_table() -> None:
    """Codes, brand and attributes are read from a table of details, each with its label's meaning."""
    rows = {"Brand": "Wanderlite", "SKU": "CK-150-CU", "EAN": "4006381333931", "MPN": "WL-77", "Material": "Copper"}
    table = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in rows.items())

    product = product_of(seen('<p class="price">€49.90</p>', more=f"<table>{table}</table>"))

    assert (product.brand, product.sku, product.gtin, product.mpn) == (
        "Wanderlite",
        "CK-150-CU",
        "4006381333931",
        "WL-77",
    )
    assert ("Material", "Copper") in product.attributes


@pytest.mark.parametrize(
    "rows",
    [
        "<div class=spec-title>Material</div><div class=spec-value>Copper</div>",
        "<span class='specification--title'>Material</span><span class='specification--desc'>Copper</span>",
        "<div class=product-feature__label>Material:</div><div class=product-feature__value>Copper</div>",
        "<table class=attributes><tr><th>Material</th><td>Copper</td></tr></table>",
    ],
)
def test_attributes_are_read_from_elements_named_as_pairs(rows: str) -> None:
    """A label and a value that their author named alike are an attribute, without any table."""
    product = product_of(seen('<p class="price">€49.90</p>', more=f"<div>{rows}</div>"))

    assert ("Material", "Copper") in product.attributes


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<table><tr><th>Verfügbarkeit</th><td>ausverkauft</td></tr></table>", Availability.OUT_OF_STOCK),
        ("<dl><dt>在庫</dt><dd>売り切れ</dd></dl>", Availability.OUT_OF_STOCK),
        ("<ul><li>Lagerbestand: 14 Stück</li></ul>", Availability.IN_STOCK),
        ("<ul><li>Stock: 0</li></ul>", Availability.OUT_OF_STOCK),
        ("<p>Esgotado</p>", Availability.OUT_OF_STOCK),
        ("<p>Out-of-Stock</p>", Availability.OUT_OF_STOCK),
        ("<p class=stock-note>Disponibile su ordinazione</p>", Availability.BACK_ORDER),
    ],
)
def test_stock_is_what_a_labelled_fact_or_a_lone_phrase_says(said: str, expected: Availability) -> None:
    """Where no button sells, a fact labelled as stock or a phrase by itself says whether the product can be bought."""
    product = product_of(seen(f'<p class="price">€49.90</p>{said}', button=""))

    assert product.availability is expected


@pytest.mark.parametrize(
    "line",
    [
        "Item #: CK-150-CU",
        "Art.-Nr.: CK-150-CU",
        "Référence : CK-150-CU",
        "Product Code - CK-150-CU",
        "Bestellnummer CK-150-CU",
        "SKU: CK-COPPER",
        "<b>Артикул:</b> ЧМ-150",
    ],
)
def test_a_code_is_read_from_its_line(line: str) -> None:
    """A labelled code in running text is the SKU, whatever stands between label and code."""
    product = product_of(seen('<p class="price">€49.90</p>', more=f"<p>{line}</p>"))

    assert product.sku in ("CK-150-CU", "CK-COPPER", "ЧМ-150")


def test_the_trail_is_read_without_home_and_product() -> None:
    """Breadcrumbs are the categories alone."""
    trail = '<nav class="breadcrumb"><a href="/">Home</a> › <a href="/k">Kitchen</a> › <a href="/k/t">Tea</a> › Copper Kettle 1.5 l</nav>'

    product = product_of(f"{seen('<p class=price>€49.90</p>')}".replace("<main>", f"{trail}<main>"))

    assert product.breadcrumbs == ("Kitchen", "Tea")


def test_the_rating_is_read_where_it_is_shown() -> None:
    """Stars near the title, with their count, are the rating."""
    stars = '<div class="rating" aria-label="4.6 out of 5 stars"><span>(318 reviews)</span></div>'

    product = product_of(seen(f'{stars}<p class="price">€49.90</p>'))

    assert product.rating
    assert (str(product.rating.value), product.rating.count) == ("4.6", 318)


def test_the_main_picture_is_the_gallerys() -> None:
    """Logos and other products' pictures are not the product's."""
    more = '<section class="related"><img src="/img/pan.jpg" width="800" alt="Pan"></section>'

    product = product_of(f'<img src="/logo.png" width="120" alt="Shop">{seen("<p class=price>€49.90</p>", more=more)}')

    assert [image.url for image in product.images] == ["https://shop.example.com/img/kettle.jpg"]


def test_the_description_is_the_block_that_is_named_so() -> None:
    """Text under a block called description is the description, as text and as safe HTML."""
    block = (
        '<div class="product-description"><p>Hammered by <b>hand</b> in a small workshop.</p><script>x()</script></div>'
    )

    product = product_of(seen('<p class="price">€49.90</p>', more=block))

    assert product.description == "Hammered by hand in a small workshop."
    assert product.description_html
    assert "<b>hand</b>" in product.description_html
    assert "script" not in product.description_html


def test_a_full_description_beats_a_teaser() -> None:
    """What markup copies from the meta description gives way to the text that a shopper reads."""
    prose = "Hammered by hand in a small workshop, it boils water for six cups and keeps it warm for an hour. " * 4
    teaser = {"@type": "Product", "name": NAME, "description": "A kettle of copper."}
    head = '<meta property="og:description" content="A kettle of copper.">' + ld(teaser)

    product = product_of(
        head
        + seen('<p class="price">€49.90</p>', more=f'<div id="description"><h2>Description</h2><p>{prose}</p></div>')
    )

    assert product.description == prose.strip()


def test_a_page_is_freed_as_soon_as_it_was_read() -> None:
    """Nothing of a page refers to itself in a ring, which would stay until the collector looks for it."""
    furniture = (
        '<nav role="navigation" aria-label="Shop"><a href="/">Home</a></nav><div class="related-products">More</div>'
    )
    html = shop_page(ld(KETTLE) + f"<script>state = {{product: {json.dumps(KETTLE)}}}</script>", more=furniture)
    read(html)
    gc.collect()
    gc.disable()
    try:
        read(html)
        left = gc.collect()
    finally:
        gc.enable()
    assert left == 0
