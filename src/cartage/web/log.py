"""The log of an import: what happened to it, event by event, as lines of text to read and to copy."""

from cartage.imports.progress import STEP_EVENT
from cartage.imports.service import Imports
from cartage.model.catalogue import Event, Import

MOST_LINES = 500


async def log_of(imports: Imports, import_: Import) -> str:
    """Write an import's events in their order, one a line: when, what, and what is told of it."""
    events = await imports.store.catalogue.events(import_.merchant_id, import_id=import_.id, limit=MOST_LINES)
    return "\n".join(map(_line, events))


def _line(event: Event) -> str:
    told = event.data
    if event.name == STEP_EVENT:
        words = [str(told.get(name, "")) for name in ("step", "state", "detail")]
    else:
        words = [event.name, *(f"{name}={value}" for name, value in told.items())]
    return f"{event.at:%Y-%m-%d %H:%M:%S}.{event.at.microsecond // 1000:03d}Z  " + "  ".join(filter(None, words))
