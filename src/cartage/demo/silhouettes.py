"""The outlines of the shop's goods, on a square of 100 by 100."""

import math
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """Hold one filled outline; `light` makes it lighter (above 1) or darker than the object's colour."""

    points: tuple[Point, ...]
    light: float = 1.0


def _round(cx: float, cy: float, rx: float, ry: float, light: float = 1.0) -> Shape:
    turns = [index * math.tau / 72 for index in range(72)]
    return Shape(tuple((cx + rx * math.cos(turn), cy + ry * math.sin(turn)) for turn in turns), light)


def _box(left: float, top: float, right: float, bottom: float, corner: float = 0.0, *, light: float = 1.0) -> Shape:
    corners = [
        (right - corner, bottom - corner, 0.0),
        (left + corner, bottom - corner, 0.25),
        (left + corner, top + corner, 0.5),
        (right - corner, top + corner, 0.75),
    ]
    points = [
        (x + corner * math.cos(math.tau * (turn + part / 32)), y + corner * math.sin(math.tau * (turn + part / 32)))
        for x, y, turn in corners
        for part in range(9)
    ]
    return Shape(tuple(points), light)


def _poly(*points: Point, light: float = 1.0) -> Shape:
    return Shape(points, light)


def _ring(cx: float, cy: float, outer: float, inner: float, *, light: float = 1.0) -> Shape:
    turns = [index * math.tau / 72 for index in range(73)]
    around = [(cx + outer * math.cos(turn), cy + outer * math.sin(turn)) for turn in turns]
    back = [(cx + inner * math.cos(turn), cy + inner * math.sin(turn)) for turn in reversed(turns)]
    return Shape((*around, *back), light)


def _blade(turn: float) -> Shape:
    points = [
        (50 + 17 * math.cos(turn) + 12 * math.cos(a), 40 + 17 * math.sin(turn) + 12 * math.sin(a)) for a in _TURNS
    ]
    return Shape(tuple(points), 1.18)


_TURNS = [index * math.tau / 36 for index in range(36)]
_HOURS = tuple(
    _round(50 + 27 * math.sin(hour * math.tau / 12), 50 - 27 * math.cos(hour * math.tau / 12), 1.3, 1.3, 0.5)
    for hour in range(12)
)

