"""Workers' signs of life in memory."""

from collections.abc import Sequence
from datetime import datetime

from cartage.model.worker import Worker


class MemoryWorkers:
    """Keep each worker's newest sign in memory."""

    def __init__(self) -> None:
        self._workers: dict[str, Worker] = {}

    async def beat(self, worker: Worker) -> None:
        """Write a worker's newest sign."""
        self._workers[worker.id] = worker

    async def leave(self, worker_id: str) -> None:
        """Forget a worker."""
        self._workers.pop(worker_id, None)

    async def seen(self, since: datetime) -> Sequence[Worker]:
        """List the workers seen since a moment, and forget the others."""
        self._workers = {key: each for key, each in self._workers.items() if each.seen_at >= since}
        return sorted(self._workers.values(), key=lambda each: (each.started_at, each.id))
