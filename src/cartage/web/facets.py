"""Facets of a list: ready-made filters beside the search, each with how many it finds."""

from collections.abc import Sequence
from urllib.parse import urlencode

from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.model.filtering import EVERYTHING, Filter, FilterInvalid, Term, Word, parse_filter

Facets = tuple[tuple[str, tuple[tuple[Word, str], ...]], ...]
Drawn = tuple[str, int, str, bool]
PRODUCT_FACETS = (
    ("All", ()),
    ("Ready", ((Word.REVIEW, "ready"),)),
    ("To review", ((Word.REVIEW, "needed"),)),
    ("Importing", ((Word.STATUS, "importing"),)),
    ("Failed", ((Word.STATUS, "failed"),)),
    ("Picture problems", ((Word.PICTURES, "none,failed"),)),
    ("Changed this week", ((Word.CHANGED, "7d"),)),
)
IMPORT_FACETS = (
    ("All", ()),
    ("Queued", ((Word.STATUS, "queued"),)),
    ("Running", ((Word.STATUS, "running"),)),
    ("Paused", ((Word.STATUS, "paused"),)),
    ("Failed", ((Word.STATUS, "failed"),)),
    ("Failed today", ((Word.STATUS, "failed"), (Word.SINCE, "24h"))),
)


async def import_facets(imports: Imports, merchant_id: str, wanted: Filter) -> list[Drawn]:
    """Count imports by each facet."""
    count = imports.store.listing.count_imports
    counted = [(each, await count(merchant_id, each)) for each in _narrowed(wanted, IMPORT_FACETS)]
    return _drawn(IMPORT_FACETS, counted, wanted, "/imports", {})


async def product_facets(imports: Imports, merchant_id: str, wanted: Filter, kept: dict[str, str]) -> list[Drawn]:
    """Count products by each facet, whose addresses keep the order and the view."""
    count = imports.store.listing.count_products
    counted = [(each, await count(merchant_id, each)) for each in _narrowed(wanted, PRODUCT_FACETS)]
    return _drawn(PRODUCT_FACETS, counted, wanted, "/products", kept)


def read_filter(written: str) -> tuple[Filter, str]:
    """Read a filter; one that cannot be read wants everything, and says why."""
    try:
        return parse_filter(written, now()), ""
    except FilterInvalid as error:
        return EVERYTHING, str(error)


def _narrowed(wanted: Filter, facets: Facets) -> list[Filter]:
    """Give the filter of each facet: its own words instead of all words that facets use."""
    used = {word for _, terms in facets for word, _ in terms}
    kept = tuple(term for term in wanted.terms if term.word not in used or term.turned)
    return [
        wanted.model_copy(
            update={
                "at": now(),
                "terms": kept + tuple(Term(word=word, values=tuple(value.split(","))) for word, value in terms),
            }
        )
        for _, terms in facets
    ]


def _drawn(
    facets: Facets, counted: Sequence[tuple[Filter, int]], wanted: Filter, path: str, kept: dict[str, str]
) -> list[Drawn]:
    """Give each facet's name, count, address, and whether it is what is shown."""
    drawn: list[Drawn] = []
    for (name, _), (each, number) in zip(facets, counted, strict=True):
        query = {key: value for key, value in {"filter": str(each), **kept}.items() if value}
        address = path + (f"?{urlencode(query)}" if query else "")
        drawn.append((name, number, address, set(each.terms) == set(wanted.terms)))
    return drawn
