"""The pictures a page shows of its product, the main one first."""

import re
from functools import lru_cache

from cartage.extraction.claims import Claim
from cartage.extraction.document import LONGEST_RAW, Document
from cartage.extraction.hints import BRAND, GALLERY
from cartage.extraction.layout import Element, Layout
from cartage.extraction.sources.visible_anchors import Anchors, likeness, stated_titles
from cartage.model.evidence import Source
from cartage.model.product import Image

JUNK = re.compile(
    r"logo|icon|sprite|payment|badge|flag|avatar|banner|pixel|spacer|blank|loading|loader|placeholder|star|rating|captcha|transparent|1x1|social|facebook|paypal|visa|klarna|trusted|button|arrow",
)
# What an attribute's name says of the picture it points at, the largest first.
KEYS = (
    re.compile(r"zoom|magnif"),
    re.compile(r"orig|full|hi-?res|high|lgimg|old-hires"),
    re.compile(r"large|big|master"),
    re.compile(r"srcset"),
    re.compile(r"^data-(?:image|img|main)"),
    re.compile(r"^data-.*(?:src|lazy|echo)"),
    re.compile(r"^src$"),
)
NOT_ADDRESS = re.compile(
    r"width|height|ratio|(?<!full)(?<!full-)(?<!large)(?<!large-)(?<!default)size|dimension|count|index|class|style|type|alt|title|caption|id$|-link$"
)
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)(?:$|[?#])", re.IGNORECASE)
IN_SETTINGS = re.compile(r"(?:https?:)?//[^'\"\s,]+?\.(?:jpe?g|png|webp|avif)[^'\"\s,]*", re.IGNORECASE)
SIZE = re.compile(r"(?:_\d+x\d*|-\d+x\d+|\._[a-z0-9_,]+_)(?=\.)")
EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$")
SETTINGS = re.compile(r"['\"<>\n]|: ")
# A picture that leads to a larger form of itself stands in a gallery.
AROUND, ENLARGED, LARGE, SHORTEST = 3, 2, 3, 4
STEP, LOGO = 0.35, 3.0
OF_VIDEO = re.compile(r"//(?:img\.youtube|i\.ytimg|i\.vimeocdn)\.com/")
MOST = 12


def images_of_page(document: Document, layout: Layout, anchors: Anchors) -> list[Claim[Image]]:
    """List the product's pictures, likeliest main picture first; scores are 0..1."""
    stated = [*document.meta.get("og:image", []), *document.meta.get("og:image:secure_url", [])]
    shared = {_file(url) for url in stated}
    titles = stated_titles(document)
    scored: list[tuple[float, Element, str]] = []
    for element in layout.which(tags=("img",)):
        href, rank = _largest(element)
        if (
            not href
            or OF_VIDEO.search(href)
            or JUNK.search(href.rsplit("/", 1)[-1].lower())
            or href.startswith("data:")
        ):
            continue
        score = (
            _worth(anchors, element, titles)
            + (1.5 if shared and _file(href) in shared else 0)
            + (1.5 if rank < ENLARGED else 0)
        )
        if score > 1:
            scored.append((score, element, href))
    scored.sort(key=lambda entry: (-entry[0], entry[1].order))
    _put_first(scored)
    return [_claim(document, *entry) for entry in scored[:MOST]]


def _put_first(scored: list[tuple[float, Element, str]]) -> None:
    """Let the earliest of the likeliest pictures be the main one: the steps between them tell places, not worth."""
    likeliest = [entry for entry in scored if entry[0] > scored[0][0] - STEP]
    if likeliest:
        first = min(likeliest, key=lambda entry: entry[1].order)
        scored.remove(first)
        scored.insert(0, (scored[0][0] if scored else first[0], *first[1:]))


def _claim(document: Document, score: float, element: Element, href: str) -> Claim[Image]:
    image = Image(url=document.absolute(href), alt=element.get("alt").strip()[:300] or None)
    return Claim(image, Source.VISIBLE, element.path, href[:LONGEST_RAW], max(0.0, min(score / 6, 0.95)))


def _file(url: str) -> str:
    name = url.split("?", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1].lower()
    return EXTENSION.sub("", SIZE.sub("", name))


def _largest(element: Element) -> tuple[str, int]:
    """Give the address of a picture's largest form (its own attributes', or its link's or frame's) and how large it is."""
    best, best_rank = "", len(KEYS)
    for near in element.chain(1 + AROUND):
        for key, value in near.attributes.items():
            if not value or len(value) <= SHORTEST or (near is not element and not _leads(key)):
                continue
            rank = _rank(near, element, key)
            if rank < best_rank and (href := _address(key, value)):
                best, best_rank = href, rank
    return best, best_rank


def _leads(key: str) -> bool:
    """Tell whether an attribute around a picture may lead to a larger form: only a link and data do."""
    return key == "href" or key.startswith("data-")


def _rank(near: Element, element: Element, key: str) -> int:
    """Tell how large a picture an attribute promises; of an element around the picture only its largest counts."""
    if near is element:
        return _promise(key)
    if key == "href":
        return 1 if PICTURE_FILE.search(near.get(key)) else len(KEYS)
    promise = _promise(key)
    return promise if promise < LARGE else len(KEYS)


@lru_cache(maxsize=4096)
def _promise(key: str) -> int:
    if NOT_ADDRESS.search(key):
        return len(KEYS)
    return next((rank for rank, pattern in enumerate(KEYS) if pattern.search(key)), len(KEYS))


def _address(key: str, value: str) -> str:
    text = value.strip()
    if "srcset" in key:
        text = _widest(text)
    elif SETTINGS.search(text):
        match = IN_SETTINGS.search(text)
        text = match[0] if match else ""
    is_address = ("/" in text or PICTURE_FILE.search(text)) and not text.startswith("data:")
    return text if is_address else ""


def _widest(srcset: str) -> str:
    best, best_size = "", -1.0
    for entry in re.split(r",\s+|,(?=https?:|//|/\w)", srcset):
        parts = entry.strip().rsplit(None, 1)
        size = re.match(r"[\d.]+", parts[1]) if len(parts) == 2 else None
        width = float(size[0]) if size else 0.0
        if parts and width > best_size:
            best, best_size = parts[0], width
    return best.rstrip(",")


def _worth(anchors: Anchors, element: Element, titles: list[str]) -> float:
    score = 1.0
    if any(near.traits & GALLERY for near in element.chain(5)):
        score += 1.5
    score -= 4 if anchors.excluded(element) else 0
    score -= 0.5 if element.hidden else 0
    score += 1.5 * likeness(element.get("alt"), titles) if element.get("alt") else 0
    score += _by_size(element) + _by_place(anchors, element)
    if element.get("itemprop") == "image":
        score += 1.0
    score -= LOGO if any("logo" in near.hint or near.traits & BRAND for near in element.chain(3)) else 0
    return score - (1.0 if JUNK.search(element.hint) else 0)


def _by_size(element: Element) -> float:
    try:
        width = int(re.match(r"\d+", element.get("width") or element.get("height"))[0])  # type: ignore[index]
    except TypeError:
        return 0.0
    return 1.0 if width >= 250 else (-1.5 if width < 90 else 0.0)


def _by_place(anchors: Anchors, element: Element) -> float:
    if anchors.title is None:
        return 0.0
    distance = abs(element.order - anchors.title.order)
    # In steps: within a gallery the first picture is the main one, not the nearest to the title.
    return max(0.0, 1.2 - distance // 60 * 0.3)
