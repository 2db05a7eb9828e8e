"""The trail of categories that a page shows above its product."""

import re
from itertools import pairwise
from urllib.parse import urlsplit

from cartage.extraction.claims import Claim
from cartage.extraction.document import LONGEST_RAW
from cartage.extraction.hints import TRAIL
from cartage.extraction.layout import ORDER, Element, Layout
from cartage.extraction.sources.visible_anchors import similar
from cartage.extraction.trails import leads_home
from cartage.model.evidence import Source

SEPARATORS = re.compile(r"^[\s>»›/|\\→·•:\-–—<«‹←▸►❯⟩]+|[\s>»›/|\\→·•:\-–—<«‹←▸►❯⟩]+$")
BACK = re.compile(
    r"^(?:back|back to .*|zurück|retour|you are here:?|sie sind hier:?|vous êtes ici\s*:?|\.\.\.|…|see all|share|previous|next|return to .*)$",
    re.IGNORECASE,
)
HERE = re.compile(
    r"^(?:you are here|sie sind hier|sie befinden sich hier|vous êtes ici|estás? aquí|(?:tu )?sei qui|je bent hier|u bent hier|jesteś (?:w|tutaj)|nacházíte se|вы здесь)\s*:\s*",
    re.IGNORECASE,
)

POINTS = re.compile(r"[>»›→▸❯]")
MOST_STEPS = 8
TRAIL_TAGS = frozenset({"nav", "ol", "ul", "div", "section", "p", "span"})


def breadcrumbs_of(layout: Layout, name: str | None) -> list[Claim[tuple[str, ...]]]:
    """List the trails found, best first; the home page and the product's own name are left out."""
    best: tuple[float, Claim[tuple[str, ...]]] | None = None
    for element in sorted({*layout.which(TRAIL), *layout.labelled}, key=ORDER):
        if not _is_trail(element) or layout.size(element) > 120:
            continue
        names = _names(layout, element, name)
        if not names:
            continue
        score = _worth(layout, element, names)
        if best is None or score > best[0] + 0.05:
            raw = layout.text(element)[:LONGEST_RAW]
            claim = Claim(names, Source.VISIBLE, element.path, raw, max(0.3, min(0.9, score)))
            best = (score, claim)
    if best is None:
        found = _by_addresses(layout, name)
        return [found] if found else []
    return [best[1]]


def _by_addresses(layout: Layout, name: str | None) -> Claim[tuple[str, ...]] | None:
    """Read links side by side as a trail, where the first leads home and each address continues the one before."""
    rows: dict[int, list[Element]] = {}
    for link in layout.tagged.get("a", ()):
        if link.parent is not None and layout.text(link):
            rows.setdefault(link.parent.order, []).append(link)
    for links in rows.values():
        if not 1 < len(links) <= MOST_STEPS or not leads_home(layout.text(links[0])):
            continue
        gaps = (layout.around(one.end, other.start) for one, other in pairwise(links))
        names = tuple(layout.text(link) for link in links)
        paths = [_path(link.get("href")) for link in links]
        if all(longer.startswith(f"{path}/") for path, longer in pairwise(paths)) or all(map(POINTS.fullmatch, gaps)):
            steps = names[1:-1] if name and similar(names[-1], name) else names[1:]
            raw = " > ".join(names)[:LONGEST_RAW]
            return Claim(steps, Source.VISIBLE, links[0].path, raw, 0.5) if steps else None
    return None


def _path(href: str) -> str:
    try:
        return urlsplit(href).path.rstrip("/")
    except ValueError:
        return ""


def _is_trail(element: Element) -> bool:
    if element.traits & TRAIL:
        return True
    if element.tag not in TRAIL_TAGS:
        return False
    if "breadcrumb" in element.get("aria-label").lower():
        return True
    return "BreadcrumbList" in element.get("itemtype") or element.get("typeof") == "v:Breadcrumb"


def _names(layout: Layout, element: Element, name: str | None) -> tuple[str, ...]:
    parts = _parts(layout, element)
    names: list[str] = []
    for part in parts:
        text = SEPARATORS.sub("", HERE.sub("", part))
        if text and len(text) < 150 and not BACK.match(text) and (not names or names[-1] != text):
            names.append(text)
    while names and leads_home(names[0]):
        names.pop(0)
    if names and name and similar(names[-1], name):
        names.pop()
    return tuple(names[:12])


def _parts(layout: Layout, element: Element) -> list[str]:
    inner = layout.within(element)
    rows = [row for row in inner if row.tag == "li" and not any(e.tag == "li" for e in layout.within(row))]
    if len(rows) > 1:
        return [layout.text(row) for row in rows]
    links = [link for link in inner if link.tag == "a" and layout.text(link)]
    if not links:
        return re.split(r"\s*[>»›/|→▸❯]\s*", layout.text(element)) if len(layout.text(element)) < 300 else []
    tail = layout.around(links[-1].end, element.end)
    parts = [layout.text(link) for link in links]
    return [*parts, *(re.split(r"\s+[>»›/|→▸❯]\s+", tail) if tail and len(tail) < 150 else [])]


def _worth(layout: Layout, element: Element, names: tuple[str, ...]) -> float:
    score = 0.55 + 0.05 * min(len(names), 5)
    score -= 0.3 if element.hidden else 0
    score -= 0.3 if len(names) > 9 else 0
    links = sum(1 for inner in layout.within(element) if inner.tag == "a")
    score += 0.1 if links else -0.2
    return score
