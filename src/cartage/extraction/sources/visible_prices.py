"""The price a shopper reads: every amount on the page, weighed by what surrounds it."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise

from cartage.extraction.claims import PriceKind, PriceText
from cartage.extraction.hints import PRICE
from cartage.extraction.layout import Element, Layout
from cartage.extraction.markets import SYMBOLS
from cartage.extraction.sources.visible_anchors import Anchors
from cartage.extraction.sources.visible_cards import is_on_card, leads_away
from cartage.extraction.sources.visible_price_kinds import hint_marks, kind_of

# The first look is at one character: most of a text begins no symbol.
SYMBOL = (
    r"(?=[^\s\d.,;:!?()/abcf-jm-ov-y-])(?:(?:US|CA|AU|NZ|HK|NT|MX|AR|CL|CO|RD|SG|R|C|A|S|U)\s?\$|\$(?:U|CA)?|[€£¥￥₹₽₺₪₩￦₫฿₴₸₱₦₼₾₡₲₵₮₭៛৳֏﷼₨]|zł|Kč|Ft(?![a-z])|S/\.?|B/\.?(?=\s?\d)|Rs\.?(?![a-z])"
    r"|(?:EUR|USD|GBP|CHF|PLN|CZK|HUF|RON|BGN|HRK|RSD|SEK|NOK|DKK|ISK|RUB|UAH|BYN|KZT|TRY|ILS|AED|SAR|QAR|KWD|BHD|OMR|JOD|EGP|MAD"
    r"|TND|DZD|INR|PKR|BDT|LKR|NPR|CNY|RMB|JPY|KRW|TWD|HKD|SGD|MYR|THB|IDR|VND|PHP|AUD|NZD|CAD|MXN|BRL|ARS|CLP|COP|PEN|UYU|ZAR|NGN"
    r"|KES|GHS|UGX|TZS|XOF|XAF|DOP|GTQ|CRC|PYG|BOB|UZS|MNT|LBP|IQD|LYD|MUR|GEL|AMD|AZN|BAM|MKD|ALL|MDL)(?![A-Za-z])"
    r"|[Ee]uros?(?![a-z])|(?<![a-z])[Kk][Rr]\.?(?![a-z])|[Ll][Ee][Ii](?![a-z])|TL(?![a-z])|[Kk]n(?![a-z])|KM(?![a-z])|DT(?![a-z])|DH[Ss]?(?![A-Za-z])|DA(?![A-Za-z])|F\s?CFA(?![A-Za-z])"
    r"|RM(?=\s?\d)|Rp\.?(?=\s?\d)|(?<![A-Za-z])(?:KSh|Ksh|GH₵|Bs|Gs)\.?(?=\s?\d)|(?<![A-Za-z])R(?=\s?\d{1,3}(?:[ ,\u00a0]\d{3})+(?!\d)|\s?\d+[.,]\d\d(?!\d))|SR(?![a-z])|б\.\s?р\.|бел\.\s?руб\.?|руб\.?|р\.|грн\.?|лв\.?|ден\.?|дин\.?|тг\.?|din\.?(?![a-z])|円|元|원|บาท|đ|ر\.?\s?س|ريال|ریال|ر\.?\s?ق|ر\.?\s?ع|د\.?\s?ب|د\.?\s?ا|د\.?\s?م|د\.?\s?إ|درهم|د\.?\s?ك|ج\.?\s?م|جنيه|دينار|ש\"ח|ש״ח|تومان)"
)
NUMBER = (
    r"(?:\d{1,2}(?:,\d{2})+,\d{3}(?!\d)(?:\.\d{1,2}(?!\d))?"
    r"|\d{1,3}(?:(?:[.,٬'’\u00a0\u202f\u2009 ]\d{3})+(?!\d))(?:[.,٫]\d{1,2}(?!\d))?|\d+(?:[.,٫]\d{1,3}(?!\d))?)"
    r"(?:[.,][-–—]{1,2})?"
)
MONEY = re.compile(rf"(?P<before>{SYMBOL})?\s{{0,2}}(?P<number>{NUMBER})(?:\s{{0,2}}(?P<after>{SYMBOL}))?")
HAS_SYMBOL = re.compile(SYMBOL)
DIGIT, NO_DIGIT, NO_DIGIT_OR_MARK = re.compile(r"\d"), re.compile(r"\D"), re.compile(r"[^\d.,\s'’]")
CODE = re.compile(r"[A-Z]{3}")
UPPER_END = re.compile(rf"\d[.,]?-?\s*(?:{SYMBOL})?\s*(?:[-–—~]|to|bis)\s*$")
CENT_HINT = re.compile(r"cent|decimal|fraction|minor|penny|pence|kop|bani|(?<![a-z])sup|mantissa|dec(?![a-z])|after")
# French shops write 89 €50 for 89,50 €.
AROUND_EURO = re.compile(r"(?<![\d.,])(\d{1,3}(?:[ \u00a0]\d{3})+|\d+)[ \u00a0]?€(\d\d)(?![\d.,%]|\s?€)")
CENTS = re.compile(r"\d\d(?:\D.{0,6})?")
WHOLE = re.compile(r"(?<![.,\d])\d{1,3}(?:[.,\s]?\d{3})*$")
MINUS = re.compile(r"(?:^|[\s(])[-−–]\s?$")
THREE_DECIMALS = frozenset({"DT", "TND", "KWD", "BHD", "OMR", "JOD"})
MOST_AMOUNTS, NEAR, BESIDE = 300, 20, 25
MANY_CARDS, LIKELY, IN_CARD, REDUCED = 5, 3.5, 2.0, 0.5
MOST_CARDS, LEAST_ON_CARD, ON_CARD = 40, 1.0, 5.0
BUYABLE = (PriceKind.NOW, PriceKind.FROM)
PERCENT = re.compile(r"(?<!\d)(\d{1,2})\s?%")
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


def amounts_of(layout: Layout, anchors: Anchors) -> list[Amount]:
    """List the page's amounts of money, likeliest price first."""
    found: list[Amount] = []
    seen: set[tuple[int, int]] = set()
    for position, piece in enumerate(layout.pieces):
        if piece == "\n" or len(piece) > 200 or not DIGIT.search(piece):
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
    found = _innermost(found)
    _tell_former(layout, found)
    _take_common_symbol(found)
    _raise_reduced(found)
    _add_votes(found)
    _leave_cards(anchors, found)
    found.sort(key=lambda amount: -amount.score)
    _leave_other_cards(layout, anchors, found)
    return found


