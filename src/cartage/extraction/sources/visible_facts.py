"""What a page says of its product in labelled words: codes, brand and attributes."""

import re
from functools import lru_cache

from cartage.extraction.claims import Claim, Statement
from cartage.extraction.document import LONGEST_RAW
from cartage.extraction.hints import BRAND, CODE, LABEL
from cartage.extraction.layout import Element, Layout
from cartage.extraction.sources.visible_anchors import Anchors
from cartage.model.evidence import Source

NUMBER_WORD = r"(?:no|nr|num(?:ber)?|nummer|code|id|#|n[°ºo]|№|kod|kód|cod|código|codigo|codice|номер|код)"
SKU_LABEL = re.compile(
    rf"(?:product |item |shop |model )?sku(?: (?:{NUMBER_WORD}))?|(?:{NUMBER_WORD})\.? ?(?:ref|art|kat|prod|zboží|tovaru)\w*\.?|(?:item|product|catalog(?:ue)?|stock|style|part|article|web|shop|prod|order|internet)\.?[ -]?(?:{NUMBER_WORD})\.?|item ?#|style ?#|product ?#|catalog ?#|asin|item"
    r"|art(?:ikel)?\.?[ -]?(?:nr|nummer|no|num)\.?|artikelnummer|bestell-?(?:nr|nummer)\.?|produktnummer|produkt-?(?:nr|id)\.?|varenummer|varenr\.?|artnr\.?|tuote(?:numero|koodi|nro)"
    r"|r[ée]f(?:[ée]rence)?\.?(?: produit| fabricant)?|code (?:produit|article)|référence|ref\.?(?: n[°º])?|referencia|código(?: de producto| do produto)?|cod\.?(?: prodotto| articolo| produs| art)?|codice(?: prodotto| articolo)?|referência|modelo"
    r"|kod(?: produktu| producenta| towaru)?|numer (?:katalogowy|produktu)|indeks|symbol|kód(?: produktu| zboží| tovaru)?|číslo (?:produktu|zboží)|katalogové číslo|cikkszám|termékkód|šifra(?: artikla| proizvoda| izdelka)?|код(?: товара| на продукт| товару)?|артикул"
    r"|ürün (?:kodu|no)|stok kodu|κωδικ[όο]ς(?: προϊόντος)?|tootekood|artikkel|prekės kodas|preces kods|מק[\"״]?ט|קוד(?: מוצר)?|דגם|رمز المنتج|رقم (?:المنتج|الموديل)|الموديل|款號|貨號|商品(?:編號|番号|コード)|货号|型号|品番|(?:자체 ?)?상품 ?(?:번호|코드)|제품 ?(?:번호|코드)|mã (?:sản phẩm|sp|hàng)|kode (?:produk|barang)|รหัสสินค้า",
)
MPN_LABEL = re.compile(
    r"mpn|han|model(?: ?(?:name|no|number|#|code|nr|name/number))?\.?|manufacturer(?:'?s)? (?:part|product|item|model|ref)\.? ?(?:number|no|code|#)?\.?|mfr\.? ?(?:part|model)?\.? ?(?:number|no|#)?\.?|mfg\.? ?(?:part)? ?(?:no|#)?|part (?:number|no)\.?|item model number|vendor (?:code|part)"
    r"|hersteller-?(?:nr|nummer|artikelnummer|teilenummer)\.?|herstellernummer|modell(?:nummer|-nr\.?)?|modellnummer|référence (?:fabricant|constructeur)|numéro (?:de modèle|du modèle de l'article)|modèle|número de modelo(?: del producto)?|modelo|numero (?:di )?modello(?: articolo)?|modello|codice produttore|kod producenta|model produktu|модель|číslo modelu|onderdeelnummer|modelnummer|型番|型號|数量型番",
)
STYLE_LABEL = re.compile(r"style|item|model|modell|product|code|ref|id|(?:post|ad|listing)(?: ?id)?")
STYLE_CODE = re.compile(r"(?=[\w-]*\d{3})[A-Z0-9][A-Z0-9-]{4,20}")
GTIN_LABEL = re.compile(
    r"gtin(?:-?\d+)?|ean(?:[ -]?(?:code|nummer|13|kód|kod|/upc|8))?|upc(?:[ -]?(?:a|code|/ean|number))?|isbn(?:[ -]?1[03])?|bar-?code|barcode|strichcode|kod (?:ean|kreskowy)|code[ -]?barres?|código de barras|codice a barre|čárový kód|čiarový kód|штрихкод|штрих-код|條碼|條形碼|バーコード|jan(?:コード)?",
)
BRAND_LABEL = re.compile(
    r"brand(?: name)?|manufactured by|made by|make|marke|hersteller|manufacturer|maker|vendor|marque|fabricant|marca|fabricante|marchio|produttore|merk|fabrikant|marka|producent|značka|výrobce|výrobca|márka|gyártó|proizvođač|brend|blagovna znamka|proizvajalec|znamka|бренд|производитель|марка|виробник|varumärke|märke|merke|mærke|tuotemerkki|valmistaja|bränd|kaubamärk|tootja|ražotājs|prekės ženklas|μάρκα|κατασκευαστής|מותג|יצרן|الماركة|العلامة التجارية|品牌|ブランド|メーカー|브랜드|제조사|thương hiệu|merek|ยี่ห้อ|แบรนด์|producător|brand-ul",
)
# What names a code or a maker is matched in lower case: ignoring case would take several times as long.
NAMES_A_CODE = re.compile("|".join(label.pattern for label in (SKU_LABEL, MPN_LABEL, GTIN_LABEL, BRAND_LABEL)))
# What a table says of the offer is read as price, delivery and name.
OFFERED = re.compile(
    r"(?:(?:our|sale|list|regular|retail|special|market) )?price|preis|prix|precio|preço|prezzo|prijs|cena|цена|fiyat|상품명|(?:할인 ?)?판매가격?|소비자가|적립금|배송비|배송방법|국내·해외배송|(?:販売|通常)?価格|送料|售价|市场价|價格|價錢"
)
SLASH = re.compile(r"\s*/\s*")
LABELLED = re.compile(r"^\s*([^:：\n]{2,40}?)\s*(?:#\s*[:：]?|[:：]|\s[-–—]\s)\s*(\S[^\n]{0,80})$")
SKU_WORDS = re.compile(SKU_LABEL.pattern, re.IGNORECASE)
NUMBERED = re.compile(rf"^({SKU_LABEL.pattern})\s+((?=\S*\d{{3}})[A-Z0-9][A-Z0-9./-]{{3,20}})$", re.IGNORECASE)
MARK, NUMBER = re.compile(r"[:：#]|\s[-–—]\s"), re.compile(r"\d{3}")
LONGEST_LABEL = 40
LETTER = "A-Za-zА-Яа-яЁёІіЇїЄєΑ-Ωα-ω0-9"
CODE_TEXT = re.compile(rf"^[#(]?\s*([{LETTER}][{LETTER} ._/+-]{{0,38}}[{LETTER}]|[{LETTER}]{{2,40}})\s*\)?")
# A code without a digit in it is told from a word by its capitals.
CAPITALS = re.compile(r"(?:[A-Z]{2,}[-_/.])+[A-Z]{1,}|[A-Z]{4,12}")
GTIN_DIGITS = re.compile(r"(?<!\d)(\d[\d -]{6,16}[\dXx])(?!\d)")
ALL_OF_BRAND = re.compile(r"(?:(?:shop|view|see) (?:all|more)|more) (?:by|from)\s|(?:mehr|alles) von\s", re.IGNORECASE)
BRAND_WRAP = re.compile(
    rf"^(?:{ALL_OF_BRAND.pattern}|(?:by|von|de|par|di|da|visit the|shop all|view all|brand|marke|marca|marque)\s*:?\s+)|\s+(?:store|shop)$",
    re.IGNORECASE,
)
BRAND_PATH = re.compile(
    r"/(?:brands?|marken?|marcas?|marques?|hersteller|manufacturers?|vendors?|merken?|znacky?|producent|designers?)(?:[./&-]|$)|[?&](?:brand|marke|marca|marque|merk|vendor|manufacturer|hersteller)(?:_id)?=",
    re.IGNORECASE,
)
# How few elements around the title a link to a brand's page may stand to be the product's.
RIGHT_BEFORE, RIGHT_AFTER = 3, 4
FAR, LONGEST_BRAND = 150, 40
PAIR_LIMIT, MOST_PAIRS, LONGEST_NAMED = 400, 80, 200
ASKING, MOST_ASKED = frozenset({"select", "input"}), 12
ROW_TAGS, MOST_PIECES = ("tr", "dt", "th"), 8
PAIR_TAGS = frozenset({"tr", "dt", "li", "p", "div", "span", "td", "strong", "label", "h2", "h3", "small"})
CONTROLS = frozenset({"input", "select", "textarea", "button"})
FACTS_HINT = re.compile(
    r"propert|attribut|spec|feature|detail|param|data-?sheet|technical|charact|caracter|eigenschaft|merkmal"
)
LABEL_NAME = re.compile(
    r"(?<!\S)((?=\S*(?:spec|attr|prop|param|feature|detail|data|info|row|dict|charact|product|item|pair|key|desc)[a-z-]*)\S{2,40}?[-_])(?:label|name|title|key|prop|term|caption|header)(?![a-z])"
)
SPECIFIED = re.compile(r"spec|feature|attr|prop|charact|param|dict|technical")
VALUE_NAMES = ("value", "val", "desc", "data", "text", "content", "definition")

