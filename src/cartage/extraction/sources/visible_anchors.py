"""The two fixed points of a product's page: the title a shopper reads and the button that buys."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from cartage.extraction.document import Document
from cartage.extraction.hints import BUY, TITLE
from cartage.extraction.layout import ORDER, Element, Layout
from cartage.extraction.sources.visible_asides import Span, asides_of
from cartage.extraction.text import clean

WORD = re.compile(r"\w+")
SITE_SEPARATOR = re.compile(r"\s+[|–—·»:-]\s+|\s*\|\s*")
BUY_TEXT = re.compile(
    r"(?<![^\W_])(?:add(?: item)?(?: \d+)? to (?:my |your |the |shopping )?(?:cart|bag|basket|trolley|order)|buy (?:it )?now|buy this|buy$|order$|order now"
    r"|in den (?:warenkorb|einkaufswagen|korb)|jetzt (?:kaufen|bestellen)|in winkel(?:wagen|mand)|bestellen|toevoegen aan"
    r"|ajouter au panier|ajouter à mon panier|acheter|j['’]ach[eè]te|commander|añadir (?:a la cesta|al carrito|a mi)|agregar al carr|comprar(?!\w| en nuestra)"
    r"|adicionar (?:ao|à)|aggiungi al (?:carrello|cestino)|acquista(?!\w)|do koszyka|kup teraz|do košíku|do košíka|vložit|kúpiť|koupit"
    r"|kosárba|kosárhoz|adaug[aă] [iî]n co[sș]|în coș|купить|в корзину|в кошик|купити|додати (?:до|у|в)|у кошик|добави в|количк|купи(?!\w)"
    r"|lägg i|köp(?!\w)|legg i|kjøp(?!\w)|læg i (?:kurv|kurven)|tilføj til|lisää|ostoskoriin|osta(?!\w)|lisa (?:ostu)?korvi|ostukorvi"
    r"|grozā|pievienot|į krepšelį|pirkti|sepete|satın al|hemen al|προσθήκη|αγορά|καλάθι|הוסף לסל|הוספה לסל|קנה|לסל|לקנייה"
    r"|(?:أضف|اضف|إضافة|اضافة)(?: (?:إلى|الى|ل\w*)|$)|للسلة|السلة|اشتر|شراء|thêm vào|mua ngay|mua hàng|tambah(?:kan)? ke|beli(?!\w)"
    r"|dodaj (?:v|u) (?:košaric|koš|voz)|u košaricu|v košarico|kupi(?!\w)|blej(?!\w)|shto në|افزودن|خرید|सूची|खरीदें|कार्ट में)"
    r"|加入購物車|加入购物车|放入購物車|加到購物車|購買|购买|立即|カートに|かごに|購入|장바구니|구매|바구니|เพิ่มลง|ตะกร้า|ซื้อ"
)
# Of the title's text a part must be so much, and so much more like the page's own title.
LEAST_PART, SHORTEST_PART, LEAST_GAIN, OPENS, MOST_PARTS = 0.4, 5, 0.08, 0.1, 12
SAME = 0.92
# A page's title often stops where a search engine cuts it: all its words, and so many, are then in the product's name.
LEAST_CUT, CUT_LIKENESS = 5, 0.85
# An element of the shop's own making, as `<x-add-to-cart>`.
BUY_TAG = re.compile(r"-(?:add-?(?:product|to-?(?:cart|bag|basket))|buy-?(?:now|button|box)|(?:cart|buy)-?button)")
# What leads to the cart itself puts nothing into it.
CART_PAGE = re.compile(
    r"/(?:shopping[-_]?)?(?:cart|basket|bag|warenkorb|panier|carrito|carrinho|carrello|winkelwagen|koszyk|kosik|sepet)(?:\.\w+)?/?$"
)
BOX_TAGS, LONGEST_BUTTON = frozenset({"div", "span", "p", "label", "b", "strong"}), 25
BUTTON_TAGS = frozenset({"button", "a", "input"})
DRAWN_TAGS = BUTTON_TAGS | {"img"}
GONE_TEXT = re.compile(
    r"sold ?out|out[ -]of[ -]stock|back in stock|notify me|e-?mail me when|unavailable|not available|ausverkauft|nicht (?:verfügbar|lieferbar)|benachrichtig"
    r"|épuisé|rupture|indisponible|agotado|sin stock|avísame|esgotado|indispon[ií]vel|avise-me|esaurito|non disponibile|avvisami"
    r"|uitverkocht|niet (?:op voorraad|leverbaar)|wyprzedan|niedostępn|powiadom|vyprodáno|vypredané|nedostupn|elfogyott|nincs készlet"
    r"|epuizat|stoc epuizat|indisponibil|нет в наличии|немає|изчерпан|slutsåld|slut i lager|utsolgt|udsolgt|loppu|tükendi|stokta yok"
    r"|εξαντλ|אזל|نفد|نفذ|غير متوفر|売り切れ|在庫切れ|售罄|缺貨|缺货|품절|hết hàng|stok habis|สินค้าหมด|rasprodano|razprodano"
)


@dataclass(frozen=True, slots=True)
class Anchors:
    """Hold where the product stands on a page; `similarity` says how well the title fits the page's own (0..1).

    `asides` are the spans of elements, by order, that stand under a heading about other products.
    """

    title: Element | None
    similarity: float
    buttons: tuple[Element, ...]
    asides: tuple[Span, ...] = ()

    @property
    def button(self) -> Element | None:
        """Give the button most likely to buy the page's product."""
        return self.buttons[0] if self.buttons else None

    def excluded(self, element: Element) -> bool:
        """Tell whether an element stands among other products, or in a region that does not hold the product's title."""
        order = element.order
        for first, last in self.asides:
            if first <= order <= last:
                return True
        region, title = element.region, self.title
        while region is not None:
            if title is None or not title.inside(region):
                return True
            region = region.outer
        return False


