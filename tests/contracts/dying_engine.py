"""A process that runs one workflow on the embedded engine and notes each step in a file, so that it can be killed."""

import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path

from cartage.engine import Announcement, ScrapeRequested, Steps
from cartage.engines.embedded import Embedded

IMPORT_ID = "imp_1"
REQUEST = ScrapeRequested(productId="prd_1", sourceUrl="https://shop.example/p/mug", merchantId="mer_1")


@dataclass(frozen=True, slots=True)
class Notebook:
    """Note what happens, one line each; the second step never ends unless `resumed` exists."""

    folder: Path
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

    async def __call__(self, steps: Steps, import_id: str, request: ScrapeRequested) -> None:
        """Run three steps, the last with the result of the first."""
        del import_id, request
        first = await steps.run("first", self.first)
        await steps.run("second", self.second)
        await steps.run("third", self.third, first)

    async def abandon(self, import_id: str, request: ScrapeRequested, error: BaseException) -> None:
        """Note that the workflow was given up."""
        del import_id, request
        self.note(f"abandoned: {error!r}")
        self.over.set()

    async def outcome(self, import_id: str, request: ScrapeRequested) -> Announcement | None:
        """Have nothing to tell."""
        del import_id, request

    async def first(self) -> str:
        """Give a result that differs in every process."""
        self.note("first")
        return f"result {len(self.lines)}"

    async def second(self) -> None:
        """Never end in the first process."""
        self.note("second")
        if not (self.folder / "resumed").exists():
            await asyncio.Event().wait()

    async def third(self, first: str) -> None:
        """Note what the first step gave."""
        self.note(f"third after {first}")
        self.over.set()


async def run(folder: Path) -> None:
    """Send the workflow and wait for its last step."""
    notebook = Notebook(folder)
    engine = Embedded(folder / "engine", notebook)
    await engine.start()
    await engine.send(IMPORT_ID, REQUEST)
    await notebook.over.wait()
    await engine.stop()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1])))
