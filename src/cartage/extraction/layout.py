"""A page's tree flattened once: the elements and texts a shopper sees, in order, with what surrounds each."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from operator import attrgetter

from selectolax.lexbor import LexborNode

from cartage.extraction.document import LONGEST_PATH, path_of
from cartage.extraction.hints import ASIDE, STRUCK, read_hint

UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "head", "object", "math", "-comment", "link", "meta"}
)
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
CHROME_TAGS = frozenset({"footer", "nav", "aside", "dialog", "header"})
CHROME_ROLES = frozenset({"dialog", "navigation", "contentinfo", "banner"})
STRUCK_TAGS = frozenset({"del", "s", "strike"})
REGIONAL = ASIDE | STRUCK
TELLING_TAGS = CHROME_TAGS | STRUCK_TAGS
FRAME = frozenset({"html", "body", "main", "-undef"})
ONE_SLIDER = re.compile(r"(?<![a-z])product-?(?:slider|carousel)(?!s)")
NO_PAGE = re.compile(r"#|javascript:|[^?#]+\.(?:jpe?g|png|webp|avif|gif)(?:[?#]|$)", re.IGNORECASE)
CONCEALED = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
NAMES = ("data-testid", "data-test", "data-qa", "data-hook", "data-ui", "data-selector", "itemprop")
NAMED = frozenset(NAMES)
LABELLING = frozenset({"aria-label", "itemtype", "typeof"})
MARKING = frozenset({"style", "hidden", "role"}) | LABELLING
WHITE = (" ", "\n")
NAMELESS = ("", 0)
DEEPEST, SHORT = 400, 20
ORDER = attrgetter("order")
# What is said of a product is said near its title; long lists follow, and cost more than they tell.
MOST_ELEMENTS, MOST_AFTER_TITLE = 12_000, 2_500


class Element:
    """Hold one seen element; `start` and `end` slice the layout's pieces, `order` and `last` its elements.

    `hint` joins the names its author gave it, `traits` is what they tell (see `hints`). `is_region` says that it looks
    like page furniture or another product's place, `outer` is the nearest such element around it. No element refers to
    itself or to one within it: the page is then freed as soon as it was read.
    """

    __slots__ = (
        "attributes",
        "depth",
        "end",
        "hidden",
        "hint",
        "is_region",
        "last",
        "order",
        "outer",
        "parent",
        "start",
        "struck",
        "tag",
        "traits",
    )

    def __init__(
        self, tag: str, attributes: dict[str, str | None], parent: "Element | None", order: int, start: int
    ) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.order = order
        self.start = start
        self.hint, self.traits = _names(attributes) if attributes else NAMELESS
        self.outer: Element | None
        self.is_region = False
        if parent is None:
            self.depth, self.outer, self.hidden, self.struck = 0, None, False, False
        else:
            self.depth = parent.depth + 1
            self.outer = parent if parent.is_region else parent.outer
            self.hidden = parent.hidden
            self.struck = parent.struck
        self.end = self.last = 0

    @property
    def region(self) -> "Element | None":
        """Give the nearest enclosing element (itself included) that looks like page furniture or another product's place."""
        return self if self.is_region else self.outer

    @property
    def path(self) -> str:
        """Give a short CSS path to the element."""
        return path_of((element.tag, element.attributes) for element in self.chain(LONGEST_PATH))

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


