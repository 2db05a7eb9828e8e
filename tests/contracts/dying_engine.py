"""A process that runs one workflow on the embedded engine, notes each step in a file, and kills itself at a point."""

import asyncio
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

from cartage.engine import Announcement, Request, ScrapeRequested, Steps
from cartage.engines.embedded import Embedded

IMPORT_ID = "imp_1"
REQUEST = ScrapeRequested(productId="prd_1", sourceUrl="https://shop.example/p/mug", merchantId="mer_1")
POINTS = (
    "before first",
    "in first",
    "after first",
    "in second",
    "after second",
    "in third",
    "after third",
)


@dataclass(frozen=True, slots=True)
class Notebook:
    """Note what happens, one line each, and kill this process at the point it is told to."""

    folder: Path
    fatal: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def lines(self) -> list[str]:
        """Give what was noted so far."""
        path = self.folder / "notes"
        return path.read_text().splitlines() if path.exists() else []

    def note(self, line: str) -> None:
        """Add a line."""
        with (self.folder / "notes").open("a") as file:
            file.write(f"{line}\n")

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Run three steps, the last with the result of the first."""
        del import_id, request
        self.pass_point("before first")
        first = await steps.run("first", self.first)
        self.pass_point("after first")
        await steps.run("second", self.second)
        self.pass_point("after second")
        await steps.run("third", self.third, first)
        self.pass_point("after third")
        self.over.set()

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """Note that the workflow was given up."""
        del import_id, request
        self.note(f"abandoned: {error!r}")
        self.over.set()

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Have nothing to tell."""
        del import_id, request

    async def first(self) -> str:
        """Give a result that is another each time it is made."""
        self.note("first")
        self.pass_point("in first")
        return f"result {sum(line.startswith('first') for line in self.lines) - 1}"

    async def second(self) -> None:
        """Note that it ran."""
        self.note("second")
        self.pass_point("in second")

    async def third(self, first: str) -> None:
        """Note what the first step gave."""
        self.note(f"third after {first}")
        self.pass_point("in third")

    def pass_point(self, point: str) -> None:
        """Die here without warning, if this is the point."""
        if point == self.fatal:
            self.note(f"killed {point}")
            os.kill(os.getpid(), signal.SIGKILL)


async def run(folder: Path, fatal: str) -> None:
    """Send the workflow and wait for its last step."""
    notebook = Notebook(folder, fatal)
    engine = Embedded(folder / "engine", notebook)
    await engine.start()
    await engine.send(IMPORT_ID, REQUEST)
    async with asyncio.timeout(120):
        await until_over(notebook)
    await engine.stop()


async def until_over(notebook: Notebook) -> None:
    """Wait for the workflow's end, which comes on DBOS's own loop."""
    while not notebook.over.is_set():  # noqa: ASYNC110 - see above
        await asyncio.sleep(0.02)


def run_until(folder: Path, fatal: str) -> None:
    """Run the workflow, and die at a point."""
    asyncio.run(run(folder, fatal))
