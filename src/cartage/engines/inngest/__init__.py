"""An engine on an Inngest server, through the official SDK: for imports beyond one machine."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import inngest
import inngest.fast_api
from fastapi import FastAPI

from cartage.engine import (
    Announcement,
    Door,
    EnhanceRequested,
    Request,
    ScrapeRequested,
    Standing,
    Workflow,
    read_request,
    run_id,
)
from cartage.engines.inngest.guard import Guard, call
from cartage.engines.inngest.steps import InngestSteps, reason_of, stopped_for
from cartage.engines.inngest.terms import InngestTerms
from cartage.model.errors import EngineUnreachable

APP = "cartage"
FUNCTION = "scrape-product"
CANCELLED = "product/import.cancelled"
PATH = "/api/inngest"
BULK_WAITS_SECONDS = 600
RETRIES = 20  # of a step that a dying process cut off; a step's own failures follow the preset
SEND_SECONDS = 2.0
REGISTER_AGAIN_SECONDS = 30.0
CANCEL_SETTLES = timedelta(seconds=2)

logger = logging.getLogger("cartage.inngest")
sdk_logger = logging.getLogger("cartage.inngest.sdk")


def _is_news(record: logging.LogRecord) -> bool:
    return "/fn/register" not in record.getMessage()  # told of once by the engine itself


sdk_logger.addFilter(_is_news)


@dataclass
class InngestEngine:
    """Send imports to an Inngest server and run them when it calls."""

    workflow: Workflow
    terms: InngestTerms
    path: str = PATH
    _heard_at: datetime | None = None
    _registering: asyncio.Task[None] | None = None
    _sending: set[asyncio.Task[list[str]]] = field(default_factory=set[asyncio.Task[list[str]]])

    async def start(self) -> None:
        """Register the functions at the Inngest server, and go on doing so, for it may lose its memory."""
        self.terms.check()
        self._registering = asyncio.create_task(self._keep_registered())

    async def stop(self) -> None:
        """Stop registering; the server goes on calling whatever process is there."""
        if self._registering:
            self._registering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._registering

    async def send(self, import_id: str, request: Request, *, bulk: bool = False, again: str = "") -> None:
        """Send the request's event under the import's own id, which Inngest takes once."""
        data = request.model_dump(mode="json") | {
            "importId": import_id,
            "host": request.host or import_id,
            "bulk": bulk,
            "again": again,
        }
        await self._send(inngest.Event(name=request.event, id=run_id(import_id, again), data=data))

    async def cancel(self, import_id: str) -> None:
        """Stop the import's runs before their next step."""
        data = {"importId": import_id}
        await self._send(inngest.Event(name=CANCELLED, id=f"{import_id}:cancelled", data=data))

    async def standings(self, run_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Say that it is unclear: the server's answers come late, and a server without its memory knows nothing."""
        return dict.fromkeys(run_ids, Standing.UNCLEAR)

    async def last_seen(self) -> datetime | None:
        """Say when the Inngest server last called or answered."""
        return self._heard_at

    async def register(self) -> None:
        """Tell the Inngest server about the functions; raises `EngineUnreachable`."""
        headers = {"x-inngest-signature": self._signature(b"")} if self.terms.signing_key else {}
        status, body = await call(self.door, "PUT", self.path, headers)
        answer: Any = json.loads(body or b"{}")
        if status != 200 or answer.get("error") or answer.get("code"):  # noqa: PLR2004 - the HTTP status
            said = answer.get("error") or answer.get("message") or f"status {status}"
            raise EngineUnreachable(f"Inngest at {self.terms.url} did not take the functions: {said}")
        self._heard()

    @cached_property
    def door(self) -> Door:
        """Give the application that Inngest calls, behind a guard."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        inngest.fast_api.serve(
            app,
            self._client,
            [self._function, self._cancellation],
            enable_unauthed_sync=self.terms.dev,
            serve_origin=self.terms.serve_url,
            serve_path=self.path,
        )
        return Guard(app, signed=not self.terms.dev, heard=self._heard)

    @cached_property
    def _client(self) -> inngest.Inngest:
        return inngest.Inngest(
            app_id=APP,
            api_base_url=self.terms.url,
            event_api_base_url=self.terms.url,
            event_key=self.terms.event_key or None,
            signing_key=self.terms.signing_key or None,
            is_production=not self.terms.dev,
            logger=sdk_logger,
        )

    @cached_property
    def _function(self) -> inngest.Function[Any]:
        slots = asyncio.Semaphore(self.terms.concurrency)

        @self._client.create_function(
            fn_id=FUNCTION,
            trigger=[inngest.TriggerEvent(event=each.event) for each in (ScrapeRequested, EnhanceRequested)],
            idempotency="event.id",
            cancel=[inngest.Cancel(event=CANCELLED, if_exp="async.data.importId == event.data.importId")],
            concurrency=[
                inngest.Concurrency(key="event.data.merchantId", limit=self.terms.per_merchant),
                inngest.Concurrency(key="event.data.host", limit=self.terms.per_host),
            ],
            priority=inngest.Priority(run=f"event.data.bulk ? -{BULK_WAITS_SECONDS} : 0"),
            retries=RETRIES,
            on_failure=self._on_failure,
        )
        async def scrape_product(context: inngest.Context) -> None:
            import_id, request = _asked(context.event.data)
            try:
                await self.workflow(InngestSteps(context, self.terms.retry, slots), import_id, request)
            except (inngest.NonRetriableError, inngest.RetryAfterError):
                raise
            except Exception as error:
                raise inngest.NonRetriableError(reason_of(error)) from error
            await self._announce(context, import_id, request)

        return scrape_product

    @cached_property
    def _cancellation(self) -> inngest.Function[Any]:
        @self._client.create_function(
            fn_id="announce-cancelled",
            trigger=inngest.TriggerEvent(event="inngest/function.cancelled"),
            retries=RETRIES,
        )
        async def announce_cancelled(context: inngest.Context) -> None:
            if context.event.data.get("function_id") != self._function.id:
                return
            import_id, request = _asked(_original(context.event.data))
            if await self.workflow.outcome(import_id, request) is None:
                raise inngest.RetryAfterError("The import is not over yet.", CANCEL_SETTLES, quiet=True)
            await self._announce(context, import_id, request)

        return announce_cancelled

    async def _on_failure(self, context: inngest.Context) -> None:
        import_id, request = _asked(_original(context.event.data))
        said: Any = context.event.data.get("error")
        error = stopped_for(str(said and said.get("message")))

        async def abandon() -> None:
            await self.workflow.abandon(import_id, request, error)

        await context.step.run("abandon", abandon)
        await self._announce(context, import_id, request)

    async def _announce(self, context: inngest.Context, import_id: str, request: Request) -> None:
        async def how_it_ended() -> str:
            ended = await self.workflow.outcome(import_id, request)
            return ended.model_dump_json() if ended else ""

        told = await context.step.run("how it ended", how_it_ended)
        if told:
            ended = Announcement.model_validate_json(told)
            await context.step.send_event("announce", inngest.Event(name=ended.name, id=ended.id, data=ended.data))

    async def _send(self, event: inngest.Event) -> None:
        sending = asyncio.create_task(self._client.send(event))
        self._sending.add(sending)
        sending.add_done_callback(self._sent)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await asyncio.shield(sending)
        except Exception as error:
            raise EngineUnreachable(
                f"Inngest at {self.terms.url} did not take an event: {error or 'too slow'}."
            ) from error

    def _sent(self, sending: "asyncio.Task[list[str]]") -> None:
        self._sending.discard(sending)
        if not sending.cancelled() and sending.exception() is None:
            self._heard()

    async def _keep_registered(self) -> None:
        told = False
        while True:
            try:
                await self.register()
                told = False
            except EngineUnreachable as error:
                (logger.debug if told else logger.warning)("%s", error)
                told = True
            await asyncio.sleep(REGISTER_AGAIN_SECONDS if not told else 2.0)

    def _signature(self, body: bytes) -> str:
        return self.terms.sign(body, int(time.time()))

    def _heard(self) -> None:
        self._heard_at = datetime.now(UTC)


def _asked(data: Any) -> tuple[str, Request]:
    return str(data["importId"]), read_request(data)


def _original(data: Any) -> Any:
    return data["event"]["data"]
