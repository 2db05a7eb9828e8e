"""What is counted and timed of imports in this process, for Prometheus."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from cartage.model.catalogue import Attempt, Import, ImportState

ATTEMPT_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
IMPORT_SECONDS = (0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)


class Measures:
    """Count attempts and ended imports. Labels hold names of ours only, never a merchant's, a shop's or an address."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._imports = Gauge(
            "cartage_imports", "Imports in the catalogue, by state.", ["state"], registry=self.registry
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
        if import_.finished_at:
            took = import_.finished_at - import_.created_at
            self._import_seconds.labels(import_.state.value).observe(took.total_seconds())

    def text(self, imports: Mapping[ImportState, int]) -> bytes:
        """Give everything in Prometheus's text format, with the catalogue's present count of imports."""
        for state in ImportState:
            self._imports.labels(state.value).set(imports.get(state, 0))
        return generate_latest(self.registry)
