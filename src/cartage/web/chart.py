"""Charts of bars, laid out on the server: one bar for each stretch of time, in parts above each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEIGHT = 100.0
GAP = 0.25  # of the width of a bar and its gap


@dataclass(frozen=True, slots=True)
class Part:
    """Place one part of a bar, in percent of the chart."""

    tone: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """Hold one bar: what it says, and its parts from the ground up."""

    told: str
    parts: tuple[Part, ...]


def bars_of(columns: Sequence[tuple[str, Mapping[str, float]]]) -> list[Bar]:
    """Lay bars out beside each other; each has a text and amounts by tone, and the highest fills the chart."""
    highest = max((sum(amounts.values()) for _, amounts in columns), default=0) or 1
    step = 100 / (len(columns) or 1)
    return [
        Bar(told, tuple(_parts(place * step, step * (1 - GAP), amounts, highest)))
        for place, (told, amounts) in enumerate(columns)
    ]


def _parts(x: float, width: float, amounts: Mapping[str, float], highest: float) -> list[Part]:
    parts: list[Part] = []
    ground = HEIGHT
    for tone, amount in amounts.items():
        height = HEIGHT * amount / highest
        ground -= height
        if amount:
            parts.append(Part(tone, round(x, 2), round(ground, 2), round(width, 2), round(height, 2)))
    return parts