Fact = tuple[str, str, Element]


def take_facts(statement: Statement, layout: Layout, anchors: Anchors, pairs: list[Fact]) -> None:
    """Add the labelled facts to the visible statement."""
    for label, value, element in pairs:
        if codes_named(label):
            take_code(statement, label, value, element.path)
    rows = [*_rows_of(pairs), *_named_pairs(layout, anchors)]
    if rows:
        table = tuple((label, value) for label, value, _ in rows[:MOST_PAIRS])
        first = rows[0][2]
        raw = layout.text(first)[:LONGEST_RAW]
        statement.attributes.append(Claim(table, Source.VISIBLE, first.path, raw, 0.7))
    for label, value, element in rows:
        if element.tag not in ROW_TAGS and codes_named(label):
            take_code(statement, label, value, element.path)
    _take_brand(statement, layout, anchors)


def _rows_of(pairs: list[Fact]) -> list[Fact]:
    """Keep the facts that stand in tables and definition lists; one alone counts where its place is named for facts."""
    rows = [fact for fact in pairs if fact[2].tag in ROW_TAGS and not OFFERED.fullmatch(fact[0].lower())]
    if len(rows) == 1 and not any(FACTS_HINT.search(near.hint) for near in rows[0][2].chain(5)):
        return []
    return rows


