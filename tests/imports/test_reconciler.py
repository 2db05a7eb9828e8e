"""What becomes of imports that their engine lost: queued again, or ended with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from cartage.engine import Standing
from cartage.imports.ledgers import ImportLedger
from cartage.imports.pausing import Pausing
from cartage.imports.progress import event_for, now
from cartage.imports.reconciler import GRACE, LOST_AFTER, SILENT_AT_WORK, SILENT_IN_QUEUE, Reconciler
from cartage.imports.service import Imports, Submission
from cartage.imports.workflow import ImportWorkflow
from cartage.model.catalogue import Status, Step, StepState
from cartage.stores.memory import MemoryStore
from tests.imports.conftest import MERCHANT, URL
from tests.kept_engine import KeptEngine

SOON = GRACE * 2


class Scene:
    """Hold a store, an engine that says what it is told to, and the reconciler over both."""

    def __init__(self, stands: Standing) -> None:
        self.store, self.engine = MemoryStore(), KeptEngine(stands=stands)
        self.imports = Imports(self.store, self.engine)
        self.reconciler = Reconciler(ImportLedger(self.store.catalogue), self.engine, ImportWorkflow(self.store, {}))

    async def submitted(self, url: str = URL) -> Submission:
        """Submit an address and forget that it was sent."""
        submission = await self.imports.submit(MERCHANT, url)
        self.engine.sent.clear()
        self.engine.lanes.clear()
        return submission

    async def look(self, after: timedelta) -> int:
        """Reconcile as if so much time had passed."""
        return await self.reconciler.reconcile(at=now() + after)

    async def status(self, submission: Submission) -> Status:
        """Give the product's status."""
        return (await self.imports.product(MERCHANT, submission.product.id)).status


async def test_an_import_that_never_reached_the_engine_is_sent() -> None:
    """After a crash between the row and the send, the import is sent under its own id."""
    scene = Scene(Standing.UNKNOWN)
    submission = await scene.submitted()

    mended = await scene.look(SOON)

    assert mended == 1
    assert [import_id for import_id, _ in scene.engine.sent] == [submission.import_.id]
    assert scene.engine.sent[0][1].productId == submission.product.id


async def test_a_fresh_import_is_left_to_the_process_that_took_it() -> None:
    """Within the first two seconds nobody interferes."""
    scene = Scene(Standing.UNKNOWN)
    await scene.submitted()

    assert await scene.look(timedelta(0)) == 0
    assert scene.engine.sent == []


async def test_an_import_under_way_is_left_alone() -> None:
    """Nothing is sent or ended while the engine works at it, however long it takes."""
    scene = Scene(Standing.WORKING)
    submission = await scene.submitted()

    assert await scene.look(LOST_AFTER * 2) == 0
    assert scene.engine.sent == []
    assert await scene.status(submission) is Status.IMPORTING


async def test_an_import_that_the_engine_dropped_ends_with_a_reason() -> None:
    """A run that is over while the import is not ends in FAILED, and says whose side that was."""
    scene = Scene(Standing.OVER)
    submission = await scene.submitted()

    mended = await scene.look(SOON)

    product = await scene.imports.product(MERCHANT, submission.product.id)
    assert mended == 1
    assert product.status is Status.FAILED
    assert product.failure
    assert product.failure.code == "import_lost"


async def test_an_ended_import_is_not_touched() -> None:
    """What is over stays as it ended."""
    scene = Scene(Standing.UNKNOWN)
    submission = await scene.submitted()
    await scene.imports.cancel(MERCHANT, submission.product.id)

    assert await scene.look(LOST_AFTER) == 0
    assert scene.engine.sent == []


async def test_a_silent_queued_import_is_sent_again_less_and_less_often() -> None:
    """Where the engine cannot say, a queued import is sent again under the same id after 1, 2, 4 minutes."""
    scene = Scene(Standing.UNCLEAR)
    await scene.submitted()

    sent = [await scene.look(SILENT_IN_QUEUE * factor) for factor in (0.5, 1.1, 1.5, 2.1, 3.9, 4.1)]

    assert sent == [0, 1, 0, 1, 0, 1]
    assert scene.engine.lanes == [(False, "")] * 3


