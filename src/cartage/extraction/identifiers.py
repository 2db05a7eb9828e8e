"""Identifiers: GTINs with a right check digit, ISBNs, MPNs and SKUs, with placeholders refused."""

import re

from cartage.extraction.text import clean

GTIN_LENGTHS = {8, 12, 13, 14}
SEPARATORS = re.compile(r"[\s\-‐‑–._]+")
LABEL = re.compile(
    r"^(?:gtin|ean|upc|isbn|jan|sku|mpn|art\.?\s*-?\s*nr\.?|item|model|ref\.?)[\s\d-]*[:#]\s*", re.IGNORECASE
)
JUNK = {
    "", "-", "--", "n/a", "na", "n.a.", "none", "null", "undefined", "nan", "0", "00", "000", "1", "unknown", "default",
    "does not apply", "does not exist", "not applicable", "nicht zutreffend", "non applicabile", "no aplica", "sku",
    "mpn", "gtin", "ean", "tbd", "test", "false", "true", "[object object]", "x", ".",
}  # fmt: skip
LONGEST_CODE = 70
SLUG = re.compile(r"^[^\W\d_]{3,} \d$|[^\W\d_]{3,}-[^\W\d_]{3,}-[^\W\d_]{2,}|^\S+ \S+ \S+ \S+ \S+")
PLACEHOLDERS = {"1234567890128", "1234567890123", "123456789012", "0123456789012", "12345678", "12345670"}
IN_STORE_13 = ("2", "02", "04", "99", "98")
IN_STORE_12 = ("2", "4", "5")


def gtin_of(text: str) -> str | None:
    """Give a GTIN's digits when length and check digit are right and it is no placeholder or in-store code.

    An ISBN-10 becomes the ISBN-13 it stands for. Source: GS1 General Specifications 7.9 and 2.1.
    """
    code = SEPARATORS.sub("", LABEL.sub("", clean(text)))
    if re.fullmatch(r"\d{9}[\dXx]", code):
        return _isbn13(code)
    if not code.isascii() or not code.isdigit() or len(code) not in GTIN_LENGTHS:
        return None
    return code if check_digit(code[:-1]) == int(code[-1]) and not _is_placeholder(code) else None


def check_digit(digits: str) -> int:
    """Give the GS1 check digit for a code without its own."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def mpn_of(text: str) -> str | None:
    """Give a manufacturer's part number, unless it is junk."""
    return _code(text)


def sku_of(text: str) -> str | None:
    """Give a shop's own number, unless it is junk."""
    return _code(text)


def _code(text: str) -> str | None:
    code = LABEL.sub("", clean(text)).strip(" :;,#")
    junk = code.casefold() in JUNK or len(code) > LONGEST_CODE or code.startswith(("http:", "https:", "{"))
    return None if junk or re.fullmatch(r"[\W_0]+", code) or SLUG.search(code) else code


def _is_placeholder(code: str) -> bool:
    bare = code.lstrip("0")
    if len(set(code)) <= 2 or len(bare) < 6 or code in PLACEHOLDERS:
        return True
    if len(code) == 13:
        return code.startswith(IN_STORE_13) and not code.startswith(("978", "979", "977"))
    return len(code) == 12 and code.startswith(IN_STORE_12)


def _isbn13(code: str) -> str | None:
    values = [10 if digit in "Xx" else int(digit) for digit in code]
    if sum(value * (10 - place) for place, value in enumerate(values)) % 11 or len(set(code)) == 1:
        return None
    body = "978" + code[:9]
    return body + str(check_digit(body))
