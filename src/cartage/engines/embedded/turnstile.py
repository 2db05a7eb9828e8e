"""Who may reach out next: so many at once in all, for one merchant and to one host; people before batches."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Say how many may be through at once: `total`, of which `bulk` for batches; each merchant; each host."""

    total: int = 8
    bulk: int = 6
    per_merchant: int = 6
    per_host: int = 2


@dataclass(frozen=True, slots=True)
class Comer:
    """Say who wants to pass, to which host if to one in particular; the smaller `import_id` is the older."""

    import_id: str
    merchant_id: str
    host: str
    bulk: bool = False
    run_id: str = ""


class SentAway(Exception):
    """The comer's turn will not come: its import was cancelled."""


@dataclass(slots=True)
class Turnstile:
    """Let comers through, within limits; among those who may, single imports, then who has fewest through."""

    limits: Limits = field(default_factory=Limits)
    _waiting: list[tuple[Comer, asyncio.Future[None]]] = field(
        default_factory=list[tuple[Comer, "asyncio.Future[None]"]]
    )
    _merchants: Counter[str] = field(default_factory=Counter[str])
    _hosts: Counter[str] = field(default_factory=Counter[str])
    _through: int = 0
    _bulk: int = 0

    @contextlib.asynccontextmanager
    async def turn(self, comer: Comer) -> AsyncGenerator[None]:
        """Wait for a turn and hold it."""
        called = asyncio.get_running_loop().create_future()
        self._waiting.append((comer, called))
        self._call()
        try:
            await called
            yield
        finally:
            if (comer, called) in self._waiting:
                self._waiting.remove((comer, called))
            else:
                self._count(comer, -1)
            self._call()

    def send_away(self, import_id: str) -> None:
        """Let an import wait no longer; its turn raises `SentAway`."""
        for comer, called in self._waiting:
            if comer.import_id == import_id and not called.done():
                called.set_exception(SentAway(import_id))

    def _call(self) -> None:
        while self._through < self.limits.total:
            ready = [each for each in self._waiting if self._may(each[0]) and not each[1].done()]
            if not ready:
                return
            chosen = min(ready, key=lambda each: self._order(each[0]))
            self._waiting.remove(chosen)
            self._count(chosen[0], 1)
            chosen[1].set_result(None)

    def _may(self, comer: Comer) -> bool:
        return (
            self._merchants[comer.merchant_id] < self.limits.per_merchant
            and (not comer.host or self._hosts[comer.host] < self.limits.per_host)
            and not (comer.bulk and self._bulk >= self.limits.bulk)
        )

    def _order(self, comer: Comer) -> tuple[bool, int, str]:
        return comer.bulk, self._merchants[comer.merchant_id], comer.import_id

    def _count(self, comer: Comer, change: int) -> None:
        self._through += change
        self._bulk += change * comer.bulk
        for counts, key in ((self._merchants, comer.merchant_id), (self._hosts, comer.host)):
            counts[key] += change
            if not counts[key]:
                del counts[key]
