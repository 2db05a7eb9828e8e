"""Markets: which currency a symbol, a language or a top-level domain speaks of, from CLDR's data."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from babel.core import Locale, UnknownLocaleError, get_global
from babel.numbers import get_currency_precision, get_territory_currencies

DOMAIN_COUNTRIES = {
    "uk": "GB",
    "eu": "",
    "co": "",
    "io": "",
    "me": "",
    "tv": "",
    "ai": "",
    "cc": "",
    "ly": "",
    "to": "",
}
EURO_DOMAINS = {"eu"}
LANGUAGE_COUNTRIES = {
    "de": "DE", "fr": "FR", "it": "IT", "nl": "NL", "fi": "FI", "el": "GR", "et": "EE", "lv": "LV", "lt": "LT", "sk": "SK",
    "sl": "SI", "pl": "PL", "cs": "CZ", "hu": "HU", "ro": "RO", "bg": "BG", "hr": "HR", "da": "DK", "sv": "SE", "nb": "NO",
    "no": "NO", "nn": "NO", "is": "IS", "uk": "UA", "ru": "RU", "tr": "TR", "he": "IL", "ja": "JP", "ko": "KR", "th": "TH",
    "vi": "VN", "id": "ID", "ms": "MY", "hi": "IN", "fa": "IR", "sr": "RS",
}  # fmt: skip

# What a symbol means wherever it stands; the ambiguous ones are decided by the market.
SYMBOLS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₪": "ILS", "₩": "KRW", "₫": "VND",
    "₱": "PHP", "฿": "THB", "₦": "NGN", "₡": "CRC", "₲": "PYG", "₸": "KZT", "₼": "AZN", "₾": "GEL", "₵": "GHS",
    "₮": "MNT", "﷼": "", "֏": "AMD", "⃁": "SAR", "us$": "USD", "u$s": "USD", "usd$": "USD", "a$": "AUD", "au$": "AUD", "aud$": "AUD",
    "c$": "CAD", "ca$": "CAD", "cad$": "CAD", "cdn$": "CAD", "nz$": "NZD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "sg$": "SGD",
    "r$": "BRL", "mx$": "MXN", "mex$": "MXN", "ar$": "ARS", "clp$": "CLP", "cop$": "COP", "zł": "PLN", "zl": "PLN", "kč": "CZK", "ft": "HUF",
    "lei": "RON", "лв": "BGN", "din": "RSD", "дин": "RSD", "руб": "RUB", "р": "RUB", "грн": "UAH", "tl": "TRY", "円": "JPY", "元": "CNY",
    "rmb": "CNY", "원": "KRW", "บาท": "THB", "đ": "VND", "rp": "IDR", "rm": "MYR", "fr": "CHF", "sfr": "CHF", "s/": "PEN", "s/.": "PEN",
    "ر.س": "SAR", "رس": "SAR", "ريال": "SAR", "ريال سعودي": "SAR", "د.إ": "AED", "دإ": "AED", "درهم": "AED", "د.ك": "KWD", "دك": "KWD",
    "د.ب": "BHD", "ر.ق": "QAR", "ر.ع": "OMR", "ج.م": "EGP", "جنيه": "EGP", "د.ا": "JOD", "د.م": "MAD", "تومان": "IRR", "toman": "IRR", "irt": "IRR", "ریال": "IRR", "ل.ل": "LBP",
    "euro": "EUR", "euros": "EUR", "eur": "EUR", "pounds": "GBP", "yen": "JPY", "rupees": "INR", "dh": "AED", "dhs": "AED", "₣": "CHF", "￦": "KRW", "৳": "BDT", "kn": "HRK", "ksh": "KES", "zar": "ZAR",
    "dt": "TND", "da": "DZD", "fcfa": "XOF", "f cfa": "XOF", "б.р": "BYN", "бел. руб": "BYN", "br": "BYN", "km": "BAM", "ден": "MKD", "тг": "KZT", "сум": "UZS", "gs": "PYG", "bs": "BOB", "gh₵": "GHS",
}  # fmt: skip
# What the same word means at home in another market.
LOCAL = {
    ("руб", "BY"): "BYN", ("р", "BY"): "BYN", ("元", "TW"): "TWD", ("元", "HK"): "HKD", ("dh", "MA"): "MAD", ("dhs", "MA"): "MAD", ("lei", "MD"): "MDL",
    ("fcfa", "CM"): "XAF", ("fcfa", "GA"): "XAF", ("fcfa", "CG"): "XAF", ("fcfa", "TD"): "XAF", ("جنيه", "SD"): "SDG", ("bs", "VE"): "VES",
}  # fmt: skip
SHARED = {
    "$": {"US", "CA", "AU", "NZ", "MX", "CL", "AR", "CO", "UY", "SG", "HK", "TW", "JM", "TT", "BB", "BS", "BZ", "FJ", "DO", "EC", "PR", "SV", "PA"},
    "kr": {"SE", "NO", "DK", "IS"},
    "kr.": {"DK", "NO", "SE", "IS"},
    "rs": {"IN", "PK", "LK", "NP", "MU"},
    "rs.": {"IN", "PK", "LK", "NP", "MU"},
    "₨": {"IN", "PK", "LK", "NP", "MU"},
    "¥": {"JP", "CN"},
    "￥": {"JP", "CN"},
    "r": {"ZA"},
    "q": {"GT"},
    "l": {"HN"},
    "p": {"BW", "RU"},
    "﷼": {"SA", "IR", "OM", "QA", "YE"},
    "ريال": {"SA", "QA", "OM", "YE"},
    "درهم": {"AE", "MA"},
}  # fmt: skip
CODES = frozenset(get_global("all_currencies"))
RETIRED = {
    "ADP",
    "DEM",
    "FRF",
    "ITL",
    "ESP",
    "NLG",
    "ATS",
    "BEF",
    "FIM",
    "GRD",
    "IEP",
    "PTE",
    "LUF",
    "SKK",
    "SIT",
    "EEK",
    "LVL",
    "LTL",
    "XXX",
    "XTS",
}
# What some territory pays with today.
TENDERS = frozenset(
    code for territory in get_global("territory_currencies") for code in get_territory_currencies(territory)
)
# Of so little worth that nobody prices in thousandths: three digits after a mark are always a group.
SMALL = {"COP", "IDR", "HUF", "CRC", "TZS", "NGN", "KHR", "MNT", "UZS"}
LANGUAGES = {"en", "es", "pt", "ar", "zh", *LANGUAGE_COUNTRIES}
CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Market:
    """Say where a price is read: the page's language, its country, and the currency other evidence speaks of."""

    language: str | None = None
    country: str | None = None
    currency: str | None = None


