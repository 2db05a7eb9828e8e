"""The shop that sells its own make: where no source names a brand and the page calls its product by the shop's name."""

import functools
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cartage.extraction.document import LONGEST_RAW, Document
from cartage.extraction.fields import folded
from cartage.extraction.fusion import EvidenceMap, Facts
from cartage.extraction.layout import Element
from cartage.extraction.sources.visible_seen import seen
from cartage.model.evidence import Evidence, Source

if TYPE_CHECKING:
    from tldextract import TLDExtract

TITLES = ("og:title", "twitter:title", "og:description", "description", "twitter:description", "og:image:alt")
SHORTEST_HEAD, SHORTEST_SHOP = 6, 2
MOST_TEXTS, LONGEST_TEXT = 4000, 3000

MARKS = "®™©,:"

Text = tuple[str, Source, str | Element]


def shop_names(document: Document) -> frozenset[str]:
    """List the shop's own names, folded: its site name and its domain."""
    domain = _domains()(document.url)
    names = [domain.domain, f"{domain.domain}.{domain.suffix}", urlsplit(document.url).hostname or ""]
    names += document.meta.get("og:site_name", []) + document.meta.get("application-name", [])
    return frozenset(filter(None, map(folded, names)))


@functools.cache
def _domains() -> "TLDExtract":
    from tldextract import TLDExtract  # takes a tenth of a second, which only those who read a page should pay

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def take_own_make(facts: Facts, evidence: EvidenceMap, document: Document) -> None:
    """Take the shop's name for the brand where the product's name begins with it, or a text of the page puts it before that name.

    A shop of many makes writes its name after a bar or an `at`, never as the first word of what it sells.
    """
    name = str(facts.get("name") or "")
    if "brand" in facts or not name:
        return
    shops = shop_names(document)
    if opening := _opening(name.split(), shops):
        facts["brand"], evidence["/brand"] = opening, evidence["/name"]
    elif found := _named(name, shops, document):
        facts["brand"], evidence["/brand"] = found


def _opening(words: list[str], shops: frozenset[str]) -> str:
    heads = (" ".join(words[:count]) for count in (1, 2, 3) if len(words) > count)
    return next((head for head in heads if folded(head) in shops), "")


def _named(name: str, shops: frozenset[str], document: Document) -> tuple[str, tuple[Evidence, ...]] | None:
    pattern = _calling(name.split(), shops)
    if pattern is None:
        return None
    spelt: Counter[str] = Counter()
    found: list[Evidence] = []
    for text, source, where in _texts(document):
        if match := pattern.search(text):
            spelt[match[1]] += 1
            raw = text[max(match.start() - 60, 0) :][:LONGEST_RAW]
            place = where.path if isinstance(where, Element) else where
            found.append(Evidence(source=source, where=place, raw=" ".join(raw.split())))
    return (spelt.most_common(1)[0][0], tuple(found[:3])) if spelt else None


def _calling(words: list[str], shops: frozenset[str]) -> re.Pattern[str] | None:
    """Match the shop's name right before the name's first words, or marked as a trade mark before the first."""
    makers = [_spaced(shop) for shop in shops if len(shop) >= SHORTEST_SHOP and "www" not in shop]
    words = [word for word in (word.strip(MARKS) for word in words) if word]
    head = words[:2] if len(folded(" ".join(words[:2]))) >= SHORTEST_HEAD else words[:3]
    if not makers or len(folded("".join(head))) < SHORTEST_HEAD - 1:
        return None
    several = r"[®™]?\s+".join(map(re.escape, head))
    calls = rf"(?<!\w)({'|'.join(makers)})(?:[®™]?\s+{several}|[®™]\s+{re.escape(words[0])})(?!\w)"
    return re.compile(calls, re.IGNORECASE)


def _spaced(shop: str) -> str:
    """Match a folded name as it may be written, with marks or single spaces between its letters: `hm` is `H&M`."""
    return r"[^\w<>|]{0,2}".join(map(re.escape, shop))


def _texts(document: Document) -> Iterator[Text]:
    yield document.title, Source.HEAD, "title"
    for key in TITLES:
        for content in document.meta.get(key, [])[:2]:
            yield content, Source.OPEN_GRAPH, f'meta[property="{key}"]'
    yield from _shown(document)


def _shown(document: Document) -> Iterator[Text]:
    layout = seen(document).layout
    pieces = zip(layout.pieces[:MOST_TEXTS], layout.owners, strict=False)
    yield from ((piece[:LONGEST_TEXT], Source.VISIBLE, at) for piece, at in pieces if len(piece) > SHORTEST_HEAD)
    for picture in layout.which(tags=("img",)):
        if alt := picture.get("alt"):
            yield alt[:LONGEST_TEXT], Source.VISIBLE, picture
