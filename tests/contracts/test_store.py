"""What every store promises about a catalogue and its artifacts, whichever it is."""

import asyncio

import pytest

from cartage.model.catalogue import ImportState, Status, StepState
from cartage.model.errors import Conflict, Internal, NotFound
from cartage.model.ids import new_id
from cartage.model.product import Product
from cartage.store import Store
from tests.contracts.records import (
    NOON,
    a_product,
    a_step,
    an_attempt,
    an_event,
    an_import,
    ended_product,
    kept_product,
)

FAILURE = Internal("It broke.").failure()


async def test_a_product_comes_back_as_it_was_kept(store: Store, mine: str) -> None:
    """Product, import and event are all there, equal to what was written."""
    product, import_ = await kept_product(store, mine)

    assert await store.catalogue.product(mine, product.id) == product
    assert await store.catalogue.import_(mine, import_.id) == import_
    (event,) = await store.catalogue.events(mine)
    assert (event.name, event.data) == ("product/scrape.requested", {"productId": product.id})


async def test_facts_come_back_exactly(store: Store, mine: str) -> None:
    """What was read of a product survives being stored, whatever its script."""
    facts = Product(name="دلة قهوة ☕", attributes=(("Größe", "1,2 l"),))
    product = await ended_product(store, mine, facts=facts, missing=("price",))

    kept = await store.catalogue.product(mine, product.id)

    assert kept.facts == facts
    assert kept.missing == ("price",)
    assert kept.created_at == NOON


async def test_nothing_is_anothers(store: Store, mine: str, theirs: str) -> None:
    """Another merchant's product, import and artifact read as unknown ones do, in the same words."""
    product, import_ = await kept_product(store, mine)
    artifact = await store.artifacts.put(mine, "text/html", b"<html>")

    with pytest.raises(NotFound) as anothers:
        await store.catalogue.product(theirs, product.id)
    with pytest.raises(NotFound):
        await store.catalogue.import_(theirs, import_.id)
    with pytest.raises(NotFound):
        await store.artifacts.get(theirs, artifact)
    assert await store.artifacts.has(mine, artifact)
    assert not await store.artifacts.has(theirs, artifact)
    with pytest.raises(NotFound) as unknown:
        await store.catalogue.product(theirs, "prd_unknown")
    assert str(anothers.value).replace(product.id, "?") == str(unknown.value).replace("prd_unknown", "?")


async def test_lists_hold_ones_own_only(store: Store, mine: str, theirs: str) -> None:
    """No list, search or look-up by address shows another merchant's."""
    product, _ = await kept_product(store, mine)

    assert await store.listing.products(theirs) == []
    assert await store.catalogue.imports(theirs) == []
    assert await store.catalogue.imports(theirs, product_id=product.id) == []
    assert await store.catalogue.events(theirs) == []
    assert await store.catalogue.events(theirs, product_id=product.id) == []
    assert await store.catalogue.product_by_url(theirs, product.source_url) is None


async def test_anothers_product_cannot_be_imported_again(store: Store, mine: str, theirs: str) -> None:
    """Beginning an import of another merchant's product is refused as unknown, and changes nothing."""
    product = await ended_product(store, mine)
    stolen = an_import(product, id=new_id("imp"), merchant_id=theirs, number=2)

    with pytest.raises(NotFound):
        await store.catalogue.begin_import(stolen, an_event(stolen))

    assert await store.catalogue.product(mine, product.id) == product


async def test_an_import_begins_again_on_a_settled_product(store: Store, mine: str) -> None:
    """Status IMPORTING, the new import's id, no failure, and the facts kept until better ones come."""
    facts = Product(name="Mug")
    product = await ended_product(store, mine, Status.FAILED, failure=FAILURE, facts=facts)
    again = an_import(product, id=new_id("imp"), number=2)

    begun = await store.catalogue.begin_import(again, an_event(again))

    assert (begun.status, begun.import_id, begun.failure) == (Status.IMPORTING, again.id, None)
    assert begun.facts == facts
    assert await store.catalogue.product(mine, product.id) == begun
    assert await store.catalogue.import_(mine, again.id) == again