@lru_cache(maxsize=1024)
def market_of(language: str | None, url: str, hint: str | None = None) -> Market:
    """Read the market from the page's language tag and its address; `hint` is a currency code already found.

    A country in the address's path or top-level domain weighs more than the language's region.
    """
    tag = (language or "").replace("_", "-")
    country = _country_of_address(url) or _country_of_language(tag)
    return Market(tag.split("-")[0].lower() or None, country or None, hint if hint in CODES else None)


@lru_cache(maxsize=4096)
def currency_of(text: str, market: Market) -> str | None:
    """Give the ISO 4217 code that a symbol, name or code stands for in a market; None when it is not known."""
    word = text.strip().strip("()[]:;,")
    word = re.sub(r"\s(?=[$€£])", "", word)
    code = word.upper()
    if len(code) == 3 and code in CODES and code not in RETIRED:
        return code
    key = word.casefold().rstrip(".") if word.casefold() not in SHARED else word.casefold()
    if key in SHARED:
        return _shared(key, market)
    if key in SYMBOLS:
        return LOCAL.get((key, market.country or "")) or SYMBOLS[key] or None
    found = CODE.search(word)
    return found[1] if found and found[1] in CODES and found[1] not in RETIRED else None


@lru_cache(maxsize=512)
def currency_of_country(country: str) -> str | None:
    """Give a country's present legal tender, from CLDR."""
    try:
        current = get_territory_currencies(country)
    except (KeyError, ValueError):
        return None
    return current[0] if current else None


@lru_cache(maxsize=512)
def minor_digits(currency: str | None) -> int:
    """Give how many decimal digits a currency has; 2 where it is not known.

    ISO 4217 counts, where CLDR rounds a currency's coins away (CLDR gives 0 for IDR, ISQ 2).
    """
    return (
        {"IDR": 2, "HUF": 2, "TWD": 2, "PKR": 2, "COP": 2}.get(currency, get_currency_precision(currency))
        if currency
        else 2
    )


def is_small(currency: str | None) -> bool:
    """Tell whether a currency's unit is too small for prices with decimals to be usual."""
    return currency is not None and (currency in SMALL or get_currency_precision(currency) == 0)


def _shared(key: str, market: Market) -> str | None:
    countries = SHARED[key]
    if market.currency and market.currency in {currency_of_country(country) for country in countries}:
        return market.currency
    if market.country in countries:
        return currency_of_country(market.country)
    # English under an address of no country (`.com`): elsewhere shops name their country or write A$, C$, NZ$.
    plain_dollar = key == "$" and market.country is None and market.language in (None, "en")
    return "USD" if plain_dollar else None


def _country_of_address(url: str) -> str | None:
    parts = urlsplit(url)
    if country := _country_of_path(parts.path.lower()):
        return country
    domain = (parts.hostname or "").rsplit(".", 1)[-1]
    if domain in DOMAIN_COUNTRIES:
        return DOMAIN_COUNTRIES[domain] or None
    return domain.upper() if len(domain) == 2 and currency_of_country(domain.upper()) else None


def _country_of_path(path: str) -> str | None:
    """Read `/en-ca/`, `/en/ca/` or `/ca/en/`; where both halves may be a country, only a dash tells the order."""
    pair = re.match(r"/([a-z]{2})([-_/])([a-z]{2})(?:/|$)", path)
    if not pair:
        return None
    first, mark, second = pair.groups()
    ordered = first in LANGUAGES and currency_of_country(second.upper()) is not None
    turned = second in LANGUAGES and currency_of_country(first.upper()) is not None
    if ordered and (mark != "/" or not turned):
        return second.upper()
    return first.upper() if turned and not ordered else None


def _country_of_language(tag: str) -> str | None:
    try:
        locale = Locale.parse(tag.replace("-", "_")) if tag else None
    except (ValueError, UnknownLocaleError):
        return None
    if locale is None:
        return None
    return locale.territory or LANGUAGE_COUNTRIES.get(locale.language)
