"""An engine in this process, durable on one SQLite file: DBOS, hardened.

Each setting below answers a measured fault: DBOS needs SQLite 3.42's `unixepoch('subsec')`, grows threads
without bound, forgets work under another application version, and runs work twice when two processes share
an executor's name. Its `..._async` calls make its own threads those of the loop that awaits them, and end them
with it: on the app's loop only its plain calls are made, on other threads. A queue is looked into every so often,
which costs processor time: a single import begins without one, on the loop of DBOS's own that ran an earlier import.
"""

import asyncio
import contextlib
import contextvars
import functools
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID, WorkflowStatusString
from dbos import error as dbos_error
from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from cartage.engine import HEARTBEAT, Request, Standing, Workflow, read_request, run_id
from cartage.engines.embedded.journal import JournalConnection, tells_of_a_fault
from cartage.engines.embedded.steps import DurableSteps, on
from cartage.engines.embedded.turnstile import Comer, Limits, Turnstile
from cartage.model.errors import EngineTaken
from cartage.scraping.plan import SCRAPER, RetryPreset

FUNCTION_ID = "scrape-product"
SINGLE, BULK = "single", "bulk"
STEP_FORMAT = "cartage-1"
POLL_SECONDS = 0.25
HEARTBEAT_SECONDS = 10.0
MOST_THREADS = 16
MOST_CRASHES = 1000  # DBOS counts a crash for all that had begun, those that only waited too
ADMITTED, ADMITTED_PER_MERCHANT = 200, 50  # begun at once, most of them asleep or waiting at the turnstile
ASKED_AT_ONCE = 500
Run = Callable[..., Coroutine[Any, Any, None]]
UNFINISHED = {
    status.value
    for status in (WorkflowStatusString.PENDING, WorkflowStatusString.ENQUEUED, WorkflowStatusString.DELAYED)
}

logger = logging.getLogger("cartage.engines")


