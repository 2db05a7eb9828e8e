"""Cards: places on a page where a picture and a name lead to another product."""

from cartage.extraction.layout import Element, Layout
from cartage.extraction.sources.visible_anchors import Anchors

LEVELS, MOST_PIECES, MOST_WITHIN = 8, 60, 60


def is_on_card(layout: Layout, anchors: Anchors, element: Element) -> bool:
    """Tell whether an element stands on another product's card, which never holds the page's own title."""
    title = anchors.title
    name = layout.text(title).casefold() if title is not None else ""
    for near in element.chain(LEVELS):
        if layout.size(near) > MOST_PIECES or (title is not None and title.inside(near)):
            return False
        if _is_card(layout, near, name):
            return True
    return False


def leads_away(link: Element) -> bool:
    """Tell whether an element leads to another place than the page itself."""
    href = link.get("href")
    return bool(href) and not href.startswith(("#", "javascript"))


def _is_card(layout: Layout, place: Element, name: str) -> bool:
    pictured: set[str] = set()
    named: set[str] = set()
    for link in (place, *layout.within(place, MOST_WITHIN)):
        if link.tag != "a" or not leads_away(link):
            continue
        if any(inner.tag == "img" for inner in layout.within(link, MOST_WITHIN)):
            pictured.add(link.get("href"))
        text = layout.text(link).casefold()
        if text and text != name:
            named.add(link.get("href"))
    return not pictured.isdisjoint(named)
