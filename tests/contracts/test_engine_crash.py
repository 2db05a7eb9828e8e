"""What durable engines promise through stops, crashes and upgrades."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from cartage.engine import Request, Steps, decode_result
from cartage.model.errors import Internal
from cartage.model.product import Value
from tests.contracts.dying_engine import POINTS, Notebook, run_until
from tests.contracts.engine_worlds import (
    REQUEST,
    EmbeddedWorld,
    InngestWorld,
    Work,
    World,
    a_failing_step,
    a_short_step_a_long_one_and_another,
    a_world,
    three_steps,
    until,
)
from tests.engines.small_inngest import Run, SmallInngest
from tests.forked import forked


@pytest.fixture(params=["embedded", "embedded, later", "inngest"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[World]:
    """Give the world of each durable engine."""
    async with a_world(request.param, tmp_path) as made:
        yield made


async def test_a_stopped_engine_goes_on_at_the_next_start(world: World) -> None:
    """Stopped in the middle of its second step, a workflow is finished by the next engine, without the first."""
    before, first = await world.start(a_short_step_a_long_one_and_another)
    await first.send("imp_1", REQUEST)
    await until(lambda: "long" in before.ran)
    await world.stop()

    after, _ = await world.start(a_short_step_a_long_one_and_another)
    after.gate.set()
    if isinstance(world, InngestWorld):
        world.server.drop_calls()
    await until(lambda: after.ended or after.abandoned)

    assert before.ended == before.abandoned == after.abandoned == []
    assert after.ran == ["long", "after"]


async def test_stopping_does_not_wait_for_a_long_step(world: World) -> None:
    """A stop takes a few seconds at most, whatever is under way."""
    work, engine = await world.start(a_short_step_a_long_one_and_another)
    await engine.send("imp_1", REQUEST)
    await until(lambda: "long" in work.ran)

    async with asyncio.timeout(10):
        await world.stop()

    assert work.abandoned == []


async def test_a_sleep_that_ended_while_nothing_ran_does_not_confuse(world: World) -> None:
    """Stopped in a sleep and started after its moment, the workflow goes on with the step after it."""
    moments: list[datetime] = []

    async def plan(work: Work, steps: Steps) -> None:
        await steps.run("before", work.note, "before")
        await steps.sleep_until("sleep", moments[0])
        await steps.run("after", work.note, "after")

    before, engine = await world.start(plan)
    moments.append(datetime.now(UTC) + timedelta(seconds=8))
    await engine.send("imp_1", REQUEST)
    await until(lambda: before.ran)
    await asyncio.sleep(0.3)
    await world.stop()
    await asyncio.sleep(max(0.0, (moments[0] - datetime.now(UTC)).total_seconds()))
    after, _ = await world.start(plan)
    await until(lambda: after.ended or after.abandoned)

    assert before.ran == ["before"]
    assert after.abandoned == []
    assert after.ran == ["after"]


class Then(Value):
    """Be what a step of the earlier version gave."""

    name: str


class Now(Value):
    """Be what the same step gives in the next version."""

    name: str
    brand: str | None = None


async def test_a_workflow_goes_on_after_an_upgrade(world: World) -> None:
    """What the earlier version recorded is read by the next, which knows one field more."""
    given: list[Now] = []

    async def earlier(work: Work, steps: Steps) -> None:
        async def read() -> Then:
            return Then(name="Kettle")

        await steps.run("read", read)
        await steps.run("long", work.wait, "long")

    async def later(work: Work, steps: Steps) -> None:
        async def read() -> Now:
            raise AssertionError("a recorded step ran again")

        given.append(await steps.run("read", read))
        await steps.run("long", work.note, "long")

    before, engine = await world.start(earlier)
    await engine.send("imp_1", REQUEST)
    await until(lambda: before.ran)
    await world.stop()
    after, _ = await world.start(later)
    if isinstance(world, InngestWorld):
        world.server.drop_calls()
    await until(lambda: after.ended or after.abandoned)

    assert given == [Now(name="Kettle")] * len(given)
    assert after.ended == ["imp_1"]


def test_a_result_of_a_later_version_is_refused() -> None:
    """A step recorded by a newer Cartage is not read as if it were ours."""

    async def read() -> str:
        return ""

    with pytest.raises(Internal, match="newer Cartage"):
        decode_result('{"v": 99, "value": "x"}', read)


@pytest.mark.parametrize("answered", [False, True], ids=["before the step", "before its answer arrives"])
@pytest.mark.parametrize("number", range(1, 5))
async def test_an_inngest_app_may_die_at_any_call(number: int, answered: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    """Whichever call dies, every step is done, in order, and none whose answer arrived runs again."""
    died: list[int] = []

    async def survives(run: Run) -> bool:
        if run.calls == number and not died:
            died.append(number)
            return False
        return True

    async with SmallInngest().listening() as server:
        work, engine = await InngestWorld(server).start(three_steps)
        server.before_call, server.after_call = (None, survives) if answered else (survives, None)
        await engine.send("imp_1", REQUEST)
        await until(lambda: died and (work.ended or work.abandoned))

    steps = ["first", "second", "result of first"]
    repeated = [steps[number - 1]] if answered and number <= len(steps) else []
    assert died == [number]
    assert sorted(work.ran) == sorted(steps + repeated)
    assert list(dict.fromkeys(work.ran)) == steps


def test_an_embedded_engine_may_be_killed_at_any_point(tmp_path: Path) -> None:
    """Killed once at every point between and within its steps, the workflow ends, and no recorded step ran again."""
    notebook = Notebook(tmp_path)

    codes = [run_until_killed(tmp_path, point) for point in POINTS]
    last = run_until_killed(tmp_path, "")

    assert [code == -9 for code in codes] == [True] * len(POINTS), (tmp_path / "log").read_text()
    assert last == 0, (tmp_path / "log").read_text()
    assert [line for line in notebook.lines if line.startswith("killed")] == [f"killed {point}" for point in POINTS]
    done = [line for line in notebook.lines if not line.startswith("killed")]
    # A step is done again only when the kill came before its result was recorded.
    assert done == ["first", "first", "second", "second", "third after result 1", "third after result 1"]


def run_until_killed(folder: Path, point: str) -> int:
    """Run the workflow in a process that kills itself at a point, and give how it ended."""
    return forked(folder / "log", run_until, folder, point).wait(timeout=120)


async def test_a_stopped_engine_leaves_the_app_its_threads(world: World) -> None:
    """Work on other threads goes on after an engine was asked, told and stopped."""
    _, engine = await world.start(three_steps)
    await engine.send("imp_1", REQUEST)
    await engine.standings(["imp_1"])
    await engine.cancel("imp_1")
    await world.stop()

    answer = await asyncio.to_thread(lambda: "still here")

    assert answer == "still here"


class Forgetful(Work):
    """Be a workflow that cannot be given up at first, as when the disk is full."""

    refused = 0

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """Fail once, then remember."""
        if not self.refused:
            self.refused += 1
            raise OSError("No space left on device")
        await super().abandon(import_id, request, error)


async def test_what_could_not_be_given_up_is_taken_up_again(tmp_path: Path) -> None:
    """A run whose end could not be kept is taken up by the same process, without what it had recorded."""
    world = EmbeddedWorld(tmp_path, heartbeat_seconds=1.0)
    work, engine = await world.start(a_failing_step, Forgetful(a_failing_step))

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.abandoned)
    await world.stop()

    assert [import_id for import_id, _ in work.abandoned] == ["imp_1"]
    assert work.ran == ["first"]


async def a_step_that_the_database_fails(work: Work, steps: Steps) -> None:
    """Run a step, one that finds the disk full at first, and one more."""

    async def keep() -> None:
        if await work.note("keep") and work.ran.count("keep") == 1:
            raise OperationalError("UPDATE imports", None, Exception("database or disk is full"))

    await steps.run("first", work.note, "first")
    await steps.run("keep", keep)
    await steps.run("after", work.note, "after")


async def test_a_step_that_the_database_failed_is_run_again(tmp_path: Path) -> None:
    """A full disk is not kept as what a step came to: the run is taken up, and the step runs again."""
    world = EmbeddedWorld(tmp_path, heartbeat_seconds=1.0)
    work, engine = await world.start(a_step_that_the_database_fails)

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.ended or work.abandoned)
    await world.stop()

    assert (work.ended, work.abandoned) == (["imp_1"], [])
    assert work.ran == ["first", "keep", "keep", "after"]


async def test_a_step_whose_recording_failed_is_run_again(tmp_path: Path) -> None:
    """A full disk that DBOS met as it recorded a step, and kept as what the step came to, ends no import."""
    world = EmbeddedWorld(tmp_path)
    before, engine = await world.start(a_short_step_a_long_one_and_another)
    await engine.send("imp_1", REQUEST)
    await until(lambda: "long" in before.ran)
    await world.stop()
    with contextlib.closing(sqlite3.connect(tmp_path / "engine" / "engine.db")) as journal, journal:
        journal.execute(
            "INSERT INTO operation_outputs (workflow_uuid, function_id, function_name, error, serialization)"
            " SELECT workflow_uuid, function_id + 1, 'long', ?, serialization FROM operation_outputs",
            (json.dumps({"name": "OperationalError", "message": "database or disk is full"}),),
        )

    after, _ = await world.start(a_short_step_a_long_one_and_another)
    after.gate.set()
    await until(lambda: after.ended or after.abandoned)
    await world.stop()

    assert (after.ended, after.abandoned) == (["imp_1"], [])
    assert after.ran == ["long", "after"]