def anchors_of(document: Document, layout: Layout) -> Anchors:
    """Find the product's title and its buy buttons, best first."""
    title, similarity = _title(document, layout)
    asides = asides_of(layout, title)
    found = Anchors(title, similarity, (), asides)
    return Anchors(title, similarity, _buttons(layout, found), asides)


def stated_titles(document: Document) -> list[str]:
    """List what the page calls itself: og:title and the title element, with and without the shop's name."""
    return document.once(_stated_titles)


def _stated_titles(document: Document) -> list[str]:
    stated = [*document.meta.get("og:title", [])[:1], *document.meta.get("twitter:title", [])[:1], document.title]
    return [text for text in map(clean, stated) if text]


def likeness(text: str, stated: list[str]) -> float:
    """Tell how much a text's words are a page's own title, 0..1: all of it, early, and little else."""
    words = [word for word in WORD.findall(text.lower()) if len(word) > 1 or word.isdigit()]
    if not words:
        return 0.0
    best = 0.0
    given = set(words)
    for title in stated:
        own, main = _words_of(title)
        if not own:
            continue
        shared = len(given & own)
        recall = len(main & given) / len(main) if len(main) > 1 else 0.0
        if len(main) >= LEAST_CUT and main <= given:
            best = max(best, CUT_LIKENESS)
        best = max(best, 0.6 * shared / len(given) + 0.4 * max(recall, shared / len(own)))
    return best


@lru_cache(maxsize=64)
def _words_of(title: str) -> tuple[frozenset[str], frozenset[str]]:
    """Give a title's words, and those of its longest part, which is the one that names the product."""
    longest = max(SITE_SEPARATOR.split(title), key=len)
    return frozenset(WORD.findall(title.lower())), frozenset(WORD.findall(longest.lower()))


def _title(document: Document, layout: Layout) -> tuple[Element | None, float]:
    stated = stated_titles(document)
    best, best_score, best_likeness = None, 0.0, 0.0
    for element in layout.which(TITLE, ("h1", "h2")):
        weight = _title_weight(element)
        if not weight:
            continue
        text = layout.text(element) if layout.size(element) < 60 else ""
        if not 2 < len(text) < 300:
            continue
        like = likeness(text, stated) if stated else 0.5
        apart = 0.0 if element.region is None else (0.5 if element.tag == "h1" else 1.5)
        score = weight + 2.5 * like - (0.6 if element.hidden else 0) - apart
        if score > best_score + 0.01:
            best, best_score, best_likeness = element, score, like
    return best, best_likeness