@dataclass(slots=True)
class Embedded:
    """Queue, run and resume imports in this process; one process at a time holds the data folder."""

    data_dir: Path
    workflow: Workflow
    limits: Limits = field(default_factory=Limits)
    retry: RetryPreset = SCRAPER
    heartbeat_seconds: float = HEARTBEAT_SECONDS
    _running: list[Comer] = field(default_factory=list[Comer])
    _theirs: asyncio.AbstractEventLoop | None = None
    _lock: FileLock | None = None
    _heart: asyncio.Task[None] | None = None
    _turnstile: Turnstile = field(init=False)

    def __post_init__(self) -> None:
        self._turnstile = Turnstile(self.limits)

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
        logging.getLogger("dbos").addFilter(tells_of_a_fault)
        DBOS(config=self._config())
        self._register(asyncio.get_running_loop())
        await asyncio.to_thread(self._launch)
        self._heart = asyncio.create_task(self._beat())

    async def stop(self) -> None:
        """Stop; an import under way goes on at the next start, from its last finished step."""
        if self._heart:
            self._heart.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._heart
        self._theirs = None
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        (self.data_dir / HEARTBEAT).unlink(missing_ok=True)
        if self._lock:
            self._lock.release()

    async def send(self, import_id: str, request: Request, *, bulk: bool = False, again: str = "") -> None:
        """Begin a run, or queue it, under its own id, which DBOS accepts once and for ever."""
        run = run_id(import_id, again)
        # A workflow's step may ask for other work; DBOS must not take that for a part of the step.
        apart = contextvars.Context()
        if self._theirs and not bulk and self._has_room(request.merchantId):
            begin = self._begin(run, import_id, request)
            begun = apart.run(asyncio.run_coroutine_threadsafe, begin, self._theirs)
            await asyncio.shield(asyncio.wrap_future(begun))
            return
        enqueue = functools.partial(self._enqueue, run, import_id, request, BULK if bulk else SINGLE)
        await asyncio.to_thread(apart.run, enqueue)

    async def cancel(self, import_id: str) -> None:
        """Stop an import before its next step."""
        await asyncio.to_thread(_cancel, import_id)
        self._turnstile.send_away(import_id)

    async def standings(self, run_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Say what DBOS's journal says of each run."""
        found: dict[str, Standing] = dict.fromkeys(run_ids, Standing.UNKNOWN)
        for start in range(0, len(run_ids), ASKED_AT_ONCE):
            asked = list(run_ids[start : start + ASKED_AT_ONCE])
            known = await asyncio.to_thread(
                DBOS.list_workflows, workflow_ids=asked, load_input=False, load_output=False
            )
            found |= {each.workflow_id: _standing(each.status) for each in known}
        return found

    async def last_seen(self) -> datetime | None:
        """Say now: this process runs imports."""
        return datetime.now(UTC)

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
            console_log_level="ERROR",
        )

    def _launch(self) -> None:
        DBOS.launch()
        for queue in (SINGLE, BULK):
            DBOS.register_queue(
                queue,
                worker_concurrency=ADMITTED,
                partition_worker_concurrency=ADMITTED_PER_MERCHANT,
                polling_interval_sec=POLL_SECONDS,
            )

    def _has_room(self, merchant_id: str) -> bool:
        running = tuple(self._running)
        own = sum(each.merchant_id == merchant_id for each in running)
        return len(running) < ADMITTED and own < ADMITTED_PER_MERCHANT

    async def _begin(self, run: str, import_id: str, request: Request) -> None:
        with SetWorkflowID(run):
            await DBOS.start_workflow_async(self._scrape_product, import_id, request.model_dump(mode="json"))

    def _enqueue(self, run: str, import_id: str, request: Request, queue: str) -> None:
        with SetWorkflowID(run), SetEnqueueOptions(queue_partition_key=request.merchantId):
            DBOS.enqueue_workflow(
                queue, self._scrape_product, import_id, request.model_dump(mode="json"), queue == BULK
            )

    def _register(self, loop: asyncio.AbstractEventLoop) -> None:
        workflow, retry, turnstile = self.workflow, self.retry, self._turnstile

        @DBOS.workflow(name=FUNCTION_ID, max_recovery_attempts=MOST_CRASHES)
        @_taken_up_again
        async def scrape_product(import_id: str, data: dict[str, Any], bulk: bool = False) -> None:  # noqa: FBT001, FBT002
            request = read_request(data)
            comer = Comer(import_id, request.merchantId, request.host, bulk, str(DBOS.workflow_id))
            self._theirs = asyncio.get_running_loop()
            self._running.append(comer)
            try:
                await workflow(DurableSteps(loop, turnstile, comer, retry), import_id, request)
            except (dbos_error.DBOSWorkflowCancelledError, SQLAlchemyError):
                raise
            except Exception as error:  # noqa: BLE001 - the engine's boundary: whatever stops a workflow is recorded
                await on(loop, workflow.abandon(import_id, request, error))
            finally:
                self._running.remove(comer)

        self._scrape_product = scrape_product

    async def _beat(self) -> None:
        idle: set[str] = set()
        while True:
            try:
                (self.data_dir / HEARTBEAT).touch()
                idle = await self._take_up(idle)
            except (OSError, SQLAlchemyError) as error:
                logger.warning("The engine's journal can not be kept now: %s", error)
            await asyncio.sleep(self.heartbeat_seconds)

    async def _take_up(self, suspects: set[str]) -> set[str]:
        """Queue again what was under way at two looks and ran at neither; give what is so at this one first."""
        pending = await asyncio.to_thread(
            DBOS.list_workflows, status=WorkflowStatusString.PENDING.value, load_input=False, load_output=False
        )
        idle = {each.workflow_id for each in pending} - {each.run_id for each in tuple(self._running)}
        for run in idle & suspects:
            await asyncio.to_thread(DBOS.resume_workflow, run)
        return idle - suspects

    _scrape_product: Run = field(init=False, repr=False)


def _taken_up_again(function: Run) -> Run:
    """End a run that could neither go on nor be given up without an outcome, so that it is taken up again.

    The disk may be full, or the database away: what is recorded then as the end would be nobody's doing.
    """

    @functools.wraps(function)
    async def run(*args: Any, **kwargs: Any) -> None:
        try:
            await function(*args, **kwargs)
        except dbos_error.DBOSWorkflowCancelledError:
            raise
        except Exception as error:
            logger.warning("An import stopped, and is taken up again: %s", error)
            raise asyncio.CancelledError from error  # DBOS records any other end

    return run


def _cancel(import_id: str) -> None:
    known = DBOS.list_workflows(workflow_id_prefix=import_id, load_input=False, load_output=False)
    for each in known:
        if each.status in UNFINISHED:
            DBOS.cancel_workflow(each.workflow_id)


def _standing(status: str) -> Standing:
    return Standing.WORKING if status in UNFINISHED else Standing.OVER
