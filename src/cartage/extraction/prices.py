"""Prices as pages write them, in every convention, as exact amounts of money."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from cartage.extraction.claims import PriceText
from cartage.extraction.markets import TENDERS, Market, currency_of, currency_of_country, is_small, minor_digits
from cartage.model.product import Money

LONGEST = 200
CENT = Decimal("0.011")
# Standard rates of value added tax in the countries of Europe; reduced rates are too near to discounts.
TAX_RATES = (17, 18, 19, 20, 21, 22, 23, 24, 25, 27)
TOMAN = {"تومان", "toman", "irt"}
LARGEST = Decimal("1e12")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９", "0123456789" * 4)
MARKS = str.maketrans(
    {"٫": ".", "٬": ",", "，": ",", "．": ".", "’": "'", "‘": "'", "´": "'", "`": "'", "–": "-", "—": "-", "−": "-"}
)
SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
NUMBER = re.compile(r"\d[\d.,' ]*\d|\d|[.,]\d+")
ISO_CODE = rf"(?<![A-Z])(?:{'|'.join(sorted(TENDERS - {'ALL', 'TOP'}))})(?![A-Za-z])"
SYMBOL = (
    rf"(?:{ISO_CODE}\s?\$|{ISO_CODE}|(?:US|AU|CA|C|A|NZ|HK|NT|S|SG|R|MX|CDN|U)\s?\$|U\$S|[$€£¥￥₹₽₺₴₪₩￦₫₱฿₦₡₲₸₼₾₵₮﷼₣֏৳₨]|S/\.?|"
    r"(?i:б\.\s?р\.?|бел\.\s?руб\.?|f\s?cfa|dt|kr\.?|zł|kč|ft|lei|лв\.?|дин\.?|руб\.?|грн\.?|tl|rs\.?|rp\.?|rm|euros?|ron|din\.?|dhs?\.?)(?![A-Za-zÀ-ž])|(?<![A-Za-z])DA(?![A-Za-z])|円|元|원|บาท|đ|"
    r"(?<![A-Za-z])R(?=\s?\d{1,3}(?:[ ,]\d{3})+(?!\d)|\s?\d+[.,]\d\d(?!\d))|"
    r"ر\.?\s?س\.?|د\.?إ\.?|د\.ك|د\.ب|ر\.ق|ر\.ع|ج\.م|ریال|ريال|درهم|جنيه|تومان)"
)
AMOUNT = r"(?:\d{1,3}(?:[.,' \u00a0\u202f]\d{2,3})+(?:[.,]\d{1,3})?|\d+(?:[.,]\d{1,3})?|[.,]\d{2})(?:,-|\.-|,–|\.–|-)?"
# French shops write 49 €90 for 49,90 €.
SPLIT = r"(?<!\d)(?P<whole>\d{1,3}(?: \d{3})+|\d+)\s?(?P<between>[€£])(?P<cents>\d\d)(?![\d.,%]|\s?[€£])"
PRICE_PATTERN = re.compile(
    rf"{SPLIT}|(?P<before>{SYMBOL})\s?(?P<first>{AMOUNT})(?:\s?(?P<code>{ISO_CODE}))?"
    rf"|(?<!\d)(?P<second>{AMOUNT})(?:\s?(?:-|~|to|bis|à)\s?{AMOUNT})?\s?(?P<after>{SYMBOL})(?:(?<!\s[$£])|(?!\d))"
)
EXPONENT = re.compile(r"\D*\d[\d.,]*[eE][+-]?\d+\D*")
SPLIT_AT_END = re.compile(r"(\d)\s?€\s(\d\d)$")
PARTED = re.compile(r"(\d) ([.,]) ?(\d\d)(?!\d)")
NOW_WORDS = re.compile(
    r"(?i:\bnow\b|\bjetzt\b|\bnur\b|maintenant|ahora|agora|\bora\b|\bnu\b|teraz|сейчас|الآن|sale price)"
)
COUNTED = re.compile(r"^\s*\d+\s*(?:x|×|pairs?|pieces?|pcs|items?|pack|stück|pièces?|piezas?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundPrice:
    """Point at a price within a longer text: the amount as written, the symbol beside it, and where."""

    text: str
    currency: str
    start: int
    end: int


def find_prices(text: str) -> list[FoundPrice]:
    """Find the amounts that stand beside a currency, in order; text beyond 2,000 characters is not read."""
    plain = _western(text[:2000])
    return [_found(match) for match in PRICE_PATTERN.finditer(plain)]


def _found(match: re.Match[str]) -> FoundPrice:
    if match["whole"]:
        return FoundPrice(f"{match['whole']},{match['cents']}", match["between"], match.start(), match.end())
    symbol = match["code"] or match["before"] or match["after"]
    return FoundPrice(match["first"] or match["second"], symbol, match.start(), match.end())


def money_of(price: PriceText, market: Market) -> Money | None:
    """Read a price as money; None when its amount or its currency is not known.

    The currency is the one stated beside the amount, then the one other evidence of the page speaks of; it is
    never guessed from nothing.
    """
    stated = currency_of(price.currency, market) if price.currency else None
    symbol = _symbol_in(price.text)
    currency = stated or (currency_of(symbol, market) if symbol else None) or market.currency
    amount = amount_of(price, currency or (currency_of_country(market.country) if market.country else None))
    if amount is None or currency is None:
        return None
    return Money(amount=amount * 10 if _in_toman(price.currency or symbol) else amount, currency=currency)


def _in_toman(symbol: str | None) -> bool:
    """Tell whether a price counts toman, which are ten rials each and no currency of ISO 4217."""
    return symbol is not None and symbol.strip().casefold() in TOMAN


def amount_of(price: PriceText, currency: str | None) -> Decimal | None:
    """Read a price's amount, exactly; None for what is no positive number.

    `minor_units` counts hundredths, as Shopify does for every currency. Of a range the lower end is given,
    of "was 60 now 50" the latter. Machine-written text takes a point for the decimal mark.
    """
    text = _joined_cents(_western(price.text[:LONGEST]))
    if text.lstrip().startswith("-") or len(re.findall(r"\d", text)) > 18 or EXPONENT.fullmatch(text):
        return None
    written = _number_in(text)
    if written is None:
        return None
    return _finished(_decimal(written, currency, machine=price.machine), currency, minor=price.minor_units)


def is_net_of(net: Money, gross: Money) -> bool:
    """Tell whether an amount is another one without the value added tax of some country, to the cent."""
    if net.currency != gross.currency or net.amount >= gross.amount:
        return False
    return any(abs(net.amount * (100 + rate) / 100 - gross.amount) < CENT for rate in TAX_RATES)


def _finished(value: Decimal | None, currency: str | None, *, minor: bool) -> Decimal | None:
    if value is None or value <= 0 or value >= LARGEST:
        return None
    amount = value.scaleb(-2) if minor else value
    exponent = amount.as_tuple().exponent
    places = max(minor_digits(currency), 2) if not minor else 2
    if isinstance(exponent, int) and -exponent > places:
        amount = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return amount if amount > 0 else None


def _western(text: str) -> str:
    plain = UNSEEN.sub("", SPACES.sub(" ", text.translate(DIGITS).translate(MARKS)))
    return PARTED.sub(r"\1\2\3", plain)


def _joined_cents(text: str) -> str:
    return SPLIT_AT_END.sub(r"\1,\2 €", text.strip())


@lru_cache(maxsize=2048)
def _number_in(text: str) -> str | None:
    found = find_prices(text)
    if found:
        after_now = [price for price in found if NOW_WORDS.search(text[max(0, price.start - 20) : price.start])]
        return (after_now or found)[0].text
    text = COUNTED.sub("", text)
    match = NUMBER.search(text)
    return match[0] if match else None


def _symbol_in(text: str) -> str | None:
    found = find_prices(text[:LONGEST])
    return found[0].currency if found else None


def _decimal(written: str, currency: str | None, *, machine: bool) -> Decimal | None:
    compact = written.rstrip("-").strip(" ").rstrip(".,'")
    compact = compact.replace("'", "." if re.fullmatch(r"\d+'\d\d", compact) else "")
    if " " in compact:
        compact = _joined(compact)
    try:
        return Decimal(_pointed(compact, minor_digits(currency), machine=machine and not is_small(currency)))
    except InvalidOperation:
        return None


def _joined(text: str) -> str:
    """Join digits that spaces group by threes; elsewhere the number ends at the first space."""
    parts = text.split(" ")
    joined = parts[0]
    for part in parts[1:]:
        if not re.fullmatch(r"\d{3}(?:[.,]\d{1,3})?", part):
            break
        joined += part
    return joined


def _pointed(text: str, digits: int, *, machine: bool) -> str:
    """Write a number with a point for its decimal mark and no other mark.

    Two kinds of mark: the last is the decimal mark. One mark more than once: it groups. One mark once: three
    digits after it group, unless the currency has three decimals or a program wrote a point.
    """
    marks = [mark for mark in text if mark in ".,"]
    if not marks:
        return text
    last = marks[-1]
    if len(set(marks)) > 1:
        other = "," if last == "." else "."
        whole, _, fraction = text.replace(other, "").rpartition(last)
        return f"{whole.replace(last, '')}.{fraction}"
    whole, _, fraction = text.rpartition(last)
    if len(marks) > 1:
        return whole.replace(last, "") + fraction
    if not whole:
        return f"0.{fraction}"
    if _groups(whole, fraction, last, digits, machine=machine):
        return whole + fraction
    return f"{whole}.{fraction}"


def _groups(whole: str, fraction: str, mark: str, digits: int, *, machine: bool) -> bool:
    if len(fraction) != 3 or len(whole) > 3 or whole.lstrip("0") == "":
        return False
    if machine and mark == ".":
        return False
    return digits != 3