SILHOUETTES: dict[str, tuple[Shape, ...]] = {
    "shirt": (
        _poly((36, 20), (64, 20), (84, 32), (77, 48), (69, 44), (69, 84), (31, 84), (31, 44), (23, 48), (16, 32)),
        _poly((36, 20), (50, 34), (64, 20), (58, 17), (42, 17), light=0.82),
        _poly((42, 17), (50, 30), (58, 17), light=0.6),
        _box(49.4, 32, 50.6, 84, light=0.86),
        _box(55, 44, 64, 54, 1, light=0.9),
        *(_round(50, y, 0.9, 0.9, 0.6) for y in (40, 52, 64, 76)),
    ),
    "organiser": (
        _box(18, 58, 82, 86, 3),
        _box(22, 46, 40, 60, 2, light=1.15),
        _box(44, 30, 58, 60, 2, light=0.88),
        _box(62, 50, 78, 60, 2, light=1.1),
        *(_box(x, 22, x + 1.6, 32, 0.5, light=0.6) for x in (47, 50, 54)),
        _box(24, 66, 76, 67, light=0.78),
    ),
    "throw": (
        _box(20, 34, 80, 86, 4),
        _box(20, 34, 80, 50, 4, light=1.12),
        *(_box(20, y, 80, y + 2, light=0.8) for y in (56, 62, 74)),
        *(_box(x, 84, x + 1.4, 90, light=0.92) for x in range(22, 80, 4)),
    ),
    "mug": (
        _ring(70, 56, 14, 9, light=0.85),
        _box(26, 32, 70, 86, 6),
        _round(48, 33, 22, 4.5, 0.62),
        _box(26, 74, 70, 76, light=0.84),
    ),
    "terrarium": (
        _poly((50, 14), (80, 40), (74, 84), (26, 84), (20, 40), light=1.3),
        _poly((24, 66), (76, 66), (74, 84), (26, 84), light=0.62),
        _round(42, 58, 9, 12, 0.9),
        _round(58, 54, 7, 15, 0.78),
        _poly((50, 14), (51, 14), (53, 84), (52, 84), light=1.0),
        _poly((20, 40), (80, 40), (80, 41), (20, 41), light=1.0),
    ),
    "vase": (
        _poly((44, 16), (56, 16), (55, 34), (70, 50), (70, 66), (60, 86), (40, 86), (30, 66), (30, 50), (45, 34)),
        _round(50, 16, 6, 1.8, 0.6),
        _poly((31, 56), (69, 56), (69, 60), (31, 60), light=1.2),
    ),
    "daypack": (
        _ring(50, 24, 10, 7, light=0.7),
        _box(26, 22, 74, 86, 14),
        _box(32, 54, 68, 80, 5, light=0.84),
        _box(34, 60, 66, 61.4, light=0.6),
        _box(30, 40, 70, 41.6, light=0.7),
        _box(47, 26, 53, 32, 1, light=0.6),
    ),
    "watch": (
        _box(41, 10, 59, 90, 3, light=0.72),
        _round(50, 50, 24, 24),
        _round(50, 50, 20, 20, 1.35),
        _box(49.2, 35, 50.8, 51, light=0.4),
        _box(49, 49.2, 61, 50.8, light=0.4),
        _box(74, 47, 77, 53, 1),
    ),
    "chair": (
        _box(30, 16, 70, 56, 8),
        _box(24, 54, 76, 66, 4, light=1.12),
        _poly((28, 66), (33, 66), (28, 88), (24, 88), light=0.7),
        _poly((67, 66), (72, 66), (76, 88), (72, 88), light=0.7),
        _box(20, 42, 26, 62, 2, light=0.82),
        _box(74, 42, 80, 62, 2, light=0.82),
    ),
    "pot": (
        _poly((68, 46), (88, 30), (90, 34), (70, 62), light=0.86),
        _ring(28, 54, 15, 11, light=0.8),
        _poly((36, 36), (64, 36), (74, 62), (68, 86), (32, 86), (26, 62)),
        _box(34, 31, 66, 37, 2, light=1.16),
        _round(50, 27, 4, 4.5, 0.75),
    ),
    "machine": (
        _box(22, 18, 78, 36, 4, light=1.1),
        _box(22, 34, 44, 86, 2),
        _box(22, 80, 80, 88, 3, light=0.8),
        _box(52, 36, 70, 44, 2, light=0.6),
        _box(70, 39, 84, 42, 1.4, light=0.45),
        _box(54, 64, 68, 80, 3, light=1.4),
        _round(33, 48, 6, 6, 1.35),
        *(_round(x, 27, 2, 2, 0.5) for x in (58, 65, 72)),
    ),
    "camera": (
        _box(38, 20, 62, 34, 4, light=0.86),
        _box(14, 30, 86, 80, 7),
        _round(50, 56, 20, 20, 0.6),
        _round(50, 56, 15, 15, 0.35),
        _round(45, 51, 4, 4, 1.6),
        _box(20, 36, 30, 42, 1.5, light=1.4),
    ),
    "rug": (
        _poly((22, 26), (78, 26), (88, 84), (12, 84)),
        _poly((27, 32), (73, 32), (81, 78), (19, 78), light=1.18),
        _poly((50, 38), (64, 54), (50, 72), (36, 54), light=0.8),
        _poly((50, 46), (57, 54), (50, 64), (43, 54), light=1.18),
    ),
    "lamp": (
        _box(48.6, 44, 51.4, 84, light=0.6),
        _poly((36, 16), (64, 16), (76, 48), (24, 48)),
        _round(50, 48, 26, 3, 1.35),
        _round(50, 85, 17, 4, 0.7),
    ),
    "fan": (
        _box(48, 60, 52, 84, light=0.7),
        _round(50, 86, 18, 4, 0.8),
        _ring(50, 40, 31, 29),
        *(_blade(index * math.tau / 3) for index in range(3)),
        _round(50, 40, 6, 6, 0.6),
    ),
    "clock": (
        _round(50, 50, 36, 36),
        _round(50, 50, 31, 31, 1.5),
        *_HOURS,
        *(
            _box(49, 28, 51, 52, 1, light=0.4),
            _poly((49, 50), (51, 49), (65, 60), (64, 62), light=0.4),
            _round(50, 50, 2.4, 2.4, 0.4),
        ),
    ),
}
