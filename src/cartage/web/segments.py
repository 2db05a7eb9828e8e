"""The bar of a list or a bulk action: its statuses beside each other, those that are over first."""

from collections.abc import Mapping
from dataclasses import dataclass

from cartage.model.batch import RowStatus

DRAWN = (
    RowStatus.IMPORTED,
    RowStatus.ALREADY_IMPORTED,
    RowStatus.DUPLICATE,
    RowStatus.SKIPPED,
    RowStatus.FAILED,
    RowStatus.INVALID,
    RowStatus.CANCELLED,
    RowStatus.DELETED,
    RowStatus.RUNNING,
    RowStatus.QUEUED,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """Place one status in a bar: how many rows, where it begins and how wide it is, in percent."""

    status: RowStatus
    rows: int
    start: float
    width: float


def segments_of(counts: Mapping[RowStatus, int]) -> list[Segment]:
    """Lay statuses out beside each other, those that are over first."""
    total, start = sum(counts.values()) or 1, 0.0
    segments: list[Segment] = []
    for status in DRAWN:
        if rows := counts.get(status, 0):
            width = 100 * rows / total
            segments.append(Segment(status, rows, round(start, 3), round(width, 3)))
            start += width
    return segments
