"""What every engine promises."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cartage.engine import Engine, Standing, Steps, run_id
from cartage.engines.embedded import Embedded
from cartage.model.catalogue import Attempt
from cartage.model.errors import EngineTaken, PageNotFound, UpstreamUnavailable
from tests.contracts.engine_worlds import (
    PATIENCE_SECONDS,
    PRESET,
    REQUEST,
    SETTLING_SECONDS,
    Plan,
    Work,
    a_failing_step,
    a_long_step_and_another,
    a_world,
    three_steps,
    until,
)
from tests.contracts.records import an_attempt

ROUNDING = 0.002  # Inngest's moments are whole milliseconds

Make = Callable[[Plan], Awaitable[tuple[Work, Engine]]]


@pytest.fixture(params=["inline", "embedded", "embedded, later", "inngest"])
async def make(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Make]:
    """Give a maker of a started engine with a workflow."""
    async with a_world(request.param, tmp_path) as world:
        yield world.start


async def test_steps_run_in_order(make: Make) -> None:
    """A workflow's steps run one after the other, and a later one may use what an earlier one gave."""
    work, engine = await make(three_steps)

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.ended)

    assert work.ran == ["first", "second", "result of first"]
    assert work.ended == ["imp_1"]
    assert work.abandoned == []


async def test_a_result_comes_back_as_the_type_it_was(make: Make) -> None:
    """What a step gives has gone through JSON and is equal to what it was."""
    given: dict[str, object] = {}
    attempt = an_attempt("direct")

    async def plan(work: Work, steps: Steps) -> None:
        async def give() -> list[Attempt]:
            return [attempt]

        given["a list"] = await steps.run("give", give)
        given["nothing"] = await steps.run("nothing", work.wait, "open")

    work, engine = await make(plan)
    work.gate.set()

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.ended or work.abandoned)

    assert given == {"a list": [attempt], "nothing": None}


async def test_the_same_import_runs_once(make: Make) -> None:
    """Sending an import's id again does nothing, during the run and after it."""
    work, engine = await make(three_steps)

    await asyncio.gather(*(engine.send("imp_1", REQUEST) for _ in range(3)))
    await until(lambda: work.ended)
    await engine.send("imp_1", REQUEST)
    await engine.send("imp_2", REQUEST)
    await until(lambda: "imp_2" in work.ended)

    assert work.ended == ["imp_1", "imp_2"]
    assert work.ran.count("first") == 2


async def test_a_step_may_ask_for_other_work(make: Make) -> None:
    """What a step sends is no part of it: both imports end, and what was asked for may ask in turn."""
    asked: list[str] = []

    async def ask() -> None:
        asked.append(f"imp_{len(asked) + 2}")
        if len(asked) < 3:
            await engine.send(asked[-1], REQUEST)

    async def plan(work: Work, steps: Steps) -> None:
        await steps.run("ask", ask)
        await steps.run("after", work.note, "after")

    work, engine = await make(plan)
    await engine.send("imp_1", REQUEST)
    await until(lambda: len(work.ended) == 3 or work.abandoned)

    assert sorted(work.ended) == ["imp_1", "imp_2", "imp_3"]
    assert work.abandoned == []
    assert (len(asked), work.ran) == (3, ["after"] * 3)


async def test_a_cancelled_import_stops_before_its_next_step(make: Make) -> None:
    """The step under way ends; the next never begins, and nobody calls it a failure of ours."""
    work, engine = await make(a_long_step_and_another)
    sending = asyncio.create_task(engine.send("imp_1", REQUEST))
    await until(lambda: work.ran)

    await engine.cancel("imp_1")
    work.gate.set()
    await sending
    await asyncio.sleep(SETTLING_SECONDS)

    assert work.ran == ["long"]
    assert work.ended == []
    assert work.abandoned == []


async def test_an_import_runs_anew_where_that_is_asked(make: Make) -> None:
    """Each new `again` is a run with steps of its own, which knows nothing of the one before; the same one is none."""
    loads: list[str] = []

    async def load(again: str) -> bool:
        loads.append(again)
        return len(loads) == 1

    async def plan(work: Work, steps: Steps) -> None:
        if not await steps.run("load", load, steps.again):
            await steps.run("after", work.note, "after")

    work, engine = await make(plan)
    await engine.send("imp_1", REQUEST)
    await until(lambda: work.ended)

    await asyncio.gather(*(engine.send("imp_1", REQUEST, again="second") for _ in range(3)))
    await until(lambda: work.ran)
    await engine.send("imp_1", REQUEST)
    await asyncio.sleep(SETTLING_SECONDS)

    runs = ["imp_1", run_id("imp_1", "second"), run_id("imp_1", "third")]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while Standing.WORKING in (standings := await engine.standings(runs)).values():  # noqa: ASYNC110 - it is polled
            await asyncio.sleep(0.02)
    known = [Standing.OVER, Standing.OVER, Standing.UNKNOWN]
    assert list(standings.values()) in (known, [Standing.UNCLEAR] * 3)
    assert (loads, work.ran, work.abandoned) == (["", "second"], ["after"], [])


