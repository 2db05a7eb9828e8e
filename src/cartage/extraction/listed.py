"""The products that a page lists: as its data states them, or as its cards show them."""

from collections.abc import Iterator

from cartage.extraction.document import Document
from cartage.extraction.listed_cards import carded
from cartage.extraction.listed_links import Links, each_once
from cartage.extraction.sources import annotated, json_ld
from cartage.extraction.sources.schema_org import is_product
from cartage.extraction.sources.things import Thing
from cartage.model.listed import LONGEST_NAME, MOST_LISTED, Listed

LEAST_LISTED = 2
TRAIL = "breadcrumblist"
PLACES = frozenset({"listitem"})


def listed_products(document: Document) -> tuple[Listed, ...]:
    """List the products that a page lists, each once, on its own site; none of fewer than two.

    What the page's data states goes before what its cards show, unless it is less than half of that.
    """
    links = Links(document.url, document.base_url)
    stated, shown = _stated(document, links), carded(document, links)
    chosen = stated if len(stated) >= max(LEAST_LISTED, len(shown) / 2) else shown
    return tuple(chosen[:MOST_LISTED])


def _stated(document: Document, links: Links) -> list[Listed]:
    things = [*json_ld.things(document), *annotated.things(document, annotated.MICRODATA)]
    entries = (_entry(each, links) for thing in things if TRAIL not in thing.types for each in _entries(thing))
    listed = each_once(filter(None, entries))
    if len(listed) >= LEAST_LISTED:
        return listed
    products = (_product(each, links) for each in things if is_product(each))
    return each_once(filter(None, products))


def _entries(thing: Thing) -> Iterator[Thing | str]:
    yield from thing.things("itemlistelement", most=MOST_LISTED)
    yield from (value for value, _ in thing.values("itemlistelement") if isinstance(value, str))


def _entry(entry: Thing | str, links: Links) -> Listed | None:
    """Read an entry of a list: an address, the product itself, or a place in the list that holds either."""
    if isinstance(entry, str):
        return _at(entry, "", links)
    item = next(iter(entry.things("item")), None)
    if item is None:
        return _product(entry, links) or _at(entry.text("item"), entry.text("name"), links)
    return _product(item, links) or _at(entry.text("url"), item.text("name"), links)


def _product(thing: Thing, links: Links) -> Listed | None:
    if thing.types and not (is_product(thing) or thing.types <= PLACES):
        return None
    offered = next((each.text("url") for each in thing.things("offers")), "")
    found = (_at(url, thing.text("name"), links) for url in (thing.text("url"), offered, thing.id))
    return next(filter(None, found), None)


def _at(url: str, name: str, links: Links) -> Listed | None:
    usable = links.usable(url)
    return Listed(url=usable, name=name[:LONGEST_NAME]) if usable else None
