"""What is counted and timed of imports in this process, for Prometheus."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from cartage.model.catalogue import Attempt, Import, ImportState
from cartage.model.language import Usage

ATTEMPT_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
IMPORT_SECONDS = (0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)


class Measures:
    """Count attempts and ended imports. Labels hold names of ours only, never a merchant's, a shop's or an address."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._kept = Gauge(
            "cartage_catalogue_imports", "Imports in the catalogue, by state.", ["state"], registry=self.registry
        )
        self._depth = Gauge("cartage_queue_depth", "Imports that stand in line.", registry=self.registry)
        self._oldest = Gauge(
            "cartage_queue_oldest_seconds",
            "How long the oldest import in line has been waiting; 0 where none does.",
            registry=self.registry,
        )
        self._held = Gauge(
            "cartage_imports_held", "Imports that a pause keeps from the engine.", registry=self.registry
        )
        self._imports = Counter(
            "cartage_imports",
            "Imports ended in this process, by status and, of failures, error code.",
            ["status", "error_code"],
            registry=self.registry,
        )
        self._llm_cost = Counter(
            "cartage_llm_cost_usd",
            "US dollars that language models cost in this process, as far as their price is known.",
            ["model"],
            registry=self.registry,
        )
        self._attempts = Counter(
            "cartage_attempts",
            "Attempts ended in this process, by provider and outcome: a verdict or an error code.",
            ["provider", "outcome"],
            registry=self.registry,
        )
        self._attempt_seconds = Histogram(
            "cartage_attempt_seconds",
            "How long attempts took.",
            ["provider"],
            buckets=ATTEMPT_SECONDS,
            registry=self.registry,
        )
        self._enhancements = Counter(
            "cartage_enhancements",
            "Tries of enhancement's tasks in this process, by task and outcome: written, kept or an error code.",
            ["task", "outcome"],
            registry=self.registry,
        )
        self._import_seconds = Histogram(
            "cartage_import_seconds",
            "How long imports took from submission to end, by state.",
            ["state"],
            buckets=IMPORT_SECONDS,
            registry=self.registry,
        )

    def enhanced(self, task: str, outcome: str) -> None:
        """Count a try of an enhancement's task."""
        self._enhancements.labels(task, outcome).inc()

    def attempted(self, attempt: Attempt) -> None:
        """Count an attempt that ended."""
        outcome = attempt.failure.code if attempt.failure else str(attempt.verdict or "unknown")
        self._attempts.labels(attempt.provider, outcome).inc()
        self._attempt_seconds.labels(attempt.provider).observe(attempt.duration_ms / 1000)

    def ended(self, import_: Import) -> None:
        """Count an import that ended."""
        self._imports.labels(import_.state.value, import_.failure.code if import_.failure else "").inc()
        if import_.finished_at:
            took = import_.finished_at - import_.created_at
            self._import_seconds.labels(import_.state.value).observe(took.total_seconds())

    def asked(self, usage: Usage) -> None:
        """Count what a language model cost, where that is known."""
        if usage.cost is not None:
            self._llm_cost.labels(usage.model).inc(float(usage.cost.amount))

    def text(self, imports: Mapping[ImportState, int], oldest_seconds: float, held: int = 0) -> bytes:
        """Give everything in Prometheus's text format, with the catalogue's imports and how long the oldest waits.

        Those that are `held` stand in no line.
        """
        for state in ImportState:
            self._kept.labels(state.value).set(imports.get(state, 0))
        self._depth.set(imports.get(ImportState.QUEUED, 0) - held)
        self._held.set(held)
        self._oldest.set(oldest_seconds)
        return generate_latest(self.registry)
