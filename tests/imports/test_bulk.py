"""Bulk actions: told before, done once to each product, a few imports at a time, stopped, undone, and crash-proof."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest

from cartage.imports.acting import Actor
from cartage.imports.bulk import BulkActions, Wish
from cartage.imports.pausing import Pausing
from cartage.imports.progress import event_for, now
from cartage.imports.service import Imports
from cartage.model.arrangement import Placed
from cartage.model.bulk import Act, BulkAction, BulkState, Hindrance
from cartage.model.catalogue import CatalogueProduct, ImportState, Status
from cartage.model.edit import Edit
from cartage.model.errors import CartageError, Conflict, InvalidInput, PageNotFound, RateLimited
from cartage.model.pricing import Markup, PricingRules
from cartage.model.product import Money, Product
from cartage.pricing.products import prices_of
from cartage.stores.memory import MemoryStore
from tests.contracts.records import ended_product, kept_product
from tests.kept_engine import KeptEngine

MERCHANT = "mer_1"
MUG = Product(name="Mug", brand="Old", price=Money(amount=Decimal(10), currency="EUR"))


@dataclass
class Depot:
    """Hold a merchant's products, and what acts on them; imports are sent and never run."""

    window: int = 16
    store: MemoryStore = field(default_factory=MemoryStore)
    engine: KeptEngine = field(default_factory=KeptEngine)

    @property
    def imports(self) -> Imports:
        """Give what begins imports."""
        return Imports(self.store, self.engine)

    @property
    def bulk(self) -> BulkActions:
        """Give what the doors call."""
        return BulkActions(self.store)

    def actor(self) -> Actor:
        """Give a process that acts."""
        return Actor(self.store, self.imports, self.window)

    async def product(self) -> CatalogueProduct:
        """Keep an imported product."""
        return await ended_product(self.store, MERCHANT, facts=MUG)

    async def failed(self, error: CartageError | None = None) -> CatalogueProduct:
        """Keep a product whose import failed."""
        failure = (error or RateLimited("slow down")).failure()
        return await ended_product(self.store, MERCHANT, Status.FAILED, failure=failure)

    async def submit(self, act: Act, wanted: str = "", edit: Edit | None = None) -> BulkAction:
        """Ask for an act."""
        return await self.bulk.submit(MERCHANT, Wish(act, wanted, edit))

    async def done(self, act: Act, wanted: str = "", edit: Edit | None = None) -> BulkAction:
        """Ask for an act and carry it out as far as it goes."""
        action = await self.submit(act, wanted, edit)
        return await self.carry_out(action, self.actor())

    async def carry_out(self, action: BulkAction, actor: Actor) -> BulkAction:
        """Let a process act until nothing is due."""
        while await actor.act():
            pass
        return await self.bulk.action(MERCHANT, action.id)

    async def end(self, product_id: str, state: ImportState = ImportState.SUCCEEDED) -> None:
        """End a product's import."""
        product = await self.store.catalogue.product(MERCHANT, product_id)
        import_ = await self.store.catalogue.import_(MERCHANT, product.import_id)
        status = Status.IMPORTED if state is ImportState.SUCCEEDED else Status.FAILED
        ended = import_.model_copy(update={"state": state, "finished_at": now()})
        settled = product.model_copy(update={"status": status, "facts": MUG})
        assert await self.store.catalogue.end_import(settled, ended, event_for(import_, "test/ended", {}))


def reasons(action: BulkAction) -> dict[Hindrance, int]:
    """Give why an act was not done, and to how many."""
    return {each.reason: each.count for each in action.left}


async def test_a_dry_run_tells_what_the_run_then_does() -> None:
    """Of all that match, it says how many can be retried and why the others cannot; the run does just that."""
    depot = Depot()
    for _ in range(3):
        await depot.failed()
    gone = await depot.failed(PageNotFound("gone"))
    await depot.product()
    await kept_product(depot.store, MERCHANT)

    told = await depot.bulk.forecast(MERCHANT, Act.RETRY, "")
    sent = len(depot.engine.sent)
    done = await depot.done(Act.RETRY)

    assert (told.matching, told.possible, sent) == (6, 3, 0)
    assert [each.count for each in told.causes] == [3]
    expected = {Hindrance.LASTING: 1, Hindrance.NOT_FAILED: 1, Hindrance.UNDER_WAY: 1}
    assert {each.reason: each.count for each in told.left} == reasons(done) == expected
    assert next(each.first for each in told.left if each.reason is Hindrance.LASTING) == (gone.id,)
    assert (done.state, done.total, done.done, len(depot.engine.sent)) == (BulkState.DONE, 6, 3, 3)


