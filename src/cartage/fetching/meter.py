"""The meter: counts the bytes that came over the network for whatever is done while it is open."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Meter:
    """Hold how many bytes came, as they were sent: before anything was unpacked, and without heads."""

    size: int = 0


_open: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metering() -> Generator[Meter]:
    """Count what this task, and those that it starts, fetch within; an outer meter counts it, too."""
    meter, outer = Meter(), _open.get()
    token = _open.set(meter)
    try:
        yield meter
    finally:
        _open.reset(token)
        if outer is not None:
            outer.size += meter.size


def count(size: int) -> None:
    """Count bytes that came, where a meter is open."""
    if meter := _open.get():
        meter.size += size
