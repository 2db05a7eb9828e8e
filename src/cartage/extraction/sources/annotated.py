"""Markup that annotates elements: microdata and RDFa, read into the same nodes as JSON-LD."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborNode

from cartage.extraction.claims import Statement
from cartage.extraction.document import Document, css_path
from cartage.extraction.sources.json_ld import read_trail
from cartage.extraction.sources.schema_org import is_product, read_product
from cartage.extraction.sources.things import Located, Thing, fold
from cartage.model.evidence import Source

MOST_ITEMS = 400
DEEPEST = 20
MOST_PROPERTIES = 20_000
ASIDE_PROPERTIES = frozenset(
    {"isrelatedto", "issimilarto", "isaccessoryorsparepartfor", "hasvariant", "itemlistelement", "itemoffered", "model"}
)
LINKED = {
    "a": "href",
    "link": "href",
    "area": "href",
    "img": "src",
    "source": "src",
    "embed": "src",
    "iframe": "src",
    "object": "data",
}
RICH = frozenset({"description"})


@dataclass(frozen=True, slots=True)
class Syntax:
    """Name the attributes of one annotation syntax."""

    source: Source
    type: str
    property: str
    item: str


MICRODATA = Syntax(Source.MICRODATA, "itemtype", "itemprop", "itemscope")
RDFA = Syntax(Source.RDFA, "typeof", "property", "typeof")


@dataclass(frozen=True)
class Markup:
    """Hold a page's annotations in one syntax."""

    document: Document
    syntax: Syntax

    @cached_property
    def properties(self) -> dict[int, list[LexborNode]]:
        """Map the memory place of each item's element to the elements that carry its properties, in order."""
        found: dict[int, list[LexborNode]] = {}
        known: dict[int, int] = {}
        for node in self.document.annotated(self.syntax.property)[:MOST_PROPERTIES]:
            found.setdefault(_owner(node, self.syntax, known), []).append(node)
        return found


def read(document: Document, syntax: Syntax) -> list[Statement]:
    """Read the products and the trail that elements annotate in one syntax."""
    items = document.annotated(syntax.item)[:MOST_ITEMS]
    statements: list[Statement] = []
    trail = Statement(syntax.source, "", main=True)
    markup = Markup(document, syntax)
    for node in items:
        types = _types(node, syntax)
        if "breadcrumblist" in types:
            claim = read_trail(Thing(_item(node, markup, 0), css_path(node), {}), syntax.source)
            trail.breadcrumbs += [claim] if claim else []
        elif types and not types & {"offer", "organization", "person", "review", "webpage", "listitem", "imageobject"}:
            thing = Thing(_item(node, markup, 0), css_path(node), {})
            if is_product(thing):
                statements.append(read_product(thing, syntax.source, document, main=not _is_aside(node, syntax)))
    return [*statements, trail] if trail.breadcrumbs else statements


def things(document: Document, syntax: Syntax) -> list[Thing]:
    """List the items that elements annotate in one syntax and that have a type, those within others, too."""
    markup = Markup(document, syntax)
    items = (node for node in document.annotated(syntax.item)[:MOST_ITEMS] if _types(node, syntax))
    return [Thing(_item(node, markup, 0), css_path(node), {}) for node in items]


def _types(node: LexborNode, syntax: Syntax) -> frozenset[str]:
    return frozenset(fold(entry) for entry in (node.attributes.get(syntax.type) or "").split())


def _is_aside(node: LexborNode, syntax: Syntax) -> bool:
    properties = (node.attributes.get(syntax.property) or "").split()
    if any(fold(entry) in ASIDE_PROPERTIES for entry in properties):
        return True
    parent = node.parent
    while parent is not None:
        if syntax.item in parent.attributes and _types(parent, syntax) & {"itemlist", "offercatalog", "product"}:
            return True
        parent = parent.parent
    return False


def _item(node: LexborNode, markup: Markup, depth: int) -> dict[str, Any]:
    stated = (node.attributes.get(markup.syntax.type) or "").split()
    item: dict[str, Any] = {"@type": stated, "@where": css_path(node)}
    for child in markup.properties.get(node.mem_id, ()):
        for name in (child.attributes.get(markup.syntax.property) or "").split():
            value = _value(child, name, markup, depth)
            if value is not None and fold(name):
                item.setdefault(fold(name), []).append(value)
    return item


def _owner(node: LexborNode, syntax: Syntax, known: dict[int, int]) -> int:
    """Give the memory place of the item that an element's property belongs to; 0 where none is around it."""
    passed: list[int] = []
    parent = node.parent
    while parent is not None and parent.mem_id not in known and syntax.item not in parent.attributes:
        passed.append(parent.mem_id)
        parent = parent.parent
    owner = 0 if parent is None else known.get(parent.mem_id, parent.mem_id)
    known.update(dict.fromkeys(passed, owner))
    return owner


def _value(node: LexborNode, name: str, markup: Markup, depth: int) -> Any | None:
    attributes, tag = node.attributes, node.tag or ""
    if markup.syntax.item in attributes:
        return _item(node, markup, depth + 1) if depth < DEEPEST else None
    if attributes.get("content") is not None:
        text = attributes["content"]
    elif tag in LINKED:
        text = attributes.get(LINKED[tag]) or (attributes.get("data-src") if tag == "img" else None) or node.text()
    elif tag in ("data", "meter"):
        text = attributes.get("value") or node.text()
    elif tag == "time":
        text = attributes.get("datetime") or node.text()
    else:
        text = node.inner_html if fold(name) in RICH else node.text(separator=" ")
    return Located(text, node) if text and text.strip() else None
