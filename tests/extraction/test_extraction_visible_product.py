"""A product told from the visible page alone, without markup: its name, its place among others, its button."""

from decimal import Decimal

import pytest

from cartage.model.evidence import Verdict
from cartage.model.product import Availability
from tests.extraction.pages import NAME, PROSE, URL, page, price_of, product_of, read, shop_page

BUTTON = "<button>Add to cart</button>"
PRICE = "<p class=price>€49.90</p>"
CARD = "<article class=tile><h3>Pan {0}</h3><p class=tile-price>€{0}.90</p><a class=view>Buy now</a></article>"
CARDS = "".join(CARD.format(number) for number in range(11, 23))


def _shown(body: str, *, title: str = f"{NAME} | Hearth", lang: str = "en") -> str:
    head = f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>'
    return f'{head}<body><main>{body}{PROSE}<img src="/img/kettle.jpg" width=800 height=800></main></body></html>'


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1>{NAME}</h1>",
        f"<h1><span class=name>{NAME}</span> - <span class=price>€49.90</span> <small>(Porto)</small></h1>",
        f"<h1><span class=hide>new</span> <span>{NAME}</span><i>€59.90 €49.90</i></h1>",
        f'<h1><a href="/brands/wanderlite">Wanderlite</a> {NAME}</h1>',
        f"<h2><span>{NAME}</span><span>466/7999</span></h2>",
        f"<h1>€49.90 · {NAME}</h1>",
    ],
)
def test_the_name_is_the_headings_part_that_names_the_product(heading: str) -> None:
    """What a heading holds beside the name (a price, a badge, a link to the brand, a number) is no part of it."""
    assert product_of(_shown(heading + PRICE + BUTTON)).name == NAME


def test_a_heading_that_is_all_name_is_kept_whole() -> None:
    """A name that the heading sets in two parts, and the page's title has whole, is not cut."""
    page = _shown(f"<h1><span>Wanderlite</span> <span>{NAME}</span></h1>{PRICE}{BUTTON}", title=f"Wanderlite {NAME}")

    assert product_of(page).name == f"Wanderlite {NAME}"


@pytest.mark.parametrize(
    "price",
    [
        "<td><b>now</b><span>49.90</span><span> € </span></td>",
        "<div><i>€</i><strong>49.90</strong></div>",
        "<div><span class=amount>49.90</span><span class=unit>EUR</span></div>",
    ],
)
def test_a_currency_in_its_own_element_belongs_to_the_amount_beside_it(price: str) -> None:
    """An amount whose symbol stands alone in the next or the previous element is read with it."""
    page = _shown(f"<h1>{NAME}</h1><table><tr>{price}</tr></table>{BUTTON}")

    assert price_of(product_of(page)) == "49.90 EUR"


@pytest.mark.parametrize("order", [CARDS + "{0}", "{0}" + CARDS])
def test_a_price_apart_from_cards_is_the_pages(order: str) -> None:
    """Among a dozen like cards with prices and buttons, the one price that stands apart, with the title, is the product's."""
    product = product_of(_shown(order.format(f"<section><h1>{NAME}</h1><div>{PRICE}</div></section>")))

    assert (product.name, price_of(product)) == (NAME, "49.90 EUR")


def test_cards_alone_are_a_listing() -> None:
    """A dozen like cards under a heading that names no product are no product."""
    page = _shown(f"<h1>Pans</h1>{CARDS}", title="Pans | Hearth")

    assert read(page, "https://shop.example.com/pans").verdict is Verdict.LISTING


@pytest.mark.parametrize(
    "button",
    [
        "<div class=btn-gold>ADD TO BAG</div>",
        "<div><div><span>Buy now</span></div></div>",
        "<x-add-product-button product-id=7></x-add-product-button>",
        "<shop-add-to-cart>…</shop-add-to-cart>",
    ],
)
def test_a_button_need_not_be_a_button_element(button: str) -> None:
    """Boxes that say what a buy button says, and a shop's own elements, buy as well."""
    assert product_of(_shown(f"<h1>{NAME}</h1>{PRICE}{button}")).availability is Availability.IN_STOCK


@pytest.mark.parametrize(
    ("text", "lang"),
    [("Dalla Costa", "it"), ("Kupiłeś ten produkt? Oceń go!", "pl"), ("إضافة ملاحظة", "ar"), ("Köpguide", "sv")],
)
def test_a_word_that_holds_a_word_for_buying_buys_nothing(text: str, lang: str) -> None:
    """Costa, Kupiłeś, add a note, a buying guide: none of these buttons says that the product can be bought."""
    assert product_of(_shown(f"<h1>{NAME}</h1>{PRICE}<a role=button>{text}</a>", lang=lang)).availability is None


