"""The log of an import: what happened to it, event by event, as lines of text to read and to copy."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartage.imports.progress import STEP_EVENT
from cartage.imports.service import REQUESTED, Imports
from cartage.model.catalogue import Event, Import
from cartage.scraping.coming import first_of
from cartage.web.waterfall import IN_LINE

MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class LogLine:
    """Hold one event as text, the number that no other has, and the line of the waterfall that it is about."""

    sequence: int
    text: str
    about: str


async def log_of(imports: Imports, import_: Import, after: int = 0) -> Sequence[LogLine]:
    """Write an import's events above a sequence in their order, one a line: when, what, and what is told of it."""
    events = await imports.store.catalogue.events(
        import_.merchant_id, import_id=import_.id, after=after, limit=MOST_LINES
    )
    return [LogLine(event.sequence, _told(event), _about(event)) for event in events]


def _about(event: Event) -> str:
    if event.name == STEP_EVENT:
        return first_of(str(event.data.get("step", "")))
    return IN_LINE if event.name == REQUESTED else ""


def _told(event: Event) -> str:
    told = event.data
    if event.name == STEP_EVENT:
        words = [str(told.get(name, "")) for name in ("step", "state", "detail")]
    else:
        words = [event.name, *(f"{name}={value}" for name, value in told.items())]
    return f"{event.at:%Y-%m-%d %H:%M:%S}.{event.at.microsecond // 1000:03d}Z  " + "  ".join(filter(None, words))
