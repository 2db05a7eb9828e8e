"""The description a shopper reads: the block that is named so, the text under such a heading, or the longest prose."""

import re

from cartage.extraction.claims import Claim
from cartage.extraction.document import LONGEST_RAW
from cartage.extraction.hints import DESCRIPTION
from cartage.extraction.layout import Element, Layout
from cartage.extraction.sources.visible_anchors import Anchors
from cartage.extraction.text import DESCRIPTION_HEADING
from cartage.model.evidence import Source

SHORTEST, SHORTEST_PROSE, SHORTEST_NEAR, LONGEST = 24, 100, 60, 20_000
NEAR, MOST_PIECES = 60, 6
MOST_LINKS_SHARE = 0.3
APART = re.compile(
    r"deliver|shipping|versand|returns?(?![a-z])|payment|legal|polic|guarantee|warrant|cookie|newsletter|consent|stock|availab|status(?![a-z])|review|rating|crumb"
)
DESCRIBED = re.compile(r"(?<!short-)descri|beschreib|omschrijv|opis|popis")
HEADING_TAGS = frozenset({"h2", "h3", "h4", "h5", "summary", "button", "dt", "strong"})
PROSE_TAGS = frozenset({"p", "div", "section", "article", "dd"})


def descriptions_of(layout: Layout, anchors: Anchors) -> list[Claim[str]]:
    """Give the likeliest description as HTML, or nothing."""
    named = [
        element
        for element in layout.which(DESCRIPTION)
        if not APART.search(element.hint) and _reads(layout, anchors, element)
    ]
    # An area that is named for details often holds the tabs, and in one of them the description.
    named = [element for element in named if DESCRIBED.search(element.hint)] or named
    if named:
        return [_claim(layout, max(named, key=lambda element: min(len(layout.text(element)), 2000)), 0.8)]
    below = _under_heading(layout, anchors)
    if below:
        return [_claim(layout, below, 0.7)]
    prose = [element for element in layout.which(tags=("p", "div")) if _is_prose(layout, anchors, element)]
    return [_claim(layout, max(prose, key=lambda element: len(layout.text(element))), 0.4)] if prose else []


def _reads(layout: Layout, anchors: Anchors, element: Element, shortest: int = SHORTEST) -> bool:
    if element.region is not None and anchors.excluded(element):
        return False
    if anchors.title is not None and anchors.title.inside(element):
        return False
    length = len(layout.text(element))
    if not shortest <= length <= LONGEST:
        return False
    linked = sum(len(layout.text(inner)) for inner in layout.within(element) if inner.tag == "a")
    return linked <= MOST_LINKS_SHARE * length


def _under_heading(layout: Layout, anchors: Anchors) -> Element | None:
    for element in layout.which(tags=HEADING_TAGS):
        if layout.size(element) > 6 or not DESCRIPTION_HEADING.fullmatch(layout.text(element)):
            continue
        for near in layout.elements[element.last + 1 : element.last + 8]:
            if near.tag in PROSE_TAGS and _reads(layout, anchors, near):
                return near
    return None


def _is_prose(layout: Layout, anchors: Anchors, element: Element) -> bool:
    if element.hidden or (element.tag == "div" and layout.size(element) > MOST_PIECES):
        return False
    near = anchors.title is not None and 0 < element.order - anchors.title.order < NEAR
    if not _reads(layout, anchors, element, SHORTEST_NEAR if near else SHORTEST_PROSE):
        return False
    return not any(APART.search(each.hint) for each in element.chain(3))


def _claim(layout: Layout, element: Element, score: float) -> Claim[str]:
    text = layout.text(element)[:LONGEST_RAW]
    return Claim(layout.html(element) or text, Source.VISIBLE, element.path, text, score)
