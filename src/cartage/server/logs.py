"""The log: one JSON object a line on stderr, with the ids of the request, import and step it belongs to."""

import logging
import re
import sys
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars
from structlog.types import EventDict, Processor

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}", re.ASCII)
TRACE = re.compile(rb"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
QUIET = ("alembic", "httpcore", "asyncio", "aiosqlite")


def write_logs(level: str) -> None:
    """Send every logger's records to stderr: JSON, or lines for a person where stderr is a terminal."""
    named: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _plain,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    written: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if sys.stderr.isatty():
        written += [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    else:
        # A traceback's local variables may hold keys and pages.
        tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        written += [structlog.processors.ExceptionRenderer(tracebacks)]
        written += [structlog.processors.JSONRenderer(ensure_ascii=False)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=named, processors=written))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _plain(_: object, __: str, line: EventDict) -> EventDict:
    line.pop("color_message", None)  # uvicorn's own, for terminals
    return line


class Tracing:
    """Give each request a trace id, which goes back as `X-Request-Id`.

    It is the caller's, from `traceparent` or `X-Request-Id`, or a new one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with its trace bound to the log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace_id = _trace_id(dict(scope["headers"]))
        scope.setdefault("state", {})["trace_id"] = trace_id

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [each for each in message.get("headers", []) if each[0] != b"x-request-id"]
                message["headers"] = [*headers, (b"x-request-id", trace_id.encode())]
            await send(message)

        with bound_contextvars(trace_id=trace_id):
            await self._app(scope, receive, named)


def _trace_id(headers: dict[bytes, bytes]) -> str:
    traced = TRACE.fullmatch(headers.get(b"traceparent", b""))
    if traced:
        return traced[1].decode()
    asked = headers.get(b"x-request-id", b"")
    return asked.decode() if REQUEST_ID.fullmatch(asked) else uuid4().hex