class Layout:
    """Hold the flat page: its elements, its text pieces and each piece's element.

    Elements are held by tag too, and those apart that have traits, a role, or a label or type of their own.
    """

    def __init__(self, body: LexborNode | None) -> None:
        self.body = body
        self.elements: list[Element] = []
        self.pieces: list[str] = []
        self.owners: list[Element] = []
        self.tagged: defaultdict[str, list[Element]] = defaultdict(list)
        self.marked: list[Element] = []
        self.acting: list[Element] = []
        self.labelled: list[Element] = []
        self._texts: dict[tuple[int, int], str] = {}

    def which(self, traits: int = 0, tags: Collection[str] = ()) -> list[Element]:
        """List the elements that show one of the traits or have one of the tags, in order."""
        found = [element for element in self.marked if element.traits & traits] if traits else []
        if not tags:
            return found
        if not traits and len(tags) == 1:
            return [element for tag in tags for element in self.tagged.get(tag, ())]
        for tag in tags:
            found += self.tagged.get(tag, ())
        return sorted(set(found), key=ORDER)

    def text(self, element: Element) -> str:
        """Give an element's seen text on one line; short ones are kept, as several readers ask for them."""
        span = element.start, element.end
        text = self._texts.get(span)
        if text is None:
            text = " ".join("".join(self.pieces[element.start : element.end]).split())
            if element.end - element.start <= SHORT:
                self._texts[span] = text
        return text

    def size(self, element: Element) -> int:
        """Count an element's text pieces, breaks included; a cheap measure of how much it holds."""
        return element.end - element.start

    def around(self, first: int, last: int) -> str:
        """Give the seen text between two piece positions on one line."""
        return " ".join("".join(self.pieces[max(first, 0) : last]).split())

    def within(self, element: Element, most: int = MOST_ELEMENTS) -> list[Element]:
        """List the elements inside an element, in order, itself excluded; no more than `most`."""
        first = element.order + 1
        return self.elements[first : min(element.last + 1, first + most)]

    def html(self, element: Element) -> str:
        """Give an element's HTML as the page has it; empty where it is not found again."""
        node = self._node(element)
        return (node.html if node else None) or ""

    def choices(self, select: Element) -> list[str]:
        """List the texts of a select's options, which the layout itself leaves out."""
        node = self._node(select)
        return [option.text() for option in node.css("option")] if node else []

    def _node(self, element: Element) -> LexborNode | None:
        """Find an element's node again: holding each would double what a page weighs in memory."""
        if element.parent is None:
            return self.body
        above = self._node(element.parent)
        shown = (node for node in above.iter() if node.tag not in UNSEEN) if above else iter(())
        place, order = 0, element.parent.order + 1
        while order < element.order:
            place, order = place + 1, self.elements[order].last + 1
        return next(islice(shown, place, None), None)

    def add(self, text: str, owner: Element) -> None:
        """Add a piece of text; of several white pieces in a row one is kept."""
        if text.isspace():
            if not self.pieces or self.pieces[-1] in WHITE:
                return
            text = " "
        self.pieces.append(text)
        self.owners.append(owner)

    def part(self, owner: Element | None) -> None:
        """Mark a line's end."""
        if owner is not None and self.pieces and self.pieces[-1] != "\n":
            self.pieces.append("\n")
            self.owners.append(owner)


def layout_of(body: LexborNode | None, landmarks: Iterable[LexborNode] = ()) -> Layout:
    """Flatten a page's body; what is never shown (scripts, styles, templates, drawings) is left out.

    So is page furniture (menus, footers, other products) unless a landmark stands in it, and what comes more than
    `MOST_AFTER_TITLE` elements after the first heading of the first level.
    """
    layout = Layout(body)
    if body is not None:
        _walk(layout, body, Furniture(landmarks))
    return layout


class Furniture:
    """Tell which parts of a page's furniture may be left out, as nothing of the product's stands in them."""

    def __init__(self, landmarks: Iterable[LexborNode]) -> None:
        self._keeping: set[int] = set()
        found = list(landmarks)
        for node in found:
            around: LexborNode | None = node
            while around is not None and around.mem_id not in self._keeping:
                self._keeping.add(around.mem_id)
                around = around.parent
        # Without a heading that tells the product's place, only what can be nothing else.
        self._tags = None if any(node.tag == "h1" for node in found) else ("footer", "nav")

    def leaves_out(self, node: LexborNode, element: Element) -> bool:
        """Tell whether an element that looks like furniture is left out."""
        if self._tags is not None and element.tag not in self._tags:
            return False
        if any("crumb" in near.hint for near in element.chain(2)):
            return False
        return "crumb" not in element.get("aria-label").lower() and node.mem_id not in self._keeping


