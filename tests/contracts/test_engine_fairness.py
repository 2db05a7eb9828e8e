"""What durable engines promise to several merchants and to the hosts they import from."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cartage.engine import Announcement, Engine, Request, ScrapeRequested, Steps
from tests.contracts.engine_worlds import LIMITS, SETTLING_SECONDS, EmbeddedWorld, Work, World, a_world, until

FETCH_SECONDS = 0.1


@dataclass
class Crowd(Work):
    """Be a workflow of one fetch, and keep count of who fetches at once."""

    now: Counter[str] = field(default_factory=Counter[str])
    most: Counter[str] = field(default_factory=Counter[str])
    begun: list[str] = field(default_factory=list[str])
    held: bool = False

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Fetch once."""
        await steps.run("try direct 1", self.fetch, import_id, request)
        if import_id not in self.ended:
            self.ended.append(import_id)

    async def fetch(self, import_id: str, request: Request) -> None:
        """Take a while, or until the gate opens, counted by merchant, by host and in all."""
        self.begun.append(import_id)
        keys = ("all", request.merchantId, request.host)
        self.now.update(keys)
        for key in keys:
            self.most[key] = max(self.most[key], self.now[key])
        await (self.gate.wait() if self.held else asyncio.sleep(FETCH_SECONDS))
        self.now.subtract(keys)

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Have nothing to tell."""


async def nothing(_: Work, __: Steps) -> None:
    """Do nothing: a crowd has its own plan."""


@pytest.fixture(params=["embedded", "embedded, later", "inngest"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[World]:
    """Give the world of each durable engine."""
    async with a_world(request.param, tmp_path) as made:
        yield made


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncGenerator[EmbeddedWorld]:
    """Give the embedded engine's world."""
    made = EmbeddedWorld(tmp_path)
    yield made
    await made.stop()


async def crowd_in(world: World) -> tuple[Crowd, Engine]:
    """Start an engine with a crowd."""
    crowd = Crowd(nothing)
    _, engine = await world.start(nothing, crowd)
    return crowd, engine


def request_of(merchant: str, host: str) -> ScrapeRequested:
    """Make a merchant's request for a page of a host."""
    return ScrapeRequested(productId="prd_1", sourceUrl=f"https://{host}/p", merchantId=merchant)


@pytest.mark.parametrize(
    ("merchants", "hosts", "most"),
    [(2, 6, LIMITS.total), (1, 6, LIMITS.per_merchant), (1, 1, LIMITS.per_host)],
    ids=["in all", "for one merchant", "from one host"],
)
async def test_limits_are_kept_and_used(world: World, merchants: int, hosts: int, most: int) -> None:
    """As many imports fetch at once as are allowed, and no more: in all, for one merchant, and from one host."""
    crowd, engine = await crowd_in(world)
    crowd.held = True

    for number in range(8):
        request = request_of(f"mer_{number % merchants}", f"shop-{number % hosts}.example")
        await engine.send(f"imp_{number}", request)
    await until(lambda: crowd.now["all"] == most)
    await asyncio.sleep(SETTLING_SECONDS)
    crowd.gate.set()
    await until(lambda: len(crowd.ended) == 8)

    assert crowd.most["all"] == most


async def test_one_merchant_s_many_do_not_delay_another_s_one(world: World) -> None:
    """Another merchant's single import begins while most of a merchant's sixty are queued, and all end, once each."""
    crowd, engine = await crowd_in(world)
    crowd.held = True
    for number in range(60):
        await engine.send(f"imp_a{number:03}", request_of("mer_a", f"shop-{number}.example"))
    await until(lambda: len(crowd.begun) == LIMITS.per_merchant)

    await engine.send("imp_b", request_of("mer_b", "other.example"))
    await until(lambda: "imp_b" in crowd.begun)
    first = list(crowd.begun)
    crowd.gate.set()
    await until(lambda: len(crowd.ended) == 61)

    assert first[LIMITS.per_merchant :] == ["imp_b"]
    assert len(set(crowd.begun)) == len(crowd.begun) == 61


async def test_a_person_s_import_goes_before_a_batch(embedded: EmbeddedWorld) -> None:
    """A merchant's own batch of forty does not delay the import that they wait for."""
    crowd, engine = await crowd_in(embedded)
    crowd.held = True
    for number in range(40):
        await engine.send(f"imp_a{number:03}", request_of("mer_a", f"shop-{number}.example"), bulk=True)
    await until(lambda: len(crowd.begun) == LIMITS.bulk)

    await engine.send("imp_z", request_of("mer_a", "other.example"))
    await until(lambda: "imp_z" in crowd.begun)
    crowd.gate.set()

    assert crowd.begun[LIMITS.bulk :] == ["imp_z"]


async def test_a_cancelled_import_leaves_the_line(embedded: EmbeddedWorld) -> None:
    """An import that waits for its turn and is cancelled never fetches, and holds up nobody."""
    crowd, engine = await crowd_in(embedded)
    crowd.held = True
    everyone = {f"imp_{number}" for number in range(6)}
    for import_id in everyone:
        await engine.send(import_id, request_of("mer_a", "busy.example"))
    await until(lambda: len(crowd.begun) == LIMITS.per_host)
    waiting = min(everyone.difference(crowd.begun))

    await engine.cancel(waiting)
    crowd.gate.set()
    await until(lambda: len(crowd.ended) == 5)
    await asyncio.sleep(FETCH_SECONDS * 2)

    assert waiting not in crowd.begun
    assert crowd.abandoned == []
