"""A worker: a process that runs imports, and the sign of life that it leaves."""

from datetime import datetime, timedelta

from cartage.model.product import Value

SILENT_AFTER = timedelta(seconds=45)
FORGOTTEN_AFTER = timedelta(hours=1)


class Worker(Value):
    """Keep one process's newest sign: since when it runs, when it was last seen, and which imports it runs."""

    id: str
    name: str
    engine: str
    started_at: datetime
    seen_at: datetime
    running: tuple[str, ...] = ()

    def silent(self, at: datetime) -> bool:
        """Tell whether it has left no sign for so long that it is no longer counted on."""
        return at - self.seen_at > SILENT_AFTER
