"""A brake on guessing: too many wrong tries of one name, or from one place, are refused for a while."""

import ipaddress
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from cartage.model.errors import NotAuthenticated

LARGEST_MEMORY = 10_000
MOST_FROM_A_PLACE = 60
V6_NETWORK_BITS = 64


@dataclass(slots=True)
class Throttle:
    """Count each name's wrong tries within `window_seconds`, and refuse it at `most` until they are old."""

    most: int = 10
    window_seconds: float = 300.0
    clock: Callable[[], float] = time.monotonic
    failures: dict[str, deque[float]] = field(default_factory=dict[str, deque[float]])

    def check(self, name: str) -> None:
        """Raise `NotAuthenticated` while the name has too many recent wrong tries."""
        recent = self.failures.get(name)
        while recent and recent[0] < self.clock() - self.window_seconds:
            recent.popleft()
        if recent and len(recent) >= self.most:
            raise NotAuthenticated("Too many wrong logins; wait five minutes.")

    def note_failure(self, name: str) -> None:
        """Count a wrong try."""
        if len(self.failures) >= LARGEST_MEMORY:
            self.failures.pop(next(iter(self.failures)))
        self.failures.setdefault(name, deque(maxlen=self.most)).append(self.clock())

    def take_back(self, name: str) -> None:
        """Count the last try no longer: it was right."""
        recent = self.failures.get(name)
        if recent:
            recent.pop()

    def forget(self, name: str) -> None:
        """Forget a name's wrong tries, after a right one."""
        self.failures.pop(name, None)


def place_of(host: str) -> str:
    """Name the place that a client's address stands for: an IPv6 one by its network, which one person has whole."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network(f"{address}/{V6_NETWORK_BITS}", strict=False))