@lru_cache(maxsize=4096)
def _label_stem(hint: str) -> str:
    """Give what a name for labels begins with: `spec-` of `spec-title`."""
    return next((stem for name in hint.split() if (stem := _stem_of(name))), "")


def _stem_of(name: str) -> str:
    match = LABEL_NAME.search(name)
    return match[1] if match else ""


def _named_pairs(layout: Layout, anchors: Anchors) -> list[Fact]:
    """Pair elements whose author named them alike: `spec-title` with the `spec-value` that follows it.

    A name that does not speak of specifications must pair more than once.
    """
    found: dict[str, dict[str, Fact]] = {}
    for element in layout.which(LABEL):
        stem = _label_stem(element.hint)
        if not stem or element.tag in ROW_TAGS or anchors.excluded(element):
            continue
        label = layout.text(element).strip(" :：*")
        values = layout.elements[element.last + 1 : element.last + 5]
        near = next((near for near in values if any(stem + word in near.hint for word in VALUE_NAMES)), None)
        value = layout.text(near) if near is not None else ""
        if anchors.title is not None and (element.inside(anchors.title) or anchors.title.inside(element)):
            continue
        if 1 < len(label) < 60 and 0 < len(value) < LONGEST_NAMED and label != value and any(map(str.isalpha, label)):
            found.setdefault(stem, {}).setdefault(label, (label, value, element))
    sure = [facts for stem, facts in found.items() if len(facts) > 1 or SPECIFIED.search(stem)]
    return [fact for facts in sure for fact in facts.values()]


