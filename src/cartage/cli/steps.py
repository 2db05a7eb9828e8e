"""An import's steps on standard error: a line for each that is over, and the one under way while it is."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cartage.cli.manner import note
from cartage.cli.screen import under_way
from cartage.scraping.titles import step_title
from cartage.wire.events import EventOut

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

MARKS = {"succeeded": "✓", "failed": "✗", "skipped": "–"}
GOES_ON = ("running", "waiting")


class Steps:
    """Write steps as they happen."""

    def __init__(self, bars: "Progress", bar: "TaskID") -> None:
        self._bars = bars
        self._bar = bar
        self._begun: dict[str, datetime] = {}

    def tell(self, event: EventOut) -> None:
        """Write what an event says of its step."""
        name, state = str(event.data.get("step", "")), event.data.get("state")
        if state in GOES_ON:
            self._begun.setdefault(name, event.at)
            told = " · ".join(filter(None, (step_title(name), str(event.data.get("detail") or ""))))
            self._bars.update(self._bar, description=told, visible=True)
            return
        begun = self._begun.pop(name, None)
        self._bars.update(self._bar, visible=bool(self._begun))
        note(step_line(event.data, None if begun is None else (event.at - begun).total_seconds()))


@contextmanager
def steps_told() -> Generator[Steps]:
    """Show steps on standard error until the block ends; the one under way only on a terminal."""
    with under_way() as bars:
        yield Steps(bars, bars.add_task("", total=None, visible=False))


def step_line(data: dict[str, Any], seconds: float | None = None) -> str:
    """Write a step that is over as a line: a mark, what it does, how long that took and what came of it."""
    mark = MARKS.get(str(data.get("state")), "·")
    took = "" if seconds is None else f"{seconds:.1f} s"
    told = f"{mark} {step_title(str(data.get('step', '')))}", took, str(data.get("detail") or "")
    return "  ".join(filter(None, told))
