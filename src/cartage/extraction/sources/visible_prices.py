"""The price a shopper reads: every amount on the page, weighed by what surrounds it."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from cartage.extraction.claims import PriceKind, PriceText
from cartage.extraction.hints import PRICE
from cartage.extraction.layout import Element, Layout
from cartage.extraction.sources.visible_anchors import Anchors

SYMBOL = (
    r"(?:(?:US|CA|AU|NZ|HK|NT|MX|AR|CL|CO|R|C|A|S|U)\s?\$|\$(?:U|CA)?|[€£¥₹₽₺₪₩₫฿₴₸₱₦₼₾₡]|zł|Kč|Ft(?![a-z])|S/\.?|Rs\.?(?![a-z])"
    r"|(?:EUR|USD|GBP|CHF|PLN|CZK|HUF|RON|BGN|HRK|RSD|SEK|NOK|DKK|ISK|RUB|UAH|BYN|KZT|TRY|ILS|AED|SAR|QAR|KWD|BHD|OMR|JOD|EGP|MAD"
    r"|TND|DZD|INR|PKR|BDT|LKR|NPR|CNY|RMB|JPY|KRW|TWD|HKD|SGD|MYR|THB|IDR|VND|PHP|AUD|NZD|CAD|MXN|BRL|ARS|CLP|COP|PEN|UYU|ZAR|NGN"
    r"|KES|GHS|GEL|AMD|AZN|BAM|MKD|ALL|MDL)(?![A-Za-z])"
    r"|[Ee]uros?(?![a-z])|(?<![a-z])[Kk][Rr]\.?(?![a-z])|[Ll][Ee][Ii](?![a-z])|TL(?![a-z])|[Kk]n(?![a-z])|KM(?![a-z])|DT(?![a-z])|DH(?![a-z])"
    r"|RM(?=\s?\d)|Rp\.?(?=\s?\d)|SR(?![a-z])|руб\.?|р\.|грн\.?|лв\.?|ден\.?|дин\.?|тг\.?|din\.?(?![a-z])|円|元|원|บาท|đ|ر\.?\s?س|ريال|د\.?\s?إ|درهم|د\.?\s?ك|ج\.?\s?م|جنيه|دينار|ש\"ח|ש״ח|تومان)"
)
NUMBER = (
    r"(?:\d{1,2}(?:,\d{2})+,\d{3}(?!\d)(?:\.\d{1,2}(?!\d))?"
    r"|\d{1,3}(?:(?:[.,٬'’\u00a0\u202f\u2009 ]\d{3})+(?!\d))(?:[.,٫]\d{1,2}(?!\d))?|\d+(?:[.,٫]\d{1,3}(?!\d))?)"
    r"(?:[.,][-–—]{1,2})?"
)
MONEY = re.compile(rf"(?P<before>{SYMBOL})?\s{{0,2}}(?P<number>{NUMBER})(?:\s{{0,2}}(?P<after>{SYMBOL}))?")
HAS_SYMBOL = re.compile(SYMBOL)
DIGIT = re.compile(r"\d")
NOW_HINT = re.compile(
    r"(?<![a-z])(?:sale|current|final|now|special|our|actual|main|sales|discounted|reduced|live|akt|aktuell|vigente|today|buy|to-pay|selling|value)(?![a-z])"
    r"|product-?(?:price|preis)|pdp-?price|price-?(?:now|current|sale|final|main|item|value|sales|new|box|wrapper|container)|our-?price|^price$"
)
FORMER_HINT = re.compile(r"(?<![a-z])(?:old|was|crossed|strike)-?(?:price|amount)|price-?(?:old|was|crossed)(?![a-z])")
WAS_HINT = re.compile(
    r"(?<![a-z])(?:old|was|rrp|msrp|srp|mrp|uvp|crossed|compare|compared|streich|antes|tachado|barr[eé]|before|previous)(?![a-z])"
    r"|(?<![a-z])(?:list|regular|cross|original|retail|prev|full|standard|base|advice|stroke|line|ancien|normal|ref|reference)"
    r"-?(?:price|preis|prix|precio|cena|amount)"
    r"|price-?(?:old|was|list|regular|rrp|msrp|before|original|compare|prev|retail|full|normal|standard|line|cross|base)(?![a-z])"
)
OTHER_HINT = re.compile(
    r"ship|deliver|versand|postage|instal|month|financ|klarna|afterpay|laybuy|zip-?pay|affirm|loyal|member|(?<![a-z])club"
    r"|reward|points|subscri|saving|you-?save|save-|discount-?(?:amount|percent|value|badge)|discnt|percent|promo-?(?:desc|disc|code|bl)"
    r"|coupon|deposit|gift|threshold|(?<![a-z])total|sub-?total|exc(?:l|luding)?-?(?:tax|vat|gst|btw)|ex-?vat|netto"
    r"|(?:without|no|before|price)-?(?:tax|vat)(?![a-z])|unit-?price|price-?(?:per|unit)|per-?(?:unit|kg)|grundpreis|base-?price-?unit"
    r"|warrant|insur|protection|rebate|tier|quantity-?price|wholesale|(?<!best)seller|cash-?back|price-?(?:range|filter|slider)"
    r"|price-?(?:match|guarantee|alert|history|drop)|(?<![a-z])lowest|omnibus|credit|lease|rental|add-?on(?![a-z])|option-?price"
    r"|(?<![a-z])used(?![a-z])|refurb|open-?box|pre-?owned|accessory|reviews?(?![a-z])|rating|quantity|qty|stock"
)
UNIT_AFTER = re.compile(
    r"^\s*(?:\(?\s*(?:/|per\b|pro\b|je\b|za\b|por\b|al\b|par\b|/\s*))\s*(?:\d+(?:[.,]\d+)?\s*)?(?:kg|g|gr|l|lt|ltr|litre|liter|ml|cl|dl|m|m2|m²|m³|meter|metre|cm|mm|oz|lb|lbs|fl|ft|sq|yd|100|count|mth|mo|month|monat|mois|mes|week|day|pair|sheet|use|dose|wash|tablet)\b",
    re.IGNORECASE,
)
INSTALMENT = re.compile(
    r"\d+\s?[x×]\s*(?:de\s*)?$|(?:payments? of|installments? of|instal?ments? of|cuotas de|rate da|raten|ratenzahlung|mensual|/\s?mo|a month|per month|monthly|pro monat|/\s?monat|mois|miesi[ąe]c|m[eě]s[ií][čc]|x de|vezes|parcel|תשלומים|期|分期)",
    re.IGNORECASE,
)
INSTALMENT_AFTER = re.compile(
    r"\W{0,3}(?:[x×]\s?\d+|/\s?mo|a month|per month|monthly|pro monat|/\s?monat|mensual|par mois|al mese|al mes|por m[eê]s|miesięcznie|měsíčně|mesačne|期|分期)",
    re.IGNORECASE,
)
CODE = re.compile(r"[A-Z]{3}")
WAS_TEXT = re.compile(
    r"(?<![a-z])(?:was|were|list(?: price)?|rrp|m\.?r\.?p\.?|r\.r\.p\.?|msrp|m\.s\.r\.p\.?|srp|uvp|uvp\*?|statt|vorher|bisher|reg(?:ular)?\.?(?: price)?|regularly|orig(?:inal(?:ly)?)?\.?(?: price)?|retail(?: price)?|compare(?:d)?(?: at)?|before|old price|full price|previously|ante[sr]|antes|de:|precio (?:anterior|normal|original)|au lieu de|prix (?:conseillé|public|barré|de base)|prima|invece di|prezzo (?:di listino|precedente|consigliato)|van|was:|adviesprijs|ord(?:inarie)?\.?(?: pris)?|tidigare|før|normalpris|vejl\.?|cena (?:regularna|katalogowa|przed)|poprzednia|przed|původně|běžná cena|pôvodne|bežná cena|eredeti ár|régi ár|pret vechi|preț vechi|prp|pret recomandat|redovna cena|stara cena|redna cena|prejšnja|стара|старая|было|прежняя|цена без|eski fiyat|piyasa|מחיר (?:קודם|מקורי|רגיל|מחירון)|מחירון|السعر (?:السابق|القديم|الأصلي)|بدلا من|原價|定價|市價|建議售價|建议零售价|原价|市场价|通常価格|参考価格|정가|giá (?:cũ|gốc)|niyağı)\s*:?\s*\*?$",
    re.IGNORECASE,
)
OTHER_TEXT = re.compile(
    r"(?:you save|save|saving|sparen|spare|ersparnis|économi|ahorra|economi|risparmi|bespaar|oszczęd|ušetř|usetr|ušetr|reducere|экономи|tasarruf|discount|rabatt|off|coupon|voucher|get it for|cash ?back|earn|bonus|späť na.*|rewards?|kart[aęuy]|separately|shipping|delivery|versand|livraison|envío|envio|frete|spedizione|verzend|wysyłk|dostaw|doprav|szállítás|livrare|доставк|kargo|postage|frakt|fragt|toimitus|משלוח|شحن|over|above|orders? of|ab einem|dès|spend|member|members|club|plus card|loyal|rewards|with card|subscribe|deposit|pfand|gift card|points|ex\.? ?vat|excl\.?(?: vat| tax| gst)?|exkl\.?|ohne mwst|netto|hors taxe|sin iva|iva esclusa|bez dph|bez vat|bez pdv|brez ddv|bez ddv|zonder btw|excl\. btw|без ндс|used|from used|open.?box|warranty|protection|financ|trade.?in|lowest price|najniższa|total)\W*$",
    re.IGNORECASE,
)
EX_TAX_AFTER = re.compile(
    r"^\s*\(?\s*(?:ex\.?\s?(?:vat|tax|gst|btw)|excl|exkl|excluding (?:vat|tax)|ohne mwst|netto|net\b|zzgl\.? (?:mwst|ust)|ht\b|hors taxe|sin iva|\+\s?(?:vat|iva|tax)|iva escl|bez (?:dph|vat|pdv|ddv)|без ндс|plus vat|off\b|rabatt|saving|discount|shipping|delivery|versand)",
    re.IGNORECASE,
)
FROM_TEXT = re.compile(
    r"(?:^|\W)(?:from|ab|as low as|starting at|starts at|à partir de|desde|a partir (?:di|de)|da|vanaf|od|från|fra|alkaen|от|від|-den|החל מ|ابتداء|から|起)\s*:?\s*$",
    re.IGNORECASE,
)
UPPER_END = re.compile(rf"\d[.,]?-?\s*(?:{SYMBOL})?\s*(?:[-–—~]|to|bis)\s*$")
CENT_HINT = re.compile(r"cent|decimal|fraction|minor|penny|pence|kop|bani|(?<![a-z])sup|mantissa|dec(?![a-z])|after")
CENTS = re.compile(r"\d\d(?:\D.{0,6})?")
WHOLE = re.compile(r"(?<![.,\d])\d{1,3}(?:[.,\s]?\d{3})*$")
MINUS = re.compile(r"(?:^|[\s(])[-−–]\s?$")
THREE_DECIMALS = frozenset({"DT", "TND", "KWD", "BHD", "OMR", "JOD"})
MOST_AMOUNTS = 300
BIG_TAGS = frozenset({"h1", "h2", "h3", "strong", "b", "ins"})
PRICED_ATTRIBUTES = ("content", "data-price", "data-price-amount", "data-product-price")


@dataclass(slots=True)
class Amount:
    """Hold one amount found on the page, what it is for, and how likely it is the product's price."""

    element: Element
    text: PriceText
    value: Decimal
    raw: str
    score: float