def _take_brand(statement: Statement, layout: Layout, anchors: Anchors) -> None:
    title = anchors.title
    if title is None:
        return
    name = layout.text(title).casefold()
    _take_brand_link(statement, layout, anchors, title, name)
    for element in layout.which(BRAND):
        if layout.size(element) > 8 or anchors.excluded(element):
            continue
        text = _brand_in(layout, element)
        far = abs(element.order - title.order) > FAR and not name.startswith(text.casefold())
        far = far or text.casefold() == name
        if 1 < len(text) < LONGEST_BRAND and not far and not re.search(r"[:!?]|\d{4,}", text):
            raw = layout.text(element)[:LONGEST_RAW] or text
            statement.brand.append(Claim(text, Source.VISIBLE, element.path, raw, 0.65))
            return


def _take_brand_link(statement: Statement, layout: Layout, anchors: Anchors, title: Element, name: str) -> None:
    """Take a link to a brand's own page, or to all its products, that stands by the title or names what the title names."""
    for element in layout.which(tags=("a",)):
        if anchors.excluded(element):
            continue
        leads = BRAND_PATH.search(element.get("href")) is not None
        if not leads and not ALL_OF_BRAND.match(layout.text(element)):
            continue
        text = _brand_in(layout, element)
        named = name.startswith(text.casefold()) if leads else f" {text.casefold()}" in f" {name}"
        if 1 < len(text) < LONGEST_BRAND and (named or (leads and _is_beside(title, element))):
            statement.brand.append(Claim(text, Source.VISIBLE, element.path, text, 0.75))
            return


def _brand_in(layout: Layout, element: Element) -> str:
    """Give the brand that an element holds, without a label that stands before it in an element of its own."""
    label = next(iter(layout.within(element, 1)), element)
    labelled = BRAND_LABEL.fullmatch(layout.text(label).strip(" :：").lower()) is not None
    text = layout.around(label.end, element.end) if labelled else layout.text(element)
    return BRAND_WRAP.sub("", text) or _picture_name(layout, element)


def _is_beside(title: Element, element: Element) -> bool:
    return 0 < title.order - element.order <= RIGHT_BEFORE or 0 < element.order - title.last <= RIGHT_AFTER


def _picture_name(layout: Layout, element: Element) -> str:
    return next((near.get("alt").strip() for near in (element, *layout.within(element)) if near.get("alt").strip()), "")


def labelled_pairs(layout: Layout, anchors: Anchors) -> list[Fact]:
    """List what the page states as a label and a value, with the element that holds both."""
    found: list[Fact] = []
    for element in filter(_may_pair, layout.elements):
        if element.region is not None and anchors.excluded(element):
            continue
        pair = _pair_of(layout, element)
        if pair and len(found) < PAIR_LIMIT:
            label, value = pair[0].strip(" :：*#"), pair[1].strip()
            if found and found[-1][0] == label and element.inside(found[-1][2]):
                # Said again by an element within: what says less says it more exactly.
                if value not in found[-1][1]:
                    continue
                found.pop()
            found.append((label, value, element))
    return found


def _may_pair(element: Element) -> bool:
    tag = element.tag
    return tag in PAIR_TAGS and (0 < element.end - element.start <= MOST_PIECES or tag in ROW_TAGS)


def _pair_of(layout: Layout, element: Element) -> tuple[str, str] | None:
    if element.tag == "tr":
        return _row(layout, element)
    if element.tag == "dt":
        return _definition(layout, element)
    lines = layout.text(element)
    if len(lines) < 110 and (pair := _labelled(lines)) and ":" not in pair[1]:
        return pair
    if 2 < len(lines) <= LONGEST_LABEL and _names_a_code(lines.strip(" :：*#")):
        return _beside(layout, element, lines)
    if element.traits & CODE and 0 < len(lines) < 60:
        return "sku", SKU_WORDS.sub("", lines, count=1).strip(" :#")
    return None


