"""What every engine promises, and that the durable one keeps it through a kill."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cartage.engine import Announcement, Engine, ScrapeRequested, Steps
from cartage.engines.embedded import Embedded
from cartage.engines.inline import Inline
from cartage.model.catalogue import Attempt
from cartage.model.errors import EngineTaken
from tests.contracts.dying_engine import Notebook
from tests.contracts.records import an_attempt

ROOT = Path(__file__).parent.parent.parent
REQUEST = ScrapeRequested(productId="prd_1", sourceUrl="https://shop.example/p/mug", merchantId="mer_1")
PATIENCE_SECONDS = 15.0
SETTLING_SECONDS = 0.4

Plan = Callable[["Work", Steps], Awaitable[None]]


@dataclass
class Work:
    """Be a workflow that follows a plan, and remember what it did."""

    plan: Plan
    ran: list[str] = field(default_factory=list[str])
    ended: list[str] = field(default_factory=list[str])
    abandoned: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, steps: Steps, import_id: str, request: ScrapeRequested) -> None:
        """Follow the plan."""
        assert request == REQUEST
        await self.plan(self, steps)
        self.ended.append(import_id)

    async def abandon(self, import_id: str, request: ScrapeRequested, error: BaseException) -> None:
        """Remember that the workflow was given up, and why."""
        assert request == REQUEST
        self.abandoned.append((import_id, str(error)))

    async def outcome(self, import_id: str, request: ScrapeRequested) -> Announcement | None:
        """Say how the import ended, with the steps that ran."""
        assert request == REQUEST
        return Announcement(id=f"{import_id}:end", name="product/scrape.completed", data={"ran": self.ran})

    async def note(self, name: str) -> str:
        """Remember that a step ran."""
        self.ran.append(name)
        return f"result of {name}"

    async def wait(self, name: str) -> None:
        """Remember that a step began, and end it when the gate opens."""
        self.ran.append(name)
        await self.gate.wait()


async def three_steps(work: Work, steps: Steps) -> None:
    """Run three steps, the last with the result of the first."""
    first = await steps.run("first", work.note, "first")
    await steps.run("second", work.note, "second")
    await steps.run("third", work.note, first)


async def a_long_step_and_another(work: Work, steps: Steps) -> None:
    """Run a step that waits for the gate, and one more."""
    await steps.run("long", work.wait, "long")
    await steps.run("after", work.note, "after")


async def a_short_step_a_long_one_and_another(work: Work, steps: Steps) -> None:
    """Run a step, then one that waits for the gate, and one more."""
    await steps.run("short", work.note, "short")
    await a_long_step_and_another(work, steps)


async def a_failing_step(work: Work, steps: Steps) -> None:
    """Run a step that raises what nobody foresaw."""

    async def fail() -> None:
        raise ZeroDivisionError("by zero")

    await steps.run("first", work.note, "first")
    await steps.run("fail", fail)
    await steps.run("after", work.note, "after")


async def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not happened():  # noqa: ASYNC110 - it may happen on another thread
            await asyncio.sleep(0.02)


Make = Callable[[Plan], Awaitable[tuple[Work, Engine]]]


@pytest.fixture(params=["inline", "embedded"])
async def make(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Make]:
    """Give a maker of a started engine with a workflow; one at a time, for DBOS is one in a process."""
    started: list[Engine] = []

    async def made(plan: Plan) -> tuple[Work, Engine]:
        work = Work(plan)
        engine: Engine = Inline(work) if request.param == "inline" else Embedded(tmp_path / "engine", work)
        await engine.start()
        started.append(engine)
        return work, engine

    yield made
    for engine in started:
        await engine.stop()


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
    given: list[object] = []
    attempt = an_attempt("direct")

    async def plan(work: Work, steps: Steps) -> None:
        async def give() -> list[Attempt]:
            return [attempt]

        given.append(await steps.run("give", give))
        given.append(await steps.run("nothing", work.wait, "open"))

    work, engine = await make(plan)
    work.gate.set()

    await engine.send("imp_1", REQUEST)
    await until(lambda: work.ended or work.abandoned)

    assert given == [[attempt], None]


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


async def test_one_process_at_a_time_holds_the_folder(tmp_path: Path) -> None:
    """A second engine on the same folder refuses to start, and says so."""
    first = Embedded(tmp_path / "engine", Work(three_steps))
    await first.start()

    with pytest.raises(EngineTaken):
        await Embedded(tmp_path / "engine", Work(three_steps)).start()

    await first.stop()


async def test_a_stopped_engine_goes_on_at_the_next_start(tmp_path: Path) -> None:
    """Stopped in the middle of its second step, a workflow is finished by the next engine on that folder."""
    before, after = Work(a_short_step_a_long_one_and_another), Work(a_short_step_a_long_one_and_another)
    after.gate.set()
    first = Embedded(tmp_path / "engine", before)
    await first.start()
    await first.send("imp_1", REQUEST)
    await until(lambda: "long" in before.ran)
    await first.stop()

    second = Embedded(tmp_path / "engine", after)
    await second.start()
    await until(lambda: after.ended or after.abandoned)
    await second.stop()

    assert before.ended == before.abandoned == after.abandoned == []
    assert after.ran == ["long", "after"]


def test_a_killed_engine_goes_on_from_its_last_finished_step(tmp_path: Path) -> None:
    """Killed without warning in its second step and started again, the workflow does not run the first again."""
    notebook = Notebook(tmp_path)
    first = start_process(tmp_path)
    wait_for(lambda: "second" in notebook.lines, first)

    first.kill()
    first.wait()
    (tmp_path / "resumed").touch()
    second = start_process(tmp_path)

    assert second.wait(timeout=40) == 0, (tmp_path / "log").read_text()
    assert notebook.lines == ["first", "second", "second", "third after result 1"]


def start_process(folder: Path) -> "subprocess.Popen[bytes]":
    """Start the process that runs the workflow."""
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-m", "tests.contracts.dying_engine", str(folder)]
        return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)


def wait_for(happened: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Wait until something has happened in another process."""
    deadline = time.monotonic() + 40
    while not happened():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
