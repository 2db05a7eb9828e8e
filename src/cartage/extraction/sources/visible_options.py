"""The choices that a shopper makes before buying (size, colour), from selects, radio buttons and swatches."""

import re
from collections.abc import Iterator, Sequence

from cartage.extraction.claims import Claim
from cartage.extraction.concealed import is_named_hidden
from cartage.extraction.document import LONGEST_RAW
from cartage.extraction.layout import Element, Layout
from cartage.extraction.sources.visible_anchors import Anchors
from cartage.extraction.text import clean
from cartage.model.evidence import Source
from cartage.model.product import Option

BEFORE_TITLE, AFTER_TITLE = 60, 600
LONGEST_VALUE, LONGEST_SWATCH, LONGEST_NAME = 60, 25, 40
MOST_VALUES, MOST_SWATCHES, MOST_OPTIONS, LONGEST_COUNT = 200, 60, 6, 2
# What else is chosen on a product's page: how many, where to, in which currency, what to write in a review.
NOT_OPTION = re.compile(
    r"qty|quantity|quantit|menge|anzahl|cantidad|qtd|aantal|ilo[sś][cć]|mno[zž]stv|adet|количество|sort(?:ier|ing|[ -]by|$)|currency|country|lang|locale|region|zip|postcode|shipping|delivery|store|rating|review|star|search|categor|newsletter|subscri|payment|warrant|protection|insur|donat|gift|month|year|compare|share|wish|cookie|consent",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(
    r"\W*$|-{2}|\W*(?:(?:\[?required\]?\W*)?(?:please )?(?:select|choose|pick)|bitte|(?:.{0,20} )?(?:aus)?wählen|auswahl|choisi|sélect|elig|elij|selec|escolha|scegli|selez|kies|maak een|kiez|wybierz|wybór|vyber|zvol|válassz|alege|izaberi|odaberi|выбер|виберіть|изберете|seç|välj|velg|vælg|valitse|επιλ|בחר|اختر|選択|选择|請選|选|선택|\[?필수|[^-\d]{1,12}(?:선택해|選択して|选择|選擇)|chọn|pilih|เลือก|any(?: |$))",
    re.IGNORECASE,
)
PRICE_TAIL = re.compile(
    r"\s*(?:[(\[]\s*[+\-–]?\s*(?:[^\d)\]]{0,5}\d[\d.,\s]*[^)\]]{0,5})[)\]]|\s[-–—+]\s*(?:[A-Z]{0,3}[$€£₹]\s?\d[\d.,]*|\d[\d.,\s]*\s?(?:€|£|zł|Kč|kr|lei|Ft|₽|TL)))\s*$"
)
GONE_TAIL = re.compile(
    r"\s*(?:[-–—(]\s*)?(?:(?:in|em|en) stock|auf lager|op voorraad|sold out|out of stock|unavailable|variant sold out or unavailable|ausverkauft|nicht verfügbar|épuisé|agotado|esgotado|esaurito|uitverkocht|niedostępn\w*|vyprodáno|нет в наличии|tükendi)\W*$",
    re.IGNORECASE,
)
NAME_HEAD = re.compile(
    r"^(?:please )?(?:select|choose|pick|auswählen|wählen sie|choisir|choisissez|elige|selecciona|scegli|kies|wybierz|vyberte)(?: (?:an?|your|the|une?|la|le|il))? ",
    re.IGNORECASE,
)
SWATCH_HEAD = re.compile(
    r"^(?:select|choose|wähle|wählen sie|choisir)\s+(?:color|colour|size|farbe|größe|couleur|taille)\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
# What shops call their axes; another name counts only where a label or legend in the buying form gives it.
AXIS = re.compile(
    r"(?:[^\W\d]+[ /-]){0,2}(?:size|colou?r|shade|style|material|length|width|flavou?r|scent|fragrance|pack(?: size)?|capacity|storage|memory|finish|format|model|variant|edition|grind|volume|fit|cup|pattern"
    r"|[^\W\d]*(?:größe|grösse|farbe|länge|breite|färg|farve|farge)|ausführung|variante|geschmack|inhalt|duft|modell|typ|taille|couleur|pointure|matière|longueur|largeur|modèle|coloris|contenance|parfum|format"
    r"|talla|talle|tamaño|modelo|sabor|capacidad|medida|tamanho|cor|voltagem|taglia|colore|misura|modello|formato|gusto|maat|kleur|materiaal|uitvoering|smaak|inhoud|lengte"
    r"|rozmiar|kolor|materiał|wariant|pojemność|smak|velikost|barva|varianta|příchuť|provedení|veľkosť|farba|méret|szín|kivitel|kiszerelés|m[ăa]rime|culoare|размер|цвет|объ[её]м|вес|модель|розмір|колір"
    r"|beden|renk|numara|boyut|storlek|färg|størrelse|farge|farve|koko|väri|suurus|värv|izmērs|krāsa|dydis|spalva|veličina|boja|dioptrija|μέγεθος|χρώμα|מידה|צבע|גודל|المقاس|اللون|الحجم|القياس|سایز|رنگ"
    r"|サイズ|カラー|色|種類|容量|尺寸|顏色|颜色|款式|規格|规格|尺碼|尺码|사이즈|색상|용량|kích (?:thước|cỡ)|màu(?: sắc)?|dung tích|ukuran|warna|varian|rasa|ขนาด|สี)(?:e?s)?(?: ?\(.*\))?",
    re.IGNORECASE,
)
AXES = re.compile(r"(?:^|, )([^\W\d][^,:]{1,20}): ([^,:]+)(?=, |$)")
GUIDE = re.compile(r"\s+(?:(?:aus)?wählen|guide|chart|table|tabelle|guía|guide des tailles).*$", re.IGNORECASE)
CODE = re.compile(r"\d{8,}|previous.*|next.*|zurück|weiter|.*\d[\d.,]*\s?[€£$].*|[€£$].*|.*%.*", re.IGNORECASE)
CHOICES = re.compile(
    r"(?<![a-z])(?:sku-?select|swatch|variant|variation|configurat|options?|sizes?|colou?rs?|beden|renk|taille|talla|tamanho|grosse|groesse|farbe|rozmiar|velikost)"
)
PICKED = "swatch|variant|variation|select|pick"
NAMED_BY_HINT = re.compile(
    rf"(?<![a-z])(size|colou?r)s?-+[a-z-]*(?:{PICKED})|(?:{PICKED})[a-z-]*-(size|colou?r)s?(?![a-z])"
)
DIGIT = re.compile(r"\d")
CHOICE_TAGS = frozenset({"li", "a", "button", "span", "div"})
SAID = ("aria-label", "title", "data-value-name", "data-value_name", "data-option-value", "data-value", "alt", "value")

Group = tuple[Element, str, list[str]]


def options_of_page(layout: Layout, anchors: Anchors) -> list[Claim[tuple[Option, ...]]]:
    """Give the page's choices as one claim, in the order they stand, or nothing."""
    if anchors.title is None:
        return []
    first = max(anchors.title.order - BEFORE_TITLE, 0)
    near = [each for each in layout.elements[first : first + AFTER_TITLE] if not anchors.excluded(each)]
    labels = {each.get("for"): _shown(layout, each) for each in near if each.tag == "label" and each.get("for")}
    groups = [*_selects(layout, near, labels), *_radios(layout, near, labels), *_swatches(layout, anchors, near)]
    found: dict[str, tuple[Element, Option]] = {}
    for element, name, values in sorted(_apart(groups), key=lambda group: group[0].order):
        kept = tuple(dict.fromkeys(value for value in map(_value, values) if value))[:MOST_VALUES]
        if (
            kept
            and name
            and not NOT_OPTION.search(name)
            and (AXIS.fullmatch(name) or _is_for_buying(element, name, kept, anchors))
        ):
            found.setdefault(name.casefold(), (element, Option(name=name, values=kept)))
    options = tuple(option for _, option in found.values())[:MOST_OPTIONS]
    if not options:
        return []
    raw = "; ".join(f"{option.name}: {', '.join(option.values)}" for option in options)
    where = next(iter(found.values()))[0].path
    return [Claim(options, Source.VISIBLE, where, raw[:LONGEST_RAW], 0.6)]


def _apart(groups: list[Group]) -> Iterator[Group]:
    """Part choices that name several axes each, as `Size: S, Colour: Oat`, into these."""
    for element, name, values in groups:
        pairs = [AXES.findall(value) for value in map(_value, values)]
        axes = [axis for axis, _ in pairs[0]] if pairs else []
        if not axes or any([axis for axis, _ in found] != axes for found in pairs):
            yield element, name, values
            continue
        for place, axis in enumerate(axes):
            yield element, axis, [found[place][1] for found in pairs]


def _is_for_buying(element: Element, name: str, values: Sequence[str], anchors: Anchors) -> bool:
    """Tell whether a choice with a name of its own belongs to the product: in the buying form, or among options."""
    if len(values) < 2 or max(map(len, values)) > LONGEST_SWATCH or PLACEHOLDER.match(name) or DIGIT.search(name):
        return False
    form = next((near for near in element.chain(30) if near.tag == "form"), None)
    if form is not None and any(button.inside(form) for button in anchors.buttons[:3]):
        return True
    return any(CHOICES.search(near.hint) for near in element.chain(6))


def _selects(layout: Layout, near: list[Element], labels: dict[str, str]) -> Iterator[Group]:
    for element in near:
        if element.tag != "select" or NOT_OPTION.search(f"{element.hint} {element.get('name')}"):
            continue
        texts = [clean(text) for text in layout.choices(element)[:MOST_VALUES]]
        first = NAME_HEAD.sub("", texts[0]) if texts and PLACEHOLDER.match(texts[0]) else ""
        said = labels.get(element.get("id"), "") or element.get("aria-label") or _label_before(layout, element)
        name = _name(said) or _term(layout, element) or _name_before(layout, element)
        if not _counts(texts):
            yield element, name or _name(first), texts


def _label_before(layout: Layout, element: Element) -> str:
    """Give the label that ends right where a select begins, though it does not say whose it is."""
    before = layout.elements[element.order - 1]
    label = next((near for near in before.chain(3) if near.tag == "label"), None)
    return layout.text(label) if label is not None and label.last == element.order - 1 and not label.get("for") else ""


def _radios(layout: Layout, near: list[Element], labels: dict[str, str]) -> Iterator[Group]:
    groups: dict[str, list[Element]] = {}
    for element in near:
        if element.tag == "input" and element.get("type").lower() == "radio" and element.get("name"):
            groups.setdefault(element.get("name"), []).append(element)
    for name, members in groups.items():
        if NOT_OPTION.search(name) or NOT_OPTION.search(members[0].hint):
            continue
        values = [_radio_value(layout, element, labels) for element in members]
        if len(set(values)) > 1 or (values and values[0]):
            first = members[0]
            yield first, _legend(layout, first) or _term(layout, first) or _name_before(layout, first), values


def _radio_value(layout: Layout, element: Element, labels: dict[str, str]) -> str:
    wrapping = next((near for near in element.chain(3) if near.tag == "label"), None)
    text = labels.get(element.get("id"), "") or (_shown(layout, wrapping) if wrapping else "")
    said = next((element.get(key) for key in SAID if element.get(key) and not element.get(key).isdigit()), "")
    return text if 0 < len(text) <= LONGEST_VALUE else said


def _swatches(layout: Layout, anchors: Anchors, near: list[Element]) -> Iterator[Group]:
    """Give groups of like elements within an element that is named for choices, before the buy button."""
    last = (
        anchors.button.order + 10 if anchors.button is not None else anchors.title.order + 200 if anchors.title else 0
    )
    children: dict[tuple[int, str], list[Element]] = {}
    for element in near:
        if element.tag in CHOICE_TAGS and element.parent is not None and element.order <= last:
            children.setdefault((element.parent.order, element.tag), []).append(element)
    for members in children.values():
        parent = members[0].parent
        if not 2 <= len(members) <= MOST_SWATCHES or parent is None or not _are_choices(layout, members, parent):
            continue
        values = [_swatch_value(layout, element) for element in members]
        if all(values) and len(set(values)) == len(values) and not any(":" in value for value in values):
            by_hint = next(
                (match[1] or match[2] for each in parent.chain(3) if (match := NAMED_BY_HINT.search(each.hint))), ""
            )
            named = (_legend(layout, members[0]), _name_before(layout, members[0]), by_hint.capitalize())
            yield members[0], next(filter(AXIS.fullmatch, named), ""), values


def _are_choices(layout: Layout, members: list[Element], parent: Element) -> bool:
    if not _look_like_choices(layout, members, parent):
        return False
    return not any(inner.tag in ("input", "select") for element in members for inner in layout.within(element, 6))


def _look_like_choices(layout: Layout, members: list[Element], parent: Element) -> bool:
    if any(CHOICES.search(element.hint) for element in (members[0], *parent.chain(2))):
        return True
    if members[0].tag == "button" and any(near.tag == "fieldset" for near in parent.chain(3)):
        return True
    if members[0].tag == "button" and _name_before(layout, members[0]):
        return True
    return any(SWATCH_HEAD.match(said) for element in members if (said := element.get("aria-label")))


def _swatch_value(layout: Layout, element: Element) -> str:
    text = layout.text(element)
    if 0 < len(text) <= LONGEST_SWATCH and not SWATCH_HEAD.match(element.get("aria-label")):
        return text
    inner = (element, *layout.within(element, 4))
    said = (near.get(key) for near in inner for key in SAID if near.get(key))
    return next((SWATCH_HEAD.sub("", value) for value in said if len(value) <= LONGEST_VALUE), "")


def _shown(layout: Layout, label: Element) -> str:
    """Give what a label shows, without what it says to screen readers alone, if that leaves anything."""
    pieces = zip(layout.pieces[label.start : label.end], layout.owners[label.start : label.end], strict=True)
    seen = "".join(piece for piece, owner in pieces if not is_named_hidden(owner))
    return " ".join(seen.split()) or layout.text(label)


def _legend(layout: Layout, element: Element) -> str:
    for near in element.chain(7):
        if near.tag == "fieldset":
            legend = next((each for each in layout.within(near, 4) if each.tag == "legend"), None)
            return _name(layout.text(legend)) if legend else ""
    return ""


def _term(layout: Layout, element: Element) -> str:
    """Give the term that a choice within a definition list defines."""
    inside = next((near for near in element.chain(6) if near.tag == "dd"), None)
    before = layout.elements[max(inside.order - 6, 0) : inside.order] if inside is not None else []
    term = next((near for near in reversed(before) if near.tag in ("dt", "dd")), None)
    return _name(layout.text(term)) if term is not None and term.tag == "dt" else ""


def _name_before(layout: Layout, element: Element) -> str:
    """Read the name of an axis on one of the two lines right before an element within the places around it."""
    for near in element.chain(6):
        lines = [line for line in "".join(layout.pieces[near.start : element.start]).split("\n") if line.strip()]
        if lines:
            return next(filter(AXIS.fullmatch, map(_name, lines[:-3:-1])), "")
    return ""


def _name(text: str) -> str:
    """Give a choice's bare name: `Select Size: S *` is `Size`."""
    bare = re.split(r"\s*[:：]", " ".join(text.split()), maxsplit=1)[0]
    bare = NAME_HEAD.sub("", re.sub(r"\s*\((?:required|optional)\)", "", bare, flags=re.IGNORECASE)).strip(" *•-–")
    bare = GUIDE.sub("", bare)
    return bare[:1].upper() + bare[1:] if 0 < len(bare) <= LONGEST_NAME and any(map(str.isalpha, bare)) else ""


def _value(text: str) -> str:
    bare = GONE_TAIL.sub("", PRICE_TAIL.sub("", GONE_TAIL.sub("", " ".join(text.split()))))
    return "" if PLACEHOLDER.match(bare) or CODE.fullmatch(bare) or len(bare) > LONGEST_VALUE else bare


def _counts(texts: list[str]) -> bool:
    """Tell whether a select's options are 1, 2, 3 and so on, which ask how many."""
    numbers = [text for text in texts if text.isdigit()]
    return len(numbers) > 1 and numbers in ([str(first + step) for step in range(len(numbers))] for first in (0, 1))
