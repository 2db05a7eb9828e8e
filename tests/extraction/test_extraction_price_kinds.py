"""What each amount on a page is for: only what a shopper pays now is the price."""

import pytest

from cartage.model.product import Product
from tests.extraction.pages import price_of, product_of, shop_page

FORMER = [
    ("en", "<span>Was $64.00</span> <span>Now $49.90</span>"),
    ("en", "<div>List price:</div><div>$64.00</div><div>$49.90</div>"),
    ("en", "<span>$49.90</span><span>RRP $64.00</span>"),
    ("en", "<span>$49.90</span> <span>$64.00 MSRP</span>"),
    ("en", "<span>Comp. Value: $64.00</span><span>$49.90</span>"),
    ("en", "<del>Price reduced from $64.00 to</del><span>$49.90</span>"),
    ("en", "<p class='price with-list-price'>$49.90</p><span class=list-price-price>$64.00</span>"),
    ("en", "<div class=x1>$49.90</div><div class=x2>$64.00</div><div>22% off</div>"),
    ("en", "<div class=x1>$64.00</div><div class=x2>-22%</div><div class=x3>$49.90</div>"),
    (
        "en",
        "<div class=non-discounted-price>Price: <b>$64.00</b></div><div class=discounted-price>Price with discount: <b>$49.90</b></div>",
    ),
    ("de", "<span>UVP 64,00 €</span><span>49,90 €</span>"),
    ("de", "<span>Unser bisheriger Preis 64,00 €</span><br>Nur 49,90 €"),
    ("de", "<span>49,90 €</span><span>Unverbindliche Preisempfehlung des Herstellers: 64,00 €</span>"),
    ("de", "<span>statt 64,00 €</span><span>49,90 €</span>"),
    ("de", "<span>Ursprünglicher Preis war: 64,00 €</span><span>Aktueller Preis ist: 49,90 €.</span>"),
    ("fr", "<span>Prix conseillé : 64,00 €</span><span>49,90 €</span>"),
    ("fr", "<span>49,90 € au lieu de 64,00 €</span>"),
    ("es", "<span>Antes 64,00 €</span><span>Ahora 49,90 €</span>"),
    ("pt-BR", "<span>De: R$ 64,00</span><span>Por: R$ 49,90</span>"),
    ("it", "<span>Il prezzo originale era: 64,00 €</span><span>Il prezzo attuale è: 49,90 €</span>"),
    ("nl", "<span>49,90 €</span> <span>Adviesprijs <del>64,00</del></span>"),
    ("pl", "<span>Cena katalogowa: 64,00 zł</span><span>49,90 zł</span>"),
    ("cs", "<span>Původní cena 64,00 Kč</span><span>49,90 Kč</span>"),
    ("hu", "<span>6400 Ft helyett</span><span>4990 Ft</span>"),
    ("ro", "<span>Preț vechi: 64,00 lei</span><span>49,90 lei</span>"),
    ("sv", "<span>Ord. pris 64,00 kr</span><span>49,90 kr</span>"),
    ("da", "<span>Førpris 64,00 kr.</span><span>49,90 kr.</span>"),
    ("fi", "<span>Norm. hinta 64,00 €</span><span>49,90 €</span>"),
    ("ru", "<span>Старая цена: 64 ₽</span><span>49,90 ₽</span>"),
    ("uk", "<span>Було 64,00 ₴</span><span>49,90 ₴</span>"),
    ("tr", "<span>Piyasa fiyatı: 64,00 TL</span><span>49,90 TL</span>"),
    ("el", "<span>Αρχική τιμή: 64,00 €</span><span>49,90 €</span>"),
    ("he", "<span>מחיר קודם: ₪64.00</span><span>₪49.90</span>"),
    ("ar", "<span>السعر السابق 64.00 ر.س</span><span>49.90 ر.س</span>"),
    ("ja", "<span>通常価格：￥6,400</span>税込<br><span>￥4,990</span>税込"),
    ("zh-TW", "<span>原價 NT$6,400</span><span>NT$4,990</span>"),
    ("ko", "<span>정가 6,400원</span><span>4,990원</span>"),
    ("vi", "<span>Giá gốc: 64.000₫</span><span>49.900₫</span>"),
    ("id", "<span>Harga normal Rp64.000</span><span>Rp49.900</span>"),
]
OTHER = [
    ("en", "<span>$49.90</span><div>or 4 interest-free payments of $12.48</div>"),
    ("en", "<span>$49.90</span><div>or $4.16/mo.</div>"),
    ("en", "<span>$49.90</span><span>($33.27 / 1 l)</span>"),
    ("en", "<div>Free shipping over $35.00</div><span>$49.90</span>"),
    ("en", "<span>$49.90</span><div>Shipping: $4.90</div>"),
    ("en", "<span>$49.90</span><span>You save $14.10</span>"),
    ("en", "<span>$49.90</span><div>Plus members pay $44.90</div>"),
    ("en", "<span>$49.90</span><div>Subscribe $42.41</div>"),
    ("en", "<span>$49.90</span><div class=open-box><span>Open-Box:</span> from <span>$39.90</span></div>"),
    ("en", "<span>$49.90</span><div>10 or more $41.00</div>"),
    ("en", "<span>$49.90</span><div>Ex Tax: $41.58</div>"),
    ("en", "<span>$49.90</span><div class=trade-in>Trade in and save up to $20.00</div>"),
    ("en", "<span>$49.90</span><div class=warranty>2-year protection plan $9.99</div>"),
    ("en-GB", "<span class=price>£41.58</span> <span>Ex VAT</span><br><span class=price>£49.90</span> <span>Inc VAT</span>"),
    ("pl", "<b>49,90 zł</b><p>Najniższa cena z 30 dni przed obniżką: <del>64,00 zł</del></p>"),
    ("de", "<span>49,90 €</span><span>Grundpreis: 33,27 € / 1 l</span>"),
    ("de", "<span>49,90 €</span><div>41,93 € ohne MwSt.</div>"),
    ("de", "<div>Versandkostenfrei ab 35,00 €</div><span>49,90 €</span>"),
    ("de", "<span>49,90 €</span><div>Niedrigster Preis der letzten 30 Tage: 44,90 €</div>"),
    ("nl", "<span>49,90 €</span><div>Prijs met lidmaatschap € 44,90</div>"),
    ("pl", "<span>49,90 zł</span><div>3 raty po 16,63 zł</div><div>Najniższa cena z 30 dni: 44,90 zł</div>"),
    ("pt-BR", "<span>R$ 49,90</span><div>em até 6x de R$ 8,32 sem juros</div><div>R$ 47,40 à vista no Pix</div>"),
    ("cs", "<span>49,90 Kč</span><span>41,24 Kč bez DPH</span>"),
    ("sv", "<span>49,90 kr</span><div>Delbetala från 12 kr/mån</div>"),
    ("tr", "<span>49,90 TL</span><div>3 x 16,63 TL taksit</div>"),
    ("ar", "<span>49.90 ر.س</span><div>قسّمها على 4 دفعات بقيمة 12.48 ر.س</div>"),
    ("ja", "<div>5,500円以上で送料無料</div><span>4,990円</span>"),
]  # fmt: skip
ELSEWHERE = [
    "<section><h2>Related products</h2><a href=/pan><p>Iron pan</p><p>$12.00</p></a></section>",
    "<div><div class=head><strong>Kunden kauften auch</strong></div><ul><li><a href=/pan>Pfanne</a> <b>$12.00</b></li></ul></div>",
    "<h3>Vous aimerez aussi</h3><div><p>Poêle</p><span class=price>$12.00</span></div>",
    "<h3>Polecane produkty</h3><div class=price>$12.00</div><h3>Opis</h3>",
    "<h2>こちらもおすすめ</h2><div class=price>$12.00</div>",
]


