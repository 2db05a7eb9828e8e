"""Workflows that follow a plan and remember what they did, and worlds in which engines run them."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cartage.engine import Announcement, Engine, Message, Receive, Request, ScrapeRequested, Send, Steps
from cartage.engines.embedded import HEARTBEAT_SECONDS, Embedded
from cartage.engines.embedded.turnstile import Limits
from cartage.engines.inline import Inline
from cartage.engines.inngest import InngestEngine
from cartage.engines.inngest.terms import InngestTerms
from cartage.scraping.plan import RetryPreset
from tests.engines.small_inngest import EVENT_KEY, KEY, SmallInngest

PRESET = RetryPreset(attempts=3, first_delay_seconds=0.2, jitter=0.0)
LIMITS = Limits(total=4, bulk=2, per_merchant=3, per_host=2)
REQUEST = ScrapeRequested(productId="prd_1", sourceUrl="https://shop.example/p/mug", merchantId="mer_1")
PATIENCE_SECONDS = 120.0
SETTLING_SECONDS = 0.4

Plan = Callable[["Work", Steps], Awaitable[None]]


@dataclass
class Work:
    """Be a workflow that follows a plan, and remember what it did."""

    plan: Plan
    ran: list[str] = field(default_factory=list[str])
    ended: list[str] = field(default_factory=list[str])
    abandoned: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Follow the plan."""
        del request
        await self.plan(self, steps)
        if import_id not in self.ended:  # what is not a step may run again
            self.ended.append(import_id)

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """Remember that the workflow was given up, and why."""
        del request
        self.abandoned.append((import_id, str(error)))

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Say how the import ended, with the steps that ran."""
        del request
        return Announcement(id=f"{import_id}:end", name="product/scrape.completed", data={"ran": self.ran})

    async def note(self, name: str) -> str:
        """Remember that a step ran."""
        self.ran.append(name)
        return f"result of {name}"

    async def wait(self, name: str) -> None:
        """Remember that a step began, and end it when the gate opens."""
        self.ran.append(name)
        await self.gate.wait()


async def three_steps(work: Work, steps: Steps) -> None:
    """Run three steps, the last with the result of the first."""
    first = await steps.run("first", work.note, "first")
    await steps.run("second", work.note, "second")
    await steps.run("third", work.note, first)


async def a_long_step_and_another(work: Work, steps: Steps) -> None:
    """Run a step that waits for the gate, and one more."""
    await steps.run("long", work.wait, "long")
    await steps.run("after", work.note, "after")


async def a_short_step_a_long_one_and_another(work: Work, steps: Steps) -> None:
    """Run a step, then one that waits for the gate, and one more."""
    await steps.run("short", work.note, "short")
    await a_long_step_and_another(work, steps)


async def a_failing_step(work: Work, steps: Steps) -> None:
    """Run a step that raises what nobody foresaw."""

    async def fail() -> None:
        raise ZeroDivisionError("by zero")

    await steps.run("first", work.note, "first")
    await steps.run("fail", fail)
    await steps.run("after", work.note, "after")


async def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not happened():  # noqa: ASYNC110 - it may happen on another thread
            await asyncio.sleep(0.02)


class World(Protocol):
    """Be a place where one kind of engine runs, and can be started anew over what an earlier one left."""

    async def start(self, plan: Plan, work: Work | None = None) -> tuple[Work, Engine]:
        """Start an engine with a workflow that follows the plan, or with this one."""
        ...

    async def stop(self) -> None:
        """Stop the present engine."""
        ...


@dataclass
class InlineWorld:
    """Run imports at once."""

    folder: Path

    async def start(self, plan: Plan, work: Work | None = None) -> tuple[Work, Engine]:
        """Start an engine."""
        work = work or Work(plan)
        return work, Inline(work, PRESET)

    async def stop(self) -> None:
        """Do nothing."""


@dataclass
class AfterOthers:
    """Be a workflow that comes after others, which have nothing to do."""

    work: Work
    others: set[str] = field(default_factory=set[str])
    ended: set[str] = field(default_factory=set[str])

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Do nothing for the others."""
        if import_id in self.others:
            self.ended.add(import_id)
        else:
            await self.work(steps, import_id, request)

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """Give the work up."""
        await self.work.abandon(import_id, request, error)

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Say how the work ended."""
        return await self.work.outcome(import_id, request)


@dataclass
class EmbeddedWorld:
    """Run imports over a folder; one engine at a time, for DBOS is one in a process.

    What comes `later` than an engine's first import begins without standing in a queue.
    """

    folder: Path
    engine: Embedded | None = None
    heartbeat_seconds: float = HEARTBEAT_SECONDS
    later: bool = False
    _starts: int = 0

    async def start(self, plan: Plan, work: Work | None = None) -> tuple[Work, Engine]:
        """Start an engine on the folder."""
        work = work or Work(plan)
        flow = AfterOthers(work)
        self.engine = Embedded(self.folder / "engine", flow, LIMITS, PRESET, heartbeat_seconds=self.heartbeat_seconds)
        await self.engine.start()
        if self.later:
            self._starts += 1
            flow.others.add(f"imp_other_{self._starts}")
            await self.engine.send(f"imp_other_{self._starts}", REQUEST)
            await until(lambda: flow.ended)
        return work, self.engine

    async def stop(self) -> None:
        """Stop the engine, if there is one."""
        engine, self.engine = self.engine, None
        if engine:
            await engine.stop()


async def nobody(scope: Message, receive: Receive, send: Send) -> None:
    """Answer as a proxy does for a process that is gone."""
    del scope, receive
    await send({"type": "http.response.start", "status": 502, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


@dataclass
class InngestWorld:
    """Run imports behind a small Inngest server, whose door is the engine started last."""

    server: SmallInngest
    engine: InngestEngine | None = None

    async def start(self, plan: Plan, work: Work | None = None) -> tuple[Work, Engine]:
        """Start an engine and register it."""
        work = work or Work(plan)
        terms = InngestTerms(
            url=self.server.url,
            serve_url="https://cartage.example",
            event_key=EVENT_KEY,
            signing_key=KEY,
            concurrency=LIMITS.total,
            per_merchant=LIMITS.per_merchant,
            per_host=LIMITS.per_host,
            retry=PRESET,
        )
        self.engine = InngestEngine(work, terms)
        self.server.door = self.engine.door
        await self.engine.register()
        return work, self.engine

    async def stop(self) -> None:
        """Stop the engine, if there is one; the server goes on knocking at a door where nobody is."""
        engine, self.engine, self.server.door = self.engine, None, nobody
        if engine:
            await engine.stop()


@contextlib.asynccontextmanager
async def a_world(kind: str, folder: Path) -> AsyncGenerator[World]:
    """Make the world of a kind of engine."""
    if kind == "inngest":
        async with SmallInngest().listening() as server:
            world = InngestWorld(server)
            yield world
            await world.stop()
        return
    world = InlineWorld(folder) if kind == "inline" else EmbeddedWorld(folder, later="later" in kind)
    yield world
    await world.stop()
