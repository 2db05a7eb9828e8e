"""What themes of shop software have in common, read without any markup."""

from decimal import Decimal

import pytest

from cartage.model.evidence import Verdict
from cartage.model.product import Availability
from tests.extraction.pages import NAME, page, price_of, product_of, read

PRICE, BUTTON = '<p class="price">€49.90</p>', "<button>Add to cart</button>"
PICTURE = '<div class="gallery"><img src="/img/kettle.jpg" width="800"></div>'
CARD = (
    '<li class="tile"><a href="/item/{0}"><img src="/img/{0}.jpg" width=300><h2>Pan {0}</h2>'
    '<span class="price">€{0}.90</span></a><button>Add to cart</button></li>'
)


def _page_of(title: str, body: str, *, head: str = "Hearth") -> str:
    return f"<!doctype html><title>{title} | {head}</title><main><h1>{title}</h1>{body}</main>"


@pytest.mark.parametrize("cards", [1, 3])
def test_a_few_cards_of_other_products_make_no_product(cards: int) -> None:
    """A price and a button on a card, whose picture and name lead elsewhere, are not the page's own."""
    shown = "".join(CARD.format(number) for number in range(11, 11 + cards))
    words = "<p>All that is used to boil water over an open fire, from small to large and from plain to fine.</p>" * 3

    extraction = read(_page_of("Pots and pans", f"{words}<ul>{shown}</ul>"), "https://shop.example.com/pots-and-pans")

    assert extraction.product is None


def test_a_page_that_was_not_found_stays_so_beside_popular_products() -> None:
    """Cards below an error are nobody's product."""
    shown = "".join(CARD.format(number) for number in range(11, 15))
    html = _page_of("Ta strona nie została znaleziona", f"<h2>Popularne</h2><ul>{shown}</ul>")

    assert read(html, "https://shop.example.com/produkt/czajnik/").verdict is Verdict.GONE


def test_a_card_that_bears_the_pages_own_name_is_the_product() -> None:
    """A bar that repeats picture, name and price of the page's product is no other product's card."""
    bar = f'<div class="bar"><a href="/k"><img src="/img/kettle.jpg"></a><a href="/k">{NAME}</a>{PRICE}</div>{BUTTON}'

    assert price_of(product_of(page(body=bar))) == "49.90 EUR"


def test_a_listing_in_a_place_named_for_products_is_no_empty_page() -> None:
    """What is left out as other products' place is told from a page that a browser must fill."""
    shown = "".join(CARD.format(number) for number in range(11, 17))
    html = _page_of("Pots", f'<div class="products-grid">{shown}</div>')

    assert read(html, "https://shop.example.com/pots.html").verdict is Verdict.LISTING


@pytest.mark.parametrize(
    "stars",
    [
        '<div class="rating-result" title="90%"><span style="width:90%"></span></div>',
        '<div class="flex"><div aria-label="4.5 von 5 Sternen"></div></div>',
    ],
)
def test_a_rating_is_read_from_stars_however_their_place_is_named(stars: str) -> None:
    """The width of a bar in a rating, and a label that speaks of stars, say the rating."""
    product = product_of(page(body=f"{stars}{PICTURE}{PRICE}{BUTTON}"))

    assert product.rating
    assert product.rating.value == Decimal("4.5")


def test_a_makers_logo_is_no_picture_of_the_product() -> None:
    """A picture in a place that is named for the maker is left out."""
    logo = '<a class="manufacturer-link" href="/m"><img src="/img/kupferhof.png" alt="Kupferhof"></a>'
    product = product_of(page(body=f"{logo}{PICTURE}{PRICE}{BUTTON}"))

    assert [image.url.rpartition("/")[2] for image in product.images] == ["kettle.jpg"]


def test_the_trail_is_read_in_a_menu_within_a_place_named_for_it() -> None:
    """The place's name holds for the menu in it, and home is left out in other languages, too."""
    trail = (
        '<section class="breadcrumbs"><nav class="container"><ol><li><a href="/">Página Inicial</a></li>'
        f'<li><a href="/kettles">Chaleiras</a></li><li><span aria-current="page">{NAME}</span></li></ol></nav></section>'
    )
    html = f"<!doctype html><title>{NAME}</title><body>{trail}<main><h1>{NAME}</h1>{PICTURE}{PRICE}{BUTTON}</main>"

    assert product_of(html).breadcrumbs == ("Chaleiras",)


