"""The steps of an import beside each other: the waterfall, and one side of the step that is selected in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.model.catalogue import Import
from cartage.web.log import log_of
from cartage.web.waterfall import Line, ticks_of, waterfall
from cartage.web.wishes import wishes_told
from cartage.web.words import STEP_SIDES

OUTPUT, LOG = "output", "log"


@dataclass(frozen=True, slots=True)
class Selection:
    """Name the line of a waterfall that is told of, empty for the whole import, and which side of it is shown.

    `chosen` tells that somebody asked for that side, so that it is kept when another line is selected.
    """

    line: str
    side: str
    chosen: bool = False

    def query(self, line: str | None = None, side: str = "") -> str:
        """Give the query that selects another line, or another side of this one."""
        kept = side or (self.side if self.chosen else "")
        named = {"step": self.line if line is None else line, "show": kept}
        query = urlencode({name: value for name, value in named.items() if value})
        return f"?{query}" if query else ""


def selection_of(asked: Mapping[str, str], import_: Import, lines: list[Line]) -> Selection:
    """Read what is selected; unless it is asked for, of an import under way the whole log, else what came out."""
    named = asked.get("step", "")
    line = named if any(each.name == named for each in lines) else ""
    usual = OUTPUT if line or import_.state.over else LOG
    side = asked.get("show", "")
    return Selection(line, side if side in STEP_SIDES else usual, side in STEP_SIDES)


async def steps_of(imports: Imports, import_: Import, asked: Mapping[str, str], after: int = 0) -> dict[str, Any]:
    """Gather what the steps of an import show; of the log, what is above a sequence."""
    log = await log_of(imports, import_, after)  # first of all: what happens from here on, the next event tells
    steps, attempts = await imports.progress(import_.merchant_id, import_.id)
    at = now()
    lines = waterfall(import_, steps, attempts, at)
    selection = selection_of(asked, import_, lines)
    line = next((each for each in lines if each.name == selection.line), None)
    return {
        "import_": import_,
        "steps": steps,
        "attempts": attempts,
        "lines": lines,
        "ticks": ticks_of(import_, at),
        "selection": selection,
        "line": line,
        "tried": line.attempts if line else attempts,
        "newest": log[-1].sequence if log else after,
        "wished": wishes_told,
        "log": [each for each in log if not line or each.about == line.name],
    }