def _title_weight(element: Element) -> float:
    if element.tag == "h1":
        return 1.2 + (0.3 if element.traits & TITLE else 0)
    if element.traits & TITLE and element.tag != "body":
        return 0.7
    return 0.5 if element.tag == "h2" else 0.0


def title_text(layout: Layout, anchors: Anchors, stated: list[str]) -> str:
    """Give the name that the title holds: all of it, or the part that is the page's own title where more stands around it."""
    title = anchors.title
    if title is None:
        return ""
    whole = layout.text(title)
    own = " ".join(
        "".join(layout.pieces[at] for at in range(title.start, title.end) if layout.owners[at] is title).split()
    )
    parts = [own, *(layout.text(inner) for inner in layout.within(title, MOST_PARTS))]
    large = [part for part in parts if len(part) >= LEAST_PART * len(whole) and len(part) > SHORTEST_PART]
    best = max((whole, *large), key=lambda part: (likeness(part, stated) + _opens(part, stated), len(part)))
    gain = likeness(best, stated) + _opens(best, stated) - likeness(whole, stated) - _opens(whole, stated)
    return best if gain >= LEAST_GAIN else whole


def _opens(text: str, stated: list[str]) -> float:
    """Add something for a text with which a stated title begins."""
    words = WORD.findall(text.lower())
    return OPENS if any(WORD.findall(title.lower())[: len(words)] == words for title in stated) else 0.0


def button_text(layout: Layout, element: Element) -> str:
    """Give what a button says: its text, or the value, label or title that stands for it."""
    text = layout.text(element) if layout.size(element) < 20 else ""
    return text or element.get("value") or element.get("aria-label") or element.get("title")


def is_button(element: Element) -> bool:
    """Tell whether an element is pressed: a button, a link, or what is drawn or named like one."""
    if element.tag == "img":
        return bool(element.traits & BUY)
    if element.tag not in BUTTON_TAGS:
        return ("-" in element.tag and bool(BUY_TAG.search(element.tag))) or element.attributes.get("role") == "button"
    return element.tag != "input" or element.get("type").lower() in ("submit", "button", "image")


def _buttons(layout: Layout, anchors: Anchors) -> tuple[Element, ...]:
    scored: list[tuple[float, Element]] = []
    after = anchors.title.order if anchors.title else 0
    drawn = (each for tag, each in layout.tagged.items() if tag in DRAWN_TAGS or "-" in tag)
    may = {element: None for elements in (*drawn, layout.acting) for element in elements if is_button(element)}
    for element in sorted(may, key=ORDER):
        text = button_text(layout, element).lower()
        score = 2.0 if len(text) < 45 and (BUY_TEXT.search(text)) else 0.0
        score += 1.5 if element.traits & BUY or ("-" in element.tag and BUY_TAG.search(element.tag)) else 0.0
        if not score or (element.tag == "a" and CART_PAGE.search(element.get("href"))):
            continue
        score -= 3 if anchors.excluded(element) else 0
        score -= 1 if element.order < after else 0
        score -= 0.5 if element.tag == "a" else 0
        score -= 0.7 if element.hidden else 0
        scored.append((score, element))
    scored.sort(key=lambda pair: -pair[0])
    found = tuple(element for score, element in scored if score > 0)
    return found or _like_buttons(layout, anchors)


def _like_buttons(layout: Layout, anchors: Anchors) -> tuple[Element, ...]:
    """Give elements of other tags that say nothing but what a buy button says: some shops draw theirs of plain boxes."""
    found: list[Element] = []
    for position, piece in enumerate(layout.pieces):
        if 2 < len(piece) < LONGEST_BUTTON and BUY_TEXT.match(piece.strip().lower()):
            owner = layout.owners[position]
            if owner.tag in BOX_TAGS and not owner.hidden and not anchors.excluded(owner):
                found.append(owner)
    return tuple(found[:1])


def similar(one: str, other: str) -> bool:
    """Tell whether two texts are nearly the same words."""
    first, second = " ".join(WORD.findall(one.lower())), " ".join(WORD.findall(other.lower()))
    if first == second:
        return True
    matcher = SequenceMatcher(None, first[:200], second[:200])
    return all(ratio() > SAME for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio))
