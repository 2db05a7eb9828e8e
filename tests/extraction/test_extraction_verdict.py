"""Verdicts: each kind of page is told for what it is, in one plain sentence."""

import pytest

from cartage.model.evidence import Extraction, Verdict
from tests.extraction.pages import KETTLE, NAME, PROSE, ld, page, read, shop_page

SHOP = "https://shop.example.com"
HEADER = "<header><a href=/>Shop</a><nav><a href=/c/kitchen>Kitchen</a><a href=/c/garden>Garden</a></nav></header>"
CARD = (
    '<li class="card"><a href="/products/cup-{n}"><h3>Cup {n}</h3><img src="/img/cup-{n}.jpg">'
    '<span class="price">€{n}.90</span></a></li>'
)
CARDS = "".join(CARD.format(n=number) for number in range(3, 27))


def html(title: str, body: str, head: str = "") -> str:
    """Write a page of the shop."""
    return f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body>{HEADER}{body}</body></html>"


def of(title: str, body: str, path: str, head: str = "") -> Extraction:
    """Read a page of the shop at a path."""
    return read(html(title, body, head), SHOP + path)


ARTICLE = f"<article><h1>How copper is hammered</h1>{PROSE * 6}</article>"
FORM = "<form method=post><input name=email><input type=password name=password><button>Log in</button></form>"
BARE = {"@type": "Product", "name": NAME, "sku": "CK-1"}
PAGES = {
    "a whole product": (read(shop_page(ld(KETTLE))), Verdict.PRODUCT),
    "a product without markup": (read(shop_page()), Verdict.PRODUCT),
    "a product sold out": (read(shop_page(price="<span class=price>€49.90</span><p>Sold out</p>")), Verdict.PRODUCT),
    "a product in markup only": (read(page(ld(KETTLE))), Verdict.PRODUCT),
    "a product with nothing but its name": (read(page(ld(BARE))), Verdict.THIN),
    "a robot check": (
        of(
            "Just a moment...",
            "<h1>shop.example.com</h1><p>Checking your browser before accessing.</p>",
            "/products/kettle",
        ),
        Verdict.BLOCKED,
    ),
    "a captcha": (
        of("shop.example.com", "<p>Please verify you are a human</p><div class=g-recaptcha></div>", "/products/kettle"),
        Verdict.BLOCKED,
    ),
    "a refusal": (
        of(
            "Access Denied",
            "<h1>Access Denied</h1><p>You don't have permission to access this page.</p>",
            "/products/kettle",
        ),
        Verdict.BLOCKED,
    ),
    "a login": (
        of(
            "Log in to your account",
            f"<h1>Log in</h1><p>{'Welcome back to the shop. ' * 12}</p>{FORM}",
            "/account/login",
        ),
        Verdict.LOGIN,
    ),
    "a missing page": (
        of(
            "404 Not Found",
            f"<h1>Page not found</h1><p>{'Try the search or the menu above. ' * 10}</p>",
            "/products/gone",
        ),
        Verdict.GONE,
    ),
    "a missing page in German": (
        of("Seite nicht gefunden", f"<h1>Seite nicht gefunden</h1><p>{'Bitte suchen. ' * 20}</p>", "/produkt/weg"),
        Verdict.GONE,
    ),
    "a missing page with suggestions": (
        of("Page not found", f"<h1>Page not found</h1><ul>{CARDS}</ul>", "/products/gone"),
        Verdict.GONE,
    ),
    "a category": (of("Cups", f"<h1>Cups</h1><ul>{CARDS}</ul>", "/collections/cups"), Verdict.LISTING),
    "a search": (
        of("Search results for cup", f"<h1>Search results</h1><ul>{CARDS}</ul>", "/search?q=cup"),
        Verdict.LISTING,
    ),
    "an article": (of("How copper is hammered", ARTICLE, "/blog/how-copper-is-hammered"), Verdict.NOT_A_PRODUCT),
    "a page about the shop": (of("About us", f"<h1>About us</h1>{PROSE * 4}", "/about"), Verdict.NOT_A_PRODUCT),
    "a shell for scripts": (
        of("Shop", "<div id=root></div><script src=/app.js></script>", "/products/kettle"),
        Verdict.EMPTY,
    ),
    "nothing": (read(""), Verdict.EMPTY),
    "white space": (read(" \n\t "), Verdict.EMPTY),
}


@pytest.mark.parametrize(("extraction", "verdict"), PAGES.values(), ids=PAGES)
def test_a_page_is_told_for_what_it_is(extraction: Extraction, verdict: Verdict) -> None:
    """The verdict names the kind of page, and only a product's page has a product."""
    assert extraction.verdict is verdict, extraction.reason
    assert (extraction.product is not None) is (verdict in (Verdict.PRODUCT, Verdict.THIN))


@pytest.mark.parametrize("extraction", [extraction for extraction, _ in PAGES.values()], ids=PAGES)
def test_a_verdict_comes_with_its_reason(extraction: Extraction) -> None:
    """The reason is one sentence for people; a page without a product has no evidence."""
    assert extraction.reason.endswith(".")
    assert extraction.reason[0].isupper()
    assert extraction.product or not extraction.evidence


def test_every_verdict_is_shown() -> None:
    """The pages above are of every kind there is."""
    assert {verdict for _, verdict in PAGES.values()} == set(Verdict)


MINI_CART = (
    "<div class=flyout-cart><div class=mini-shopping-cart>Unit price: <span class=price>$24.00</span>"
    "<button class=cart-button>Go to cart</button></div></div>"
)
OFFERS = "".join(
    f"<div class=item><a href=/p/{n}>Cup {n}</a><p class=item-price>${n}.00</p><button>Buy now</button></div>"
    for n in range(11, 15)
)


@pytest.mark.parametrize("shown", [MINI_CART, OFFERS])
def test_a_page_titled_not_found_is_gone_whatever_prices_it_shows(shown: str) -> None:
    """Neither what lies in the cart nor what a shop offers instead makes a missing page a product's."""
    body = f"{shown}<h1>Error - 404</h1>{PROSE * 4}"

    assert of("Error 404", body, "/products/gone").verdict is Verdict.GONE


def test_the_cart_in_the_header_makes_no_category_a_product() -> None:
    """The price of what lies in the cart is not the price of a page."""
    cards = "".join(f"<div class=product-grid><a href=/p/{n}>Cup</a> <b>${n}.00</b></div>" for n in range(11, 19))

    extraction = of("Stoves", f"{MINI_CART}<h1>Stoves</h1>{cards}", "/stoves")

    assert (extraction.verdict, extraction.product) == (Verdict.LISTING, None)
