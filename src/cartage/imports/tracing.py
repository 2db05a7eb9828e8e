"""Spans for OpenTelemetry: one for each import, and one for each of its steps; nothing of it is loaded unless asked."""

import contextlib
import hashlib
from collections.abc import Generator
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from cartage.imports.progress import traced
from cartage.model.catalogue import Import, Step, StepState
from cartage.model.errors import Misconfigured

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import SpanContext


class Tracer(Protocol):
    """Take what came to an end."""

    def step_ended(self, import_: Import, step: Step) -> None:
        """Record a step that ended."""
        ...

    def import_ended(self, import_: Import) -> None:
        """Record an import that ended."""
        ...

    def close(self) -> None:
        """Send what was recorded."""
        ...


class Untraced:
    """Record nothing."""

    def step_ended(self, import_: Import, step: Step) -> None:
        """Do nothing."""

    def import_ended(self, import_: Import) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class OpenTelemetry:
    """Record spans with the SDK, in one trace for each import: the very trace that the log names.

    Spans are written as they end, under ids that follow from the import's id, so that steps run by several
    processes, before and after a crash, stand under one import.
    """

    def __init__(self, provider: "TracerProvider", ids: "FollowingIds") -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("cartage")
        self._ids = ids

    def step_ended(self, import_: Import, step: Step) -> None:
        """Record a step under its import."""
        from opentelemetry.trace import NonRecordingSpan, StatusCode, set_span_in_context

        above = set_span_in_context(NonRecordingSpan(_context(import_.id)))
        told = {"cartage.step": step.name, "cartage.state": step.state.value, **_about(import_)}
        span = self._tracer.start_span(step.name, above, attributes=told, start_time=_nanoseconds(step.started_at))
        if step.state is StepState.FAILED:
            span.set_status(StatusCode.ERROR, step.detail)
        span.end(_nanoseconds(step.finished_at or step.started_at))

    def import_ended(self, import_: Import) -> None:
        """Record an import, from its submission on."""
        from opentelemetry.context import Context
        from opentelemetry.trace import StatusCode

        told = {"cartage.state": import_.state.value, "url.full": import_.source_url, **_about(import_)}
        start = _nanoseconds(import_.created_at)
        with self._ids.following(_context(import_.id)):
            span = self._tracer.start_span("import", Context(), attributes=told, start_time=start)
        if import_.failure:
            span.set_status(StatusCode.ERROR, str(import_.failure))
        span.end(_nanoseconds(import_.finished_at or import_.created_at))

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


class FollowingIds:
    """Give the SDK the ids of an import's own span, which follow from its import's id; random ones otherwise."""

    def __init__(self) -> None:
        from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

        self._random = RandomIdGenerator()
        self._root = ContextVar["SpanContext | None"]("root", default=None)

    @contextlib.contextmanager
    def following(self, root: "SpanContext") -> Generator[None]:
        """Use these ids for the root that is begun within."""
        token = self._root.set(root)
        try:
            yield
        finally:
            self._root.reset(token)

    def generate_trace_id(self) -> int:
        """Give the id of a trace."""
        root = self._root.get()
        return root.trace_id if root else self._random.generate_trace_id()

    def generate_span_id(self) -> int:
        """Give the id of a span."""
        root = self._root.get()
        return root.span_id if root else self._random.generate_span_id()

    def is_trace_id_random(self) -> bool:
        """Say that ids are not all random."""
        return False


def make_tracer(endpoint: str) -> Tracer:
    """Make what sends spans to an OTLP/HTTP collector; raises `Misconfigured` where the extra is not installed."""
    if not endpoint:
        return Untraced()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as error:
        raise Misconfigured("CARTAGE_OTEL_ENDPOINT is set, which needs `pip install 'cartage[otel]'`.") from error
    whole = endpoint if urlsplit(endpoint).path.strip("/") else f"{endpoint.rstrip('/')}/v1/traces"
    return tracer_into(BatchSpanProcessor(OTLPSpanExporter(endpoint=whole)))


def tracer_into(processor: "SpanProcessor") -> OpenTelemetry:
    """Make what hands spans to a processor of the SDK."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON

    ids: Any = FollowingIds()
    provider = TracerProvider(
        sampler=ALWAYS_ON,
        resource=Resource.create({SERVICE_NAME: "cartage"}),
        shutdown_on_exit=False,
        id_generator=ids,
    )
    provider.add_span_processor(processor)
    return OpenTelemetry(provider, ids)


def _about(import_: Import) -> dict[str, str]:
    return {
        "cartage.import_id": import_.id,
        "cartage.product_id": import_.product_id,
        "cartage.merchant_id": import_.merchant_id,
    }


def _context(import_id: str) -> "SpanContext":
    from opentelemetry.trace import SpanContext, TraceFlags

    span_id = hashlib.sha256(f"span of {import_id}".encode()).digest()[:8]
    return SpanContext(
        int(traced(import_id)["trace_id"], 16),
        int.from_bytes(span_id),
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1000
