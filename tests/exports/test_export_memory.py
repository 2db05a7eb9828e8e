"""An export's memory stays flat, however many products it writes."""

import tracemalloc
from collections.abc import Iterator

import pytest

from cartage.exports.book import Book
from cartage.exports.known import TARGETS
from cartage.exports.making import Making
from cartage.exports.target import Terms
from cartage.model.catalogue import CatalogueProduct
from cartage.model.export import TargetSettings
from cartage.model.pricing import PricingRules
from tests.exports.linen import a_mug

TERMS = Terms(TargetSettings(link_template="https://shop.example/products/{handle}"), PricingRules())
PAGE = 50
WARM, MANY = 1, 5  # pages
MOST_GROWTH = 300_000  # bytes for 200 further products, of which handles and codes are remembered


def pages(first: int, last: int) -> Iterator[list[CatalogueProduct]]:
    """Give pages of products, made as they are asked for."""
    for page in range(first, last):
        yield [described(page * PAGE + number) for number in range(PAGE)]


def described(number: int) -> CatalogueProduct:
    """Make a product whose text has five kilobytes."""
    mug = a_mug(number)
    assert mug.facts
    return mug.model_copy(update={"facts": mug.facts.model_copy(update={"description": f"Mug {number}. " * 500})})


def add(making: Making, first: int, after: int) -> None:
    """Add products, and keep none of them."""
    for page in pages(first, after):
        making.add(page)


@pytest.mark.parametrize("target", ["shopify", "jsonl"])
def test_an_exports_memory_stays_flat(target: str) -> None:
    """Two hundred further products are in the files, not in memory."""
    making = Making(TARGETS[target], TERMS, Book(TARGETS[target], TERMS))
    add(making, 0, WARM)
    tracemalloc.start()
    add(making, WARM, MANY)
    growth, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    _, parts = making.finish()

    assert making.book
    making.book.discard()
    assert sum(part.size for part in parts) > 3 * MOST_GROWTH
    assert growth < MOST_GROWTH