@lru_cache(maxsize=8192)
def _hint_marks(hint: str) -> tuple[bool, bool, bool]:
    return (
        bool(NOW_HINT.search(hint)),
        bool(WAS_HINT.search(hint)),
        bool(OTHER_HINT.search(hint)),
    )


def amounts_of(layout: Layout, anchors: Anchors) -> list[Amount]:
    """List the page's amounts of money, likeliest price first."""
    found: list[Amount] = []
    seen: set[tuple[int, int]] = set()
    for position, piece in enumerate(layout.pieces):
        if len(piece) > 200 or not DIGIT.search(piece):
            continue
        owner = layout.owners[position]
        if not HAS_SYMBOL.search(piece) and not _may_price(layout, owner):
            continue
        box = _box(layout, owner)
        if (box.order, box.end) in seen:
            continue
        seen.add((box.order, box.end))
        found += _read_box(layout, anchors, box, owner)
        if len(found) >= MOST_AMOUNTS:
            break
    _add_votes(found)
    found.sort(key=lambda amount: -amount.score)
    return found


def _may_price(layout: Layout, owner: Element) -> bool:
    for element in owner.chain(4):
        if element.traits & PRICE:
            return True
    parent = owner.parent
    near = parent if parent is not None and layout.size(parent) <= 14 else owner
    return layout.size(near) <= 14 and bool(HAS_SYMBOL.search(layout.text(near)))


