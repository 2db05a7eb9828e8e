"""What every store promises of bulk actions, of the archive, and of deleting products."""

from datetime import timedelta
from typing import Any

import pytest

from cartage.model.batch import RowStatus
from cartage.model.bulk import Act, Brief, BulkAction, BulkState, Hindrance, Left
from cartage.model.catalogue import Status
from cartage.model.edit import Edit
from cartage.model.errors import NotFound, PageNotFound
from cartage.model.filtering import EVERYTHING, Filter, parse_filter
from cartage.model.ids import new_id
from cartage.model.locks import with_edit
from cartage.model.product import Product
from cartage.store import Store
from tests.contracts.records import (
    NOON,
    a_batch,
    an_attempt,
    an_event,
    an_import,
    ended_product,
    kept_product,
    kept_rows,
    sent_row,
)

HOUR = timedelta(hours=1)


def wanting(text: str) -> Filter:
    """Read a filter."""
    return parse_filter(text, NOON)


async def kept_action(store: Store, merchant_id: str, **changes: Any) -> BulkAction:
    """Store a bulk action that waits."""
    action = BulkAction(id=new_id("blk"), merchant_id=merchant_id, act=Act.RETRY, at=NOON).model_copy(update=changes)
    await store.bulk.add_action(action)
    return action


async def listed(store: Store, merchant_id: str, text: str = "") -> set[str]:
    """Give the ids of the products that a filter finds."""
    return set(await store.listing.product_ids(merchant_id, wanting(text)))


async def test_actions_are_each_merchants_own(store: Store, mine: str, theirs: str) -> None:
    """A merchant sees their own, newest first and page by page, an edit as it was set; another's is unknown."""
    edit = Edit(brand="Lumen", add_tags=("Sale",))
    first, second = await kept_action(store, mine), await kept_action(store, mine, act=Act.EDIT, edit=edit)
    other = await kept_action(store, theirs)

    assert await store.bulk.actions(mine) == [second, first]
    assert await store.bulk.actions(mine, before=second.id) == [first]
    kept = await store.bulk.action(mine, second.id)
    assert (kept, kept.edit and kept.edit.model_fields_set) == (second, {"brand", "add_tags"})
    for ask in (store.bulk.action(mine, other.id), store.bulk.stop_action(mine, other.id, NOON)):
        with pytest.raises(NotFound):
            await ask


async def test_an_action_is_held_by_one_process_and_taken_in_turn(store: Store, mine: str) -> None:
    """What is due the longest is taken first; what a process holds is nobody else's until its lease ends."""
    first, second = await kept_action(store, mine), await kept_action(store, mine, at=NOON + HOUR)

    taken = [await store.bulk.lease_action(actor, NOON + HOUR, NOON + 2 * HOUR) for actor in "abc"]
    again = await store.bulk.lease_action("c", NOON + 2 * HOUR, NOON + 3 * HOUR)

    assert [each and each.id for each in taken] == [first.id, second.id, None]
    assert taken[0]
    assert taken[0].state is BulkState.RUNNING
    assert again
    assert again.id == first.id


async def test_only_the_holder_notes_how_far_it_is(store: Store, mine: str) -> None:
    """A process that was given up on writes nothing; what is over is neither written nor taken again."""
    action = await kept_action(store, mine)
    await store.bulk.lease_action("slow", NOON, NOON + HOUR)
    held = await store.bulk.lease_action("quick", NOON + HOUR, NOON + 2 * HOUR)
    assert held
    left = (Left(reason=Hindrance.LASTING, count=3, first=("prd_1",)),)
    further = held.model_copy(update={"done": 7, "after": "prd_7", "left": left})
    ended = further.model_copy(update={"state": BulkState.DONE, "finished_at": NOON})

    assert not await store.bulk.note_action(further, "slow", NOON + HOUR)
    assert await store.bulk.note_action(further, "quick", NOON + HOUR)
    assert await store.bulk.action(mine, action.id) == further
    assert await store.bulk.note_action(ended, "quick", NOON + HOUR)
    assert not await store.bulk.note_action(further, "quick", NOON + HOUR)
    assert await store.bulk.lease_action("quick", NOON + 9 * HOUR, NOON + 10 * HOUR) is None


async def test_a_stopped_action_does_nothing_more(store: Store, mine: str) -> None:
    """Whoever holds it learns of it at the next note; one that is over stays as it is."""
    action = await kept_action(store, mine)
    held = await store.bulk.lease_action("a", NOON, NOON + HOUR)
    assert held

    stopped = await store.bulk.stop_action(mine, action.id, NOON + HOUR)
    again = await store.bulk.stop_action(mine, action.id, NOON + 2 * HOUR)

    assert (stopped.state, stopped.finished_at) == (BulkState.STOPPED, NOON + HOUR)
    assert again == stopped
    assert not await store.bulk.note_action(held, "a", NOON + HOUR)
    assert await store.bulk.lease_action("b", NOON + 9 * HOUR, NOON + 10 * HOUR) is None


async def test_briefs_tell_what_an_act_needs_to_know(store: Store, mine: str, theirs: str) -> None:
    """They come in the order of the ids, after one where asked, of one's own products that were there by then."""
    read = await ended_product(store, mine, facts=Product(name="Mug"))
    failed = await ended_product(store, mine, Status.FAILED, failure=PageNotFound("gone").failure())
    late, _ = await kept_product(store, mine, created_at=NOON + HOUR)
    await kept_product(store, theirs)

    briefs = await store.bulk.briefs(mine, EVERYTHING, NOON)

    expected = [
        Brief(id=read.id, status=Status.IMPORTED, site="shop.example", read=True),
        Brief(id=failed.id, status=Status.FAILED, error="not_found", site="shop.example"),
    ]
    assert briefs == sorted(expected, key=lambda brief: brief.id)
    assert await store.bulk.briefs(mine, EVERYTHING, NOON, after=briefs[0].id, limit=1) == [briefs[1]]
    assert [each.id for each in await store.bulk.briefs(mine, wanting("status:importing"), NOON + HOUR)] == [late.id]


