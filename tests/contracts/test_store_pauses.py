"""What every store promises of pauses, and of the imports that they hold."""

import asyncio
from datetime import timedelta

import pytest

from cartage.model.batch import BatchRow, RowState
from cartage.model.bulk import Act, Hindrance, hindrance
from cartage.model.catalogue import ImportState, Status
from cartage.model.filtering import parse_filter
from cartage.model.pause import Pause
from cartage.store import Store
from tests.contracts.records import NOON, a_batch, a_product, an_event, an_import, ended_product, kept_product

SHOP = "shop.example"
LATER = NOON + timedelta(hours=1)


def a_pause(merchant_id: str, site: str = "", paused_by: str = "ann@mine.example") -> Pause:
    """Make a pause of a merchant, of everything where no site is named."""
    return Pause(merchant_id=merchant_id, site=site, paused_by=paused_by, paused_at=NOON)


async def kept_at(store: Store, merchant_id: str, host: str) -> str:
    """Store a product of a host with its queued import, and give the import's id."""
    product = a_product(merchant_id)
    url = product.source_url.replace(f"://{SHOP}", f"://{host}")
    return (await kept_product(store, merchant_id, source_url=url))[1].id


async def held_at(store: Store, merchant_id: str, host: str) -> str:
    """Store a held import."""
    import_id = await kept_at(store, merchant_id, host)
    await store.pauses.pause(a_pause(merchant_id))
    assert not await store.catalogue.mark_running(import_id)
    await store.pauses.resume(merchant_id, "")
    return import_id


async def test_pauses_are_counted(store: Store, mine: str, theirs: str) -> None:
    """Everybody's together, without telling whose."""
    none = await store.pauses.count()
    for each in (a_pause(mine), a_pause(mine, SHOP), a_pause(theirs), a_pause(theirs)):
        await store.pauses.pause(each)

    assert (none, await store.pauses.count()) == (0, 3)


async def test_a_pause_is_there_once_until_it_is_resumed(store: Store, mine: str, theirs: str) -> None:
    """The first of a merchant's pauses of a site stands, and is no other merchant's."""
    first = await store.pauses.pause(a_pause(mine, SHOP))
    await store.pauses.pause(a_pause(mine))

    assert await store.pauses.pause(a_pause(mine, SHOP, "bob@mine.example")) == first == a_pause(mine, SHOP)
    assert await store.pauses.pauses(mine) == [a_pause(mine), first]
    assert await store.pauses.pauses(theirs) == []
    assert await store.pauses.resume(theirs, SHOP) is None
    assert await store.pauses.resume(mine, SHOP) == first
    assert await store.pauses.resume(mine, SHOP) is None
    assert await store.pauses.pauses(mine) == [a_pause(mine)]


