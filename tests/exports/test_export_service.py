"""Exports as jobs: made by whoever is there, once, with what was found; and products put back."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from cartage.exports.maker import Maker
from cartage.exports.restoring import restore
from cartage.exports.service import AT_ONCE, Exports
from cartage.exports.targets.jsonl import record
from cartage.imports.progress import event_for
from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.export import ExportState, TargetSettings
from cartage.stores.memory import MemoryStore
from tests.contracts.records import an_import, kept_merchant
from tests.exports.linen import RULES, a_mug, a_shirt


async def kept(store: MemoryStore, merchant_id: str, *products: CatalogueProduct) -> list[CatalogueProduct]:
    """Keep products, each with an import."""
    own = [each.model_copy(update={"merchant_id": merchant_id, "import_id": f"imp_{each.id}"}) for each in products]
    for product in own:
        import_ = an_import(product)
        await store.catalogue.add_product(product, import_, event_for(import_, "test/kept", {}))
    return own


@pytest.fixture
async def store() -> MemoryStore:
    """Give a store."""
    return MemoryStore()


@pytest.fixture
async def mine(store: MemoryStore) -> str:
    """Give the id of a merchant."""
    return (await kept_merchant(store)).id


async def content_of(exports: Exports, merchant_id: str, export_id: str) -> bytes:
    """Read a download to its end."""
    download = await exports.download(merchant_id, export_id)
    return b"".join([piece async for piece in download.pieces])


async def test_every_product_is_in_the_file_once(store: MemoryStore, mine: str) -> None:
    """However many pages the store gives, and only this merchant's."""
    exports = Exports(store)
    await kept(store, mine, *(a_mug(number) for number in range(2 * AT_ONCE + 1)))
    await kept(store, (await kept_merchant(store, "Theirs")).id, a_shirt())
    export = await exports.submit(mine, "jsonl")

    assert await Maker(exports).make_next()

    lines = (await content_of(exports, mine, export.id)).decode().splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == len(lines) == 2 * AT_ONCE + 1
    assert not await Maker(exports).make_next()


async def test_exports_use_the_merchants_rules_and_settings(store: MemoryStore, mine: str) -> None:
    """The selling price is in the file, and the settings of the target."""
    exports = Exports(store)
    await kept(store, mine, a_shirt())
    await store.selling.set_pricing(mine, RULES)
    await exports.set_settings(mine, "shopify", TargetSettings(status="active"))

    export = await exports.submit(mine, "shopify")
    await Maker(exports).make_next()

    content = (await content_of(exports, mine, export.id)).decode()
    assert "79.90,99.90,31.96" in content
    assert ",active," in content


async def test_an_export_that_its_maker_left_is_made_anew(store: MemoryStore, mine: str) -> None:
    """What a dead process wrote of it does not remain in the file."""
    exports = Exports(store)
    await kept(store, mine, a_mug())
    export = await exports.submit(mine, "jsonl")
    past = datetime.now(UTC) - timedelta(hours=1)
    await store.selling.lease_export("dead", past, past + timedelta(minutes=1))
    for number in range(3):
        await store.selling.put_piece(export.id, 0, number, b"half a line")

    assert await Maker(exports).make_next()

    assert (await content_of(exports, mine, export.id)).decode() == record(
        await store.catalogue.product(mine, a_mug().id)
    ) + "\n"


async def test_what_breaks_ends_the_export_with_a_reason(store: MemoryStore, mine: str) -> None:
    """It is not tried for ever: it says that it failed, and whose fault it is."""
    exports = Exports(store)
    export = await exports.submit(mine, "jsonl")
    await store.selling.add_export(export.model_copy(update={"target": "gone"}))

    assert await Maker(exports).make_next()

    ended = await exports.export(mine, export.id)
    assert (ended.state, ended.failure and ended.failure.code) == (ExportState.FAILED, "not_found_here")
    with pytest.raises(Conflict):
        await exports.download(mine, export.id)


async def test_files_that_are_gone_say_so(store: MemoryStore, mine: str) -> None:
    """The report stays, and the download tells that the files are no longer kept."""
    exports = Exports(store)
    export = await exports.submit(mine, "jsonl")
    await Maker(exports).make_next()
    await store.selling.drop_files(datetime.now(UTC) + timedelta(seconds=1))

    with pytest.raises(Conflict, match="no longer kept"):
        await exports.download(mine, export.id)
    assert (await exports.export(mine, export.id)).report


async def test_restored_products_are_equal(store: MemoryStore, mine: str) -> None:
    """Everything comes back but whose it is: evidence, locks, what is missing, dates and ids."""
    shirt = a_shirt().model_copy(update={"locked": ("name",), "missing": ("rating",)})
    (before,) = await kept(store, mine, shirt)
    other = MemoryStore()
    theirs = (await kept_merchant(other)).id

    (restored,) = [each async for each in restore(other, theirs, [record(before)])]

    after = await other.catalogue.product(theirs, before.id)
    assert restored.new
    assert after == before.model_copy(update={"merchant_id": theirs})
    assert (await other.catalogue.import_(theirs, after.import_id)).state.over


async def test_another_merchants_id_gives_way(store: MemoryStore, mine: str) -> None:
    """In the same installation the product gets an id of its own; what is there already stays."""
    (before,) = await kept(store, mine, a_shirt())
    theirs = (await kept_merchant(store, "Theirs")).id

    twice = [each async for each in restore(store, theirs, [record(before), record(before)])]

    assert [each.new for each in twice] == [True, False]
    assert twice[0].product.id != before.id
    assert (await store.catalogue.product(theirs, twice[0].product.id)).facts == before.facts
    assert await store.catalogue.product(mine, before.id) == before


@pytest.mark.parametrize(
    "line", ["{", "[]", "7", '{"id": "prd_1"}', json.dumps({**json.loads(record(a_mug())), "facts": None})]
)
async def test_a_line_that_is_no_product_is_refused(store: MemoryStore, mine: str, line: str) -> None:
    """The line is named, and those before it stay."""
    lines = [record(a_shirt()), "", line]

    with pytest.raises(InvalidInput, match="Line 3"):
        async for _ in restore(store, mine, lines):
            pass

    assert (await store.catalogue.product(mine, a_shirt().id)).status is Status.IMPORTED
