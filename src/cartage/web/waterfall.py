"""The waterfall of an import: its steps under each other on one scale of time, what each waited for and brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from cartage.model.catalogue import Attempt, Import, Step, StepState
from cartage.scraping.coming import FILL, first_of, rank_of, to_come
from cartage.scraping.policy import LANGUAGE_MODEL

Kind = Literal["line", "run", "rest"]
IN_LINE = "in line"
LEAST_WIDTH = 0.6
SHORTEST = timedelta(milliseconds=1)
MOST_TICKS = 4
ROUND = (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 24 * 3600)


@dataclass(frozen=True, slots=True)
class Bar:
    """Place a stretch of time: standing in line, running, or resting before another try; in percent of the whole."""

    kind: Kind
    start: float
    width: float
    tone: str = "idle"


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line: a step, or all tries of a provider with the rests between them."""

    name: str
    tone: str
    bars: tuple[Bar, ...]
    milliseconds: int
    details: tuple[str, ...]
    attempts: tuple[Attempt, ...] = ()
    under_way: bool = False
    step: str = ""
    until: datetime | None = None
    skipped: bool = False
    to_come: Literal["", "surely", "perhaps"] = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """Mark a moment on the scale of time: so many seconds after the beginning, in percent of the whole."""

    seconds: float
    at: float


def ticks_of(import_: Import, at: datetime) -> list[Tick]:
    """Mark the scale of an import's waterfall in round steps, so few that they can be read on a narrow screen."""
    scale = _scale_of(import_, at)
    whole = (scale.end - scale.start).total_seconds()
    step = next(
        (each for each in ROUND if whole / each <= MOST_TICKS), ROUND[-1] * ceil(whole / ROUND[-1] / MOST_TICKS)
    )
    return [Tick(number * step, round(100 * number * step / whole, 2)) for number in range(int(whole / step) + 1)]


def waterfall(import_: Import, steps: Sequence[Step], attempts: Sequence[Attempt], at: datetime) -> list[Line]:
    """Lay an import's steps out, from when it was asked for until it ended, or until now."""
    scale = _scale_of(import_, at)
    first = min((step.started_at for step in steps), default=scale.end)
    queue = Line(IN_LINE, "idle", (scale.bar("line", import_.created_at, first),), _ms(first - import_.created_at), ())
    grouped: dict[str, list[Step]] = {}
    for step in steps:
        grouped.setdefault(first_of(step.name), []).append(step)
    begun = _in_order([_line(name, own, attempts, scale) for name, own in grouped.items()])
    left = [
        Line(each.name, "idle", (), 0, (each.condition,), to_come="perhaps" if each.condition else "surely")
        for each in to_come(import_, steps)
    ]
    return [queue, *begun, *left]


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    end: datetime

    def bar(self, kind: Kind, begun: datetime, ended: datetime, tone: str = "idle") -> Bar:
        whole = (self.end - self.start).total_seconds()
        start = min(100.0, max(0.0, 100 * (begun - self.start).total_seconds() / whole))
        width = max(LEAST_WIDTH, 100 * (ended - begun).total_seconds() / whole)
        return Bar(kind, round(min(start, 100 - LEAST_WIDTH), 2), round(min(width, 100 - start + LEAST_WIDTH), 2), tone)


def _scale_of(import_: Import, at: datetime) -> _Scale:
    return _Scale(import_.created_at, max(import_.finished_at or at, import_.created_at + SHORTEST))


TONES = {
    StepState.RUNNING: "busy",
    StepState.WAITING: "wait",
    StepState.SUCCEEDED: "good",
    StepState.FAILED: "bad",
    StepState.SKIPPED: "idle",
}


def _line(name: str, steps: Sequence[Step], attempts: Sequence[Attempt], scale: _Scale) -> Line:
    provider = LANGUAGE_MODEL if name == FILL else name.split()[1] if name.startswith("try ") else ""
    bars: list[Bar] = []
    for step in steps:
        if step.state is StepState.SKIPPED:
            continue
        ended = step.finished_at or min(step.until or scale.end, scale.end)
        kind: Kind = "rest" if step.name.startswith("wait ") else "run"
        bars.append(scale.bar(kind, step.started_at, ended, "wait" if kind == "rest" else TONES[step.state]))
    last = steps[-1]
    until = last.finished_at or scale.end
    return Line(
        name=name,
        tone="wait" if last.name.startswith("wait ") else TONES[last.state],
        bars=tuple(bars),
        milliseconds=_ms(until - steps[0].started_at),
        details=tuple(step.detail for step in steps if step.detail),
        attempts=tuple(each for each in attempts if each.provider == provider),
        under_way=last.finished_at is None,
        step=last.name,
        until=last.until if last.state is StepState.WAITING else None,
        skipped=last.state is StepState.SKIPPED,
    )


def _in_order(lines: Sequence[Line]) -> list[Line]:
    """Put what was skipped where it would have come: before what was done of a later kind."""
    placed = [line for line in lines if not line.skipped]
    for line in (line for line in lines if line.skipped):
        later = (place for place, each in enumerate(placed) if rank_of(each.name) > rank_of(line.name))
        placed.insert(next(later, len(placed)), line)
    return placed


def _ms(length: timedelta) -> int:
    return max(0, round(length.total_seconds() * 1000))