async def test_a_second_import_at_once_is_refused(store: Store, mine: str) -> None:
    """While an import is under way another raises `Conflict`, and leaves neither import nor event behind."""
    product, first = await kept_product(store, mine)
    second = an_import(product, id=new_id("imp"), number=2)

    with pytest.raises(Conflict):
        await store.catalogue.begin_import(second, an_event(second))

    assert [each.id for each in await store.catalogue.imports(mine)] == [first.id]
    assert len(await store.catalogue.events(mine)) == 1


async def test_of_imports_begun_at_the_same_time_one_wins(store: Store, mine: str) -> None:
    """Five retries in the same moment give one import and four conflicts."""
    product = await ended_product(store, mine)
    rivals = [an_import(product, id=new_id("imp"), number=2) for _ in range(5)]

    outcomes = await asyncio.gather(
        *(store.catalogue.begin_import(each, an_event(each)) for each in rivals), return_exceptions=True
    )

    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 4
    assert len(await store.catalogue.imports(mine)) == 2


async def test_an_import_runs_once_it_was_queued(store: Store, mine: str) -> None:
    """Queued becomes running; what is over stays over."""
    _, import_ = await kept_product(store, mine)
    over = await ended_product(store, mine)

    await store.catalogue.mark_running(import_.id)
    await store.catalogue.mark_running(over.import_id)
    await store.catalogue.mark_running("imp_unknown")

    assert (await store.catalogue.import_(mine, import_.id)).state is ImportState.RUNNING
    assert (await store.catalogue.import_(mine, over.import_id)).state is ImportState.SUCCEEDED


async def test_an_import_ends_once(store: Store, mine: str) -> None:
    """The first end is written; a second writes nothing and says so."""
    product, import_ = await kept_product(store, mine)
    done = product.model_copy(update={"status": Status.IMPORTED})
    broken = product.model_copy(update={"status": Status.FAILED, "failure": FAILURE})

    first = await store.catalogue.end_import(
        done, an_import(product, state=ImportState.SUCCEEDED), an_event(import_, "product/scrape.completed")
    )
    second = await store.catalogue.end_import(
        broken, an_import(product, state=ImportState.FAILED), an_event(import_, "product/scrape.failed")
    )

    assert (first, second) == (True, False)
    assert await store.catalogue.product(mine, product.id) == done
    assert (await store.catalogue.import_(mine, import_.id)).state is ImportState.SUCCEEDED
    names = [event.name for event in await store.catalogue.events(mine)]
    assert names == ["product/scrape.requested", "product/scrape.completed"]


async def test_of_ends_at_the_same_time_one_is_written(store: Store, mine: str) -> None:
    """Two runners that finish at once leave one end and one event."""
    product, import_ = await kept_product(store, mine)
    done = product.model_copy(update={"status": Status.IMPORTED})
    ended = an_import(product, state=ImportState.SUCCEEDED)

    written = await asyncio.gather(
        *(store.catalogue.end_import(done, ended, an_event(import_, "product/scrape.completed")) for _ in range(5))
    )

    assert sorted(written) == [False] * 4 + [True]
    assert len(await store.catalogue.events(mine)) == 2


async def test_an_earlier_imports_runner_cannot_end_a_later_one(store: Store, mine: str) -> None:
    """A runner that slept through a retry writes nothing: neither product, nor import, nor event."""
    product = await ended_product(store, mine, Status.FAILED)
    again = an_import(product, id=new_id("imp"), number=2)
    begun = await store.catalogue.begin_import(again, an_event(again))
    late = product.model_copy(update={"status": Status.IMPORTED, "facts": Product(name="Late")})

    written = await store.catalogue.end_import(
        late, an_import(product, state=ImportState.SUCCEEDED), an_event(an_import(product))
    )

    assert not written
    assert await store.catalogue.product(mine, product.id) == begun
    assert (await store.catalogue.import_(mine, product.import_id)).state is ImportState.FAILED
    assert (await store.catalogue.import_(mine, again.id)).state is ImportState.QUEUED
    assert len(await store.catalogue.events(mine)) == 3