def _innermost(found: list[Amount]) -> list[Amount]:
    """Drop what was read of an outer element where an inner one gives the same amount by itself."""
    inner: dict[Decimal, list[Element]] = {}
    for amount in found:
        inner.setdefault(amount.value, []).append(amount.element)
    return [
        amount
        for amount in found
        if not any(other is not amount.element and other.inside(amount.element) for other in inner[amount.value])
    ]


def _tell_former(layout: Layout, found: list[Amount]) -> None:
    """Mark the greater of two amounts as former where the page says by how many percent they differ."""
    now = [amount for amount in found if amount.text.kind is PriceKind.NOW]
    for one, other in pairwise(now):
        low, high = sorted((one, other), key=lambda amount: amount.value)
        first, last = min(one.element.start, other.element.start), max(one.element.end, other.element.end)
        if low.value == high.value or last - first > NEAR:
            continue
        stated = PERCENT.findall(layout.around(first - 6, last + 8))
        if any(abs((1 - low.value / high.value) * 100 - int(percent)) < 1 for percent in stated):
            high.text = replace(high.text, kind=PriceKind.REGULAR)


def _leave_cards(anchors: Anchors, found: list[Amount]) -> None:
    """Lower what stands in one of many like places with other amounts, where a likely price stands in none."""
    places: dict[str, set[Decimal]] = {}
    for amount in found:
        places.setdefault(_place(amount), set()).add(amount.value)
    cards: list[Amount] = []
    likeliest = 0.0
    for amount in found:
        if len(places[_place(amount)]) >= MANY_CARDS and not _with_title(anchors, amount):
            cards.append(amount)
        elif amount.text.kind in BUYABLE:
            likeliest = max(likeliest, amount.score)
    if likeliest >= LIKELY:
        for amount in cards:
            amount.score -= IN_CARD


def _leave_other_cards(layout: Layout, anchors: Anchors, found: list[Amount]) -> None:
    """Lower the likeliest amounts for as long as they stand on cards that lead to other products."""
    for amount in found[:MOST_CARDS]:
        if amount.score < LEAST_ON_CARD or not is_on_card(layout, anchors, amount.element):
            break
        amount.score -= ON_CARD
    found.sort(key=lambda amount: -amount.score)


def _place(amount: Amount) -> str:
    parent = amount.element.parent
    return f"{amount.element.tag} {amount.element.hint}|{parent.hint if parent else ''}"