def composed(layout: Layout, element: Element, *, struck: bool = True) -> str:
    """Give an element's text with a tab between elements, and cents that stand in their own element after a point.

    Where `struck` is false, struck text within it is left out.
    """
    parts: list[str] = []
    apart = True
    for position in range(element.start, element.end):
        piece = layout.pieces[position]
        bare = " ".join(piece.split())
        if not bare or (not struck and layout.owners[position].struck):
            apart = True
            continue
        joint = _joint(parts, bare, layout.owners[position], apart=apart or piece[0].isspace())
        parts += (joint, bare)
        apart = piece[-1].isspace()
    return "".join(parts).strip()


def _joint(parts: list[str], bare: str, owner: Element, *, apart: bool) -> str:
    if not parts:
        return ""
    before = parts[-1]
    marked = owner.tag == "sup" or bool(CENT_HINT.search(owner.hint))
    if CENTS.fullmatch(bare) and (marked or not apart):
        if WHOLE.search(before):
            return "."
        if before[-1] in ".,":
            return ""
    return "\t" if apart or before[-1].isalnum() == bare[0].isalnum() else ""


def _box(layout: Layout, owner: Element) -> Element:
    box = owner
    for element in owner.chain(5):
        if layout.size(element) > 14 or (len(element.tag) == 4 and element.tag == "body"):
            break
        text = composed(layout, element)
        if len(text) > 40:
            break
        matches = list(MONEY.finditer(text))
        rest = MONEY.sub("", text)
        if len(matches) != 1 or len(rest) > 12:
            break
        box = element
    return box