async def test_nothing_is_done_where_another_number_matches_than_expected() -> None:
    """Whoever looked at a list acts on that list, or on nothing."""
    depot = Depot()
    await depot.failed()

    with pytest.raises(Conflict):
        await depot.bulk.submit(MERCHANT, Wish(Act.RETRY), expect_count=2)

    assert await depot.bulk.actions(MERCHANT) == []


@pytest.mark.parametrize(
    "wish",
    [
        Wish(Act.EDIT),
        Wish(Act.ARCHIVE, edit=Edit(brand="x")),
        Wish(Act.EDIT, edit=Edit(price=Money(amount=Decimal(-1), currency="EUR"))),
        Wish(Act.EDIT, edit=Edit(sku="ONE-FOR-ALL")),
        Wish(Act.EDIT, edit=Edit(images=(Placed(url="https://shop.example/a.jpg"),))),
        Wish(Act.DELETE, from_step="extract"),
        Wish(Act.RETRY, "nonsense:yes"),
    ],
)
async def test_what_cannot_be_meant_is_refused(wish: Wish) -> None:
    """An act without what it needs, or with what it does not know, is refused before anything is kept."""
    depot = Depot()

    with pytest.raises(InvalidInput):
        await depot.bulk.submit(MERCHANT, wish)


async def test_only_so_many_imports_are_under_way_behind_those_of_people() -> None:
    """A large retry neither fills the engine's queue nor delays a single import."""
    depot = Depot(window=2)
    for _ in range(3):
        await depot.failed()
    action = await depot.submit(Act.RETRY)
    actor = depot.actor()

    held = await depot.carry_out(action, actor)
    begun = len(depot.engine.sent)
    await depot.end(depot.engine.sent[0][1].productId)
    actor.window = 10
    await depot.store.bulk.note_action(held, actor.name, now() - timedelta(seconds=1))
    whole = await depot.carry_out(held, actor)

    assert (held.state, held.done, begun) == (BulkState.RUNNING, 2, 2)
    assert all(bulk for bulk, _ in depot.engine.lanes)
    assert (whole.state, whole.done) == (BulkState.DONE, 3)
    assert await depot.bulk.imports(whole) == {ImportState.QUEUED: 2, ImportState.SUCCEEDED: 1}


async def test_what_a_dead_process_began_is_not_begun_again() -> None:
    """A process that dies after it began an import and before it said so leaves it to be counted, once."""
    depot = Depot()
    first, second = sorted([await depot.failed() for _ in range(2)], key=lambda product: product.id)
    action = await depot.submit(Act.REFRESH)
    dead = await depot.store.bulk.lease_action("dead", now(), now() - timedelta(seconds=1))
    assert dead
    await depot.imports.retry(MERCHANT, first.id, action_id=action.id)

    done = await depot.carry_out(action, depot.actor())

    assert (done.state, done.done, done.left) == (BulkState.DONE, 2, ())
    assert [request.productId for _, request in depot.engine.sent] == [first.id, second.id]


async def test_products_that_came_later_are_left_alone() -> None:
    """An act is on what was there when it was asked for."""
    depot = Depot()
    await depot.product()
    action = await depot.submit(Act.ARCHIVE)
    late, _ = await kept_product(depot.store, MERCHANT, created_at=now() + timedelta(seconds=9))

    done = await depot.carry_out(action, depot.actor())

    assert done.done == 1
    assert (await depot.store.catalogue.product(MERCHANT, late.id)).archived_at is None