def _with_title(anchors: Anchors, amount: Amount) -> bool:
    return anchors.title is not None and amount.element.inside(anchors.title)


def _raise_reduced(found: list[Amount]) -> None:
    """Raise an amount that stands right beside a greater former one: together they are a reduced price."""
    for one, other in pairwise(found):
        former, now = (one, other) if one.text.kind is PriceKind.REGULAR else (other, one)
        apart = abs(former.element.start - now.element.start)
        if former.text.kind is PriceKind.REGULAR and now.text.kind is PriceKind.NOW and apart < NEAR:
            now.score += REDUCED if now.value < former.value else 0


def _take_common_symbol(found: list[Amount]) -> None:
    """Give amounts without a currency beside them the one that all others of the page have."""
    symbols = [amount.text.currency for amount in found if amount.text.currency]
    if len({SYMBOLS.get(symbol.casefold().rstrip("."), symbol) for symbol in symbols}) == 1:
        for amount in found:
            amount.text = replace(amount.text, currency=amount.text.currency or symbols[0])


def _may_price(layout: Layout, owner: Element) -> bool:
    for element in owner.chain(4):
        if element.traits & PRICE:
            return True
    parent = owner.parent
    near = parent if parent is not None and layout.size(parent) <= 14 else owner
    return layout.size(near) <= 14 and _has_symbol(layout.text(near))


@lru_cache(maxsize=4096)
def _has_symbol(text: str) -> bool:
    return HAS_SYMBOL.search(text) is not None


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
    text = "".join(parts).strip()
    return AROUND_EURO.sub(r"\1,\2 €", text) if "€" in text else text


def _joint(parts: list[str], bare: str, owner: Element, *, apart: bool) -> str:
    if not parts:
        return ""
    before = parts[-1]
    if CENTS.fullmatch(bare) and (not apart or owner.tag == "sup" or CENT_HINT.search(owner.hint)):
        if whole := WHOLE.search(before):
            return "," if "." in whole[0] else "."
        if before[-1] in ".,":
            return ""
    return "\t" if apart or before[-1].isalnum() == bare[0].isalnum() else ""


def _box(layout: Layout, owner: Element) -> Element:
    box, looked_at = owner, (-1, -1)
    for element in owner.chain(5):
        span = element.start, element.end
        if layout.size(element) > 14 or element.tag == "body":
            break
        if span != looked_at and (len(text := composed(layout, element)) > 40 or not _is_one_amount(text)):
            break
        box, looked_at = element, span
    return box


@lru_cache(maxsize=4096)
def _is_one_amount(text: str) -> bool:
    """Tell whether a short text is one amount of money with little around it."""
    matches = list(MONEY.finditer(text))
    return len(matches) == 1 and len(text) - len(matches[0][0]) <= 12


def _read_box(layout: Layout, anchors: Anchors, box: Element, inner: Element) -> list[Amount]:
    text = composed(layout, box, struck=box.struck or inner.struck)
    if len(text) > 200:
        return []
    hinted = len(text) < 40 and any(element.traits & PRICE for element in inner.chain(4 + inner.depth - box.depth))
    before, after = _context(layout, box)
    since = _label(before)
    before = " ".join(before.split())
    found: list[Amount] = []
    previous_end = 0
    for match in MONEY.finditer(text):
        symbol = _symbol(match) or _symbol_beside(layout, box, text, match)
        value = _rough(match["number"], symbol)
        if value is None or value <= 0 or not (symbol or (hinted and _stands_alone(text, match))):
            continue
        own_before, own_after = text[previous_end : match.start()], text[match.end() :]
        previous_end = match.end()
        around = (f"{since} {own_before}"[-60:], f"{own_after} {after}"[:40])
        ranged = text[: match.start()] if found else f"{before} {own_before}"
        upper = UPPER_END.search(ranged) and not _follows_former(layout, box, found)
        kind = (
            PriceKind.OTHER
            if upper or MINUS.search(own_before)
            else kind_of(box, inner, f"{own_before} {own_after}", *around)
        )
        price = PriceText(match["number"], symbol, kind, machine=False)
        score = _score(anchors, box, inner, text) + (1.0 if symbol else 0.0) - (0.3 if kind is PriceKind.FROM else 0.0)
        found.append(Amount(box, price, value, text[:300], score))
    return found


