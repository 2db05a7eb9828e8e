"""How many requests each token may make, counted in this process."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cartage.model.request_errors import TooManyRequests

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """Say what is left of a quota: so many requests now, and all of it again in so many seconds."""

    limit: int
    remaining: int
    reset_seconds: int


@dataclass(slots=True)
class Quota:
    """Let each name make `per_minute` requests at once, and as many again as a minute goes by; 0 bounds nothing."""

    per_minute: int = 0
    clock: Callable[[], float] = time.monotonic
    spent: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])

    def spend(self, name: str) -> Allowance | None:
        """Count a request, and say what is left; raises `TooManyRequests` where nothing was."""
        if not self.per_minute:
            return None
        at, rate = self.clock(), self.per_minute / WINDOW_SECONDS
        spent, noted_at = self.spent.get(name, (0.0, at))
        spent = max(0.0, spent - (at - noted_at) * rate)
        if spent + 1 > self.per_minute:
            wait = math.ceil((spent + 1 - self.per_minute) / rate)
            raise TooManyRequests(f"A token may make {self.per_minute} requests a minute.", max(1, wait))
        self.spent[name] = (spent + 1, at)
        return Allowance(self.per_minute, int(self.per_minute - spent - 1), math.ceil((spent + 1) / rate))