async def test_an_edit_reaches_all_that_match_and_says_where_it_cannot() -> None:
    """Fields are set and locked, tags added, and a rule of their own prices them; unread products are named."""
    depot = Depot()
    product = await depot.product()
    await depot.failed()
    rule = Markup(multiplier=Decimal(3))

    done = await depot.done(Act.EDIT, edit=Edit(brand="New", add_tags=("Sale", "sale", "Summer"), own_rule=rule))

    kept = await depot.store.catalogue.product(MERCHANT, product.id)
    assert kept.facts
    assert (kept.facts.brand, kept.locked, kept.tags) == ("New", ("brand",), ("Sale", "Summer"))
    assert prices_of(kept, PricingRules()).own.price == Money(amount=Decimal("30.00"), currency="EUR")
    assert (done.done, reasons(done)) == (1, {Hindrance.NOT_READ: 1})
    await depot.done(Act.EDIT, edit=Edit(remove_tags=("SALE",), by_ranges=True))
    plain = await depot.store.catalogue.product(MERCHANT, product.id)
    assert (plain.tags, plain.own_rule) == (("Summer",), None)


async def test_archiving_is_undone_for_exactly_what_it_archived() -> None:
    """What was in the archive before stays there."""
    depot = Depot()
    before, after = await depot.product(), await depot.product()
    await depot.done(Act.ARCHIVE, f"id:{before.id}")
    archiving = await depot.done(Act.ARCHIVE)

    undoing = await depot.bulk.undo(MERCHANT, archiving.id)
    undone = await depot.carry_out(undoing, depot.actor())

    assert (archiving.done, undone.done, undone.undoes) == (1, 1, archiving.id)
    archived = {each.id: each.archived_at is not None for each in depot.store.catalogue.all_products()}
    assert archived == {before.id: True, after.id: False}


async def test_a_retry_is_undone_by_cancelling_what_it_began() -> None:
    """It stops, and imports of its own that are under way are cancelled; others go on."""
    depot = Depot(window=1)
    for _ in range(2):
        await depot.failed()
    other, _ = await kept_product(depot.store, MERCHANT)
    retrying = await depot.submit(Act.RETRY)
    await depot.actor().act()

    undone = await depot.carry_out(await depot.bulk.undo(MERCHANT, retrying.id), depot.actor())

    stopped = await depot.bulk.action(MERCHANT, retrying.id)
    assert (stopped.state, undone.done) == (BulkState.STOPPED, 1)
    assert (await depot.store.catalogue.product(MERCHANT, other.id)).status is Status.IMPORTING


async def test_deleting_cannot_be_undone_and_spares_what_is_under_way() -> None:
    """Settled products go for good; one that is being imported stays, and is counted as such."""
    depot = Depot()
    await depot.product()
    busy, _ = await kept_product(depot.store, MERCHANT)

    done = await depot.done(Act.DELETE)

    assert (done.done, reasons(done)) == (1, {Hindrance.UNDER_WAY: 1})
    assert [each.id for each in depot.store.catalogue.all_products()] == [busy.id]
    with pytest.raises(Conflict):
        await depot.bulk.undo(MERCHANT, done.id)


async def test_retries_leave_paused_sites_and_wait_while_all_is_paused() -> None:
    """A paused site's products are told as left, before and after; a pause of everything only delays the rest."""
    depot = Depot()
    pausing = Pausing(depot.store)
    for _ in range(2):
        await depot.failed()
    await pausing.pause(MERCHANT, "shop.example")
    forecast = await depot.bulk.forecast(MERCHANT, Act.RETRY, "")
    left = await depot.done(Act.RETRY)
    await pausing.resume(MERCHANT, "shop.example")

    await pausing.pause(MERCHANT, "all")
    action = await depot.submit(Act.RETRY)
    actor = depot.actor()
    await actor.act()
    waits = await depot.bulk.action(MERCHANT, action.id)
    await pausing.resume(MERCHANT, "all")

    assert [(each.reason, each.count) for each in (*forecast.left, *left.left)] == [(Hindrance.PAUSED, 2)] * 2
    assert (left.state, left.done) == (BulkState.DONE, 0)
    assert (waits.state, waits.seen, depot.engine.sent) == (BulkState.RUNNING, 0, [])
    assert (await depot.bulk.forecast(MERCHANT, Act.RETRY, "")).possible == 2
