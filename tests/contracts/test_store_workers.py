"""What every store promises of workers' signs of life."""

from datetime import timedelta

from cartage.model.worker import Worker
from cartage.store import Store
from tests.contracts.records import NOON

MINUTE = timedelta(minutes=1)


def a_worker(number: int, **changes: object) -> Worker:
    """Make a worker that started so many minutes after noon, and was seen then."""
    started = NOON + number * MINUTE
    worker = Worker(id=f"wrk_{number}", name=f"box:{number}", engine="embedded", started_at=started, seen_at=started)
    return worker.model_copy(update=changes)


async def test_a_worker_has_its_newest_sign(store: Store) -> None:
    """Signs of one worker take each other's place, with what it runs; the longest running stands first."""
    late, early = a_worker(2), a_worker(1)
    for each in (late, early):
        await store.workers.beat(each)

    again = a_worker(1, seen_at=NOON + 5 * MINUTE, running=("imp_1", "imp_2"))
    await store.workers.beat(again)

    assert await store.workers.seen(NOON) == [again, late]


async def test_who_leaves_or_falls_silent_is_forgotten(store: Store) -> None:
    """A worker that took its leave is gone, and so is for ever one that was not seen for too long."""
    for number in (1, 2, 3):
        await store.workers.beat(a_worker(number))
    await store.workers.leave("wrk_3")
    await store.workers.leave("wrk_unknown")

    assert [each.id for each in await store.workers.seen(NOON + 2 * MINUTE)] == ["wrk_2"]
    assert [each.id for each in await store.workers.seen(NOON)] == ["wrk_2"]