def test_a_choices_name_is_read_without_the_word_that_asks_for_it() -> None:
    """`Inhalt auswählen` asks for the content."""
    choice = (
        "<fieldset><legend>Inhalt auswählen</legend>"
        "<input type=radio name=g id=a><label for=a>1 l</label><input type=radio name=g id=b><label for=b>2 l</label>"
        "</fieldset>"
    )  # fmt: skip
    product = product_of(page(body=f"{PICTURE}{PRICE}<form>{choice}{BUTTON}</form>"))

    assert [(option.name, option.values) for option in product.options] == [("Inhalt", ("1 l", "2 l"))]


def test_the_description_is_told_from_the_area_of_details_around_it() -> None:
    """Tabs and tables around a description are not part of it."""
    words = "Koper geleidt de warmte gelijkmatig, zodat het water snel kookt en lang warm blijft."
    area = (
        '<div class="product-details"><ul><li>Beschrijving</li><li>Beoordelingen</li></ul>'
        f'<div id="tab-description"><h2>Beschrijving</h2><p>{words}</p></div><div>Er zijn nog geen beoordelingen.</div></div>'
    )
    html = f"<!doctype html><title>{NAME}</title><main><h1>{NAME}</h1>{PICTURE}{PRICE}{BUTTON}{area}</main>"

    assert product_of(html).description == words


@pytest.mark.parametrize(
    ("stars", "count"),
    [
        ('<div class="flex"><span>4.3</span><span class="icon-star"></span><span>128 Ratings</span></div>', 128),
        ('<div class="review">レビュー <span>4.3</span> (<span>23件</span>)</div>', 23),
    ],
)
def test_a_rating_is_read_beside_a_drawn_star(stars: str, count: int) -> None:
    """A star without text, and the word for reviews, tell what the number beside them is."""
    product = product_of(page(body=f"{stars}{PICTURE}{PRICE}{BUTTON}"))

    assert product.rating
    assert (product.rating.value, product.rating.count) == (Decimal("4.3"), count)


def test_cents_in_their_own_element_follow_grouped_thousands() -> None:
    """`$ 38.499` and `30` in an element for cents are 38 499,30."""
    price = '<p class="price"><span>$</span><span>38.499</span><span class="cents">30</span></p>'

    assert price_of(product_of(page(body=f"{PICTURE}{price}{BUTTON}", lang="es-AR"))) == "38499.30 ARS"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<span class="badge sold-out">Esaurito</span><button>Aggiungi al carrello</button>', Availability.IN_STOCK),
        ('<p class="sold-out">Esaurito</p><button class="d-none">Aggiungi al carrello</button>', Availability.OUT_OF_STOCK),
        ('<p class="sold-out">Esaurito</p><button class="d-none d-md-block">Aggiungi al carrello</button>', Availability.IN_STOCK),
    ],
)  # fmt: skip
def test_what_a_style_sheet_shows_in_time_yields_to_the_button(body: str, expected: Availability) -> None:
    """A place named for being sold out says so only where no button buys; one that is put away buys nothing."""
    assert product_of(page(body=f"{PICTURE}{PRICE}{body}")).availability is expected


def test_choices_are_read_without_words_for_screen_readers_and_from_buttons_under_their_name() -> None:
    """What a label says to screen readers alone is no part of a value; buttons under an axis' name are its values."""
    size = (
        "<fieldset><legend>Formato</legend><input type=radio name=f id=a>"
        '<label for=a>A5<span class="visually-hidden">Esaurita</span></label>'
        '<input type=radio name=f id=b><label for=b>A4<span class="visually-hidden">Esaurita</span></label></fieldset>'
    )
    colour = "<h2>Warna</h2><div><button>Hijau</button><button>Merah Muda</button></div>"
    product = product_of(page(body=f"{PICTURE}{PRICE}<form>{size}{colour}{BUTTON}</form>"))

    assert [(option.name, option.values) for option in product.options] == [
        ("Formato", ("A5", "A4")),
        ("Warna", ("Hijau", "Merah Muda")),
    ]


@pytest.mark.parametrize(
    "trail",
    [
        '<p><a href="/">トップ</a> &gt; <a href="/k">茶器</a> &gt; <a href="/k1">急須</a></p>',
        '<div class="breadcrumbs"><a href="/">Jesteś w: Strona główna</a> » <a href="/k">茶器</a> » <a href="/k1">急須</a></div>',
    ],
)
def test_a_trail_is_told_by_its_marks_and_read_without_its_opening(trail: str) -> None:
    """Links from home with marks between them are a trail; `you are here` is no step of it."""
    assert product_of(page(body=f"{trail}{PICTURE}{PRICE}{BUTTON}")).breadcrumbs == ("茶器", "急須")