@lru_cache(maxsize=8192)
def _labelled(line: str) -> tuple[str, str] | None:
    match = (LABELLED.match(line) if MARK.search(line) else None) or (
        NUMBERED.match(line) if NUMBER.search(line.rpartition(" ")[2]) else None
    )
    return (match[1], match[2]) if match else None


def _bare(code: str) -> str:
    """Drop the words that follow a code on its line."""
    first, _, rest = code.strip().partition(" ")
    return first if any(mark.isdigit() for mark in first) and (rest[:1].isalpha() or rest == first) else code.strip()


@lru_cache(maxsize=8192)
def _names_a_code(label: str) -> bool:
    return NAMES_A_CODE.fullmatch(label.lower()) is not None


def _beside(layout: Layout, element: Element, label: str) -> tuple[str, str] | None:
    for near in layout.elements[element.last + 1 : element.last + 4]:
        if near.tag in CONTROLS:
            return None
        value = layout.text(near) if layout.size(near) < 6 else ""
        if value:
            return (label, value) if len(value) < 60 and not _names_a_code(value.strip(" :：*#")) else None
    return None


def _row(layout: Layout, element: Element) -> tuple[str, str] | None:
    cells = [cell for cell in layout.within(element) if cell.tag in ("td", "th") and cell.parent is element]
    if len(cells) != 2 or cells[1].tag == "th" or _is_asked(layout, cells[1]):
        return None
    label, value = layout.text(cells[0]), layout.text(cells[1])
    return (label, value) if 0 < len(label) < 60 and 0 < len(value) < 400 else None


def _definition(layout: Layout, element: Element) -> tuple[str, str] | None:
    for near in layout.elements[element.last + 1 : element.last + 6]:
        if near.tag == "dd":
            label, value = layout.text(element), layout.text(near)
            fits = 0 < len(label) < 60 and 0 < len(value) < 400 and not _is_asked(layout, near)
            return (label, value) if fits else None
        if near.tag == "dt":
            return None
    return None


def _is_asked(layout: Layout, value: Element) -> bool:
    """Tell whether a value is left to the shopper: a choice among options is no fact."""
    asked = (near for near in layout.within(value, MOST_ASKED) if near.tag in ASKING)
    return any(near.tag == "select" or near.get("type").lower() in ("radio", "checkbox") for near in asked)


@lru_cache(maxsize=8192)
def codes_named(label: str) -> frozenset[str]:
    """Tell what a label may name: a `gtin`, an `mpn`, a `style`, a `sku` or a `brand`."""
    named = label.lower()
    parts = SLASH.split(named)
    whole = (("mpn", MPN_LABEL), ("style", STYLE_LABEL), ("sku", SKU_LABEL))
    found = [code for code, pattern in whole if pattern.fullmatch(named)]
    found += [
        code for code, pattern in (("gtin", GTIN_LABEL), ("brand", BRAND_LABEL)) if any(map(pattern.fullmatch, parts))
    ]
    return frozenset(found)


def take_code(statement: Statement, label: str, value: str, where: str) -> None:
    """Add what a labelled value states, where the label names an identifier or the brand."""
    named = codes_named(label)
    source, raw = statement.source, f"{label}: {value}"[:LONGEST_RAW]
    if "gtin" in named and (digits := GTIN_DIGITS.search(value)):
        statement.gtin.append(Claim(digits[1], source, where, raw, 0.85))
    elif "mpn" in named and (code := CODE_TEXT.match(value)):
        statement.mpn.append(Claim(code[1].strip(), source, where, raw, 0.7))
    elif "style" in named and STYLE_CODE.fullmatch(value):
        statement.sku.append(Claim(value, source, where, raw, 0.6))
    elif "sku" in named and (code := CODE_TEXT.match(value)) and any(mark.isdigit() for mark in code[1]):
        statement.sku.append(Claim(_bare(code[1]), source, where, raw, 0.75))
    elif "sku" in named and CAPITALS.fullmatch(value):
        statement.sku.append(Claim(value, source, where, raw, 0.6))
    elif "brand" in named and len(value) < 50:
        statement.brand.append(Claim(value, source, where, raw, 0.75))
