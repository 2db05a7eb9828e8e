"""Availability and condition: markup's terms and shops' words in many languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartage.extraction.availability import availability_of, condition_of
from cartage.model.product import Availability, Condition

IN, OUT = Availability.IN_STOCK, Availability.OUT_OF_STOCK
PRE, BACK = Availability.PRE_ORDER, Availability.BACK_ORDER
FEW, GONE = Availability.LIMITED_AVAILABILITY, Availability.DISCONTINUED

TERMS = [
    ("http://schema.org/InStock", IN),
    ("https://schema.org/InStock", IN),
    ("schema.org/InStock", IN),
    ("InStock", IN),
    ("https://schema.org/InStock/", IN),
    ("instock", IN),
    ("in stock", IN),
    ("In_Stock", IN),
    ("in-stock", IN),
    ("schema:InStock", IN),
    ("http://schema.org/OnlineOnly", IN),
    ("InStoreOnly", IN),
    ("true", IN),
    ("https://schema.org/OutOfStock", OUT),
    ("OutOfStock", OUT),
    ("out of stock", OUT),
    ("out-of-stock", OUT),
    ("oos", OUT),
    ("http://schema.org/SoldOut", OUT),
    ("Reserved", OUT),
    ("false", OUT),
    ("http://schema.org/PreOrder", PRE),
    ("preorder", PRE),
    ("PreSale", PRE),
    ("https://schema.org/BackOrder", BACK),
    ("MadeToOrder", BACK),
    ("available for order", IN),
    ("http://schema.org/LimitedAvailability", FEW),
    ("Discontinued", GONE),
    ("http://www.schema.org/Discontinued", GONE),
]
PHRASES = [
    ("In stock", IN),
    ("12 in stock", IN),
    ("In stock - ships today", IN),
    ("Available now", IN),
    ("Ready to ship", IN),
    ("Auf Lager", IN),
    ("Sofort lieferbar", IN),
    ("Lieferbar in 2-3 Werktagen", IN),
    ("En stock", IN),
    ("Disponible", IN),
    ("Expédié sous 24h", IN),
    ("Em estoque", IN),
    ("Disponível", IN),
    ("Disponibilità immediata", IN),
    ("Op voorraad", IN),
    ("I lager", IN),
    ("På lager", IN),
    ("Varastossa", IN),
    ("Dostępny", IN),
    ("Skladem > 5 ks", IN),
    ("Skladom", IN),
    ("Raktáron", IN),
    ("În stoc", IN),
    ("Na zalogi", IN),
    ("Stokta var", IN),
    ("В наличии", IN),
    ("Є в наявності", IN),
    ("Διαθέσιμο", IN),
    ("במלאי", IN),
    ("متوفر", IN),
    ("在庫あり", IN),
    ("有货", IN),
    ("현재 재고 있음", IN),
    ("มีสินค้า", IN),
    ("Còn hàng", IN),
    ("Tersedia", IN),
    ("Out of stock", OUT),
    ("Sold out", OUT),
    ("SOLD OUT!", OUT),
    ("Currently unavailable", OUT),
    ("Not in stock", OUT),
    ("Not available", OUT),
    ("No longer in stock", OUT),
    ("Nicht auf Lager", OUT),
    ("Nicht mehr verfügbar", OUT),
    ("Nicht lieferbar", OUT),
    ("Ausverkauft", OUT),
    ("Leider ausverkauft", OUT),
    ("Vergriffen", OUT),
    ("Derzeit nicht verfügbar", OUT),
    ("Rupture de stock", OUT),
    ("Épuisé", OUT),
    ("Indisponible", OUT),
    ("Non disponible", OUT),
    ("Agotado", OUT),
    ("Sin stock", OUT),
    ("No disponible", OUT),
    ("Esgotado", OUT),
    ("Indisponível", OUT),
    ("Fora de estoque", OUT),
    ("Esaurito", OUT),
    ("Non disponibile", OUT),
    ("Niet op voorraad", OUT),
    ("Uitverkocht", OUT),
    ("Slutsåld", OUT),
    ("Slut i lager", OUT),
    ("Udsolgt", OUT),
    ("Ikke på lager", OUT),
    ("Utsolgt", OUT),
    ("Loppuunmyyty", OUT),
    ("Ei varastossa", OUT),
    ("Wyprzedane", OUT),
    ("Niedostępny", OUT),
    ("Brak w magazynie", OUT),
    ("Vyprodáno", OUT),
    ("Není skladem", OUT),
    ("Vypredané", OUT),
    ("Nie je skladom", OUT),
    ("Elfogyott", OUT),
    ("Nincs raktáron", OUT),
    ("Stoc epuizat", OUT),
    ("Nu este în stoc", OUT),
    ("Rasprodano", OUT),
    ("Ni na zalogi", OUT),
    ("Läbi müüdud", OUT),
    ("Nav pieejams", OUT),
    ("Išparduota", OUT),
    ("Tükendi", OUT),
    ("Нет в наличии", OUT),
    ("Распродано", OUT),
    ("Немає в наявності", OUT),
    ("Εξαντλήθηκε", OUT),
    ("אזל מהמלאי", OUT),
    ("لا يوجد — غير متوفر", OUT),
    ("نفدت الكمية", OUT),
    ("ناموجود", OUT),
    ("売り切れ", OUT),
    ("在庫切れ", OUT),
    ("缺货", OUT),
    ("售完", OUT),
    ("품절", OUT),
    ("สินค้าหมด", OUT),
    ("Hết hàng", OUT),
    ("Stok habis", OUT),
    ("Pre-order now", PRE),
    ("Preorder", PRE),
    ("Jetzt vorbestellen", PRE),
    ("Précommande", PRE),
    ("Preventa", PRE),
    ("Pré-venda", PRE),
    ("Förbeställ", PRE),
    ("Przedsprzedaż", PRE),
    ("Предзаказ", PRE),
    ("予約受付中", PRE),
    ("预售", PRE),
    ("Available on backorder", BACK),
    ("Auf Bestellung", BACK),
    ("Sur commande", BACK),
    ("Bajo pedido", BACK),
    ("Sob encomenda", BACK),
    ("Na objednávku", BACK),
    ("Под заказ", BACK),
    ("お取り寄せ", BACK),
    ("Only 3 left", FEW),
    ("Only 3 left in stock", FEW),
    ("Low stock", FEW),
    ("Nur noch 2 auf Lager", FEW),
    ("Plus que 2 en stock", FEW),
    ("Últimas unidades", FEW),
    ("Ultimi pezzi disponibili", FEW),
    ("Ostatnie sztuki", FEW),
    ("残りわずか", FEW),
    ("Discontinued", GONE),
    ("No longer available", GONE),
    ("Produktion eingestellt", GONE),
    ("Fin de série", GONE),
    ("Descatalogado", GONE),
    ("Fuori produzione", GONE),
    ("生産終了", GONE),
]
UNSAID = [
    "",
    " ",
    "Add to cart",
    "Free delivery",
    "Price",
    "42",
    "https://schema.org/",
    "Choose a size",
    "Notify me",
    "NOT SOLD",
    "Inventory",
    "Farbe: blau",
    "{{ stock }}",
    "https://shop.example/blog/hello",
]


@pytest.mark.parametrize(("text", "availability"), TERMS)
def test_a_markup_term_is_its_availability(text: str, availability: Availability) -> None:
    """A schema.org term counts with either scheme, with none, and in any case."""
    assert availability_of(text) is availability


@pytest.mark.parametrize(("text", "availability"), PHRASES)
def test_a_shops_phrase_is_its_availability(text: str, availability: Availability) -> None:
    """A phrase that contains another one, like "not in stock", is read as the longer."""
    assert availability_of(text) is availability


@pytest.mark.parametrize("text", UNSAID)
def test_what_says_nothing_of_stock_gives_nothing(text: str) -> None:
    """Availability is never guessed."""
    assert availability_of(text) is None


@given(st.text(max_size=500))
def test_any_text_is_an_availability_or_nothing(text: str) -> None:
    """No text makes reading availability or condition fail."""
    assert availability_of(text) in (None, *Availability)
    assert condition_of(text) in (None, *Condition)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("https://schema.org/NewCondition", Condition.NEW),
        ("NewCondition", Condition.NEW),
        ("new", Condition.NEW),
        ("Neu", Condition.NEW),
        ("Brand new in box", Condition.NEW),
        ("Nuevo", Condition.NEW),
        ("新品", Condition.NEW),
        ("http://schema.org/UsedCondition", Condition.USED),
        ("used", Condition.USED),
        ("Used - very good", Condition.USED),
        ("Gebraucht", Condition.USED),
        ("Pre-owned", Condition.USED),
        ("Second hand", Condition.USED),
        ("中古", Condition.USED),
        ("RefurbishedCondition", Condition.REFURBISHED),
        ("Certified refurbished", Condition.REFURBISHED),
        ("Generalüberholt", Condition.REFURBISHED),
        ("Reconditionné", Condition.REFURBISHED),
        ("Renewed", Condition.REFURBISHED),
        ("https://schema.org/DamagedCondition", Condition.DAMAGED),
        ("Mint", None),
        ("Clean and ready for use.", None),
        ("5", None),
        ("", None),
        ("Newport", None),
        ("unused", None),
    ],
)
def test_a_condition_is_named_or_absent(text: str, condition: Condition | None) -> None:
    """A condition is one of schema.org's four; prose that names none gives nothing."""
    assert condition_of(text) is condition
