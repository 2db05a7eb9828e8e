"""A disk that fills up: nothing new begins, what is under way ends, and what waits goes on once there is room."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from cartage.cli.doctor import look_at_disk
from cartage.imports.acting import Actor
from cartage.imports.batch import Batches
from cartage.imports.batch_file import open_batch
from cartage.imports.bulk import BulkActions, Wish
from cartage.imports.feeding import Feeder
from cartage.imports.refreshing import Refresher
from cartage.imports.reserve import SEEN_FOR_SECONDS, Reserve
from cartage.imports.service import Imports
from cartage.imports.upkeep import Upkeep
from cartage.model.bulk import Act
from cartage.model.catalogue import Status
from cartage.model.failure import Origin
from cartage.model.machine_errors import DiskLow
from cartage.model.product import Product
from cartage.settings import read_settings
from cartage.stores.memory import MemoryStore
from tests.contracts.records import NOON, ended_product
from tests.imports.conftest import MERCHANT, URL, kettle
from tests.imports.test_imports_service import gated_imports
from tests.kept_engine import KeptEngine

LEAST = 1000


@dataclass
class Disk:
    """Be a disk with so many bytes free, and a clock that stands; count how often somebody looks."""

    free: int
    seconds: float = 0.0
    looks: list[Path] = field(default_factory=list[Path])

    def look(self, folder: Path) -> int:
        """Say how many bytes are free; a disk of less than none does not answer."""
        self.looks.append(folder)
        if self.free < 0:
            raise OSError("The disk is away.")
        return self.free

    def reserve(self) -> Reserve:
        """Make a reserve on this disk."""
        return Reserve(Path("/data"), LEAST, self.look, lambda: self.seconds)

    def becomes(self, free: int) -> None:
        """Have so many bytes free from now on, a while later."""
        self.free = free
        self.seconds += SEEN_FOR_SECONDS


def an_installation(disk: Disk) -> tuple[Imports, KeptEngine]:
    """Make imports into memory, with a disk beneath them."""
    engine = KeptEngine()
    return Imports(MemoryStore(), engine, reserve=disk.reserve()), engine


async def kept_product(imports: Imports) -> str:
    """Keep a product whose import is over, and give its id."""
    product = await ended_product(imports.store, MERCHANT, facts=Product(name="Mug"))
    return product.id


BEGINNINGS: dict[str, Callable[[Imports, str], Awaitable[object]]] = {
    "an address": lambda imports, _: imports.submit(MERCHANT, URL),
    "an address with its page": lambda imports, _: imports.submit_page(MERCHANT, URL, kettle()),
    "a retry": lambda imports, product_id: imports.retry(MERCHANT, product_id),
    "a pasted page": lambda imports, product_id: imports.paste(MERCHANT, product_id, kettle()),
    "a list": lambda imports, _: Batches(imports.store, imports).submit(MERCHANT, open_batch(BytesIO(URL.encode()))),
}


@pytest.mark.parametrize("name", BEGINNINGS)
async def test_nothing_begins_on_a_low_disk(name: str) -> None:
    """It is refused by a named error of ours that may be tried again, and nothing is kept or sent."""
    imports, engine = an_installation(Disk(LEAST - 1))
    product_id = await kept_product(imports)

    with pytest.raises(DiskLow) as refusal:
        await BEGINNINGS[name](imports, product_id)

    failure = refusal.value.failure()
    assert (failure.code, failure.origin, failure.retry) == ("disk_low", Origin.US, "later")
    assert "cartage doctor" in failure.advice
    assert engine.sent == []
    assert len(await imports.products(MERCHANT)) == 1
    assert await Batches(imports.store, imports).batches(MERCHANT) == []


async def test_a_product_that_is_there_is_found_on_a_low_disk() -> None:
    """An address that the merchant has needs no room: it answers as ever."""
    disk = Disk(LEAST)
    imports, _ = an_installation(disk)
    first = await imports.submit(MERCHANT, URL)
    disk.becomes(0)

    again = await imports.submit(MERCHANT, URL)

    assert (again.product.id, again.duplicate) == (first.product.id, True)


async def test_what_is_under_way_ends_on_a_low_disk() -> None:
    """An import that began while there was room is saved."""
    disk = Disk(LEAST)
    running, provider = gated_imports()
    imports = Imports(running.store, running.engine, reserve=disk.reserve())
    begun = asyncio.create_task(imports.submit(MERCHANT, URL))
    await provider.asked.wait()
    disk.becomes(0)
    provider.gate.set()

    product_id = (await begun).product.id

    assert imports.reserve.low
    assert (await imports.product(MERCHANT, product_id)).status is Status.IMPORTED


async def test_rows_of_a_list_wait_for_room() -> None:
    """A list that was taken is fed no further, and goes on by itself."""
    disk = Disk(LEAST)
    imports, engine = an_installation(disk)
    await Batches(imports.store, imports).submit(MERCHANT, open_batch(BytesIO(URL.encode())))
    feeder = Feeder(imports.store, imports)
    disk.becomes(0)
    fed = await feeder.feed()
    sent = len(engine.sent)
    disk.becomes(LEAST)

    await feeder.feed()
    await feeder.settle()

    assert (fed, sent, len(engine.sent)) == (False, 0, 1)


async def test_refreshes_wait_for_room() -> None:
    """A planned refresh keeps its moment until there is room."""
    disk = Disk(0)
    imports, _ = an_installation(disk)
    await kept_product(imports)
    await Upkeep(imports.store).set_schedule(MERCHANT, 1)
    refresher, later = Refresher(imports.store, imports), NOON + timedelta(days=2)
    low = [await refresher.refresh(NOON), await refresher.refresh(later)]
    disk.becomes(LEAST)

    begun = [await refresher.refresh(NOON), await refresher.refresh(later)]

    assert (low, begun) == ([0, 0], [0, 1])


async def test_bulk_actions_wait_for_room() -> None:
    """An action that imports does nothing meanwhile, leaves no product out, and says that it runs."""
    disk = Disk(0)
    imports, engine = an_installation(disk)
    await kept_product(imports)
    action = await BulkActions(imports.store).submit(MERCHANT, Wish(Act.REFRESH))
    await Actor(imports.store, imports).act()

    (waiting,) = await imports.store.bulk.actions(MERCHANT)

    assert (waiting.id, waiting.done, waiting.left) == (action.id, 0, ())
    assert engine.sent == []


def test_the_disk_is_looked_at_every_few_seconds() -> None:
    """Asking costs nothing: within a few seconds nobody looks twice."""
    disk = Disk(LEAST)
    reserve = disk.reserve()

    told = [reserve.low for _ in range(1000)]
    disk.becomes(LEAST - 1)

    assert (any(told), reserve.low) == (False, True)
    assert disk.looks == [Path("/data")] * 2


def test_a_disk_that_cannot_be_looked_at_stops_nothing() -> None:
    """What is unknown is not taken for low, and a disk that was low stays so until it is seen to have room."""
    disk = Disk(-1)
    reserve = disk.reserve()
    unknown = reserve.low
    disk.becomes(0)
    low = reserve.low
    disk.becomes(-1)

    assert (unknown, low, reserve.low) == (False, True, True)


def test_the_doctor_says_how_much_to_free(tmp_path: Path) -> None:
    """Well and badly, in megabytes; nothing where Postgres keeps the data."""
    settings = read_settings(data_dir=tmp_path, database_url="", disk_reserve_mb=1024)
    elsewhere = settings.model_copy(update={"database_url": "postgresql+asyncpg://host/cartage"})

    well, badly, none = (
        list(look_at_disk(each, lambda _, free=free: free * 2**20))
        for each, free in ((settings, 1024), (settings, 1000), (elsewhere, 0))
    )

    assert [each.advice for each in well] == [""]
    assert "Free 24 MB" in badly[0].advice
    assert "CARTAGE_DISK_RESERVE_MB" in badly[0].advice
    assert none == []