async def test_a_silent_run_is_asked_for_anew() -> None:
    """An import that began and then gave no sign for a quarter of an hour gets a run of its own."""
    scene = Scene(Standing.UNCLEAR)
    submission = await scene.submitted()
    await scene.store.catalogue.mark_running(submission.import_.id)

    before, after = await scene.look(SILENT_AT_WORK * 0.9), await scene.look(SILENT_AT_WORK * 1.1)

    assert (before, after) == (0, 1)
    assert scene.engine.lanes[0][1]


async def test_a_waiting_run_is_not_silent() -> None:
    """A run that sleeps until a moment is given until then, and its patience after."""
    scene = Scene(Standing.UNCLEAR)
    import_ = (await scene.submitted()).import_
    await scene.store.catalogue.mark_running(import_.id)
    until = now() + timedelta(hours=1)
    waiting = Step(import_id=import_.id, name="wait", state=StepState.WAITING, started_at=now(), until=until)
    await scene.store.catalogue.record_steps([(waiting, event_for(import_, "import/step", {}))])

    assert await scene.look(timedelta(hours=1) + SILENT_AT_WORK * 0.9) == 0


@pytest.mark.parametrize("began", [False, True])
async def test_nothing_is_importing_for_ever(began: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    """After a day without a sign an import ends in FAILED, whether it began or not."""
    scene = Scene(Standing.UNCLEAR)
    submission = await scene.submitted()
    if began:
        await scene.store.catalogue.mark_running(submission.import_.id)

    await scene.look(LOST_AFTER + timedelta(seconds=1))

    assert await scene.status(submission) is Status.FAILED


async def test_a_crowd_goes_behind_people() -> None:
    """When many of one merchant's imports were lost, they are sent as a batch is."""
    scene = Scene(Standing.UNKNOWN)
    for number in range(25):
        await scene.submitted(f"{URL}-{number}")

    await scene.look(SOON)

    assert [bulk for bulk, _ in scene.engine.lanes] == [True] * 25


async def test_a_held_import_is_left_alone() -> None:
    """However long a pause lasts, what it holds is neither sent nor ended as lost, whatever the engine says of it."""
    for stands in Standing:
        scene = Scene(stands)
        await Pausing(scene.store).pause(MERCHANT, "all")
        submission = await scene.submitted()

        assert await scene.look(LOST_AFTER * 10) == 0
        assert (scene.engine.sent, await scene.status(submission)) == ([], Status.IMPORTING)


async def test_a_release_that_was_not_sent_is_sent() -> None:
    """After a crash between the release and the send, the import's new run is asked for, by its own name."""
    scene = Scene(Standing.UNKNOWN)
    await Pausing(scene.store).pause(MERCHANT, "all")
    submission = await scene.submitted()
    await Pausing(scene.store).resume(MERCHANT, "all")
    (released,) = await scene.store.pauses.release(MERCHANT, now(), 1)

    assert await scene.look(SOON) == 1
    assert scene.engine.sent[0][0] == submission.import_.id
    assert scene.engine.lanes == [(False, released.again)]


async def test_what_was_released_after_days_is_not_lost_at_once() -> None:
    """The patience with an import that was held counts from when it was sent."""
    scene = Scene(Standing.UNCLEAR)
    submission = await scene.submitted()
    held = submission.import_.model_copy(update={"held": True, "created_at": now() - 3 * LOST_AFTER})
    scene.store.catalogue.put_import(held)
    (released,) = await scene.store.pauses.release(MERCHANT, now(), 1)

    looked = [await scene.look(SILENT_IN_QUEUE * factor) for factor in (0.5, 1.1)]

    assert looked == [0, 1]
    assert scene.engine.lanes == [(False, released.again)]
    await scene.look(LOST_AFTER + timedelta(seconds=1))
    assert await scene.status(submission) is Status.FAILED


@dataclass
class HoldingEngine(KeptEngine):
    """Be an engine whose run is held, and ends, while the reconciler asks for it."""

    store: MemoryStore = field(default_factory=MemoryStore)

    async def standings(self, run_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Say that all are over, of imports that are held by now."""
        for each in run_ids:
            await self.store.catalogue.mark_running(each)
        return dict.fromkeys(run_ids, Standing.OVER)


async def test_a_run_that_is_held_in_this_moment_is_not_ended() -> None:
    """What the engine calls over because it was held just now is no lost import."""
    scene = Scene(Standing.OVER)
    submission = await scene.submitted()
    scene.reconciler.engine = HoldingEngine(store=scene.store)
    await Pausing(scene.store).pause(MERCHANT, "all")

    assert await scene.look(SOON) == 0
    assert await scene.status(submission) is Status.IMPORTING
