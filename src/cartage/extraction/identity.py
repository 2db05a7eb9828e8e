"""Which statements speak of the page's own product, so that no other product's facts are spliced in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from cartage.extraction.claims import Statement
from cartage.extraction.document import Document
from cartage.extraction.sources.visible_anchors import likeness, similar, stated_titles
from cartage.extraction.text import clean
from cartage.model.evidence import Source

CERTAIN = (Source.VISIBLE, Source.OPEN_GRAPH, Source.ADDRESS, Source.PLATFORM)
LEAST = 1.0
# A main node with a price has 1.4 at least: it must be a little like the page, or nothing is known of the page.
LEAST_ALONE = 1.65
SHORTEST_ID = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """Hold how a page calls its product: its own addresses and its titles."""

    addresses: frozenset[str]
    path: str
    titles: tuple[str, ...]


def subject_of(document: Document, statements: Sequence[Statement]) -> Subject:
    """Read what the page says its subject is, in words that are not the structured data's own."""
    shown = [
        claim.value for statement in statements if statement.source is Source.VISIBLE for claim in statement.name[:1]
    ]
    addresses = {_address(url) for url in (document.url, document.canonical_url) if url}
    return Subject(
        frozenset(addresses), unquote(urlsplit(document.url).path).lower(), (*stated_titles(document), *shown)
    )


def own_statements(document: Document, statements: Sequence[Statement]) -> list[Statement]:
    """Keep the statements about the page's own product, the surest of each source first.

    A statement without a name speaks of the page (its trail) and is kept.
    """
    subject = subject_of(document, statements)
    own: list[Statement] = []
    for source in Source:
        of_source = [statement for statement in statements if statement.source is source]
        named = [statement for statement in of_source if _identifies(statement)]
        own += [statement for statement in of_source if statement not in named]
        own += named if source in CERTAIN else _best(document, named, subject)
    return own


def _identifies(statement: Statement) -> bool:
    return bool(statement.name or statement.sku or statement.gtin or statement.price)


def _best(document: Document, named: list[Statement], subject: Subject) -> list[Statement]:
    if not named:
        return []
    ranked = sorted(named, key=lambda statement: _fit(document, statement, subject), reverse=True)
    first = ranked[0]
    alone = len(named) == 1 and first.main
    if _fit(document, first, subject) < (LEAST_ALONE if alone else LEAST):
        return []
    return [first, *(other for other in ranked[1:] if _same(first, other))]


def _fit(document: Document, statement: Statement, subject: Subject) -> float:
    names = [clean(claim.value) for claim in statement.name[:2]]
    fit = max((2 * likeness(name, list(subject.titles)) for name in names), default=0.0)
    own = {_address(document.absolute(claim.value)) for claim in statement.urls}
    fit += 1.5 if own & subject.addresses else 0
    fit += 1.0 if any(code.lower() in subject.path for code in _codes(statement)) else 0
    fit += 1.0 if statement.main else 0
    return fit + (0.4 if statement.price else 0) + (0.2 if statement.images else 0) + (0.2 if statement.variants else 0)


def _codes(statement: Statement) -> Iterable[str]:
    for claims in (statement.sku, statement.gtin, statement.ids, statement.mpn):
        yield from (claim.value for claim in claims if len(claim.value) >= SHORTEST_ID)


def _same(one: Statement, other: Statement) -> bool:
    if not one.name or not other.name:
        return bool({claim.value for claim in one.sku} & {claim.value for claim in other.sku})
    return other.main is one.main and similar(one.name[0].value, other.name[0].value)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{(parts.netloc or '').lower().removeprefix('www.')}{unquote(parts.path).rstrip('/').lower()}"
