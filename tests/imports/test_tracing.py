"""Spans: one for each import and each of its steps, in the trace that the log names, and nothing loaded unasked."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from cartage.engines.inline import Inline
from cartage.imports.progress import traced
from cartage.imports.service import Imports
from cartage.imports.tracing import Untraced, make_tracer, tracer_into
from cartage.imports.workflow import ImportWorkflow
from cartage.model.errors import PageNotFound, UpstreamUnavailable
from cartage.scraping.plan import RetryPreset
from cartage.stores.memory import MemoryStore
from tests.imports.conftest import MERCHANT, URL, Scripted, kettle


async def spans_of(script: list[str | Exception]) -> tuple[str, Sequence[ReadableSpan]]:
    """Run an import of what a provider answers so, and give its id and the spans."""
    exporter = InMemorySpanExporter()
    tracer = tracer_into(SimpleSpanProcessor(exporter))
    workflow = ImportWorkflow(
        MemoryStore(), {"direct": Scripted("direct", script)}, RetryPreset(attempts=3, first_delay_seconds=0.01)
    )
    traced_workflow = replace(workflow, tracer=tracer)
    submission = await Imports(workflow.store, Inline(traced_workflow)).submit(MERCHANT, URL)
    tracer.close()
    return submission.import_.id, exporter.get_finished_spans()


async def test_each_step_is_a_span_under_its_import() -> None:
    """Steps and waits stand under the import's span, which lasts from the submission to the end."""
    import_id, spans = await spans_of([UpstreamUnavailable("503"), kettle()])

    whole = next(span for span in spans if span.name == "import")
    steps = [span for span in spans if span is not whole]
    assert [span.name for span in steps] == ["try direct 1", "wait for direct 2", "try direct 2", "save"]
    assert {span.parent and span.parent.span_id for span in steps} == {whole.context and whole.context.span_id}
    assert all((whole.start_time or 0) <= (span.start_time or 0) <= (span.end_time or 0) for span in steps)
    assert {str(dict(span.attributes or {})["cartage.import_id"]) for span in spans} == {import_id}


async def test_the_trace_is_the_one_that_the_log_names() -> None:
    """A line of the log leads to the trace, whichever process wrote it."""
    import_id, spans = await spans_of([kettle()])

    traces = {f"{span.context.trace_id:032x}" for span in spans if span.context}
    assert traces == {traced(import_id)["trace_id"]}


async def test_what_failed_is_marked() -> None:
    """A failed step and the failed import say so, with the reason."""
    _, spans = await spans_of([PageNotFound("The page is gone.")])

    marked = {span.name: span.status.description for span in spans if span.status.status_code is StatusCode.ERROR}
    assert set(marked) == {"try direct 1", "import"}
    assert all("The page is gone." in (text or "") for text in marked.values())


def test_without_an_endpoint_nothing_is_loaded() -> None:
    """An installation that does not ask for spans pays nothing for them."""
    program = (
        "import sys; from cartage.imports import workflow, tracing; tracing.make_tracer('').close();"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
    assert isinstance(make_tracer(""), Untraced)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "http://127.0.0.1:9/v1/traces"])
def test_an_endpoint_makes_an_exporter(endpoint: str) -> None:
    """A collector's address is enough; its path is added where it is left out."""
    tracer = make_tracer(endpoint)
    tracer.close()

    assert not isinstance(tracer, Untraced)