def _read_box(layout: Layout, anchors: Anchors, box: Element, inner: Element) -> list[Amount]:
    text = composed(layout, box, struck=box.struck or inner.struck)
    if len(text) > 200:
        return []
    hinted = len(text) < 40 and any(element.traits & PRICE for element in box.chain(4))
    before, after = _context(layout, box)
    since = re.split(r"\d", before)[-1][-50:]
    found: list[Amount] = []
    previous_end = 0
    for match in MONEY.finditer(text):
        symbol = _symbol(match)
        value = _rough(match["number"], symbol)
        if value is None or value <= 0 or not (symbol or (hinted and _stands_alone(text, match))):
            continue
        own_before, own_after = text[previous_end : match.start()], text[match.end() :]
        previous_end = match.end()
        around = (f"{since} {own_before}"[-60:], f"{own_after} {after}"[:40])
        upper = UPPER_END.search(f"{before} {own_before}" if len(found) == 0 else text[: match.start()])
        kind = PriceKind.OTHER if upper or MINUS.search(own_before) else _kind(box, inner, *around)
        price = PriceText(match["number"], symbol, kind, machine=False)
        score = _score(anchors, box, inner, text) + (1.0 if symbol else 0.0) - (0.3 if kind is PriceKind.FROM else 0.0)
        found.append(Amount(box, price, value, text[:300], score))
    return found


def _symbol(match: re.Match[str]) -> str | None:
    """Choose between the symbols on both sides of an amount: a code says more than a sign."""
    before, after = (match["before"] or "").strip(), (match["after"] or "").strip()
    return (after if CODE.fullmatch(after) else before or after) or None


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()][-1:], text[match.end() :].lstrip()[:1]
    return not before.isalnum() and not after.isalnum() and after not in ("%", "+") and before not in ("#", "+")


def _rough(number: str, symbol: str | None = None) -> Decimal | None:
    western = number.replace("٬", ",").replace("٫", ".")
    digits = re.sub(r"[^\d.,\s'’]", "", western).rstrip(".,")
    marks = re.findall(r"[^\d]", digits)
    decimal = bool(marks) and (len(marks) == 1 or marks[-1] != marks[-2]) and marks[-1] in ".,"
    tail = len(digits) - digits.rfind(marks[-1]) - 1 if marks else 0
    if tail == 3 and len(marks) == 1 and symbol not in THREE_DECIMALS:
        decimal = False
    whole, part = (digits[: -tail - 1], digits[-tail:]) if decimal else (digits, "")
    try:
        return Decimal(re.sub(r"\D", "", whole) + (f".{part}" if part else ""))
    except InvalidOperation:
        return None


