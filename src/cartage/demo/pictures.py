"""Pictures of the shop's goods: flat drawings as PNG, made here so that the shop needs no files and no network."""

import math
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cartage.demo.silhouettes import SILHOUETTES, Point

SIDE = 800
UNIT = SIDE / 100
SHADOW = tuple(
    (50 + 30 * math.cos(turn * math.tau / 60), 88 + 3.2 * math.sin(turn * math.tau / 60)) for turn in range(60)
)

Colour = tuple[int, int, int]

COLOURS: dict[str, Colour] = {
    "sand": (214, 188, 148),
    "olive": (112, 122, 78),
    "walnut": (110, 74, 52),
    "oak": (190, 148, 98),
    "brass": (196, 154, 72),
    "iron": (62, 64, 70),
    "sky": (96, 142, 176),
    "clay": (190, 104, 78),
    "sage": (134, 158, 134),
    "cream": (236, 226, 206),
    "plum": (118, 78, 108),
    "steel": (150, 158, 166),
}


@dataclass(frozen=True, slots=True)
class Shot:
    """Say how a picture shows its object: how large, how far moved aside, and before which colour."""

    zoom: float
    aside: float
    backdrop: Colour


SHOTS = {
    "1": Shot(1.0, 0, (246, 243, 238)),
    "2": Shot(1.3, 6, (236, 239, 240)),
    "3": Shot(0.78, -5, (241, 236, 229)),
}


def picture_names() -> list[str]:
    """List every picture's name: `shirt-sand-1` is a shirt, in sand, first shot."""
    return [f"{thing}-{colour}-{shot}" for thing in SILHOUETTES for colour in COLOURS for shot in SHOTS]


@lru_cache(maxsize=256)
def picture(name: str) -> bytes | None:
    """Draw a picture as PNG; None for a name that is no picture's."""
    thing, _, rest = name.partition("-")
    colour, _, shot = rest.partition("-")
    if thing not in SILHOUETTES or colour not in COLOURS or shot not in SHOTS:
        return None
    view = SHOTS[shot]
    rows = _backdrop(view.backdrop)
    _paint(rows, [_placed(point, view) for point in SHADOW], _shade(view.backdrop, 0.9), 0)
    for shape in SILHOUETTES[thing]:
        tone = _shade(COLOURS[colour], shape.light)
        _paint(rows, [_placed(point, view) for point in shape.points], tone, -0.14)
    return _png(rows)


def _backdrop(colour: Colour) -> list[bytearray]:
    return [bytearray(bytes(_shade(colour, 1.02 - 0.1 * y / SIDE)) * SIDE) for y in range(SIDE)]


def _placed(point: Point, view: Shot) -> Point:
    x, y = point
    return (50 + (x - 50) * view.zoom + view.aside) * UNIT, (52 + (y - 52) * view.zoom) * UNIT


def _shade(colour: Colour, light: float) -> Colour:
    red, green, blue = (max(0, min(255, round(channel * light))) for channel in colour)
    return red, green, blue


def _paint(rows: list[bytearray], points: Sequence[Point], colour: Colour, fall: float) -> None:
    """Fill a polygon, its light falling from top to bottom; the ends of each row are blended."""
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    for y in range(max(0, math.floor(top)), min(SIDE, math.ceil(bottom))):
        crossings = sorted(_crossings(points, y + 0.5))
        tone = _shade(colour, 1 + fall * ((y - top) / (bottom - top) - 0.3))
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            _span(rows[y], left, right, tone)


def _crossings(points: Sequence[Point], y: float) -> list[float]:
    edges = zip(points, (*points[1:], points[0]), strict=True)
    return [x1 + (y - y1) * (x2 - x1) / (y2 - y1) for (x1, y1), (x2, y2) in edges if (y1 <= y) != (y2 <= y)]


def _span(row: bytearray, left: float, right: float, colour: Colour) -> None:
    left, right = max(0.0, left), min(float(SIDE), right)
    first, last = math.ceil(left), math.floor(right)
    if first > last:
        return
    row[first * 3 : last * 3] = bytes(colour) * (last - first)
    _blend(row, first - 1, colour, first - left)
    _blend(row, last, colour, right - last)


def _blend(row: bytearray, x: int, colour: Colour, share: float) -> None:
    if share > 0 and 0 <= x < SIDE:
        for channel in range(3):
            place = x * 3 + channel
            row[place] = round(row[place] * (1 - share) + colour[channel] * share)


def _png(rows: list[bytearray]) -> bytes:
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