def test_a_button_that_waits_for_a_choice_is_no_sold_out_one() -> None:
    """A buy button that is off, after a choice still to be made, on a page that calls nothing sold out, will sell."""
    choice = "<label>Size <select><option>Choose<option>S<option>M</select></label>"
    page = _shown(f"<h1>{NAME}</h1>{PRICE}{choice}<button disabled>Add to cart</button>")

    assert product_of(page).availability is Availability.IN_STOCK


def test_a_button_that_is_off_without_a_choice_says_nothing() -> None:
    """Where there is nothing to choose, why a button is off stays unknown."""
    page = _shown(f"<h1>{NAME}</h1>{PRICE}<button disabled>Add to cart</button>")

    assert product_of(page).availability is None


@pytest.mark.parametrize(
    "stars",
    ['<x-rating-stars value="4.5" reviews="36">', '<review-stars rating="4.5" count="36"></review-stars>'],
)
def test_a_rating_is_read_from_an_element_of_the_shops_own(stars: str) -> None:
    """An element of the shop's own making says value and count in its attributes."""
    rating = product_of(_shown(f"<h1>{NAME}</h1>{stars}{PRICE}{BUTTON}")).rating

    assert rating
    assert (str(rating.value), rating.count) == ("4.5", 36)


@pytest.mark.parametrize("count", ["<b class=reviews-count>(1,318)</b>", "<b class=bvseo-reviewCount>1318</b>"])
def test_reviews_are_counted_by_a_number_that_is_named_so(count: str) -> None:
    """A number without a word beside it counts reviews where its element's name says so."""
    stars = f'<div class=rating aria-label="4.6 out of 5">{count}</div>'

    rating = product_of(_shown(f"<h1>{NAME}</h1>{stars}{PRICE}{BUTTON}")).rating

    assert rating
    assert rating.count == 1318


def test_an_amount_without_a_sign_is_a_price_by_the_name_of_its_innermost_element() -> None:
    """However many unnamed boxes stand around it, and with the currency told elsewhere."""
    price = "<div>" * 5 + "<span class=product-price>49,90</span>" + "</div>" * 5
    page = _shown(f"<h1>{NAME}</h1>{price}{BUTTON}", lang="de")
    page = page.replace("<title>", '<meta property="product:price:currency" content="EUR"><title>')

    assert price_of(product_of(page)) == "49.90 EUR"


def test_an_offer_of_credit_makes_a_product_no_application_form() -> None:
    """`Apply now` beside the title, where there is a buy button, is about a shop's card."""
    page = _shown(f"<h1>{NAME}</h1>{PRICE}<p>5 % back with our card. Apply now.</p>{BUTTON}")

    assert product_of(page).name == NAME


def test_a_title_that_was_cut_still_names_the_product() -> None:
    """Where the page's own title is the product's name cut short, both are alike."""
    name = f"{NAME} with wooden handle, hammered by hand, for gas and induction"
    page = _shown(
        f"<h1>{name}</h1>{PRICE}<p class=rating>4.6 out of 5 (31 reviews)</p>",
        title=f"{NAME} with wooden handle | Hearth",
    )

    assert product_of(page, "https://shop.example.com/copper").name == name


def test_the_widest_of_a_srcset_without_spaces_is_taken() -> None:
    """Commas between a srcset's addresses may have no space after them, and may stand within one."""
    page = _shown(f"<h1>{NAME}</h1>{PRICE}{BUTTON}").replace(
        'src="/img/kettle.jpg"',
        'srcset="https://i.example/k.jpg?fit=constrain,1&s=a 400w,https://i.example/k.jpg?fit=constrain,1&s=b 900w"',
    )

    assert product_of(page).images[0].url.endswith("s=b")


def test_an_elements_only_attribute_may_name_it() -> None:
    """A test id alone is a name, as a class is."""
    page = _shown(f"<h1>{NAME}</h1><p data-testid=old-price>€69.90</p><p data-testid=product-price>€49.90</p>{BUTTON}")

    product = product_of(page)

    assert (price_of(product), product.regular_price and product.regular_price.amount) == (
        "49.90 EUR",
        Decimal("69.90"),
    )


@pytest.mark.parametrize("name", ["data-Product-Name", "data-product-name", "data-PRODUCT-NAME"])
def test_data_attributes_are_found_whatever_their_capitals(name: str) -> None:
    """HTML does not tell capitals in attributes' names apart, and neither does the reader."""
    page = _shown(f'<h1>{NAME}</h1>{PRICE}<form {name}="{NAME}" data-product-sku="CK-150">{BUTTON}</form>')

    assert product_of(page).sku == "CK-150"


