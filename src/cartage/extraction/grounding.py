"""Holding what a language model says against the page: what is not there, or not in its place, is dropped."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cartage.extraction.availability import availability_of
from cartage.extraction.claims import PriceText
from cartage.extraction.fields import Context, brand_of, description_of, name_of
from cartage.extraction.filling import Filling, Said
from cartage.extraction.identifiers import gtin_of, mpn_of, sku_of
from cartage.extraction.prices import find_prices, money_of
from cartage.extraction.shown import Line, Shown
from cartage.model.evidence import Drop, Evidence, Source
from cartage.model.product import Availability, Money

LONGEST_QUOTE = 300
SHORTEST_DESCRIPTION = 24
# How many characters a value's line may hold beside it: a label, a unit, a tax note; more is a sentence about it.
BESIDE = {"brand": 40, "price": 60, "availability": 80, "sku": 40, "mpn": 40, "gtin": 40}
PRICE_WORD = re.compile(
    r"price|preis|prix|precio|preço|prezzo|prijs|pris\b|cena|ár\b|preț|цена|ціна|fiyat|τιμή|מחיר|السعر|سعر|قیمت|価格|价格|價格|가격|ราคา|giá|harga",
    re.IGNORECASE,
)
NOT_NOW = re.compile(
    r"shipping|delivery|versand|livraison|envío|spedizione|verzend|wysyłk|doprav|доставк|شحن|was\b|rrp|uvp|statt|save|sparen|instal|month|monat"
    r"|per\s+\d*\s*(?:kg|g|l|ml|m)\b|/\s*\d*\s*(?:kg|g|l|ml|m)\b|from\s+\d+ pieces|deposit|pfand|voucher|gift card|over\b|above\b|off\b",
    re.IGNORECASE,
)
CODE_WORD = re.compile(
    r"\b(?:sku|mpn|gtin|ean|upc|isbn|asin|jan|ref|id|item|model|modell|modelo|modèle|code|codice|código|kod|kód|part|style|product no|art)\b"
    r"|artikel|article|artículo|articolo|artigo|référence|reference|referencia|riferimento|bestell|varenummer|tuotenumero|nummer|číslo|numer|cikkszám|cod produs"
    r"|артикул|код|رقم|رمز|كود|מק\"ט|品番|型番|货号|貨號|编号|型号|상품코드|mã|รหัส|№",
    re.IGNORECASE,
)
LONGEST_LABEL = 40
NUMBERS_ONLY = re.compile(r"[\W\d_]+")
DASHES = str.maketrans(
    {**dict.fromkeys("‐‑‒–—−﹘﹣－", "-"), **dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″«»", '"')}
)
UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Grounded:
    """Hold what stands on the page indeed, its evidence by JSON pointer, and what was dropped and why."""

    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    evidence: dict[str, tuple[Evidence, ...]] = field(default_factory=dict[str, tuple[Evidence, ...]])
    drops: list[Drop] = field(default_factory=list[Drop])


class Ungrounded(Exception):
    """Say why a value is not believed; never leaves this module."""


def ground(filling: Filling, wanted: Sequence[str], shown: Shown, context: Context) -> Grounded:
    """Keep of an answer what the page shows in a fitting place; wanted fields only."""
    grounded = Grounded()
    for name in WORDED:
        said: Said | None = getattr(filling, name)
        if said is None or not said.words.strip():
            continue
        try:
            value, line = _checked(name, said, wanted, shown, context)
        except Ungrounded as reason:
            grounded.drops.append(Drop(field=name, said=said.words[:LONGEST_QUOTE], reason=str(reason)))
            continue
        grounded.facts[name] = value
        grounded.evidence[f"/{name}"] = (_evidence(line.where, line.text),)
    _take_description(grounded, filling, wanted, shown, context)
    _take_images(grounded, filling, wanted, shown)
    return grounded


def _checked(name: str, said: Said, wanted: Sequence[str], shown: Shown, context: Context) -> tuple[Any, Line]:
    if name not in wanted:
        raise Ungrounded("The page's own reader found this field already.")
    line = _line_of(said, shown)
    beside = len(folded(line.text)) - len(folded(said.words))
    if beside > BESIDE.get(name, len(folded(said.words))):
        raise Ungrounded("The words stand in the middle of a text about something else.")
    value = WORDED[name](said.words, _labelled(line, shown), context)
    if value is None:
        raise Ungrounded(f"The words are no {name.replace('_', ' ')}.")
    return value, line


def _line_of(said: Said, shown: Shown) -> Line:
    """Find the line that holds the words: the one that was named, else the first."""
    wanted = folded(said.words)
    named = [line for line in shown.lines if line.number == said.line]
    holding = [line for line in (*named, *shown.lines) if _holds(folded(line.text), wanted)]
    if not holding:
        raise Ungrounded("The page does not show these words.")
    line = next((each for each in holding if not each.aside), None)
    if line is None:
        raise Ungrounded("The words stand in a menu, a footer or another product's place.")
    return line


def _labelled(line: Line, shown: Shown) -> str:
    """Give a line with the short one before it, which may be its label."""
    before = next((each.text for each in shown.lines if each.number == line.number - 1), "")
    return f"{before} {line.text}" if len(before) <= LONGEST_LABEL and not find_prices(before) else line.text


def folded(text: str) -> str:
    """Give a text so that its spellings compare equal: Unicode forms, letter case, white space, dashes and quotes."""
    plain = unicodedata.normalize("NFKC", UNSEEN.sub("", text)).translate(DASHES)
    return SPACE.sub(" ", plain).strip().casefold()


def _holds(text: str, words: str) -> bool:
    """Tell whether a text holds words whole: not the 9 of 19."""
    start = text.find(words)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(words) : start + len(words) + 1]
        if not (_joins(before, words[:1]) or _joins(words[-1:], after)):
            return True
        start = text.find(words, start + 1)
    return False


def _joins(one: str, other: str) -> bool:
    if one.isdigit() or other.isdigit():
        return (
            (one.isalnum() or one in tuple(".,")) and (other.isalnum() or other in tuple(".,")) and bool(one and other)
        )
    return one.isascii() and other.isascii() and one.isalnum() and other.isalnum()


def _name(words: str, line: str, context: Context) -> str | None:
    del line
    name = name_of(words, context)
    return None if name is None or NUMBERS_ONLY.fullmatch(name) or find_prices(name) else name


def _brand(words: str, line: str, context: Context) -> str | None:
    del line
    return None if NUMBERS_ONLY.fullmatch(words) else brand_of(words, context)


def _price(words: str, line: str, context: Context) -> Money | None:
    """Read a price that is one amount beside a currency, or beside a word for price where the currency is known."""
    found = find_prices(line)
    if len({price.text for price in found}) > 1 or NOT_NOW.search(line):
        raise Ungrounded("The line holds another amount, or is about another price.")
    if not found and not PRICE_WORD.search(line):
        raise Ungrounded("The amount stands beside neither a currency nor a word for price.")
    symbol = found[0].currency if found else None
    return money_of(PriceText(words, symbol, machine=False), context.market)


def _availability(words: str, line: str, context: Context) -> Availability | None:
    del line, context
    return availability_of(words)


def _gtin(words: str, line: str, context: Context) -> str | None:
    del line, context
    return gtin_of(words)


def _code(read: Callable[[str], str | None]) -> Callable[[str, str, Context], str | None]:
    def code(words: str, line: str, context: Context) -> str | None:
        del context
        if not CODE_WORD.search(line):
            raise Ungrounded("The number stands beside no word for such a number.")
        found = read(words)
        return found if found and any(map(str.isdigit, found)) else None

    return code


WORDED: dict[str, Callable[[str, str, Context], Any]] = {
    "name": _name,
    "brand": _brand,
    "price": _price,
    "availability": _availability,
    "sku": _code(sku_of),
    "mpn": _code(mpn_of),
    "gtin": _gtin,
}


def _take_description(
    grounded: Grounded, filling: Filling, wanted: Sequence[str], shown: Shown, context: Context
) -> None:
    if not filling.description:
        return
    numbers = sorted(set(filling.description))
    lines = [line for line in shown.lines if line.number in numbers and not line.aside]
    text = description_of("\n".join(line.text for line in lines), context) or ""
    said = ", ".join(map(str, numbers))[:LONGEST_QUOTE]
    if "description" not in wanted:
        grounded.drops.append(_drop("description", said, "The page's own reader found this field already."))
    elif len(lines) < len(numbers):
        grounded.drops.append(_drop("description", said, "Some of these lines are not there, or are not about it."))
    elif len(text) < SHORTEST_DESCRIPTION:
        grounded.drops.append(_drop("description", said, "The lines are too short to describe anything."))
    else:
        grounded.facts["description"] = text
        grounded.evidence["/description"] = tuple(_evidence(line.where, line.text) for line in lines[:3])


def _take_images(grounded: Grounded, filling: Filling, wanted: Sequence[str], shown: Shown) -> None:
    if not filling.images:
        return
    by_number = {picture.number: picture for picture in shown.pictures}
    known = [by_number[number] for number in dict.fromkeys(filling.images) if number in by_number]
    said = ", ".join(map(str, filling.images))[:LONGEST_QUOTE]
    if "images" not in wanted:
        grounded.drops.append(_drop("images", said, "The page's own reader found this field already."))
        return
    if len(known) < len(set(filling.images)):
        grounded.drops.append(_drop("images", said, "Some of these pictures are not on the page."))
    if known:
        grounded.facts["images"] = tuple(picture.image for picture in known)
        for place, picture in enumerate(known):
            grounded.evidence[f"/images/{place}"] = (_evidence(picture.where, picture.image.url),)


def _drop(name: str, said: str, reason: str) -> Drop:
    return Drop(field=name, said=said, reason=reason)


def _evidence(where: str, raw: str) -> Evidence:
    return Evidence(source=Source.MODEL, where=where, raw=raw[:LONGEST_QUOTE])
