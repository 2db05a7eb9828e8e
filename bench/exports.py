"""Export many products to every target, and print how fast it goes and how the memory grows.

Usage: python bench/exports.py [--products N] [TARGET...]

The catalogue is SQLite on disk; each target is exported in a process of its own, with a tenth of the products and
with all of them. Exits with 1 when ten times the products take much more memory.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import insert

from cartage.exports.book import Book
from cartage.exports.known import TARGETS
from cartage.exports.making import Making
from cartage.exports.service import Exports
from cartage.exports.target import Terms
from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.evidence import Evidence, Source
from cartage.model.export import TargetSettings
from cartage.model.pricing import PriceRange, PricingRules
from cartage.model.product import Availability, Image, Money, Option, Product, Variant
from cartage.stores.sql import SqlStore, upgrade
from cartage.stores.sql.database import make_engine, writing
from cartage.stores.sql.rows import product_row
from cartage.stores.sql.tables import products

MERCHANT = "mer_bench"
MOST_GROWTH_MB = 60
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
TERMS = Terms(
    TargetSettings(link_template="https://shop.example/products/{handle}?variant={sku}"),
    PricingRules(ranges=(PriceRange(multiplier=Decimal("2.5")),)),
)


@dataclass(frozen=True, slots=True)
class Run:
    """Hold what one export took."""

    products: int
    seconds: float
    peak_mb: float
    file_mb: float


def a_product(number: int) -> CatalogueProduct:
    """Make a product with three variants, four pictures and evidence, as pages give them."""
    sizes = ("S", "M", "L")
    facts = Product(
        name=f"Linen Shirt {number}",
        brand="Norrland Studio",
        sku=f"L-{number}",
        description="A boxy shirt of European flax linen, with buttons of corozo. " * 6,
        price=Money(amount=Decimal("31.96"), currency="EUR"),
        images=tuple(Image(url=f"https://media.example/{number}/{each}.jpg", alt="A shirt") for each in range(4)),
        breadcrumbs=("Clothing", "Shirts"),
        options=(Option(name="Size", values=sizes),),
        variants=tuple(
            Variant(
                sku=f"L-{number}-{size}",
                options={"Size": size},
                price=Money(amount=Decimal("31.96"), currency="EUR"),
                availability=Availability.IN_STOCK,
            )
            for size in sizes
        ),
    )
    told = (Evidence(source=Source.JSON_LD, where="/0/hasVariant", raw="31.96"),)
    return CatalogueProduct(
        id=f"prd_{number:026d}",
        merchant_id=MERCHANT,
        import_id=f"imp_{number:026d}",
        source_url=f"https://supplier.example/p/{number}",
        status=Status.IMPORTED,
        facts=facts,
        evidence=dict.fromkeys(("/name", "/brand", "/price", "/images", "/variants", "/description"), told),
        created_at=AT,
        updated_at=AT,
    )


async def fill(url: str, count: int) -> None:
    """Make a catalogue of so many products."""
    await upgrade(url)
    engine = make_engine(url)
    for start in range(0, count, 1000):
        rows = [product_row(a_product(number)) for number in range(start, min(start + 1000, count))]
        async with writing(engine) as connection:
            await connection.execute(insert(products), rows)
    await engine.dispose()


def export(url: str, target: str) -> Run:
    """Export a whole catalogue in this process."""
    return asyncio.run(_export(url, target))


async def _export(url: str, name: str) -> Run:
    store, target = SqlStore(url), TARGETS[name]
    await store.open()
    book = Book(target, TERMS)
    making = Making(target, TERMS, book)
    started = time.perf_counter()
    async for _ in Exports(store).run(making, MERCHANT, ""):
        pass
    _, parts = making.finish()
    size = sum(len(piece) for _, _, piece in book.pieces())
    seconds = time.perf_counter() - started
    book.discard()
    await store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert size == sum(part.size for part in parts)
    return Run(making.done, seconds, peak, size / 1e6)


def apart(url: str, target: str) -> Run:
    """Export in a process of its own, whose memory is nobody else's."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(export, url, target).result()


def compare(targets: list[str], few: str, many: str) -> Iterator[tuple[str, Run, Run]]:
    """Export both catalogues for each target."""
    for target in targets:
        yield target, apart(few, target), apart(many, target)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("targets", nargs="*", default=list(TARGETS))
    arguments = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        few, many = (f"sqlite+aiosqlite:///{Path(folder) / name}.db" for name in ("few", "many"))
        asyncio.run(fill(few, arguments.products // 10))
        asyncio.run(fill(many, arguments.products))
        for target, small, large in compare(arguments.targets, few, many):
            growth = large.peak_mb - small.peak_mb
            failed |= growth > MOST_GROWTH_MB
            print(
                f"{target:15} {large.products} products, {large.file_mb:.0f} MB: {large.products / large.seconds:.0f} a"
                f" second; memory {small.peak_mb:.0f} -> {large.peak_mb:.0f} MB with ten times the products"
            )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
