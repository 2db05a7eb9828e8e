"""An engine in this process, durable on one SQLite file: DBOS, hardened.

Each setting below answers a measured fault: DBOS needs SQLite 3.42's `unixepoch('subsec')`, grows threads
without bound, forgets work under another application version, and runs work twice when two processes share
an executor's name.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID
from dbos import error as dbos_error
from filelock import FileLock, Timeout

from cartage.engine import ScrapeRequested, Workflow, decode_result, encode_result
from cartage.model.errors import EngineTaken

P = ParamSpec("P")
R = TypeVar("R")

FUNCTION_ID = "scrape-product"
QUEUE = "imports"
STEP_FORMAT = "cartage-1"
POLL_SECONDS = 0.1
MOST_THREADS = 16
CANCELLATIONS = (dbos_error.DBOSWorkflowCancelledError, dbos_error.DBOSAwaitedWorkflowCancelledError)


@dataclass(slots=True)
class Embedded:
    """Queue, run and resume imports in this process; one process at a time holds the data folder."""

    data_dir: Path
    workflow: Workflow
    concurrency: int = 8
    _lock: FileLock | None = None
    _running: dict[str, ScrapeRequested] = field(default_factory=dict[str, ScrapeRequested])

    async def start(self) -> None:
        """Take the data folder and launch; raises `EngineTaken` when another process has it."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.data_dir / "engine.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise EngineTaken(f"Another process runs the engine in {self.data_dir}.") from error
        self._lock = lock
        logging.getLogger("dbos").setLevel(logging.ERROR)
        logging.getLogger("dbos").addFilter(_tells_of_a_fault)
        DBOS(config=self._config())
        self._register(asyncio.get_running_loop())
        await asyncio.to_thread(self._launch)

    async def stop(self) -> None:
        """Stop; an import under way goes on at the next start, from its last finished step."""
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        if self._lock:
            self._lock.release()

    async def send(self, import_id: str, request: ScrapeRequested) -> None:
        """Queue an import under its own id, which DBOS accepts once and for ever."""
        await asyncio.to_thread(self._enqueue, import_id, request)

    async def cancel(self, import_id: str) -> None:
        """Stop an import before its next step."""
        await DBOS.cancel_workflow_async(import_id)

    def _config(self) -> DBOSConfig:
        path = (self.data_dir / "engine.db").absolute()
        return DBOSConfig(
            name="cartage",
            system_database_url=f"sqlite:///{path}",
            db_engine_kwargs={"connect_args": {"factory": JournalConnection, "timeout": 30.0}},
            application_version=STEP_FORMAT,
            executor_id="embedded",
            serializer=DBOSPortableJSONSerializer(),
            max_executor_threads=MOST_THREADS,
            notification_listener_polling_interval_sec=POLL_SECONDS,
            console_log_level="ERROR",
        )

    def _launch(self) -> None:
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=self.concurrency, polling_interval_sec=POLL_SECONDS)

    def _enqueue(self, import_id: str, request: ScrapeRequested) -> None:
        with SetWorkflowID(import_id):
            DBOS.enqueue_workflow(QUEUE, self._scrape_product, import_id, request.model_dump())

    def _register(self, loop: asyncio.AbstractEventLoop) -> None:
        workflow = self.workflow

        @DBOS.workflow(name=FUNCTION_ID)
        async def scrape_product(import_id: str, data: dict[str, str]) -> None:
            request = ScrapeRequested.model_validate(data)
            try:
                await workflow(DurableSteps(loop), import_id, request)
            except dbos_error.DBOSWorkflowCancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - the engine's boundary: whatever stops a workflow is recorded
                await _on(loop, workflow.abandon(import_id, request, error))

        self._scrape_product = scrape_product

    _scrape_product: Callable[..., Coroutine[Any, Any, None]] = field(init=False, repr=False)


@dataclass(frozen=True, slots=True)
class DurableSteps:
    """Run steps that DBOS records; their work happens on the app's own event loop, not on DBOS's."""

    loop: asyncio.AbstractEventLoop

    async def run(self, name: str, function: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a step once and record its JSON, or give the recorded result."""

        async def work() -> str:
            return encode_result(await function(*args, **kwargs))

        async def recorded() -> str:
            return await _on(self.loop, work())

        return decode_result(await DBOS.run_step_async({"name": name}, recorded), function)

    async def sleep_until(self, name: str, when: datetime) -> None:
        """Sleep durably: a restart does not begin the wait anew."""
        del name
        await DBOS.sleep_async(max(0.0, (when - datetime.now(UTC)).total_seconds()))


class JournalConnection(sqlite3.Connection):
    """Be a SQLite connection that knows `unixepoch('subsec')`, which SQLite below 3.42 does not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sqlite3.sqlite_version_info < (3, 42):
            self.create_function("unixepoch", -1, _unixepoch)
        self.execute("PRAGMA synchronous=FULL")


def _tells_of_a_fault(record: logging.LogRecord) -> bool:
    """Tell a fault from a cancellation, which DBOS logs with a traceback though a person asked for it."""
    cause = record.exc_info[1] if record.exc_info else None
    return not isinstance(cause, CANCELLATIONS)


def _unixepoch(*arguments: str) -> float | int:
    moment = datetime.now(UTC).timestamp()
    return moment if "subsec" in arguments else int(moment)


async def _on(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, R]) -> R:
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))