@pytest.mark.parametrize(
    ("site", "host", "begins"),
    [
        ("", SHOP, False),
        (SHOP, SHOP, False),
        (SHOP, f"www.{SHOP}", False),
        (SHOP, f"de.{SHOP}", False),
        (SHOP, f"my{SHOP}", True),
        (f"de.{SHOP}", SHOP, True),
        ("a_b.example", "axb.example", True),
        ("a_b.example", "de.a_b.example", False),
        ("a_b.example", "de.axb.example", True),
    ],
)
async def test_what_is_paused_does_not_begin(store: Store, mine: str, site: str, host: str, begins: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    """An import begins unless everything is paused, or its site; then it is held, and stays so when asked again."""
    import_id = await kept_at(store, mine, host)
    await store.pauses.pause(a_pause(mine, site))

    began = [await store.catalogue.mark_running(import_id, ["save"]) for _ in range(2)]

    import_ = await store.catalogue.import_(mine, import_id)
    assert began == [begins] * 2
    assert (import_.state is ImportState.RUNNING, import_.held) == (begins, not begins)


async def test_anothers_pause_holds_nothing(store: Store, mine: str, theirs: str) -> None:
    """Merchants pause for themselves alone, and what has begun goes on."""
    import_id = await kept_at(store, mine, SHOP)
    await store.pauses.pause(a_pause(theirs))

    assert await store.catalogue.mark_running(import_id)
    await store.pauses.pause(a_pause(mine))
    assert await store.catalogue.mark_running(import_id)
    assert not (await store.catalogue.import_(mine, import_id)).held


async def test_held_imports_are_released_oldest_first_and_once(store: Store, mine: str, theirs: str) -> None:
    """Of many who ask each is given to one, at most as many as asked for; another merchant's stay."""
    held = [await held_at(store, mine, SHOP) for _ in range(5)]
    await held_at(store, theirs, SHOP)
    assert sorted(await store.pauses.held_merchants()) == sorted([mine, theirs])
    assert await store.pauses.count_held() == 6

    first = await store.pauses.release(mine, LATER, 2)
    others = await asyncio.gather(*(store.pauses.release(mine, LATER, 3) for _ in range(4)))

    assert [each.id for each in first] == held[:2]
    assert [each.id for given in others for each in given] == held[2:]
    assert all((not each.held, each.released_at) == (True, LATER) for each in first)
    assert await store.pauses.under_way(mine) == 5
    assert await store.pauses.held_merchants() == [theirs]


async def test_what_is_paused_still_is_not_released(store: Store, mine: str) -> None:
    """Imports of a paused site stay held while younger ones of others go on."""
    await held_at(store, mine, SHOP)
    other = await held_at(store, mine, "other.example")
    await store.pauses.pause(a_pause(mine, SHOP))

    assert [each.id for each in await store.pauses.release(mine, LATER, 10)] == [other]
    assert await store.pauses.held_merchants() == [mine]


async def test_a_released_import_begins_and_one_that_ended_is_held_no_longer(store: Store, mine: str) -> None:
    """What was released runs as any other; one that was cancelled while it was held is never released."""
    product, import_ = await kept_product(store, mine)
    await store.pauses.pause(a_pause(mine))
    await store.catalogue.mark_running(import_.id)
    failed = product.model_copy(update={"status": Status.FAILED})
    ended = import_.model_copy(update={"state": ImportState.FAILED, "finished_at": NOON})
    assert await store.catalogue.end_import(failed, ended, an_event(import_))
    await store.pauses.resume(mine, "")
    held = await held_at(store, mine, SHOP)

    (released,) = await store.pauses.release(mine, LATER, 10)

    assert released.id == held
    assert released.again
    assert await store.catalogue.mark_running(held)
    assert await store.pauses.under_way(mine) == 1


async def test_an_import_may_be_held_from_its_beginning(store: Store, mine: str) -> None:
    """It is kept so with its product; a run that comes all the same ends, though nothing is paused."""
    product = a_product(mine)
    import_ = an_import(product, held=True)
    await store.catalogue.add_product(product, import_, an_event(import_))

    assert not await store.catalogue.mark_running(import_.id)
    assert await store.catalogue.waiting_since() is None
    assert [each.id for each in await store.pauses.release(mine, LATER, 1)] == [import_.id]
    assert await store.catalogue.waiting_since() == NOON


async def test_paused_imports_are_listed_and_take_nobodys_place(store: Store, mine: str) -> None:
    """`status:paused` finds products and imports that wait for a pause, which nobody else stands in line behind."""
    await kept_at(store, mine, SHOP)
    await kept_at(store, mine, "other.example")
    await store.pauses.pause(a_pause(mine, SHOP))
    wanted = parse_filter("status:paused", NOON)

    (product,) = await store.listing.products(mine, wanted)
    (import_,) = await store.listing.imports(mine, wanted)

    assert import_.product_id == product.id
    assert await store.listing.count_imports(mine, wanted) == 1
    assert await store.listing.count_imports(mine, parse_filter(f"status:paused site:{SHOP}", NOON)) == 1
    assert (await store.listing.queue(mine)).waiting == 1
    await store.pauses.resume(mine, SHOP)
    assert await store.listing.imports(mine, wanted) == []
    assert (await store.listing.queue(mine)).waiting == 2


async def test_held_imports_take_no_place_of_what_feeds(store: Store, mine: str) -> None:
    """Neither batches, nor the schedule, nor bulk actions count them as under way."""
    for asked in ({"batch_id": "bat_1"}, {"scheduled": True}, {"action_id": "blk_1"}):
        for held in (True, False):
            product = a_product(mine)
            import_ = an_import(product, held=held, **asked)
            await store.catalogue.add_product(product, import_, an_event(import_))

    counts = (
        await store.batches.under_way(mine),
        await store.batches.under_way(mine, "bat_1"),
        await store.upkeep.refreshing(mine),
        await store.bulk.under_way("blk_1"),
    )

    assert counts == (1, 1, 1, 1)


async def test_rows_of_paused_sites_wait(store: Store, mine: str) -> None:
    """Rows are given without those of some sites and their subdomains."""
    batch = a_batch(mine)
    await store.batches.add_batch(batch)
    hosts = (SHOP, f"www.{SHOP}", f"de.{SHOP}", "other.example", f"my{SHOP}")
    rows = [
        BatchRow(
            batch_id=batch.id, number=number, cells=(), source_url=f"https://{host}/{number}", state=RowState.WAITING
        )
        for number, host in enumerate(hosts, 1)
    ]
    await store.batches.add_rows(rows)

    assert [row.number for row in await store.batches.waiting(batch.id, 9, [SHOP])] == [4, 5]
    assert [row.number for row in await store.batches.waiting(batch.id, 9, [SHOP, "other.example"])] == [5]
    assert len(await store.batches.waiting(batch.id, 9)) == 5
    assert [await store.batches.count_waiting(batch.id, site) for site in ("", SHOP, "other.example")] == [5, 3, 1]


async def test_refreshes_of_paused_sites_wait(store: Store, mine: str) -> None:
    """What is due at a paused site is left out."""
    product = await ended_product(store, mine)
    await store.upkeep.plan({product.id: NOON})

    assert [each.product_id for each in await store.upkeep.due(mine, LATER, 9)] == [product.id]
    assert await store.upkeep.due(mine, LATER, 9, [SHOP]) == []


async def test_bulk_actions_know_the_sites_of_products(store: Store, mine: str) -> None:
    """A product of a paused site is hindered, as an import would be held."""
    await ended_product(store, mine, Status.FAILED)

    (brief,) = await store.bulk.briefs(mine, parse_filter("", NOON), LATER)

    assert hindrance(Act.RETRY, brief, [SHOP]) is Hindrance.PAUSED
    assert hindrance(Act.RETRY, brief, ["other.example"]) is None
