"""Whether a shopper can buy, as the page's buy area says it."""

import re

from cartage.extraction.claims import Claim
from cartage.extraction.document import LONGEST_RAW
from cartage.extraction.hints import STOCK
from cartage.extraction.layout import Element, Layout
from cartage.extraction.sources.visible_anchors import GONE_TEXT, Anchors, button_text
from cartage.model.evidence import Source
from cartage.model.product import Availability

IN_TEXT = re.compile(
    r"(?<!not )(?<!currently not )in[ -]?stock|(?<!un)(?<!not )available(?! (?:soon|in stores only))|ready to ship|ships (?:in|within|today|from)|(?<!nicht )auf lager|(?<!nicht )lieferbar|sofort (?:verfügbar|lieferbar)|(?<!nicht )vorrätig|(?<!nicht )verfügbar"
    r"|en stock|(?<!in)disponib|(?<!non )disponible|op voorraad|leverbaar|na skladě|skladem|na sklade|skladom|dostępn|w magazynie|na stanie|raktáron|készleten|in stoc|în stoc|(?<!не )в наличии|(?<!не )в наявності|є в наявності|наличен|i lager|på lager|finns i|varastossa|saatavilla|laos|noliktavā|sandėlyje|stokta(?! yok)|διαθέσιμο|άμεσα|na zalogi|na zalihi|dostupno|в наличност|במלאי|متوفر|متاح|有貨|有货|現貨|在庫あり|재고 있음|còn hàng|tersedia|有庫存|lagernd|em estoque|em stock|existencias",
    re.IGNORECASE,
)
PRE_TEXT = re.compile(
    r"pre-?order|vorbestell|précommande|preventa|preorder|pré-venda|prenota|przedsprzedaż|předobjedn|predobjedn|предзаказ|ön sipariş|予約|預購|预购|เพื่อสั่งซื้อล่วงหน้า",
    re.IGNORECASE,
)
BACK_TEXT = re.compile(
    r"back-?order|on backorder|nachbestell|sur commande|bajo pedido|na objednávku|na zamówienie|под заказ",
    re.IGNORECASE,
)
LOW_TEXT = re.compile(
    r"only \d+ (?:left|in stock|available|remaining)|nur noch \d+|plus que \d+|low stock|limited (?:stock|availability)|quedan? (?:solo )?\d+|solo \d+ (?:in magazzino|disponibil)|ostatni|poslední kus|fåtal|few left|last (?:one|few|items)",
    re.IGNORECASE,
)
DISCONTINUED_TEXT = re.compile(
    r"discontinued|no longer (?:available|sold|made)|nicht mehr (?:lieferbar|verfügbar|erhältlich)|n'est plus disponible|ya no (?:está )?disponible|descatalogado|fuori produzione|niet meer leverbaar|wycofan",
    re.IGNORECASE,
)

HIDDEN = 0.2


def availability_in(text: str) -> Availability | None:
    """Read shop words in a short text; None when they say nothing or contradict each other."""
    text = text.strip().lower()
    if DISCONTINUED_TEXT.search(text):
        return Availability.DISCONTINUED
    if PRE_TEXT.search(text):
        return Availability.PRE_ORDER
    if BACK_TEXT.search(text):
        return Availability.BACK_ORDER
    gone = bool(GONE_TEXT.search(text))
    there = bool(LOW_TEXT.search(text) or IN_TEXT.search(GONE_TEXT.sub(" ", text)))
    if gone != there:
        return Availability.OUT_OF_STOCK if gone else Availability.IN_STOCK
    return None


def availability_of_page(layout: Layout, anchors: Anchors) -> list[Claim[Availability]]:
    """List what the buy area says, best first."""
    found = [*_from_labels(layout, anchors), *_from_buttons(layout, anchors)]
    found.sort(key=lambda claim: -claim.score)
    return found[:4]


def _from_labels(layout: Layout, anchors: Anchors) -> list[Claim[Availability]]:
    found: list[Claim[Availability]] = []
    for element in layout.which(STOCK):
        if layout.size(element) > 14:
            continue
        text = layout.text(element)
        if not 2 < len(text) < 90 or anchors.excluded(element) or _is_choice(element):
            continue
        value = availability_in(text)
        if value is not None:
            # What is hidden now may be shown for another variant: it counts only where nothing else is said.
            score = HIDDEN if element.hidden else 0.78 + _nearness(anchors, element)
            found.append(Claim(value, Source.VISIBLE, element.path, text[:LONGEST_RAW], score))
    return found


def _from_buttons(layout: Layout, anchors: Anchors) -> list[Claim[Availability]]:
    for element in anchors.buttons[:3]:
        text = button_text(layout, element)
        said = availability_in(text)
        dead = "disabled" in element.attributes or "disabled" in element.hint.split()
        raw = text[:LONGEST_RAW] or element.hint[:LONGEST_RAW]
        if (said is Availability.OUT_OF_STOCK or said is Availability.PRE_ORDER) and not element.hidden:
            return [Claim(said, Source.VISIBLE, element.path, raw, 0.85)]
        if not element.hidden and not anchors.excluded(element) and not dead:
            return [Claim(Availability.IN_STOCK, Source.VISIBLE, element.path, raw, 0.8)]
    return _from_dead_buttons(layout, anchors)


def _from_dead_buttons(layout: Layout, anchors: Anchors) -> list[Claim[Availability]]:
    for element in layout.which(tags=("button", "a")):
        if element.hidden or anchors.excluded(element):
            continue
        text = button_text(layout, element)
        if 2 < len(text) < 40 and GONE_TEXT.search(text.lower()) and not _is_choice(element):
            return [Claim(Availability.OUT_OF_STOCK, Source.VISIBLE, element.path, text, 0.75)]
    return []


def _is_choice(element: Element) -> bool:
    return any(
        near.tag in ("option", "label", "select") or "swatch" in near.hint or "variant" in near.hint
        for near in element.chain(3)
    )


def _nearness(anchors: Anchors, element: Element) -> float:
    button = anchors.button
    if button is None:
        return 0.0
    return 0.1 if abs(button.start - element.start) < 60 else 0.0
