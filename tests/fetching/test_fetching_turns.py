"""How visitors to one site go one after the other."""

import asyncio
import time
from datetime import UTC, datetime

import pytest

from cartage.fetching.address import parse
from cartage.fetching.client import Fetcher
from cartage.fetching.limits import Limits
from cartage.fetching.turns import Manners, Turn, site_of
from cartage.model.errors import RateLimited
from cartage.model.spacing import Spacing
from cartage.model.visit_errors import HostBusy
from cartage.stores.memory_turns import MemoryTurns
from tests.fetching.conftest import Internet, answer, says

SHOP = "http://shop.example"
DEADLINE_SECONDS = 5.0


def visitor(internet: Internet, turns: MemoryTurns, limits: Limits | None = None, **manners: float) -> Fetcher:
    """Make the fetcher of one process among several that share their turns."""
    return internet.fetcher(limits, manners=Manners(turns, robots=False, **manners))


class Counting:
    """Be a site that takes a while, or until so many are there, and counts how many visitors it has at once."""

    def __init__(self, together: int = 0) -> None:
        self.together = asyncio.Barrier(together) if together else None
        self.here = 0
        self.most = 0
        self.begun: list[float] = []

    async def __call__(self, _request: bytes, writer: asyncio.StreamWriter) -> None:
        """Answer after a while."""
        self.begun.append(time.monotonic())
        self.here += 1
        self.most = max(self.most, self.here)
        await (self.together.wait() if self.together else asyncio.sleep(0.03))
        self.here -= 1
        writer.write(answer())


async def test_visitors_of_all_processes_go_one_by_one(internet: Internet) -> None:
    """Six fetches of two processes to hosts of one domain: never two at once, and a pause between each."""
    internet.site.behave = site = Counting()
    turns = MemoryTurns()
    processes = [visitor(internet, turns, spacing_seconds=0.05) for _ in range(2)]

    await asyncio.gather(
        *(fetcher.get(f"http://{name}.shop.example/1") for fetcher in processes for name in ("a", "b", "c"))
    )

    assert site.most == 1
    assert min(after - before for before, after in zip(site.begun, site.begun[1:], strict=False)) >= 0.05


async def test_other_sites_are_not_held_up(internet: Internet) -> None:
    """Each registrable domain has a turn of its own."""
    internet.site.behave = site = Counting(together=3)
    fetcher = visitor(internet, MemoryTurns(), spacing_seconds=60)

    await asyncio.gather(*(fetcher.get(f"http://{name}.example/1") for name in ("one", "two", "three")))

    assert site.most == 3


async def test_a_sites_own_spacing_holds_for_it_alone(internet: Internet) -> None:
    """The operator's time for a site holds for all of its hosts; others keep the usual one."""
    internet.site.behave = Counting()
    turns = MemoryTurns()
    fetcher = visitor(internet, turns, spacing_seconds=0)
    set_at = datetime.now(UTC)
    await turns.space(Spacing(site="shop.example", seconds=900, set_at=set_at))

    for url in (f"{SHOP}/1", "http://other.example/1", "http://other.example/2"):
        await fetcher.get(url)
    with pytest.raises(HostBusy) as caught:
        await fetcher.get("http://www.shop.example/2")

    assert 800 < (caught.value.retry_after_seconds or 0) <= 900


class LateTurns(MemoryTurns):
    """Keep everybody waiting for longer than a fetch may take."""

    async def take(self, site: str, holder: str, now: datetime, until: datetime) -> Turn:
        """Wait, then take it."""
        await asyncio.sleep(DEADLINE_SECONDS + 0.5)
        return await super().take(site, holder, now, until)


async def test_waiting_for_the_turn_is_no_part_of_the_deadline(internet: Internet) -> None:
    """A fetch that waits longer than it may take still brings its page."""
    fetcher = visitor(internet, LateTurns(), Limits(deadline_seconds=DEADLINE_SECONDS))

    assert (await fetcher.get(f"{SHOP}/1")).status == 200


async def test_patience_ends_in_a_wait(internet: Internet) -> None:
    """Whoever queued for long enough is told to come again; the site is not asked."""
    turns = MemoryTurns()
    await visitor(internet, turns, spacing_seconds=5).get(f"{SHOP}/1")

    with pytest.raises(HostBusy) as caught:
        await visitor(internet, turns, patience_seconds=0.05).get(f"{SHOP}/2")

    assert caught.value.retry_after_seconds
    assert len(internet.site.requests) == 1


@pytest.mark.parametrize(
    ("status", "said", "error"), [("429 Slow", "120", HostBusy), ("503 Busy", "90000", RateLimited)]
)
async def test_what_a_site_asks_of_one_holds_for_all(
    internet: Internet, status: str, said: str, error: type[HostBusy | RateLimited]
) -> None:
    """After a Retry-After, another process leaves the site alone as well, and knows for how long."""
    internet.site.behave = says(answer(b"no", status, retry_after=said))
    turns = MemoryTurns()
    with pytest.raises(Exception, match=r"status"):
        await visitor(internet, turns).get(f"{SHOP}/1")

    with pytest.raises(error) as caught:
        await visitor(internet, turns).get(f"{SHOP}/2")

    assert (caught.value.retry_after_seconds or 0) > 100
    assert len(internet.site.requests) == 1


async def test_a_failed_or_cancelled_visit_gives_its_turn_back(internet: Internet) -> None:
    """Nobody waits for a visitor that is gone."""
    internet.site.behave = says(answer(b"no", "404 Not Found"), answer())
    fetcher = visitor(internet, MemoryTurns(), spacing_seconds=0)
    task = asyncio.create_task(fetcher.get(f"{SHOP}/0"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    with pytest.raises(Exception, match="gone"):
        await fetcher.get(f"{SHOP}/1")

    assert (await fetcher.get(f"{SHOP}/2")).status == 200


async def test_the_exceptions_are_visited_without_ceremony(internet: Internet) -> None:
    """The demo shop needs no turn, no pause and no robots.txt."""
    fetcher = Fetcher(
        exceptions=frozenset([("127.0.0.1", internet.site.port)]), manners=Manners(MemoryTurns(), spacing_seconds=60)
    )

    for number in range(3):
        await fetcher.get(f"http://127.0.0.1:{internet.site.port}/{number}")

    assert len(internet.site.requests) == 3


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.shop.co.uk/1", "shop.co.uk"),
        ("https://a.b.shop.example/1", "shop.example"),
        ("https://mugs.myshopify.com/1", "mugs.myshopify.com"),
        ("https://93.184.216.34/1", "93.184.216.34"),
    ],
)
def test_a_site_is_a_registrable_domain(url: str, site: str) -> None:
    """Hosts of one owner are one site; shops on a platform's domain are their own."""
    assert site_of(parse(url)) == site