def amounts(product: Product) -> list[str]:
    """List a product's price and former price as plain digits."""
    found = [product.price, product.regular_price]
    return [str(money.amount).replace(".", "").rstrip("0") for money in found if money]


@pytest.mark.parametrize(("lang", "shown"), FORMER)
def test_a_former_price_is_the_regular_price(lang: str, shown: str) -> None:
    """Whatever the language says for "was", that amount is the regular price and the other one the price."""
    product = product_of(shop_page(price=f"<div class=prices>{shown}</div>").replace('lang="en"', f'lang="{lang}"'))

    assert amounts(product) == ["499", "64"]


@pytest.mark.parametrize(("lang", "shown"), OTHER)
def test_an_amount_for_something_else_is_not_the_price(lang: str, shown: str) -> None:
    """Instalments, unit prices, thresholds, savings, members' and net prices leave the price alone."""
    product = product_of(shop_page(price=f"<div>{shown}</div>").replace('lang="en"', f'lang="{lang}"'))

    assert amounts(product) == ["499"]


@pytest.mark.parametrize("others", ELSEWHERE)
def test_what_stands_under_a_heading_for_other_products_is_theirs(others: str) -> None:
    """A heading about other products, in any language, takes the amounts below it out of the choice."""
    product = product_of(shop_page(price="", more=f"<p>Call us for a quote.</p>{others}"))

    assert product.price is None


def test_an_amount_without_a_currency_has_that_of_the_pages_others() -> None:
    """`1,099.99` beside a struck `$1,429.99` is in dollars."""
    shown = "<del>$1,429.99</del><span class=price><strong>1,099</strong><sup>.99</sup></span>"

    assert price_of(product_of(shop_page(price=shown))) == "1099.99 USD"


def test_the_price_of_many_is_no_price_where_none_is_told_for_one() -> None:
    """A product to be called for has no price, whatever its table for large orders says."""
    tiers = "<div class=tier-prices><table><tr><td>10+</td><td class=item-price>$44.90</td></tr></table></div>"

    assert product_of(shop_page(price="<span class=product-price>Call for pricing</span>", more=tiers)).price is None
