"""The figures above the list of imports: what waits, how the last day went, who works, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.imports.spending import Costs, total_of
from cartage.listing import Ended, Queue
from cartage.model.catalogue import Import
from cartage.model.filtering import Filter, Term, Word
from cartage.model.product import Money
from cartage.model.worker import FORGOTTEN_AFTER, Worker
from cartage.web.chart import Bar, bars_of
from cartage.web.language import gettext

HOUR = 3600
HOURS = 24
RUNNING_AT_MOST = 100
RUNNING = Filter(terms=(Term(word=Word.STATUS, values=("running",)),))


@dataclass(frozen=True, slots=True)
class Hand:
    """Hold one worker as a merchant sees it: which of their own imports it runs, and whether it has fallen silent."""

    worker: Worker
    own: Sequence[Import]
    silent: bool


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
        workers=await _hands(imports, merchant_id, at),
    )


async def _hands(imports: Imports, merchant_id: str, at: datetime) -> list[Hand]:
    workers = await imports.store.workers.seen(at - FORGOTTEN_AFTER)
    running: Sequence[Import] = ()
    if any(worker.running for worker in workers):
        wanted = RUNNING.model_copy(update={"at": at})
        running = await imports.imports(merchant_id, wanted, limit=RUNNING_AT_MOST)
    own = {import_.id: import_ for import_ in running}
    return [
        Hand(worker, [own[each] for each in worker.running if each in own], worker.silent(at)) for worker in workers
    ]


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
