"""A small Inngest server on loopback: takes registrations and events, and drives functions by the SDK's protocol.

It calls a function with the steps so far; 206 brings an operation to record, 200 the end, and anything else is
tried again. What a real server keeps in Redis it keeps in memory.
"""

import asyncio
import contextlib
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI, Request, Response
from inngest._internal import net

Json = dict[str, Any]

KEY = "signkey-test-" + hashlib.sha256(b"a key for tests").hexdigest()
EVENT_KEY = "events"
CRASHED_RETRY_SECONDS = 0.2


@dataclass
class Run:
    """Keep one run of a function: its event, the steps recorded so far, and how it ended."""

    id: str
    function: Json
    event: Json
    steps: Json = field(default_factory=dict[str, Any])
    names: list[str] = field(default_factory=list[str])
    calls: int = 0
    state: str = "running"
    answer: Any = None


@dataclass
class SmallInngest:
    """Register functions, take events, run what they trigger. `door` is the application under test."""

    key: str = KEY
    url: str = ""
    door: Any = None
    functions: dict[str, Json] = field(default_factory=dict[str, Json])
    events: list[Json] = field(default_factory=list[Json])
    runs: list[Run] = field(default_factory=list[Run])
    refuse: bool = False
    before_call: Callable[[Run], Awaitable[bool]] | None = None
    after_call: Callable[[Run], Awaitable[bool]] | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"])
    _calls: set[asyncio.Task[httpx2.Response]] = field(default_factory=set["asyncio.Task[httpx2.Response]"])
    _holding: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    _turn: asyncio.Condition = field(default_factory=asyncio.Condition)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncGenerator["SmallInngest"]:
        """Listen on a free port of loopback."""
        config = uvicorn.Config(self._app(), host="127.0.0.1", port=0, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        try:
            yield self
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            server.should_exit = True
            await serving

    def named(self, name: str) -> list[Json]:
        """List the events of a name."""
        return [event for event in self.events if event["name"] == name]

    async def take(self, event: Json) -> None:
        """Take an event once, cancel the runs that it cancels, and start the runs that it triggers."""
        if event.get("id") and any(event["id"] == each.get("id") for each in self.events):
            return
        self.events.append(event)
        for run in self.runs:
            if run.state == "running" and any(_cancels(rule, event, run.event) for rule in run.function["cancel"]):
                run.state = "cancelled"
                await self._report("inngest/function.cancelled", run)
        for function in list(self.functions.values()):
            if any(_triggers(trigger, event) for trigger in function["triggers"]):
                self._start(function, event)

    def drop_calls(self) -> None:
        """Lose the connections to a process that went away, as its end does."""
        for call in list(self._calls):
            call.cancel()

    async def call(self, run: Run, attempt: int) -> httpx2.Response:
        """Call a run's function with its steps so far, signed."""
        body = json.dumps(
            {
                "ctx": {
                    "attempt": attempt,
                    "disable_immediate_execution": False,
                    "run_id": run.id,
                    "stack": {"stack": list(run.steps)},
                },
                "event": run.event,
                "events": [run.event],
                "steps": run.steps,
                "use_api": False,
            }
        ).encode()
        return await self.knock(body, {"fnId": run.function["id"], "stepId": "step"})

    async def knock(
        self, body: bytes, query: Json, headers: Json | None = None, method: str = "POST"
    ) -> httpx2.Response:
        """Send a request to the door, signed unless other headers are given."""
        headers = self.signature(body) if headers is None else headers
        transport = httpx2.ASGITransport(self.door, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://cartage.test") as client:
            return await client.request(method, "/api/inngest", content=body, params=query, headers=headers)

    def signature(self, body: bytes, at: float | None = None) -> Json:
        """Sign a body, as a server does."""
        signed = net.sign_request(body, self.key, int(time.time() if at is None else at))
        return {"x-inngest-signature": str(signed)} if self.key else {}

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/fn/register")
        async def register(request: Request) -> Json:
            for function in (await request.json())["functions"]:
                self.functions[function["id"]] = {"cancel": [], "concurrency": []} | function
            return {"ok": True, "modified": True}

        @app.post("/e/{key}")
        async def events(key: str, request: Request) -> Response:
            if self.refuse or (self.key and key != EVENT_KEY):
                return Response('{"error": "no"}', 503 if self.refuse else 401, media_type="application/json")
            taken: list[Json] = await request.json()
            for event in taken:
                await self.take(event)
            return Response(json.dumps({"ids": [str(index) for index in range(len(taken))], "status": 200}))

        return app

    def _start(self, function: Json, event: Json) -> None:
        run = Run(f"run_{len(self.runs)}", function, event)
        self.runs.append(run)
        task = asyncio.create_task(self._drive(run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, run: Run) -> None:
        attempt, retries = 0, run.function["steps"]["step"]["retries"]["attempts"]
        while run.state == "running":
            async with self._slot(run):
                reply = await self._called(run, attempt) if run.state == "running" else None
            if run.state != "running":
                return
            if reply is not None and reply.status_code == 206:
                await self._record(run, reply.json())
                attempt = 0
            elif reply is not None and reply.status_code == 200:
                run.state, run.answer = "completed", reply.json()
            elif attempt >= retries or (reply is not None and reply.headers.get("x-inngest-no-retry") == "true"):
                run.state, run.answer = "failed", reply and reply.json()
                await self._report("inngest/function.failed", run)
            else:
                attempt += 1
                await asyncio.sleep(_delay(reply))

    async def _called(self, run: Run, attempt: int) -> httpx2.Response | None:
        """Call, unless the process is dead before the call, or dies before it answers."""
        run.calls += 1
        if self.before_call and not await self.before_call(run):
            return None
        call = asyncio.create_task(self.call(run, attempt))
        self._calls.add(call)
        try:
            reply = await call
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():  # pyright: ignore[reportOptionalMemberAccess]
                raise
            return None
        finally:
            self._calls.discard(call)
        if self.after_call and not await self.after_call(run):
            return None
        return reply

    async def _record(self, run: Run, operations: list[Json]) -> None:
        for operation in operations:
            match operation["op"]:
                case "StepRun":
                    run.steps[operation["id"]] = {"data": operation.get("data")}
                case "Sleep":
                    until = datetime.fromisoformat(operation["name"])
                    await asyncio.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()))
                    run.steps[operation["id"]] = None
                case other:
                    raise AssertionError(other)
            run.names.append(operation["displayName"])

    async def _report(self, name: str, run: Run) -> None:
        data = {"function_id": run.function["id"], "run_id": run.id, "event": run.event, "error": run.answer}
        await self.take({"name": name, "data": data})

    @contextlib.asynccontextmanager
    async def _slot(self, run: Run) -> AsyncGenerator[None]:
        """Wait until no concurrency key of the run is used up."""
        rules = run.function["concurrency"]
        limits = {(rule["key"], str(_valued(rule["key"], run.event))): rule["limit"] for rule in rules}
        async with self._turn:
            await self._turn.wait_for(lambda: all(self._holding[key] < limit for key, limit in limits.items()))
            self._holding.update(limits.keys())
        try:
            yield
        finally:
            async with self._turn:
                self._holding.subtract(limits.keys())
                self._turn.notify_all()


def _delay(reply: httpx2.Response | None) -> float:
    after = reply.headers.get("retry-after") if reply is not None else None
    if after is None:
        return CRASHED_RETRY_SECONDS
    return max(0.0, (datetime.fromisoformat(after) - datetime.now(UTC)).total_seconds())


def _valued(path: str, event: Json) -> Any:
    value: Any = {"event": event}
    for name in path.split("."):
        value = value.get(name)
    return value


def _triggers(trigger: Json, event: Json) -> bool:
    if trigger["event"] != event["name"]:
        return False
    condition = re.fullmatch(r"event\.data\.function_id == '(.+)'", trigger.get("expression") or "")
    return condition is None or event["data"]["function_id"] == condition[1]


def _cancels(rule: Json, event: Json, original: Json) -> bool:
    if rule["event"] != event["name"]:
        return False
    condition = re.fullmatch(r"async\.(\S+) == event\.(\S+)", rule["if"])
    assert condition
    return _valued(f"event.{condition[1]}", event) == _valued(f"event.{condition[2]}", original)
