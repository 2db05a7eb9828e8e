"""Text as a person reads it: entities, white space, and HTML fragments made plain or safe."""

import html as html_module
import re
from functools import lru_cache
from urllib.parse import urljoin

import nh3
from selectolax.lexbor import LexborHTMLParser

UNSEEN = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff\ue000-\uf8ff]"
)
MARKUP = re.compile(r"<[a-zA-Z/!][^>]{0,2000}>")
BLOCKS = re.compile(
    r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6]|/ul|/ol|/table|/section|/button|/summary|/dt|/dd)\b[^>]*>", re.IGNORECASE
)
DESCRIPTION_HEADING = re.compile(
    r"(?:product |item |full |detailed |about (?:this|the) )?(?:description|details|item|product|overview)|produkt-?(?:beschreibung|informationen|details)(?: \".*\")?|artikelbeschreibung|beschreibung|description(?: du produit)?|détails(?: du produit)?|détail du produit|detalles(?: del producto)?|detalhes(?: do produto)?|dettagli(?: del prodotto)?|szczegóły(?: produktu)?|opis towaru|تفاصيل المنتج|деталі|商品の説明|商品詳細"
    r"|descripción(?: del producto)?|descrição(?: do produto)?|descrizione(?: (?:del )?prodotto)?|(?:product)?omschrijving|(?:product)?beschrijving|opis(?: produktu)?|(?:detailní )?popis(?: produktu)?|leírás|részletek|descriere"
    r"|(?:produkt)?beskrivning|produktbeskrivelse|opis (?:proizvoda|izdelka)|περιγραφή(?: προϊόντος)?|kirjeldus|apraksts|aprašymas|توضیحات|รายละเอียด(?:สินค้า)?|विवरण|beskrivelse|tuotekuvaus|kuvaus|описание(?: товара)?|опис|ürün açıklaması|açıklama|الوصف|وصف المنتج|תיאור(?: המוצר)?|商品説明|商品描述|产品描述|상품 설명|mô tả|deskripsi",
    re.IGNORECASE,
)
BLANK_LINES = re.compile(r"\n\s*\n+")
LONGEST_FRAGMENT = 200_000
DEEPEST_FRAGMENT = 100
TAGS = {
    "p", "br", "b", "strong", "i", "em", "u", "s", "sub", "sup", "small", "ul", "ol", "li", "dl", "dt", "dd",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "blockquote", "hr", "a", "div", "span",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}


def clean(text: str) -> str:
    """Decode entities (twice where a shop encoded twice), drop unseen characters and fold white space."""
    decoded = html_module.unescape(html_module.unescape(text)) if "&" in text else text
    return " ".join((decoded if decoded.isprintable() and decoded.isascii() else UNSEEN.sub("", decoded)).split())


@lru_cache(maxsize=32)  # several sources of a page state one description
def plain_text(html: str) -> str:
    """Turn an HTML fragment, or text that holds entities, into readable lines.

    The parser's time grows with the square of the nesting, so beyond the cap only the tags are dropped.
    """
    text = html[:LONGEST_FRAGMENT]
    if "&lt;" in text and "<" not in text:
        text = html_module.unescape(text)
    if _depth(text) > DEEPEST_FRAGMENT:
        text = MARKUP.sub(" ", text)
    elif MARKUP.search(text):
        tree = LexborHTMLParser(BLOCKS.sub(lambda match: match[0] + "\n", text))
        tree.strip_tags(["script", "style", "template", "noscript"])
        text = tree.body.text() if tree.body else ""
    lines = (clean(line) for line in html_module.unescape(text).splitlines())
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def sanitised(html: str, base_url: str) -> str | None:
    """Keep an HTML fragment's plain structure: no script, style, image or relative link; None when nothing is left.

    Depth and size are capped before nh3, whose time grows with the square of the nesting.
    """
    fragment = html[:LONGEST_FRAGMENT]
    if "&lt;" in fragment and "<" not in fragment:
        fragment = html_module.unescape(fragment)
    if not MARKUP.search(fragment) or _depth(fragment) > DEEPEST_FRAGMENT:
        return None
    kept = nh3.clean(
        UNSEEN.sub("", fragment),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        attribute_filter=lambda tag, name, value: _absolute(base_url, value) if (tag, name) == ("a", "href") else value,
        link_rel="nofollow noopener noreferrer",
    )
    return kept.strip() or None


def _absolute(base_url: str, href: str) -> str | None:
    try:
        address = urljoin(base_url, href)
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None


def _depth(fragment: str) -> int:
    deepest = depth = 0
    for match in re.finditer(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", fragment):
        if match[2].lower() in {"br", "img", "hr", "input", "meta", "link", "p", "li", "td", "tr"}:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest
