"""What every store promises of enhancement: settings, runs, texts and decisions."""

import asyncio

import pytest

from cartage.model.catalogue import CatalogueProduct, ImportState, Status
from cartage.model.edit import Edit
from cartage.model.enhancement import (
    EnhancementState,
    EnhanceRun,
    EnhanceSettings,
    Offence,
    RunState,
    Task,
    Text,
    TextField,
)
from cartage.model.errors import Conflict, NotFound
from cartage.model.locks import with_edit
from cartage.store import Store
from tests.contracts.enhancement_records import ARABIC, MUG, TITLE, a_proposal, a_run, begun_run, run_event
from tests.contracts.records import NOON, an_event, an_import, ended_product

COMPLETED = "product/enhance.completed"


def over(run: EnhanceRun, state: RunState = RunState.SUCCEEDED) -> EnhanceRun:
    """Give a run as it ended."""
    return run.model_copy(update={"state": state, "done": run.wanted, "finished_at": NOON})


async def imported_again(store: Store, product: CatalogueProduct) -> CatalogueProduct:
    """Import a product once more, and give what is kept."""
    import_ = an_import(product, id=f"{product.import_id}-2", number=2)
    begun = await store.catalogue.begin_import(import_, an_event(import_))
    settled = begun.model_copy(update={"status": Status.IMPORTED, "facts": MUG, "written": ()})
    ended = import_.model_copy(update={"state": ImportState.SUCCEEDED, "finished_at": NOON})
    assert await store.catalogue.end_import(settled, ended, an_event(import_))
    return await store.catalogue.product(product.merchant_id, product.id)


async def test_settings_are_kept_and_off_at_first(store: Store, mine: str, theirs: str) -> None:
    """Nothing is written until a merchant says so; each merchant's settings are its own."""
    wished = EnhanceSettings(
        merchant_id=mine, automatic=True, tasks=(Task.TITLE, Task.TRANSLATION), languages=("ar",), voice="Warm."
    )
    await store.enhancements.set_settings(wished.model_copy(update={"voice": "Cool."}))
    await store.enhancements.set_settings(wished)

    assert await store.enhancements.settings(mine) == wished
    assert wished.wanted == (TITLE, ARABIC)
    assert await store.enhancements.settings(theirs) == EnhanceSettings(merchant_id=theirs)
    assert not EnhanceSettings(merchant_id=theirs).automatic


async def test_a_run_is_written_once(store: Store, mine: str) -> None:
    """The same run again is the one that is kept, and is told of once."""
    product, run = await begun_run(store, mine)
    await store.enhancements.mark_running(run.id)

    again = await store.enhancements.begin_run(run, run_event(product))

    events = await store.catalogue.events(mine, product_id=product.id)
    assert again.state is RunState.RUNNING
    assert [event.name for event in events].count("product/enhance.requested") == 1
    assert await store.enhancements.unfinished_runs() == [again]


async def test_a_product_has_one_run_under_way(store: Store, mine: str) -> None:
    """Of many who ask at once one is answered; a newer import's run takes the place of an older one."""
    product = await ended_product(store, mine, facts=MUG)
    rivals = [a_run(product) for _ in range(4)]

    outcomes = await asyncio.gather(
        *(store.enhancements.begin_run(each, run_event(product)) for each in rivals), return_exceptions=True
    )
    newer = await store.enhancements.begin_run(a_run(product), run_event(product), instead=True)

    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "Conflict", "Conflict", "EnhanceRun"]
    assert await store.enhancements.unfinished_runs() == [newer]
    older = next(each for each in await store.enhancements.runs(mine, product.id) if each.id != newer.id)
    assert older.failure
    assert (older.state, older.failure.code) == (RunState.FAILED, "enhancement_superseded")


async def test_a_finished_run_makes_a_product_enhanced(store: Store, mine: str) -> None:
    """The end of a run, the status and the event are written together, and once."""
    product, run = await begun_run(store, mine)

    first = await store.enhancements.end_run(over(run), run_event(product, COMPLETED), enhanced=True)
    second = await store.enhancements.end_run(over(run), run_event(product, COMPLETED), enhanced=True)

    kept = await store.catalogue.product(mine, product.id)
    events = [event.name for event in await store.catalogue.events(mine, product_id=product.id)]
    assert (first, second) == (True, False)
    assert kept.status is Status.ENHANCED
    assert kept == product.model_copy(update={"status": Status.ENHANCED})
    assert events.count(COMPLETED) == 1


async def test_a_failed_run_leaves_the_product_imported(store: Store, mine: str) -> None:
    """A failure of enhancement never is the product's failure."""
    product, run = await begun_run(store, mine)

    await store.enhancements.end_run(over(run, RunState.FAILED), run_event(product), enhanced=False)

    assert await store.catalogue.product(mine, product.id) == product


async def test_a_run_of_an_older_import_changes_no_status(store: Store, mine: str) -> None:
    """A run that ends while or after the product is imported again leaves the newer import's status alone."""
    product, run = await begun_run(store, mine)
    newer = await imported_again(store, product)

    assert await store.enhancements.end_run(over(run), run_event(product), enhanced=True)

    assert (await store.catalogue.product(mine, product.id)).status is newer.status is Status.IMPORTED


async def test_a_proposal_takes_the_place_of_the_last(store: Store, mine: str, theirs: str) -> None:
    """The newest text of each field and language is shown; a run's own texts stay to be looked up."""
    product, run = await begun_run(store, mine, wanted=(TITLE, ARABIC))
    first, second = a_proposal(run), a_proposal(run, "A mug", number=2)
    offence = Offence(kind="claim", found="best", sentence="The best.")
    arabic = a_proposal(
        run, "كوب", task=Task.TRANSLATION, language="ar", state=EnhancementState.REFUSED, offences=(offence,)
    )
    for each in (first, arabic, second, second):
        await store.enhancements.keep([each])

    shown = await store.enhancements.enhancements(mine, product.id)
    tried = await store.enhancements.enhancements(mine, product.id, run_id=run.id)

    assert {each.id: each for each in shown} == {second.id: second, arabic.id: arabic}
    assert {each.id for each in tried} == {first.id, second.id, arabic.id}
    with pytest.raises(NotFound):
        await store.enhancements.enhancements(theirs, product.id)


async def test_a_run_that_is_over_keeps_nothing(store: Store, mine: str) -> None:
    """What a second runner brings after the end is not written."""
    product, run = await begun_run(store, mine)
    await store.enhancements.end_run(over(run), run_event(product), enhanced=True)

    await store.enhancements.keep([a_proposal(run)])

    assert await store.enhancements.enhancements(mine, product.id) == []


async def test_an_accepted_text_is_the_product_s_and_says_who_wrote_it(store: Store, mine: str) -> None:
    """Accepting puts the text beside the facts, with its model; rejecting takes it away again."""
    product, run = await begun_run(store, mine)
    proposal = a_proposal(run)
    await store.enhancements.keep([proposal])

    (accepted,) = await store.enhancements.decide(mine, product.id, {proposal.id: True}, NOON)
    kept = await store.catalogue.product(mine, product.id)
    await store.enhancements.decide(mine, product.id, {proposal.id: False}, NOON)
    after = await store.catalogue.product(mine, product.id)

    assert (accepted.state, accepted.decided_at) == (EnhancementState.ACCEPTED, NOON)
    assert kept.facts == MUG
    assert kept.text(TextField.TITLE) == Text(text="Stoneware mug", model="openai:small")
    assert after.text(TextField.TITLE) == Text(text="Mug")
    assert after.text(TextField.TITLE, "ar") is None
    assert after.text(TextField.SEO_TITLE) is None


async def test_an_accepted_text_gives_way_to_a_later_one(store: Store, mine: str) -> None:
    """One text is in force for a field and language: the one accepted last, or what a person writes after it."""
    product, run = await begun_run(store, mine)
    first, second = a_proposal(run), a_proposal(run, "A mug", number=2)
    for each in (first, second):
        await store.enhancements.keep([each])
        await store.enhancements.decide(mine, product.id, {each.id: True}, NOON)

    kept = await store.catalogue.product(mine, product.id)
    edited = await store.catalogue.change_product(
        mine, product.id, lambda kept: with_edit(kept, Edit(name="Our mug"), NOON)
    )

    assert [each.text for each in kept.written] == ["A mug"]
    assert [each.id for each in await store.enhancements.enhancements(mine, product.id)] == [second.id]
    assert edited.text(TextField.TITLE) == Text(text="Our mug")


async def test_an_accepted_text_outlasts_an_import(store: Store, mine: str) -> None:
    """An import that knew nothing of the decision does not undo it."""
    product, run = await begun_run(store, mine)
    proposal = a_proposal(run)
    await store.enhancements.keep([proposal])
    await store.enhancements.decide(mine, product.id, {proposal.id: True}, NOON)

    again = await imported_again(store, product)

    assert [each.text for each in again.written] == ["Stoneware mug"]


async def test_what_was_refused_cannot_be_accepted(store: Store, mine: str, theirs: str) -> None:
    """The check's word stands; ids of other products and merchants are unknown, and nothing is written."""
    product, run = await begun_run(store, mine)
    refused = a_proposal(run, state=EnhancementState.REFUSED)
    other, other_run = await begun_run(store, mine)
    elsewhere = a_proposal(other_run)
    await store.enhancements.keep([refused])
    await store.enhancements.keep([elsewhere])

    with pytest.raises(Conflict):
        await store.enhancements.decide(mine, product.id, {refused.id: True}, NOON)
    with pytest.raises(NotFound):
        await store.enhancements.decide(mine, product.id, {elsewhere.id: True}, NOON)
    with pytest.raises(NotFound):
        await store.enhancements.decide(theirs, other.id, {elsewhere.id: True}, NOON)

    assert (await store.catalogue.product(mine, other.id)).written == ()


async def test_runs_are_a_merchant_s_own(store: Store, mine: str, theirs: str) -> None:
    """Another merchant neither sees nor begins a run of a product."""
    product, run = await begun_run(store, mine)

    with pytest.raises(NotFound):
        await store.enhancements.run(theirs, run.id)
    with pytest.raises(NotFound):
        await store.enhancements.runs(theirs, product.id)
    with pytest.raises(NotFound):
        await store.enhancements.begin_run(a_run(product, merchant_id=theirs), run_event(product))


async def test_decisions_are_one_act(store: Store, mine: str) -> None:
    """Texts are accepted and rejected together; where one decision cannot be, none is written."""
    product, run = await begun_run(store, mine)
    title, refused = a_proposal(run), a_proposal(run, state=EnhancementState.REFUSED, field=TextField.BULLETS)
    headline = a_proposal(run, field=TextField.SEO_TITLE)
    await store.enhancements.keep([title, refused, headline])

    with pytest.raises(Conflict):
        await store.enhancements.decide(mine, product.id, {headline.id: False, refused.id: True}, NOON)
    before = {each.id: each.state for each in await store.enhancements.enhancements(mine, product.id)}
    await store.enhancements.decide(mine, product.id, {headline.id: False, title.id: True}, NOON)
    after = {each.id: each.state for each in await store.enhancements.enhancements(mine, product.id)}

    assert before[headline.id] is EnhancementState.PROPOSED
    assert (after[headline.id], after[title.id]) == (EnhancementState.REJECTED, EnhancementState.ACCEPTED)
