"""A page's tree flattened once: the elements and texts a shopper sees, in order, with what surrounds each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from cartage.extraction.document import Document

UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "head", "object", "math", "-comment"})
BLOCKS = frozenset(
    {
        "div",
        "p",
        "li",
        "ul",
        "ol",
        "table",
        "tr",
        "td",
        "th",
        "dl",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
    }
    | {"h1", "h2", "h3", "h4", "h5", "h6", "form", "nav", "aside", "main", "br", "hr", "figure", "fieldset", "button"}
)
LEAVES = frozenset({"br", "hr", "wbr", "select", "img", "input", "video", "audio", "source"})
CHROME_TAGS = frozenset({"footer", "nav", "aside"})
STRUCK_TAGS = frozenset({"del", "s", "strike"})
FRAME = frozenset({"html", "body", "main", "-undef"})
CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")
SPACE = re.compile(r"\s+")
CONCEALED = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
STRUCK_STYLE = re.compile(r"line-through", re.IGNORECASE)
STRUCK_HINT = re.compile(r"strike|line-?through|crossed|(?<![a-z])durchgestrichen")
HINT_KEYS = frozenset(
    {"class", "id", "data-testid", "data-test", "data-qa", "data-hook", "data-ui", "data-selector", "itemprop"}
)
ASIDE_HINT = re.compile(
    r"(?<![a-z])(?:related|recommend|recomend|upsell|up-sell|cross-?sell|also-?(?:bought|viewed|like|purchased|view)"
    r"|similar|suggest|recently|last-?seen|last-?viewed|history|mini-?(?:cart|basket)|cookie|consent|newsletter"
    r"|(?:cart|basket)-?(?:drawer|popup|modal|preview|sidebar|flyout|mini)|drawer-?cart|side-?cart|mega-?menu|main-?menu"
    r"|nav-?menu|site-?(?:nav|header|footer)|navigation|sponsored|advert|ads?(?![a-z])|footer|top-?bar|complementary"
    r"|header-(?:top|bottom|main|cart|wrap)|bought-?together|frequently|accessor(?:y|ies)-|alternativ|best-?sell"
    r"|trending|you-?may|customers-?also|more-?from|other-?products|products?-?(?:list|grid|slider|carousel|row)"
    r"|compare-?(?:bar|table)|comparison|recs(?![a-z])|discover-?more|lookbook|shop-?the-?look|complete-?the|quick-?view|wish-?list-"
    r"|polecane|podobne|souvisejic|aehnlich|ahnlich|zuletzt|relacionad|similair|correlat|tavsiye|benzer"
    r"|reviews?-?(?:list|item|body|text|content)|comments?(?![a-z]))"
)


@dataclass(slots=True, eq=False)
class Element:
    """Hold one seen element; `start` and `end` slice the layout's pieces, `order` and `last` its elements.

    `hint` joins the names its author gave it (class, id, test ids, itemprop) in lower case. `region` is the
    nearest enclosing element (itself included) that looks like page furniture or another product's place.
    """

    node: LexborNode
    tag: str
    attributes: dict[str, str | None]
    hint: str
    order: int
    depth: int
    parent: "Element | None"
    region: "Element | None"
    hidden: bool
    struck: bool
    start: int
    end: int = 0
    last: int = 0

    def chain(self, levels: int) -> Iterator["Element"]:
        """Give the element and its ancestors, nearest first, at most `levels` of them."""
        current: Element | None = self
        while current is not None and levels > 0:
            yield current
            current = current.parent
            levels -= 1

    def inside(self, other: "Element") -> bool:
        """Tell whether the element lies within another, or is it."""
        return other.order <= self.order <= other.last

    def get(self, name: str) -> str:
        """Give an attribute's value, empty where there is none."""
        return self.attributes.get(name) or ""


@dataclass(slots=True)
class Layout:
    """Hold the flat page: its elements, its text pieces and each piece's element."""

    elements: list[Element] = field(default_factory=list[Element])
    pieces: list[str] = field(default_factory=list[str])
    owners: list[Element] = field(default_factory=list[Element])

    def text(self, element: Element) -> str:
        """Give an element's seen text on one line."""
        return SPACE.sub(" ", "".join(self.pieces[element.start : element.end])).strip()

    def lines(self, element: Element) -> str:
        """Give an element's seen text with its line breaks kept."""
        return "".join(self.pieces[element.start : element.end])

    def size(self, element: Element) -> int:
        """Count an element's text pieces, breaks included; a cheap measure of how much it holds."""
        return element.end - element.start

    def around(self, first: int, last: int) -> str:
        """Give the seen text between two piece positions on one line."""
        return SPACE.sub(" ", "".join(self.pieces[max(first, 0) : last])).strip()

    def within(self, element: Element) -> list[Element]:
        """List the elements inside an element, in order, itself excluded."""
        return self.elements[element.order + 1 : element.last + 1]