def _context(layout: Layout, box: Element) -> tuple[str, str]:
    container = box
    for element in box.chain(4):
        if layout.size(element) > 18:
            break
        container = element
    before = layout.around(container.start, box.start)
    after = _line(layout, box.end, container.end)
    return before[-80:], after[:40]


def _line(layout: Layout, start: int, end: int) -> str:
    """Give the text from a position to the line's end: what stands on the next line is about something else."""
    pieces = layout.pieces[start:end]
    cut = pieces.index("\n") if "\n" in pieces else len(pieces)
    return layout.around(start, start + cut)


def _kind(box: Element, inner: Element, before: str, after: str) -> PriceKind:
    before, after = before.strip().lower(), after.strip().lower()
    if UNIT_AFTER.search(after):
        return PriceKind.PER_UNIT
    if INSTALMENT.search(before[-25:]) or INSTALMENT_AFTER.match(after):
        return PriceKind.INSTALMENT
    former = any(FORMER_HINT.search(element.hint) for element in inner.chain(1 + inner.depth - box.depth))
    if former or inner.struck or WAS_TEXT.search(before):
        return PriceKind.REGULAR
    if OTHER_TEXT.search(before) or EX_TAX_AFTER.search(after):
        return PriceKind.OTHER
    hinted = _kind_by_hint(inner, 3 + inner.depth - box.depth)
    if hinted is not PriceKind.NOW:
        return hinted
    return PriceKind.FROM if FROM_TEXT.search(before) else PriceKind.NOW


def _kind_by_hint(inner: Element, levels: int) -> PriceKind:
    for level, element in enumerate(inner.chain(levels)):
        if not element.hint:
            continue
        now, was, other = _hint_marks(element.hint)
        if other and level < levels - 1:
            return PriceKind.OTHER
        if was and not now:
            return PriceKind.REGULAR
        if now:
            return PriceKind.NOW
    return PriceKind.NOW


def _score(anchors: Anchors, box: Element, inner: Element, text: str) -> float:
    in_title = anchors.title is not None and box.order == anchors.title.order
    score = _hint_score(inner, 5 + inner.depth - box.depth) + _place_score(anchors, box)
    score -= 1.5 if box.hidden else 0
    score -= 6 if anchors.excluded(box) else 0
    score -= 0 if in_title else min(len(MONEY.sub("", text)) / 25, 2)
    score += 0.4 if any(element.tag in BIG_TAGS for element in box.chain(3)) else 0
    score -= 2 if any(element.tag == "a" and _leads_away(element) for element in box.chain(5)) else 0
    return score


def _leads_away(element: Element) -> bool:
    href = element.get("href")
    return bool(href) and not href.startswith(("#", "javascript"))


def _hint_score(inner: Element, levels: int) -> float:
    score = 0.0
    for level, element in enumerate(inner.chain(levels)):
        if not element.hint:
            continue
        now, _, other = _hint_marks(element.hint)
        worth = 1.0 - 0.15 * level
        score += 1.2 * worth if element.traits & PRICE else 0
        score += 0.8 * worth if now else 0
        score -= 1.5 * worth if other else 0
    return min(score, 3.5)


def _place_score(anchors: Anchors, box: Element) -> float:
    score = 0.0
    if anchors.title is not None:
        distance = 0 if box.inside(anchors.title) else box.start - anchors.title.end
        score += max(0.0, 2.0 - distance / 120) if distance >= 0 else max(-1.5, -0.5 + distance / 100)
    if anchors.button is not None:
        distance = anchors.button.start - box.start
        score += max(0.0, 1.5 - abs(distance) / 80) if distance >= 0 else max(0.0, 1.0 - abs(distance) / 60)
    return score


def _add_votes(found: list[Amount]) -> None:
    tally: dict[Decimal, int] = {}
    for amount in found:
        if amount.score > 0 and amount.text.kind in (PriceKind.NOW, PriceKind.FROM):
            tally[amount.value] = tally.get(amount.value, 0) + 1
    for amount in found:
        amount.score += min(0.25 * (tally.get(amount.value, 1) - 1), 0.75)