async def test_imports_of_an_action_are_counted_and_found(store: Store, mine: str) -> None:
    """What an action began is under way until it ends, and `action:` finds it."""
    product = await ended_product(store, mine, Status.FAILED)
    again = an_import(product, id=new_id("imp"), number=2, action_id="blk_1")
    await store.catalogue.begin_import(again, an_event(again))

    (brief,) = await store.bulk.briefs(mine, EVERYTHING, NOON)

    assert (brief.action_id, brief.status) == ("blk_1", Status.IMPORTING)
    assert (await store.bulk.under_way("blk_1"), await store.bulk.under_way("blk_2")) == (1, 0)
    assert [each.id for each in await store.listing.imports(mine, wanting("action:blk_1"))] == [again.id]
    assert await listed(store, mine, "action:blk_1") == {product.id}
    assert await listed(store, mine, "action:blk_2") == set()


async def test_archived_products_are_in_no_list_unless_asked_for(store: Store, mine: str, theirs: str) -> None:
    """Archiving takes them out of lists and counts, `archived:` finds them, restoring brings them back."""
    one, two = [await ended_product(store, mine, facts=Product(name="Mug")) for _ in range(2)]
    other = await ended_product(store, theirs)

    archived = await store.bulk.archive(mine, [one.id, other.id, "prd_none"], NOON, "blk_1")
    again = await store.bulk.archive(mine, [one.id], NOON + HOUR, "blk_2")

    kept = await store.catalogue.product(mine, one.id)
    assert (archived, again, kept.archived_at, kept.archived_by) == (1, 0, NOON, "blk_1")
    assert await listed(store, mine) == await listed(store, mine, "archived:no") == {two.id}
    assert await store.listing.count_products(mine) == 1
    assert (
        await listed(store, mine, "archived:yes") == await listed(store, mine, "action:blk_1 archived:any") == {one.id}
    )
    assert await listed(store, mine, "archived:any") == {one.id, two.id}
    assert (await store.catalogue.product(theirs, other.id)).archived_at is None
    assert await store.bulk.archive(mine, [one.id, two.id], None) == 1
    assert await listed(store, mine) == {one.id, two.id}


async def test_the_archive_outlasts_an_import_and_is_not_refreshed(store: Store, mine: str) -> None:
    """An import that ends after its product was archived leaves it there; no schedule plans it."""
    product, import_ = await kept_product(store, mine)
    await store.bulk.archive(mine, [product.id], NOON)
    ended = product.model_copy(update={"status": Status.IMPORTED, "facts": Product(name="Mug")})
    assert await store.catalogue.end_import(ended, import_, an_event(import_))

    kept = await store.catalogue.product(mine, product.id)

    assert (kept.status, kept.archived_at) == (Status.IMPORTED, NOON)
    assert await store.upkeep.unplanned(mine, 10) == []


async def test_tags_and_ids_are_found(store: Store, mine: str) -> None:
    """`tag:` finds whole tags whatever their case, `id:` the products that it names."""
    one, two = [await ended_product(store, mine, facts=Product(name="Mug")) for _ in range(2)]
    await store.catalogue.change_product(
        mine, one.id, lambda kept: with_edit(kept, Edit(add_tags=("Süßes", "A b")), NOON)
    )

    found = {text: await listed(store, mine, text) for text in ("tag:SÜSSES", 'tag:"a b"', "tag:a", f"id:{two.id}")}

    assert found == {"tag:SÜSSES": {one.id}, 'tag:"a b"': {one.id}, "tag:a": set(), f"id:{two.id}": {two.id}}
    assert (await store.catalogue.product(mine, one.id)).tags == ("Süßes", "A b")


async def test_a_deleted_product_leaves_nothing_behind(store: Store, mine: str, theirs: str) -> None:
    """Its imports, pages and history go; rows of lists say so; what is under way and another's stay."""
    batch = a_batch(mine)
    row, *_ = await kept_rows(store, batch, 1)
    _, product, import_ = await sent_row(store, batch, row)
    page_id = await store.artifacts.put(mine, "text/html", b"<h1>Mug")
    attempt = an_attempt("direct").model_copy(update={"page_id": page_id})
    await store.catalogue.record_attempt(import_.id, attempt)
    ended = product.model_copy(update={"status": Status.IMPORTED, "facts": Product(name="Mug")})
    assert await store.catalogue.end_import(ended, import_, an_event(import_))
    busy, _ = await kept_product(store, mine)
    other = await ended_product(store, theirs)

    deleted = await store.bulk.delete(mine, [product.id, busy.id, other.id])

    assert deleted == 1
    asked = (
        store.catalogue.product(mine, product.id),
        store.catalogue.import_(mine, import_.id),
        store.artifacts.get(mine, page_id),
    )
    for ask in asked:
        with pytest.raises(NotFound):
            await ask
    assert await store.upkeep.history(mine, product.id) == []
    (told,) = await store.batches.results(batch.id)
    assert (told.status, told.product_id) == (RowStatus.DELETED, None)
    assert await listed(store, mine) == {busy.id}
    assert await store.bulk.delete(mine, [product.id]) == 0
    assert await store.catalogue.product(theirs, other.id) == other
