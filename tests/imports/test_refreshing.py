"""Refreshing on a schedule: what is due is imported again, once, spread over time and behind people's imports."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from cartage.imports.pausing import Pausing
from cartage.imports.progress import now
from cartage.imports.refreshing import Refresher
from cartage.imports.service import Imports
from cartage.imports.upkeep import Upkeep
from cartage.model.catalogue import Status
from cartage.model.product import Product
from cartage.model.upkeep import planned
from cartage.stores.memory import MemoryStore
from tests.contracts.records import NOON, ended_product
from tests.kept_engine import KeptEngine

MERCHANT = "mer_1"
DAY = timedelta(days=1)


@dataclass
class Shelf:
    """Hold a merchant's imported products, and what refreshes them."""

    store: MemoryStore
    engine: KeptEngine
    refresher: Refresher


async def a_shelf(products: int, every_hours: int | None, window: int = 100) -> Shelf:
    """Make a merchant with so many products, imported at noon one day."""
    store, engine = MemoryStore(), KeptEngine()
    for _ in range(products):
        await ended_product(store, MERCHANT, facts=Product(name="Mug"))
    await Upkeep(store).set_schedule(MERCHANT, every_hours)
    return Shelf(store, engine, Refresher(store, Imports(store, engine), window))


async def test_without_a_schedule_nothing_is_refreshed() -> None:
    """A merchant who did not ask for refreshes gets none, ever."""
    shelf = await a_shelf(3, None)

    begun = await shelf.refresher.refresh(NOON + 365 * DAY)

    assert (begun, shelf.engine.sent) == (0, [])


async def test_all_products_are_refreshed_within_a_period_and_not_at_once() -> None:
    """Products that were imported together are refreshed one after the other, all of them within the period."""
    shelf = await a_shelf(40, 24)
    start = NOON + 10 * DAY
    begun = [await shelf.refresher.refresh(start + hour * DAY / 24) for hour in range(26)]

    assert sum(begun) == 40
    assert max(begun) <= 10


async def test_refreshes_let_people_go_first() -> None:
    """A scheduled import is sent as bulk, and says that nobody asked for it now."""
    shelf = await a_shelf(1, 1)
    await shelf.refresher.refresh(NOON)
    await shelf.refresher.refresh(NOON + DAY)

    (import_,) = await shelf.store.catalogue.unfinished_imports()

    assert (import_.scheduled, import_.bulk) == (True, True)


async def test_two_processes_refresh_a_product_once() -> None:
    """Of two processes that look at the same moment, one begins each refresh."""
    shelf = await a_shelf(20, 1)
    rival = Refresher(shelf.store, shelf.refresher.imports, 100)
    await shelf.refresher.refresh(NOON)

    begun = await asyncio.gather(*(each.refresh(NOON + DAY) for each in (shelf.refresher, rival)))

    assert sum(begun) == 20
    assert len(shelf.engine.sent) == 20


async def test_a_window_bounds_what_is_under_way() -> None:
    """More refreshes wait until those under way are over."""
    shelf = await a_shelf(10, 1, window=4)
    await shelf.refresher.refresh(NOON)

    begun = [await shelf.refresher.refresh(NOON + DAY) for _ in range(2)]

    assert begun == [4, 0]


async def test_what_never_was_a_product_is_left_alone() -> None:
    """An address whose import failed from the start is not asked for again and again."""
    shelf = await a_shelf(0, 1)
    await ended_product(shelf.store, MERCHANT, Status.FAILED)
    await shelf.refresher.refresh(NOON)

    assert await shelf.refresher.refresh(NOON + DAY) == 0


async def test_a_product_just_imported_waits_a_period() -> None:
    """The next refresh is a period after the last import, give or take a tenth."""
    updated_at = now()

    waits = [planned(f"prd_{number}", updated_at, DAY, updated_at) - updated_at for number in range(50)]

    assert min(waits) >= 0.9 * DAY
    assert max(waits) <= 1.1 * DAY


async def test_nothing_is_refreshed_while_it_is_paused() -> None:
    """Neither everything nor a site that is paused is refreshed; what was due is, once that is resumed."""
    shelf = await a_shelf(3, 1)
    pausing = Pausing(shelf.store)
    await shelf.refresher.refresh(NOON)
    begun: list[int] = []

    for site in ("all", "shop.example", "other.example"):
        await pausing.pause(MERCHANT, site)
        begun.append(await shelf.refresher.refresh(NOON + DAY))
        await pausing.resume(MERCHANT, site)

    assert begun == [0, 0, 3]
