"""A page parsed once: its tree, its addresses and its scripts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.encoding import html_to_unicode

from cartage.extraction.bounds import bounded

T = TypeVar("T")

LONGEST_RAW, LONGEST_PATH = 300, 6
OUTSIDE = (None, "-undef", "html")
# What is asked for of a whole page, found in one walk over its tree: the walk costs more than what it finds.
LANDMARKS = "h1,[class*=crumb],[id*=crumb],[class*=Crumb],[id*=roductTitle]"
WANTED = (
    f"base[href],link[rel=canonical i],meta[content],script,form,[itemscope],[typeof],[itemprop],[property],{LANDMARKS}"
)


@dataclass(frozen=True, slots=True)
class Script:
    """Hold one script element: its type (lower case, without parameters), its id, its text and where it stands."""

    type: str
    id: str
    text: str
    where: str


class Document:
    """Hold a page's parsed tree and what every source asks of it; parsed lazily, once each.

    `html` is UTF-8: whole pages are searched many times, and most texts take twice the room, and the time, as characters.
    """

    def __init__(self, html: str, url: str) -> None:
        self.url = url
        self.html = bounded(html.encode("utf-8", "replace"))
        self.tree = LexborHTMLParser(self.html)
        self._found: dict[Callable[[Document], Any], Any] = {}

    def once(self, read: "Callable[[Document], T]") -> T:
        """Give what a reading finds on this page; it runs at the first call, and its finding serves all who ask."""
        if read not in self._found:
            self._found[read] = read(self)
        return self._found[read]

    @cached_property
    def base_url(self) -> str:
        """Give the address that relative links start from: the page's own where it states none, or one that is none."""
        href = next((attributes["href"] for _, attributes in self._tagged("base") if "href" in attributes), None)
        try:
            return urljoin(self.url, href) if href else self.url
        except ValueError:
            return self.url

    @cached_property
    def canonical_url(self) -> str | None:
        """Give the absolute canonical address, if the page states one."""
        links = (attributes for _, attributes in self._tagged("link"))
        canonical = (link.get("href") or "" for link in links if (link.get("rel") or "").lower() == "canonical")
        href = next(canonical, "").strip()
        return self.absolute(href) if href else None

    @cached_property
    def language(self) -> str | None:
        """Give the page's language as its `html` element states it."""
        root = self.tree.css_first("html")
        stated = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root else ""
        return stated.strip() or None

    @cached_property
    def title(self) -> str:
        """Give the text of the title element."""
        node = self.tree.css_first("title")
        return " ".join(node.text().split()) if node else ""

    @cached_property
    def _wanted(self) -> list[tuple[LexborNode, str | None, Mapping[str, str | None]]]:
        found = self.tree.css(WANTED)  # an element comes once for each part that it fits
        return [(node, node.tag, node.attributes) for node in {node.mem_id: node for node in found}.values()]

    def _tagged(self, wanted: str) -> Iterator[tuple[LexborNode, Mapping[str, str | None]]]:
        return ((node, attributes) for node, tag, attributes in self._wanted if tag == wanted)

    def annotated(self, attribute: str) -> list[LexborNode]:
        """List the elements that have an attribute of microdata (`itemscope`, `itemprop`) or RDFa (`typeof`, `property`), in order."""
        return [node for node, _, attributes in self._wanted if attribute in attributes]

    def form(self, identity: str) -> LexborNode | None:
        """Give the form with an id, or None."""
        return next((node for node, attributes in self._tagged("form") if attributes.get("id") == identity), None)

    @cached_property
    def landmarks(self) -> list[LexborNode]:
        """List the headings of the first level, and what is named like a trail or a product's title."""
        return [node for node, tag, attributes in self._wanted if tag == "h1" or _is_landmark(attributes)]

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """Map each meta name, property or itemprop (lower case) to its contents, in order."""
        found: dict[str, list[str]] = {}
        for _, attributes in self._tagged("meta"):
            if "content" not in attributes:
                continue
            content = (attributes.get("content") or "").strip()
            for key in ("property", "name", "itemprop", "http-equiv"):
                name = (attributes.get(key) or "").strip().lower()
                if name and content:
                    found.setdefault(name, []).append(content)
        return found

    @cached_property
    def scripts(self) -> list[Script]:
        """List the inline scripts, in order."""
        found: list[Script] = []
        for number, (node, attributes) in enumerate(self._tagged("script")):
            text = node.text()
            if text:
                kind = (attributes.get("type") or "").split(";")[0].strip().lower()
                identity = attributes.get("id") or ""
                where = f"script#{identity}" if identity else f"script:nth-of-type({number + 1})"
                found.append(Script(kind, identity, text, where))
        return found

    def absolute(self, href: str) -> str:
        """Resolve a link against the page's base address; gives the link itself when it cannot be resolved."""
        try:
            return urljoin(self.base_url, href.strip())
        except ValueError:
            return href


def _is_landmark(attributes: Mapping[str, str | None]) -> bool:
    classes, identity = attributes.get("class") or "", attributes.get("id") or ""
    return "crumb" in classes or "Crumb" in classes or "crumb" in identity or "roductTitle" in identity


def parse(html: str | bytes, url: str) -> Document:
    """Parse a page; bytes are decoded by BOM, then the page's own declaration, then detection."""
    if isinstance(html, str):
        return Document(html.replace("\x00", ""), url)
    encoding, text = html_to_unicode(None, html, auto_detect_fun=_detect, default_encoding="utf-8")
    # Looking for a byte is ten times as fast as looking through the text.
    may_hold_nulls = b"\x00" in html or encoding == "utf-7"
    return Document(text.replace("\x00", "") if may_hold_nulls else text, url)


def _detect(body: bytes) -> str | None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(body[:100_000]).best()
        return best.encoding if best else "cp1252"
    return "utf-8"


def css_path(node: LexborNode) -> str:
    """Give a short CSS path to an element: from the nearest id, or the root, down."""
    return path_of(_upwards(node))


def _upwards(node: LexborNode) -> Iterator[tuple[str | None, Mapping[str, str | None]]]:
    current: LexborNode | None = node
    while current is not None:
        yield current.tag, current.attributes
        current = current.parent


def path_of(upwards: Iterable[tuple[str | None, Mapping[str, str | None]]]) -> str:
    """Write a CSS path from the tags and attributes of an element and those around it, nearest first."""
    parts: list[str] = []
    for tag, attributes in islice(upwards, LONGEST_PATH):
        if tag in OUTSIDE:
            break
        if identity := attributes.get("id"):
            parts.append(f"#{identity}")
            break
        classes = (attributes.get("class") or "").split(maxsplit=1)
        parts.append(f"{tag}.{classes[0]}" if classes else str(tag))
    return " > ".join(reversed(parts))