def _follows_former(layout: Layout, box: Element, found: list[Amount]) -> bool:
    """Tell whether the amount before is a former price: `reduced from 160 to 112` is no range."""
    if found:
        return found[-1].text.kind is PriceKind.REGULAR
    for position in range(box.start - 1, max(box.start - 12, 0), -1):
        if DIGIT.search(layout.pieces[position]):
            return layout.owners[position].struck
    return False


def _symbol(match: re.Match[str]) -> str | None:
    """Choose between the symbols on both sides of an amount: a code says more than a sign."""
    before, after = (match["before"] or "").strip(), (match["after"] or "").strip()
    return (after if CODE.fullmatch(after) else before or after) or None


def _symbol_beside(layout: Layout, box: Element, text: str, match: re.Match[str]) -> str | None:
    """Give a symbol that stands by itself in the place right after or right before an amount that is all its own holds."""
    if match[0].strip() != text:
        return None
    after = layout.around(box.end, box.end + 2)
    before = layout.around(box.start - 2, box.start)
    return next((text for text in (after, before) if text and HAS_SYMBOL.fullmatch(text)), None)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start("number")][-1:], text[match.end() :].lstrip()[:1]
    return not before.isalnum() and not after.isalnum() and after not in ("%", "+") and before not in ("#", "+")


@lru_cache(maxsize=4096)
def _rough(number: str, symbol: str | None = None) -> Decimal | None:
    western = number.replace("٬", ",").replace("٫", ".")
    digits = NO_DIGIT_OR_MARK.sub("", western).rstrip(".,")
    marks = NO_DIGIT.findall(digits)
    decimal = bool(marks) and (len(marks) == 1 or marks[-1] != marks[-2]) and marks[-1] in ".,"
    tail = len(digits) - digits.rfind(marks[-1]) - 1 if marks else 0
    if tail == 3 and len(marks) == 1 and symbol not in THREE_DECIMALS:
        decimal = False
    whole, part = (digits[: -tail - 1], digits[-tail:]) if decimal else (digits, "")
    try:
        return Decimal(NO_DIGIT.sub("", whole) + (f".{part}" if part else ""))
    except InvalidOperation:
        return None


def _context(layout: Layout, box: Element) -> tuple[str, str]:
    container = box
    for element in box.chain(4):
        if layout.size(element) > 18:
            break
        container = element
    before = "".join(layout.pieces[container.start : box.start])
    after = _line(layout, box.end, container.end)
    return before[-80:], after[:40]


def _label(before: str) -> str:
    """Give the words since the last amount; what stands on that amount's own line is about it."""
    parts = DIGIT.split(before)
    since = parts[-1].partition("\n")[2] if len(parts) > 1 and "\n" in parts[-1].strip(" ") else parts[-1]
    return " ".join(since.split())[-50:]


def _line(layout: Layout, start: int, end: int) -> str:
    """Give the text from a position to the line's end: what stands on the next line is about something else."""
    pieces = layout.pieces[start:end]
    cut = pieces.index("\n") if "\n" in pieces else len(pieces)
    return layout.around(start, start + cut)


def _score(anchors: Anchors, box: Element, inner: Element, text: str) -> float:
    in_title = anchors.title is not None and box.order == anchors.title.order
    score = _hint_score(inner, 5 + inner.depth - box.depth) + _place_score(anchors, box)
    score -= 1.5 if box.hidden else 0
    score -= 6 if anchors.excluded(box) else 0
    score -= 0 if in_title else min(len(MONEY.sub("", text)) / 25, 2)
    score += 0.4 if any(element.tag in BIG_TAGS for element in box.chain(3)) else 0
    score -= 2 if any(element.tag == "a" and leads_away(element) for element in box.chain(5)) else 0
    return score


def _hint_score(inner: Element, levels: int) -> float:
    score = 0.0
    for level, element in enumerate(inner.chain(levels)):
        if not element.hint:
            continue
        now, _, other = hint_marks(element.hint)
        worth = 1.0 - 0.15 * level
        score += 1.2 * worth if element.traits & PRICE else 0
        score += 0.8 * worth if now else 0
        score -= 1.5 * worth if other else 0
    return min(score, 3.5)


def _place_score(anchors: Anchors, box: Element) -> float:
    score = 0.0
    if anchors.title is not None:
        distance = 0 if box.inside(anchors.title) else box.start - anchors.title.end
        above = 1.0 if distance > -BESIDE else max(-1.5, -0.5 + distance / 100)
        score += max(0.0, 2.0 - distance / 120) if distance >= 0 else above
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
