"""The figures above the list of imports: what waits, how the last day went, who works, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cartage.imports.hands import Hand, hands_of
from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.imports.spending import Costs, total_of
from cartage.listing import Ended, Queue
from cartage.model.product import Money
from cartage.web.chart import Bar, bars_of
from cartage.web.language import gettext

HOUR = 3600
HOURS = 24
RUNNING_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold the figures of a merchant's imports; `rate` is the percentage that succeeded, None where none ended."""

    queue: Queue
    succeeded: int
    failed: int
    spent: Money
    worker_seen: datetime | None
    worker_stopped: bool
    bars: list[Bar]
    workers: Sequence[Hand] = ()

    @property
    def rate(self) -> int | None:
        """Give how many of a hundred imports succeeded."""
        ended = self.succeeded + self.failed
        return round(100 * self.succeeded / ended) if ended else None


async def figures_of(imports: Imports, merchant_id: str) -> Figures:
    """Gather the figures of the last 24 hours."""
    at = now()
    start = _hour(at) - timedelta(hours=HOURS - 1)
    ended = await imports.store.listing.ended(merchant_id, start, HOUR)
    return Figures(
        queue=await imports.store.listing.queue(merchant_id),
        succeeded=sum(each.succeeded for each in ended),
        failed=sum(each.failed for each in ended),
        spent=total_of(await Costs(imports.store).of(merchant_id, days=1)),
        worker_seen=await imports.engine.last_seen(),
        worker_stopped=await imports.worker_stopped(),
        bars=_bars(start, ended),
        workers=await hands_of(imports, merchant_id, at, RUNNING_AT_MOST),
    )


def _bars(start: datetime, ended: Sequence[Ended]) -> list[Bar]:
    known = {each.at: each for each in ended}
    hours = [start + timedelta(hours=hour) for hour in range(HOURS)]
    counted = [known.get(hour, Ended(at=hour)) for hour in hours]
    return bars_of(
        [
            (
                gettext("%(hour)s:00 UTC: %(succeeded)s succeeded, %(failed)s failed")
                % {"hour": f"{each.at:%H}", "succeeded": each.succeeded, "failed": each.failed},
                {"good": each.succeeded, "bad": each.failed},
            )
            for each in counted
        ]
    )


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