def _walk(layout: Layout, body: LexborNode, furniture: Furniture) -> None:
    around, elements, add = _enter(layout, body, "body", None), layout.elements, layout.add
    opened, node, most = [body], body.first_child, MOST_ELEMENTS
    while opened:
        if node is None:
            node = opened.pop()
            _leave(layout, around)
            if around.tag == "h1":
                most = min(most, len(elements) + MOST_AFTER_TITLE)
            if around.parent is not None:
                node, around = node.next, around.parent
            continue
        tag = node.tag or "-undef"
        if tag == "-text":
            add(node.text_content or "", around)
        elif tag not in UNSEEN:
            element = _enter(layout, node, tag, around)
            child = None if tag in LEAVES or element.depth > DEEPEST else node.first_child
            if child is not None and not (element.is_region and furniture.leaves_out(node, element)):
                opened.append(node)
                node, around = child, element
                continue
            _leave(layout, element)
        node = node.next if len(elements) < most else None


def _enter(layout: Layout, node: LexborNode, tag: str, parent: Element | None) -> Element:
    if tag in BLOCKS:
        layout.part(parent)
    attributes, elements = node.attributes, layout.elements
    element = Element(tag, attributes, parent, len(elements), len(layout.pieces))
    elements.append(element)
    layout.tagged[tag].append(element)
    if traits := element.traits:
        layout.marked.append(element)
        if traits & REGIONAL:
            _place(element, node)
    if not MARKING.isdisjoint(attributes):
        _mark(layout, element)
    if tag in TELLING_TAGS:
        if tag in STRUCK_TAGS:
            element.struck = True
        elif tag != "header" or element.depth < 6:
            element.is_region = True
    return element


def _mark(layout: Layout, element: Element) -> None:
    """Take what an element's attributes say beside its names."""
    attributes = element.attributes
    if style := attributes.get("style"):
        element.hidden = element.hidden or bool(CONCEALED.search(style.lower()))
        element.struck = element.struck or "line-through" in style
    if "hidden" in attributes:
        element.hidden = True
    if "role" in attributes:
        layout.acting.append(element)
        if attributes["role"] in CHROME_ROLES and element.tag not in FRAME:
            element.is_region = True
    if not LABELLING.isdisjoint(attributes):
        layout.labelled.append(element)


def _place(element: Element, node: LexborNode) -> None:
    """Take what an element's names say of its place and its text."""
    if element.traits & STRUCK:
        element.struck = True
    if element.traits & ASIDE and element.tag not in FRAME and not _is_heading(element):
        element.is_region = not (ONE_SLIDER.search(element.hint) and _leads_nowhere(node))


def _leads_nowhere(node: LexborNode) -> bool:
    """Tell whether what an element shows leads to no other page, as pictures of one product do."""
    addresses = (link.attributes.get("href") or "#" for link in node.css("a[href]"))
    return not any(NO_PAGE.match(address) is None for address in addresses)


def _is_heading(element: Element) -> bool:
    """Tell whether an element is the heading of the first level, or stands right in it: that is no furniture."""
    return element.tag == "h1" or (element.parent is not None and element.parent.tag == "h1")


def _names(attributes: dict[str, str | None]) -> tuple[str, int]:
    names = attributes.get("class") or ""
    if len(attributes) == 1 and names:
        return read_hint(names)
    if identity := attributes.get("id"):
        names = f"{names} {identity}"
    if not NAMED.isdisjoint(attributes):
        for key in NAMES:
            if key in attributes:
                names = f"{names} {attributes[key]}"
    return read_hint(names) if names else NAMELESS


def _leave(layout: Layout, element: Element) -> None:
    element.end = len(layout.pieces)
    element.last = len(layout.elements) - 1
    if element.tag in BLOCKS:
        layout.part(element.parent)
