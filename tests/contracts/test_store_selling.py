"""What every store promises of pricing rules, settings of targets, and exports with their files."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cartage.exports.maker import completed
from cartage.model.errors import NotFound
from cartage.model.export import Export, ExportPart, ExportReport, ExportState, TargetSettings
from cartage.model.ids import new_id
from cartage.model.pricing import PriceRange, PricingRules
from cartage.store import Store
from tests.contracts.records import NOON

HOUR = timedelta(hours=1)
RULES = PricingRules(ranges=(PriceRange(multiplier=Decimal("2.5")),), rates={"USD": Decimal("0.92")}, currency="EUR")


async def kept_export(store: Store, merchant_id: str, **changes: Any) -> Export:
    """Store an export that waits."""
    export = Export(id=new_id("exp"), merchant_id=merchant_id, target="shopify", created_at=NOON)
    await store.selling.add_export(export.model_copy(update=changes))
    return export.model_copy(update=changes)


async def test_pricing_rules_are_each_merchants_own(store: Store, mine: str, theirs: str) -> None:
    """There are none until they are set; what is set again replaces what was."""
    before = await store.selling.pricing(mine)
    await store.selling.set_pricing(mine, PricingRules())
    await store.selling.set_pricing(mine, RULES)

    assert (before, await store.selling.pricing(mine)) == (None, RULES)
    assert await store.selling.pricing(theirs) is None


async def test_settings_are_kept_by_target(store: Store, mine: str, theirs: str) -> None:
    """Each target has settings of its own, for each merchant."""
    google = TargetSettings(link_template="https://shop.example/p/{handle}", tags=("a", "b"))
    await store.selling.set_target_settings(mine, "google", TargetSettings(gender="male"))
    await store.selling.set_target_settings(mine, "google", google)
    await store.selling.set_target_settings(mine, "shopify", TargetSettings(status="active"))

    kept = await store.selling.target_settings(mine)

    assert kept == {"google": google, "shopify": TargetSettings(status="active")}
    assert await store.selling.target_settings(theirs) == {}


async def test_exports_are_listed_newest_first(store: Store, mine: str, theirs: str) -> None:
    """A merchant sees their own, page by page; another's is unknown."""
    first, second, third = [await kept_export(store, mine) for _ in range(3)]
    other = await kept_export(store, theirs)

    assert await store.selling.exports(mine, limit=2) == [third, second]
    assert await store.selling.exports(mine, before=second.id) == [first]
    with pytest.raises(NotFound):
        await store.selling.export(mine, other.id)


async def test_an_export_is_held_by_one_maker(store: Store, mine: str) -> None:
    """The oldest is taken first, by one maker until the moment it named; then it is anybody's."""
    first, second = [await kept_export(store, mine) for _ in range(2)]

    taken = [await store.selling.lease_export(maker, NOON, NOON + HOUR) for maker in "abc"]
    again = await store.selling.lease_export("c", NOON + HOUR, NOON + 2 * HOUR)

    assert [each and (each.id, each.state) for each in taken] == [
        (first.id, ExportState.RUNNING),
        (second.id, ExportState.RUNNING),
        None,
    ]
    assert again
    assert again.id == first.id


async def test_only_the_holder_writes_how_it_goes(store: Store, mine: str) -> None:
    """A maker that was given up on neither reports nor ends; what is over is not taken again."""
    export = await kept_export(store, mine)
    await store.selling.lease_export("slow", NOON, NOON + HOUR)
    held = await store.selling.lease_export("quick", NOON + HOUR, NOON + 2 * HOUR)
    assert held
    further = held.model_copy(update={"done": 700})
    part = ExportPart(name="products.csv", media_type="text/csv", size=12)
    report = ExportReport(products=900, rows=2700)
    ended = further.model_copy(
        update={"state": ExportState.READY, "report": report, "parts": (part,), "finished_at": NOON}
    )

    assert not await store.selling.note_export(further, "slow", NOON + 3 * HOUR)
    assert await store.selling.note_export(further, "quick", NOON + 3 * HOUR)
    assert (await store.selling.export(mine, export.id)).done == 700
    assert not await store.selling.end_export(ended, "slow", completed(ended))
    assert await store.selling.end_export(ended, "quick", completed(ended))
    assert await store.selling.export(mine, export.id) == ended
    assert await store.selling.lease_export("quick", NOON + 9 * HOUR, NOON + 10 * HOUR) is None


async def test_files_come_back_piece_by_piece(store: Store, mine: str) -> None:
    """Each part has its pieces in order; a later maker writes over an earlier one's, or clears them."""
    export = await kept_export(store, mine)
    for part, number, content in ((0, 0, b"old"), (0, 0, b"head\n"), (0, 1, b"\x00\xff" * 1000), (1, 0, b"")):
        await store.selling.put_piece(export.id, part, number, content)

    read = [await store.selling.piece(export.id, part, number) for part, number in ((0, 0), (0, 1), (0, 2), (1, 0))]
    await store.selling.clear_pieces(export.id)

    assert read == [b"head\n", b"\x00\xff" * 1000, None, b""]
    assert await store.selling.piece(export.id, 0, 0) is None


async def test_the_end_of_an_export_is_an_event(store: Store, mine: str) -> None:
    """It is written with the end, once; a maker that lost its lease writes neither."""
    export = await kept_export(store, mine)
    await store.selling.lease_export("quick", NOON, NOON + HOUR)
    ended = export.model_copy(update={"state": ExportState.READY, "report": ExportReport(products=3, warnings=1)})
    await store.selling.end_export(ended, "slow", completed(ended))
    await store.selling.end_export(ended, "quick", completed(ended))
    await store.selling.end_export(ended, "quick", completed(ended))

    (event,) = await store.catalogue.events(mine)

    assert event.name == "export/completed"
    assert (event.data["exportId"], event.data["state"], event.data["products"]) == (export.id, "ready", 3)


async def test_old_files_are_dropped_and_the_export_says_so(store: Store, mine: str) -> None:
    """The record and its report stay; younger and unfinished exports keep their files."""
    over = {"state": ExportState.READY}
    old = await kept_export(store, mine, **over, finished_at=NOON)
    young = await kept_export(store, mine, **over, finished_at=NOON + HOUR)
    waiting = await kept_export(store, mine)
    for export in (old, young, waiting):
        await store.selling.put_piece(export.id, 0, 0, b"x")

    dropped = await store.selling.drop_files(NOON + HOUR)

    kept = [(await store.selling.export(mine, each.id)).files_kept for each in (old, young, waiting)]
    pieces = [await store.selling.piece(each.id, 0, 0) for each in (old, young, waiting)]
    assert (dropped, kept, pieces) == (1, [False, True, True], [None, b"x", b"x"])
    assert await store.selling.drop_files(NOON + HOUR) == 0
