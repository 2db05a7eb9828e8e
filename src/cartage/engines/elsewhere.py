"""An engine that leaves requests in the catalogue for a worker in another process to pick up."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cartage.engine import HEARTBEAT, Request, Standing


class Elsewhere:
    """Accept requests and do nothing: the queued import in the catalogue is the request."""

    def __init__(self, data_dir: Path) -> None:
        self._heartbeat = data_dir / HEARTBEAT

    async def start(self) -> None:
        """Do nothing; the worker runs elsewhere."""

    async def stop(self) -> None:
        """Do nothing; the worker runs elsewhere."""

    async def send(self, import_id: str, request: Request, *, bulk: bool = False, again: str = "") -> None:
        """Do nothing; a worker finds the queued import."""

    async def cancel(self, import_id: str) -> None:
        """Do nothing; a worker cannot end an import that the catalogue says is over."""

    async def standings(self, run_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Say that all are under way: the worker itself looks after what it lost."""
        return dict.fromkeys(run_ids, Standing.WORKING)

    async def last_seen(self) -> datetime | None:
        """Say when the worker last left its sign in the data folder."""
        try:
            return datetime.fromtimestamp(self._heartbeat.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None