def test_a_name_for_analytics_counts_beside_a_make() -> None:
    """`data-name` says what `data-brand` beside it is the brand of."""
    page = _shown(
        f'<h1><span data-name="{NAME}" data-brand="Wanderlite" data-price="49.90">{NAME}</span></h1>{PRICE}{BUTTON}'
    )

    assert product_of(page, URL).brand == "Wanderlite"


@pytest.mark.parametrize(
    "words",
    [
        f'<h1>{NAME}</h1><p>See more by <a href="/brands/wanderlite">Wanderlite</a></p>',
        f'<p><a href="/brands/wanderlite">Wanderlite</a></p><h1>{NAME}</h1>',
        f'<h1>{NAME} - Wanderlite</h1><a href="/w/77">See more from Wanderlite</a>',
        f'<h1>Wanderlite {NAME}</h1><p>Enjoy.</p><p>It is</p><p>light.</p><a href="/mode?marke=wanderlite">Wanderlite</a>',
        f"<h1>Wanderlite {NAME}</h1>{'<i></i>' * 200}<div class=brand>Wanderlite</div>",
    ],
)
def test_a_link_to_all_of_a_brand_names_it(words: str) -> None:
    """A brand's page that is linked by the title, or whose link says what the title says, is the product's brand's."""
    assert product_of(_shown(words + PRICE + BUTTON)).brand == "Wanderlite"


@pytest.mark.parametrize(
    "words",
    [
        f'<h1>{NAME}</h1>{"<i></i>" * 9}<a href="/brands/otherwise">Otherwise</a>',
        f'<h1>{NAME}</h1><a href="/all">Shop all Kettle</a><a href="/more">See more from our kitchen</a>',
        f"<h1>{NAME}</h1>{'<i></i>' * 200}<div class=brand>Otherwise</div>",
    ],
)
def test_other_links_name_no_brand(words: str) -> None:
    """A brand's page that is linked elsewhere, or a link to all of a kind, says nothing of the product's brand."""
    assert product_of(_shown(words + PRICE + BUTTON)).brand is None


@pytest.mark.parametrize(
    "facts",
    [
        '<div class="product-manufacturer"><label class="label">Brand</label><span>Kupferhof</span></div>',
        '<ul><li>By: <a href="/index.php?route=product/manufacturer&amp;manufacturer_id=8">Kupferhof</a></li></ul>',
    ],
)
def test_a_brand_is_read_without_its_label(facts: str) -> None:
    """A label in an element of its own is not part of the brand, and a link to the maker's number names it."""
    html = f"<!doctype html><title>{NAME}</title><main><h1>{NAME}</h1>{facts}<p class=price>€49.90</p>{BUTTON}</main>"

    assert product_of(html).brand == "Kupferhof"


def test_a_form_label_names_the_code_beside_it_but_never_a_control() -> None:
    """A label and the text after it are a fact; a label before a choice or a field is none."""
    facts = (
        '<div><label class="label">Reference</label><span>CK-150</span></div>'
        "<label>Model</label><select name=m><option>A1<option>B2</select><b>XJ-9000</b>"
    )
    product = product_of(shop_page(more=facts))

    assert (product.sku, product.mpn) == ("CK-150", None)


def test_a_slider_whose_pictures_lead_nowhere_is_the_products_own() -> None:
    """A slider is a shelf of other products only where what it shows leads to other pages."""
    own = '<div class="product-carousel"><img src="/img/k1.jpg" width=800><img src="/img/k2.jpg" width=800></div>'
    others = '<div class="product-carousel"><a href="/p/pan"><img src="/img/pan.jpg" width=800></a></div>'
    product = product_of(page(body=f"{own}<p class=price>€49.90</p>{BUTTON}{others}"))

    assert [image.url.rpartition("/")[2] for image in product.images] == ["k1.jpg", "k2.jpg"]


def test_the_first_picture_of_the_likeliest_is_the_main_one() -> None:
    """Of a gallery's pictures the first is the main one, though others stand nearer to the title; no still of a film is."""
    places = "<i></i>" * 30
    pictures = "".join(f'<img src="/img/k{number}.jpg" width=600>{places}' for number in (1, 2, 3))
    film = '<img src="https://img.youtube.com/vi/x/0.jpg" width=900>'
    page = f"<html lang=en><title>{NAME}</title><body><main><div class=gallery>{film}{pictures}</div><h1>{NAME}</h1>"

    found = product_of(f"{page}{PRICE}{BUTTON}{PROSE}</main></body></html>").images

    assert [image.url.rpartition("/")[2] for image in found][:1] == ["k1.jpg"]
    assert "youtube" not in "".join(image.url for image in found)


