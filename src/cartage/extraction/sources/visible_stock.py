"""Whether a shopper can buy, as the page's buy area says it."""

import re

from cartage.extraction.availability import GONE_WORDS
from cartage.extraction.claims import Claim
from cartage.extraction.concealed import is_named_hidden
from cartage.extraction.document import LONGEST_RAW
from cartage.extraction.hints import STOCK
from cartage.extraction.layout import Element, Layout
from cartage.extraction.sources.visible_anchors import GONE_TEXT, Anchors, button_text, is_button
from cartage.extraction.sources.visible_facts import Fact
from cartage.model.evidence import Source
from cartage.model.product import Availability

IN_TEXT = re.compile(
    r"(?<!not )(?<!currently not )in[ -]?stock|(?<!un)(?<!not )available(?! (?:soon|in stores only))|ready to ship|ships (?:in|within|today|from)|(?<!nicht )auf lager|(?<!nicht )lieferbar|sofort (?:verfügbar|lieferbar)|(?<!nicht )vorrätig|(?<!nicht )verfügbar"
    r"|en stock|(?<!in)dispon[ií][bv]|in magazzino|на складе|มีสินค้า|ir pieejams|(?<!non )disponible|op voorraad|leverbaar|na skladě|skladem|na sklade|skladom|dostępn|w magazynie|na stanie|raktáron|készleten|in stoc|în stoc|(?<!не )в наличии|(?<!не )в наявності|є в наявності|наличен|i lager|på lager|finns i|varastossa|saatavilla|laos|noliktavā|sandėlyje|stokta(?! yok)|διαθέσιμο|άμεσα|na zalogi|na zalihi|dostupno|в наличност|במלאי|متوفر|متاح|有貨|有货|現貨|在庫あり|재고 있음|còn hàng|tersedia|有庫存|lagernd|em estoque|em stock|existencias",
    re.IGNORECASE,
)
PRE_TEXT = re.compile(
    r"pre-?order|vorbestell|précommande|preventa|preorder|pré-venda|prenota|przedsprzedaż|předobjedn|predobjedn|предзаказ|ön sipariş|予約|預購|预购|เพื่อสั่งซื้อล่วงหน้า",
    re.IGNORECASE,
)
BACK_TEXT = re.compile(
    r"back-?order|on backorder|nachbestell|sur commande|bajo pedido|por encargo|sob encomenda|su ordinazione|op (?:na)?bestelling|auf bestellung|beställningsvara|na objednávku|na zamówienie|под заказ",
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
# A phrase that stands alone between title and button, whatever its element is named.
ALONE = re.compile(
    r"\W*(?:currently |temporarily |sofort |momentan |actuellement |\d+ )?(?:in stock|available(?: now)?|ready to ship|out[ -]of[ -]stock|sold[ -]?out|unavailable|auf lager|lagernd|lieferbar|vorrätig|ausverkauft|nicht verfügbar|en stock|disponible|épuisé|(?:en )?rupture de stock|en rupture"
    r"|agotado|sin stock|em estoque|em stock|esgotado|disponibile|disponibilità immediata|esaurito|non disponibile|op voorraad|niet op voorraad|uitverkocht|dostępny|niedostępny|w magazynie|brak towaru|skladem|na skladě|na sklade|vyprodáno|vypredané|raktáron|készleten|elfogyott"
    r"|[îi]n stoc|stoc epuizat|в наличии|есть в наличии|нет в наличии|(?:є )?в наявності|немає в наявності|в наличност|stokta(?: var)?|stokta yok|tükendi|i lager|finns i lager|slut(?:såld)?|på lager|udsolgt|utsolgt|varastossa|loppunut|διαθέσιμο|εξαντλ\w+|במלאי|אזל(?: מהמלאי)?|متوفر|غير متوفر|نفد\w*|نفذ\w*"
    r"|hors stock|non disponible|fuera de (?:stock|existencias)|sin existencias|no disponible|nicht (?:auf lager|vorrätig|lieferbar)|vergriffen|fora de estoque|sem estoque|dispon[ií]vel|indispon[ií]vel|brak (?:w magazynie|na stanie)|na stanie|není skladem|nie je na sklade|nincs raktáron"
    r"|nu este [iî]n stoc|ikke på lager|ej i lager|ei varastossa|μη διαθέσιμο|нет на складе|на складе|немає в наявності|няма наличност"
    r"|在庫あり|在庫なし|在庫切れ|品切れ|完売|売り切れ|有貨|有货|現貨|现货|售罄|缺貨|缺货|재고 있음|품절|còn hàng|hết hàng|tersedia|habis|stok habis)\W*",
    re.IGNORECASE,
)
STOCK_LABEL = re.compile(
    r"availability|stock(?: (?:status|level|availability))?|in stock|verfügbarkeit|lagerstand|(?:lager)?bestand|lagerstatus|lager|disponibilit[éàa]\w*|disponibilidade?|disponibilitate|stoc|beschikbaarheid|voorraad|dostępność|stan magazynowy|dostupnosť?|elérhetőség|készlet|raktárkészlet"
    r"|наличие|наявність|наличност|доступность|stok(?: durumu)?|saatavuus|διαθεσιμότητα|זמינות|מלאי|التوفر|المخزون|حالة المخزون|موجودی|在庫(?:状況|数)?|庫存|库存|재고|tình trạng|kho hàng|ketersediaan",
    re.IGNORECASE,
)
COUNTED = re.compile(r"\D{0,3}(\d{1,5})(?:\s?\D{0,15})?")
SHOWN_ON_SOME = re.compile(r"(?<!\S)(?:(?:xs|sm|md|lg|xl|\dxl):|d-(?:sm|md|lg|xl))")
SOLD_OUT_NAME = re.compile(r"sold-?out|out-?of-?stock")
HIDDEN, ALONE_SCORE, LABELLED_SCORE, AFTER_BUTTON, AFTER_TITLE = 0.2, 0.6, 0.8, 40, 150
WAITING_SCORE, DEAD_SCORE, SOLD_OUT_SCORE = 0.45, 0.85, 0.84


def availability_in(text: str) -> Availability | None:
    """Read shop words in a short text; None when they say nothing or contradict each other."""
    text = text.strip().lower()
    if DISCONTINUED_TEXT.search(text):
        return Availability.DISCONTINUED
    if PRE_TEXT.search(text):
        return Availability.PRE_ORDER
    if BACK_TEXT.search(text):
        return Availability.BACK_ORDER
    rest = GONE_WORDS.sub(" ", GONE_TEXT.sub(" ", text))
    gone = rest != text
    there = bool(LOW_TEXT.search(text) or IN_TEXT.search(rest))
    if gone != there:
        return Availability.OUT_OF_STOCK if gone else Availability.IN_STOCK
    return None


def availability_of_page(layout: Layout, anchors: Anchors, pairs: list[Fact]) -> list[Claim[Availability]]:
    """List what the buy area and the page's labelled facts say, best first."""
    bought = _from_buttons(layout, anchors)
    alive = bool(bought) and bought[0].value is Availability.IN_STOCK and bought[0].score > WAITING_SCORE
    found = [*_from_labels(layout, anchors, alive=alive), *bought, *_from_pairs(pairs)]
    found = found or _from_phrases(layout, anchors) or _from_pictures(layout, anchors)
    found.sort(key=lambda claim: -claim.score)
    return found[:4]


def _from_labels(layout: Layout, anchors: Anchors, *, alive: bool) -> list[Claim[Availability]]:
    found: list[Claim[Availability]] = []
    for element in layout.which(STOCK):
        if layout.size(element) > 14:
            continue
        text = layout.text(element)
        if not 2 < len(text) < 90 or anchors.excluded(element) or _is_choice(element):
            continue
        value = availability_in(text)
        if value is Availability.IN_STOCK and "backorder" in element.hint:
            value = Availability.BACK_ORDER
        if value is not None:
            # What is hidden now may be shown for another variant: it counts only where nothing else is said.
            # So may what is named for being sold out, where the button is alive: a style sheet shows it in time.
            waits = alive and value is Availability.OUT_OF_STOCK and SOLD_OUT_NAME.search(element.hint)
            score = HIDDEN if element.hidden or waits else 0.78 + _nearness(anchors, element)
            found.append(Claim(value, Source.VISIBLE, element.path, text[:LONGEST_RAW], score))
    return found


def _from_pairs(pairs: list[Fact]) -> list[Claim[Availability]]:
    found: list[Claim[Availability]] = []
    for label, value, element in pairs:
        if not STOCK_LABEL.fullmatch(label) or len(value) > 60 or _is_choice(element):
            continue
        stock = availability_in(value)
        if stock is None and (counted := COUNTED.fullmatch(value)):
            stock = Availability.IN_STOCK if int(counted[1]) else Availability.OUT_OF_STOCK
        if stock:
            raw = f"{label}: {value}"[:LONGEST_RAW]
            # A button may stand there all the same: some shops let it answer that nothing is left.
            score = LABELLED_SCORE if stock is Availability.IN_STOCK else SOLD_OUT_SCORE
            found.append(Claim(stock, Source.VISIBLE, element.path, raw, score))
    return found


def _from_phrases(layout: Layout, anchors: Anchors) -> list[Claim[Availability]]:
    if anchors.title is None:
        return []
    button = anchors.button
    last = button.end + AFTER_BUTTON if button is not None else anchors.title.end + AFTER_TITLE
    for position in range(anchors.title.end, min(last, len(layout.pieces))):
        piece, owner = layout.pieces[position].strip(), layout.owners[position]
        if not 3 < len(piece) < 40 or not ALONE.fullmatch(piece):
            continue
        stock = availability_in(piece)
        if stock and not owner.hidden and not anchors.excluded(owner) and not _is_choice(owner):
            return [Claim(stock, Source.VISIBLE, owner.path, piece, ALONE_SCORE)]
    return []


def _from_pictures(layout: Layout, anchors: Anchors) -> list[Claim[Availability]]:
    """Read what a drawn button or badge right after the title says in its description."""
    if anchors.title is None:
        return []
    for element in layout.which(tags=("img",)):
        said = element.get("alt").strip()
        near = 0 <= element.start - anchors.title.end < AFTER_TITLE
        if near and ALONE.fullmatch(said) and (stock := availability_in(said)) and not anchors.excluded(element):
            return [Claim(stock, Source.VISIBLE, element.path, said, ALONE_SCORE)]
    return []


def _from_buttons(layout: Layout, anchors: Anchors) -> list[Claim[Availability]]:
    for element in anchors.buttons[:3]:
        text = button_text(layout, element)
        said = availability_in(text)
        dead = "disabled" in element.attributes or "disabled" in element.hint.split()
        raw = text[:LONGEST_RAW] or element.hint[:LONGEST_RAW]
        if (said is Availability.OUT_OF_STOCK or said is Availability.PRE_ORDER) and not element.hidden:
            return [Claim(said, Source.VISIBLE, element.path, raw, 0.85)]
        if not element.hidden and not anchors.excluded(element) and not dead and not _is_put_away(element):
            return [Claim(Availability.IN_STOCK, Source.VISIBLE, element.path, raw, 0.8)]
    return _from_dead_buttons(layout, anchors)


def _is_put_away(element: Element) -> bool:
    """Tell whether an element's class hides it on every screen."""
    return is_named_hidden(element) and SHOWN_ON_SOME.search(element.hint) is None


def _from_dead_buttons(layout: Layout, anchors: Anchors) -> list[Claim[Availability]]:
    for element in layout.which(tags=("button", "a", "input")):
        if element.hidden or anchors.excluded(element) or not is_button(element):
            continue
        text = button_text(layout, element)
        if 2 < len(text) < 40 and GONE_TEXT.search(text.lower()) and not _is_choice(element):
            return [Claim(Availability.OUT_OF_STOCK, Source.VISIBLE, element.path, text, DEAD_SCORE)]
    return _from_waiting_button(layout, anchors)


def _from_waiting_button(layout: Layout, anchors: Anchors) -> list[Claim[Availability]]:
    """Read a buy button that is off, on a page that calls nothing sold out, as waiting for a choice there is to make."""
    button, title = anchors.button, anchors.title
    if button is None or title is None or anchors.excluded(button):
        return []
    choices = [each for each in layout.which(tags=("select", "input")) if title.order < each.order < button.order]
    waits = any(each.tag == "select" or each.get("type").lower() == "radio" for each in choices)
    raw = button_text(layout, button)[:LONGEST_RAW]
    return [Claim(Availability.IN_STOCK, Source.VISIBLE, button.path, raw, WAITING_SCORE)] if waits and raw else []


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