async def test_another_products_import_cannot_end_this_one(store: Store, mine: str) -> None:
    """An end that joins one product to another's import writes nothing at all."""
    product, _ = await kept_product(store, mine)
    _, other = await kept_product(store, mine)
    done = product.model_copy(update={"status": Status.IMPORTED})

    written = await store.catalogue.end_import(
        done, other.model_copy(update={"state": ImportState.SUCCEEDED}), an_event(other)
    )

    assert not written
    assert await store.catalogue.product(mine, product.id) == product
    assert (await store.catalogue.import_(mine, other.id)).state is ImportState.QUEUED
    assert len(await store.catalogue.events(mine)) == 2


async def test_an_unknown_import_ends_nothing(store: Store, mine: str) -> None:
    """An end of what was never begun is refused."""
    product = a_product(mine)

    assert not await store.catalogue.end_import(product, an_import(product), an_event(an_import(product)))
    assert await store.catalogue.events(mine) == []


async def test_an_address_is_one_product(store: Store, mine: str, theirs: str) -> None:
    """A second product of one source address is refused and leaves nothing; another merchant may have its own."""
    product, _ = await kept_product(store, mine)
    second = a_product(mine, source_url=product.source_url)

    with pytest.raises(Conflict):
        await store.catalogue.add_product(second, an_import(second), an_event(an_import(second)))

    await kept_product(store, theirs, source_url=product.source_url)
    assert await store.catalogue.product_by_url(mine, product.source_url) == product
    assert await store.catalogue.product_by_url(mine, "https://shop.example/p/other") is None
    assert len(await store.catalogue.imports(mine)) == len(await store.catalogue.events(mine)) == 1