def test_a_heading_is_no_quick_view_whatever_its_names() -> None:
    """Themes name the title by where else they show it: it stays the title, and no shelf's product takes its place."""
    heading = f"<h1 class=name--quick-view><span class=name--quick-view>{NAME}</span></h1>"

    product = product_of(_shown(f"{heading}{PRICE}{BUTTON}<h3 class=product-name>Pan 11</h3><p class=price>€11.90</p>"))

    assert (product.name, price_of(product)) == (NAME, "49.90 EUR")


def test_a_rating_is_read_from_the_width_of_its_bar() -> None:
    """A bar within what is named a rating is as wide as the rating is good."""
    bar = "<div class=rating><div style='width: 80%'></div></div><a href=#r>5 reviews</a>"

    rating = product_of(_shown(f"<h1>{NAME}</h1><div class=product-reviews>{bar}</div>{PRICE}{BUTTON}")).rating

    assert rating
    assert (rating.value, rating.count) == (4, 5)


def test_an_element_named_for_the_brand_that_holds_the_title_names_no_brand() -> None:
    """What says the product's whole name does not say who makes it."""
    product = product_of(_shown(f"<h1><span class=productBrand>{NAME}</span></h1>{PRICE}{BUTTON}"))

    assert product.brand is None


def test_a_gallery_has_its_thumbnails_full_forms_and_no_logo() -> None:
    """Attributes that say full size are addresses, the thumbnails' place is no menu, and the header's logo no picture."""
    gallery = (
        "<div class=header-logo><a href=/><img src=/i/12.png alt='Hearth kettles'></a></div>"
        f"<h1>{NAME}</h1><div class=gallery><img src=/i/a.jpg width=500><div class=thumbs-navigation>"
        "<img src=/i/b_100.jpg data-fullsize=/i/b.jpg></div></div>"
    )

    product = product_of(_shown(f"{gallery}{PRICE}{BUTTON}"))

    names = [image.url.rsplit("/", 1)[-1] for image in product.images]
    assert ("b.jpg" in names, "12.png" in names) == (True, False)


@pytest.mark.parametrize("heading", ["관련상품", "Alternatieve producten:", "Alternative Artikel"])
def test_pictures_under_a_short_heading_about_others_are_left_out(heading: str) -> None:
    """What stands under such a heading shows other products, however few letters it takes to say so."""
    others = f"<div><h3>{heading}</h3><ul><li><a href=/p/2><img src=/i/other.jpg alt=Cup></a><p>Cup</p><p>Of clay</p></li></ul></div>"

    product = product_of(_shown(f"<h1>{NAME}</h1>{PRICE}{BUTTON}{others}"))

    assert [image.url.rsplit("/", 1)[-1] for image in product.images] == ["kettle.jpg"]


@pytest.mark.parametrize(
    "said", ["<a href=#r>23 avis</a>", "<a href=#r>(23 reviews)</a>", "<p class=reviewCount>Current Reviews: 23</p>"]
)
def test_a_count_of_reviews_by_the_title_is_enough(said: str) -> None:
    """A link or a line that says nothing but how many reviews there are gives their number."""
    rating = product_of(_shown(f"<h1>{NAME}</h1><div>{said}</div>{PRICE}{BUTTON}")).rating

    assert rating
    assert (rating.value, rating.count) == (None, 23)


def test_a_maker_is_read_from_a_line_that_says_who_made_it() -> None:
    """`Manufactured by` names a brand like any other label, and the title's own parts are no attributes."""
    lines = "<ul><li>Model: BB-LA60</li><li>Manufactured by: Redgum Tools</li></ul>"
    header = f"<header class=product-header><h1 class=product-header__title>{NAME}</h1><p class=product-header__price>{PRICE}</p></header>"

    product = product_of(_shown(f"{header}<p class=product-description>{PROSE}</p>{lines}{BUTTON}"))

    assert (product.brand, product.mpn, product.attributes) == ("Redgum Tools", "BB-LA60", ())


def test_a_link_to_the_cart_is_no_buy_button() -> None:
    """The header's way to the cart says nothing of stock: what stands by the title does."""
    header = '<a href="/order/basket.html">장바구니 0</a>'

    product = product_of(_shown(f"{header}<h1>{NAME}</h1>{PRICE}<span>SOLD OUT</span>", lang="ko"))

    assert product.availability is Availability.OUT_OF_STOCK