async def test_a_later_run_is_cancelled_by_its_import(make: Make) -> None:
    """Whoever cancels an import names it alone: the run that is under way stops before its next step."""
    work, engine = await make(a_long_step_and_another)
    sending = asyncio.create_task(engine.send("imp_1", REQUEST, again="second"))
    await until(lambda: work.ran)

    await engine.cancel("imp_1")
    work.gate.set()
    await sending
    await asyncio.sleep(SETTLING_SECONDS)

    assert (work.ran, work.ended, work.abandoned) == (["long"], [], [])


async def test_cancelling_one_import_leaves_another(make: Make) -> None:
    """Only the named import stops."""
    work, engine = await make(a_long_step_and_another)
    sending = [asyncio.create_task(engine.send(import_id, REQUEST)) for import_id in ("imp_1", "imp_2")]
    await until(lambda: len(work.ran) == 2)

    await engine.cancel("imp_1")
    work.gate.set()
    await asyncio.gather(*sending)
    await until(lambda: work.ended)

    assert work.ended == ["imp_2"]


async def test_a_failing_workflow_is_abandoned(make: Make) -> None:
    """An error that nobody foresaw is handed to the workflow's `abandon`, once, and no further step runs."""
    work, engine = await make(a_failing_step)

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.abandoned)

    assert [import_id for import_id, _ in work.abandoned] == ["imp_1"]
    assert "by zero" in work.abandoned[0][1]
    assert work.ran == ["first"]
    assert work.ended == []


async def test_a_sleep_lasts_until_its_moment(make: Make) -> None:
    """A sleep ends at the moment named, and one in the past at once."""

    async def plan(work: Work, steps: Steps) -> None:
        await steps.sleep_until("past", datetime.now(UTC) - timedelta(hours=1))
        await steps.run("before", work.note, "before")
        await steps.sleep_until("future", when)
        await steps.run("after", work.note, "after")

    work, engine = await make(plan)
    when = datetime.now(UTC) + timedelta(seconds=0.5)

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.ended)

    assert work.ran == ["before", "after"]
    assert datetime.now(UTC) >= when


async def test_a_sleep_is_not_stretched_by_a_clock_that_was_set_back(make: Make) -> None:
    """A moment that is suddenly an hour away is not waited for longer than the sleep was to last."""

    async def plan(work: Work, steps: Steps) -> None:
        await steps.sleep_until("sleep", datetime.now(UTC) + timedelta(hours=1), at_most=0.1)
        await steps.run("after", work.note, "after")

    work, engine = await make(plan)

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.ended)

    assert work.ran == ["after"]


async def test_one_process_at_a_time_holds_the_folder(tmp_path: Path) -> None:
    """A second engine on the same folder refuses to start, and says so."""
    first = Embedded(tmp_path / "engine", Work(three_steps))
    await first.start()

    with pytest.raises(EngineTaken):
        await Embedded(tmp_path / "engine", Work(three_steps)).start()

    await first.stop()


async def test_a_step_that_may_succeed_later_follows_the_preset(make: Make) -> None:
    """A step that fails for a while is run three times at most, with the preset's waits, and then goes on."""
    times: list[datetime] = []

    async def plan(work: Work, steps: Steps) -> None:
        async def flaky() -> str:
            times.append(datetime.now(UTC))
            if len(times) < PRESET.attempts:
                raise UpstreamUnavailable("The site is busy.")
            return "there"

        await steps.run("first", work.note, "first")
        await steps.run("after", work.note, await steps.run("try", flaky))

    work, engine = await make(plan)

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.ended or work.abandoned)

    waits = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)]
    assert work.ran == ["first", "there"]
    assert waits[0] >= PRESET.first_delay_seconds - ROUNDING
    assert waits[1] >= PRESET.first_delay_seconds * PRESET.factor - ROUNDING


async def test_a_site_s_own_wait_is_kept(make: Make) -> None:
    """A step is not run again before the moment that the site asked for, though the preset is shorter."""
    times: list[datetime] = []

    async def plan(work: Work, steps: Steps) -> None:
        async def busy() -> None:
            times.append(datetime.now(UTC))
            if len(times) == 1:
                raise UpstreamUnavailable("The site is busy.", retry_after_seconds=1.0)

        await steps.run("try", busy)
        await steps.run("after", work.note, "after")

    work, engine = await make(plan)

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.ended or work.abandoned)

    assert work.ran == ["after"]
    assert (times[1] - times[0]).total_seconds() >= 1.0 - ROUNDING


async def test_a_step_that_never_succeeds_ends_the_workflow(make: Make) -> None:
    """After the preset's tries the workflow is abandoned, with the step's own reason."""
    ran: list[int] = []

    async def plan(_: Work, steps: Steps) -> None:
        async def dead() -> None:
            ran.append(1)
            raise UpstreamUnavailable("The site is down for good.")

        await steps.run("try", dead)

    work, engine = await make(plan)

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.abandoned)

    assert len(ran) == PRESET.attempts
    assert "The site is down for good." in work.abandoned[0][1]


async def test_a_permanent_error_is_not_tried_again(make: Make) -> None:
    """A step whose error says never is run once, and the workflow is abandoned with that error."""
    ran: list[int] = []

    async def plan(_: Work, steps: Steps) -> None:
        async def gone() -> None:
            ran.append(1)
            raise PageNotFound("The page is gone.")

        await steps.run("try", gone)

    work, engine = await make(plan)

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.abandoned)
    await asyncio.sleep(SETTLING_SECONDS)

    assert len(ran) == 1
    assert len(work.abandoned) == 1
    assert "The page is gone." in work.abandoned[0][1]