async def test_of_products_added_at_the_same_time_one_stays(store: Store, mine: str) -> None:
    """Five submissions of one address in the same moment make one product."""
    products = [a_product(mine, source_url="https://shop.example/p/kettle") for _ in range(5)]

    outcomes = await asyncio.gather(
        *(store.catalogue.add_product(each, an_import(each), an_event(an_import(each))) for each in products),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 4
    assert len(await store.listing.products(mine)) == 1


async def test_imports_are_paged_newest_first(store: Store, mine: str) -> None:
    """Imports come newest first, of one product where asked, and below an id."""
    product = await ended_product(store, mine)
    await kept_product(store, mine)
    again = an_import(product, id=new_id("imp"), number=2)
    await store.catalogue.begin_import(again, an_event(again))

    listed = await store.catalogue.imports(mine, product_id=product.id)
    below = await store.catalogue.imports(mine, product_id=product.id, before=again.id, limit=1)

    assert [each.id for each in listed] == [again.id, product.import_id]
    assert [each.id for each in below] == [product.import_id]
    assert len(await store.catalogue.imports(mine)) == 3


async def test_unfinished_imports_are_everyones_oldest_first(store: Store, mine: str, theirs: str) -> None:
    """Queued and running ones, of every merchant; none that is over."""
    _, first = await kept_product(store, mine)
    await ended_product(store, mine)
    _, last = await kept_product(store, theirs)
    await store.catalogue.mark_running(first.id)

    assert [each.id for each in await store.catalogue.unfinished_imports()] == [first.id, last.id]


async def test_imports_are_counted_by_state(store: Store, mine: str, theirs: str) -> None:
    """Everybody's, and only states that there are."""
    await kept_product(store, mine)
    await ended_product(store, mine)
    await ended_product(store, theirs)

    assert await store.catalogue.import_counts() == {ImportState.QUEUED: 1, ImportState.SUCCEEDED: 2}


async def test_the_oldest_in_line_is_known(store: Store, mine: str, theirs: str) -> None:
    """Of all merchants' queued imports, since when the first one waits; None where none does."""
    assert await store.catalogue.waiting_since() is None

    await ended_product(store, mine)
    _, first = await kept_product(store, mine)
    await kept_product(store, theirs)
    assert await store.catalogue.waiting_since() == first.created_at


async def test_a_step_is_kept_in_its_latest_state(store: Store, mine: str) -> None:
    """Writing a step again replaces it; every writing leaves an event; steps come in order of starting."""
    _, import_ = await kept_product(store, mine)
    second = a_step(import_.id, "a: second", minute=1)
    first = a_step(import_.id, "b: first")
    done = first.model_copy(update={"state": StepState.SUCCEEDED, "detail": "Found.", "finished_at": NOON})

    for step in (second, first, done):
        await store.catalogue.record_steps([(step, an_event(import_, "import/step"))])

    assert await store.catalogue.steps(import_.id) == [done, second]
    assert len(await store.catalogue.events(mine)) == 4


async def test_steps_are_kept_together(store: Store, mine: str) -> None:
    """Steps that are told at once are all kept, with an event each, in their order."""
    _, import_ = await kept_product(store, mine)
    steps = [a_step(import_.id, name, minute=minute) for minute, name in enumerate(("b", "a"))]

    await store.catalogue.record_steps([(step, an_event(import_, f"import/{step.name}")) for step in steps])

    assert await store.catalogue.steps(import_.id) == steps
    assert [event.name for event in await store.catalogue.events(mine)][1:] == ["import/b", "import/a"]


async def test_an_attempt_is_kept_once(store: Store, mine: str) -> None:
    """The same provider and number again changes nothing; attempts come in the order they were made."""
    _, import_ = await kept_product(store, mine)
    second, first = an_attempt("direct", minute=1), an_attempt("shop_api")
    repeated = second.model_copy(update={"duration_ms": 99})

    for attempt in (first, second, repeated, an_attempt("direct", 2, minute=2)):
        await store.catalogue.record_attempt(import_.id, attempt)

    assert await store.catalogue.attempts(import_.id) == [first, second, an_attempt("direct", 2, minute=2)]


async def test_sequences_grow_and_are_paged(store: Store, mine: str, theirs: str) -> None:
    """Events of all merchants share one growing count; a reader goes on after the last it saw."""
    _, import_ = await kept_product(store, mine)
    await kept_product(store, theirs)
    other, _ = await kept_product(store, mine)
    await store.catalogue.record_steps([(a_step(import_.id, "load"), an_event(import_, "import/step"))])

    events = await store.catalogue.events(mine)
    sequences = [event.sequence for event in events]

    assert len(sequences) == 3
    assert sequences == sorted(set(sequences))
    assert await store.catalogue.events(mine, after=sequences[0]) == events[1:]
    assert await store.catalogue.events(mine, after=sequences[0], limit=1) == events[1:2]
    assert await store.catalogue.events(mine, product_id=other.id) == events[1:2]
    assert await store.catalogue.events(mine, after=sequences[-1]) == []


async def test_concurrent_writers_all_get_their_own_sequence(store: Store, mine: str) -> None:
    """Twenty submissions at once are all kept, each event with its own number."""
    await asyncio.gather(*(kept_product(store, mine) for _ in range(20)))

    events = await store.catalogue.events(mine)

    assert len({event.sequence for event in events}) == 20
    assert len(await store.listing.products(mine)) == 20


async def test_bytes_come_back_exactly(store: Store, mine: str) -> None:
    """An artifact is bytes, whatever they are; each writing has its own id."""
    content = bytes(range(256)) * 64

    first = await store.artifacts.put(mine, "application/octet-stream", content)
    second = await store.artifacts.put(mine, "application/octet-stream", b"")

    assert await store.artifacts.get(mine, first) == content
    assert await store.artifacts.get(mine, second) == b""
    assert first != second
