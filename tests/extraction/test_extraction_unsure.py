"""Prices that nobody can settle: what was seen is kept beside the empty field, and never taken for the price."""

import pytest

from cartage.model.evidence import Source
from tests.extraction.pages import KETTLE, ld, read, shop_page

DELIVERED = "<p>It leaves our house within two days and comes to your door.</p>"
BARE = {**KETTLE, "offers": {"@type": "Offer", "price": "79.90", "availability": "https://schema.org/InStock"}}


@pytest.mark.parametrize(
    ("html", "source"),
    [
        (shop_page(price=f"<p class=product-price>79,90</p>{DELIVERED}"), Source.VISIBLE),
        (shop_page(ld(BARE), price=""), Source.JSON_LD),
        (shop_page(ld(BARE), price="<span class=price>79,90</span>"), Source.VISIBLE),
    ],
)
def test_an_amount_without_a_currency_is_seen_and_not_taken(html: str, source: Source) -> None:
    """The price stays empty and missing; the amount stands in its evidence, once, as what nobody took."""
    extraction = read(html, "https://shop.example.com/products/copper-kettle")

    assert extraction.product
    assert extraction.product.price is None
    assert "price" in extraction.missing
    (seen,) = extraction.evidence["/price"]
    assert (seen.source, seen.agrees, seen.value) == (source, False, "79.90")


def test_amounts_that_are_no_price_are_not_even_unsure() -> None:
    """An instalment, a price by weight and what others cost say nothing of the price."""
    instalment = "<p>or 12 x 7,49 monthly</p><div class=related><a href=/p/cup><span class=price>9,90</span></a></div>"

    extraction = read(shop_page(price=instalment), "https://shop.example.com/products/copper-kettle")

    assert extraction.product
    assert "/price" not in extraction.evidence


def test_a_price_that_is_known_leaves_no_doubt() -> None:
    """Where one source says the currency, all is as before."""
    extraction = read(shop_page(ld(BARE), price="<span class=price>79,90 €</span>"))

    assert extraction.product
    assert extraction.product.price
    assert all(each.agrees for each in extraction.evidence["/price"])