@lru_cache(maxsize=8192)
def _folded(raw: str) -> str:
    return CAMEL.sub(r"-\1", raw).replace("_", "-").lower()


@lru_cache(maxsize=8192)
def _is_aside(hint: str) -> bool:
    return bool(ASIDE_HINT.search(hint))


@lru_cache(maxsize=8192)
def _is_struck(hint: str) -> bool:
    return bool(STRUCK_HINT.search(hint))


def layout_of(document: Document) -> Layout:
    """Flatten a page; elements that are never shown (scripts, styles, templates, drawings) are left out."""
    layout = Layout()
    body = document.tree.body
    if body is not None:
        _walk(layout, body)
    return layout


def _walk(layout: Layout, body: LexborNode) -> None:
    open_elements = [_enter(layout, body, None)]
    node = body.first_child
    while open_elements:
        if node is None:
            closed = open_elements.pop()
            _leave(layout, closed)
            node = closed.node.next if open_elements else None
            continue
        tag = node.tag or "-undef"
        if tag == "-text":
            _take_text(layout, node.text_content or "", open_elements[-1])
        elif tag not in UNSEEN:
            element = _enter(layout, node, open_elements[-1])
            child = None if _is_leaf(element) else node.first_child
            if child is not None and element.depth < 400:
                open_elements.append(element)
                node = child
                continue
            _leave(layout, element)
        node = node.next


def _is_leaf(element: Element) -> bool:
    if element.tag in LEAVES:
        return True
    return element.tag in ("footer", "nav") and "crumb" not in (element.node.html or "")


def _enter(layout: Layout, node: LexborNode, parent: Element | None) -> Element:
    attributes = node.attributes
    tag = node.tag or "-undef"
    hint = ""
    for key, value in attributes.items():
        if value and key in HINT_KEYS:
            hint = f"{hint} {value}" if hint else value
    hint = _folded(hint)
    if tag in BLOCKS:
        _break(layout, parent)
    element = Element(
        node=node,
        tag=tag,
        attributes=attributes,
        hint=hint,
        order=len(layout.elements),
        depth=parent.depth + 1 if parent else 0,
        parent=parent,
        region=None,
        hidden=False,
        struck=False,
        start=len(layout.pieces),
    )
    _mark(element)
    layout.elements.append(element)
    return element


def _mark(element: Element) -> None:
    parent, attributes, tag, hint = element.parent, element.attributes, element.tag, element.hint
    style = attributes.get("style") if attributes else None
    element.hidden = bool(
        (parent and parent.hidden) or "hidden" in attributes or (style and CONCEALED.search(style)) or tag == "dialog"
    )
    element.struck = bool(
        (parent and parent.struck)
        or tag in STRUCK_TAGS
        or (hint and _is_struck(hint))
        or (style and STRUCK_STYLE.search(style))
    )
    apart = tag not in FRAME and (
        tag in CHROME_TAGS
        or (hint and _is_aside(hint))
        or (tag == "header" and element.depth < 6)
        or (tag == "dialog" or attributes.get("role") in ("dialog", "navigation", "contentinfo", "banner"))
    )
    element.region = element if apart else (parent.region if parent else None)


def _leave(layout: Layout, element: Element) -> None:
    element.end = len(layout.pieces)
    element.last = len(layout.elements) - 1
    if element.tag in BLOCKS:
        _break(layout, element.parent)


def _break(layout: Layout, owner: Element | None) -> None:
    if owner is not None and layout.pieces and layout.pieces[-1] != "\n":
        layout.pieces.append("\n")
        layout.owners.append(owner)


def _take_text(layout: Layout, text: str, owner: Element) -> None:
    if not text.isspace():
        layout.pieces.append(text)
        layout.owners.append(owner)
    elif layout.pieces and layout.pieces[-1] not in (" ", "\n"):
        layout.pieces.append(" ")
        layout.owners.append(owner)
