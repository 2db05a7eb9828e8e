"""What a shopper sees of a page, as a flat list of lines with where they stand, chosen to fit a budget."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cartage.extraction.commands import commands
from cartage.extraction.concealed import concealed, take_sheets
from cartage.extraction.document import Document
from cartage.extraction.images import distinct, image_url
from cartage.extraction.layout import Element
from cartage.extraction.prices import find_prices
from cartage.extraction.sources.visible_images import images_of_page
from cartage.extraction.sources.visible_seen import Seen, seen
from cartage.extraction.text import clean
from cartage.model.product import Image

MOST_CHARACTERS = 12_000
LONGEST_LINE = 1200
MOST_PICTURES = 12
NEAR = 40
WITHIN_WORDS = frozenset({"b", "strong", "i", "em", "u", "sup", "sub", "mark", "small", "font", "abbr", "wbr"})
FACT = re.compile(
    r"\b(?:sku|gtin|ean|upc|isbn|mpn|barcode|brand|marke|marque|marca|merk|hersteller|manufacturer|model|art(?:ikel)?\.?-?\s?(?:nr|no|nummer)|ref(?:erence)?|item)\b"
    r"|stock|availab|lager|lieferbar|verfügbar|dispo|skladem|magazyn|налич|متوفر|المخزون|العلامة|السعر|在庫|库存|现货|价格|価格|price|preis|prix|precio|prezzo|prijs|cena",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line that a shopper sees: its text, the tags around it, and the CSS path of its element.

    `tags` name nothing that a page's author could have written a message into. `aside` says that it stands in a menu,
    a footer or another product's place.
    """

    number: int
    text: str
    tags: str
    where: str
    aside: bool


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """Hold one picture that may show the product, and the CSS path of its element."""

    number: int
    image: Image
    tags: str
    where: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold what is shown: lines and pictures count from 1; `left_out` counts the lines beyond the budget."""

    lines: tuple[Line, ...]
    pictures: tuple[FoundPicture, ...]
    left_out: int = 0

    @property
    def length(self) -> int:
        """Count the characters of all lines that are about the product."""
        return sum(len(line.text) for line in self.lines if not line.aside)


def shown(document: Document, most: int = MOST_CHARACTERS) -> Shown:
    """List what a page shows, without what only a machine would read; where it is too much, what tells least is left out."""
    take_sheets(document)
    page = seen(document)
    hidden = concealed(page.layout)
    found = [row for row in _rows(page, hidden) if not commands(row.text)]
    kept = _chosen(found, most)
    lines = tuple(
        Line(number, row.text, tags_of(row.owner), row.owner.path, page.anchors.excluded(row.owner))
        for number, row in enumerate(kept, 1)
    )
    return Shown(lines, _pictures(document, page, hidden), len(found) - len(kept))


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    owner: Element
    worth: float


def _rows(page: Seen, hidden: frozenset[int]) -> Iterator[_Row]:
    """Give the lines of the page, each once."""
    met: set[str] = set()
    for pieces, owner in _runs(page, hidden):
        text = clean("".join(pieces))[:LONGEST_LINE]
        if text.casefold() in met or not any(map(str.isalnum, text)):
            continue
        met.add(text.casefold())
        yield _Row(text, owner, _worth(page, text, owner))


def _runs(page: Seen, hidden: frozenset[int]) -> Iterator[tuple[list[str], Element]]:
    run: list[str] = []
    owner: Element | None = None
    last: Element | None = None
    for piece, element in zip(page.layout.pieces, page.layout.owners, strict=True):
        if piece == "\n":
            if owner:
                yield run, owner
            run, owner = [], None
        elif element.order not in hidden:
            run.append(f" {piece}" if _apart(run, piece, last, element) else piece)
            last = element
            owner = owner or (element if piece.strip() else None)
    if owner:
        yield run, owner


def _apart(run: Sequence[str], piece: str, last: Element | None, element: Element) -> bool:
    """Tell whether two boxes meet without a space between their words, as labels and values do."""
    meet = bool(run) and run[-1][-1:].isalnum() and piece[:1].isalnum()
    return (
        meet
        and last is not element
        and element.tag not in WITHIN_WORDS
        and last is not None
        and last.tag not in WITHIN_WORDS
    )


def _worth(page: Seen, text: str, owner: Element) -> float:
    anchors = page.anchors
    worth = -6.0 if anchors.excluded(owner) else 0.0
    if anchors.title is not None:
        worth += max(0.0, 4 - abs(owner.order - anchors.title.order) / NEAR)
        worth += 8.0 if owner.inside(anchors.title) else 0.0
    worth += 2.0 if find_prices(text) or FACT.search(text) else 0.0
    worth += 1.5 if len(text) > 80 and owner.tag != "a" else 0.0
    return worth - (1.0 if owner.tag in ("a", "button", "label") else 0.0)


def _chosen(rows: Sequence[_Row], most: int) -> list[_Row]:
    kept: set[int] = set()
    length = 0
    for place in sorted(range(len(rows)), key=lambda place: (-rows[place].worth, place)):
        length += len(rows[place].text)
        if length > most and kept:
            length -= len(rows[place].text)
            continue
        kept.add(place)
    return [row for place, row in enumerate(rows) if place in kept]


def _pictures(document: Document, page: Seen, hidden: frozenset[int]) -> tuple[FoundPicture, ...]:
    """List the pictures that are shown, as the reader of the visible page ranks them, each once."""
    nodes = {each.path: each for each in page.layout.which(tags=("img",)) if each.order not in hidden}
    claims = [claim for claim in images_of_page(document, page.layout, page.anchors) if claim.where in nodes]
    wheres: dict[str, str] = {}
    images: list[Image] = []
    for claim in claims:
        if address := image_url(claim.value.url, document.base_url):
            wheres.setdefault(address, claim.where)
            images.append(claim.value.model_copy(update={"url": address}))
    kept = [image for image in distinct(images) if image.url in wheres][:MOST_PICTURES]
    return tuple(
        FoundPicture(number, image, tags_of(nodes[wheres[image.url]]), wheres[image.url])
        for number, image in enumerate(kept, 1)
    )


def tags_of(element: Element) -> str:
    """Give the tags from the body down to an element, the nearest five of them."""
    return " > ".join(reversed([each.tag for each in element.chain(5) if each.parent]))
