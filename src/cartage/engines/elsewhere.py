"""An engine that leaves requests in the catalogue for a worker in another process to pick up."""

from cartage.engine import ScrapeRequested


class Elsewhere:
    """Accept requests and do nothing: the queued import in the catalogue is the request."""

    async def start(self) -> None:
        """Do nothing; the worker runs elsewhere."""

    async def stop(self) -> None:
        """Do nothing; the worker runs elsewhere."""

    async def send(self, import_id: str, request: ScrapeRequested) -> None:
        """Do nothing; a worker finds the queued import."""

    async def cancel(self, import_id: str) -> None:
        """Do nothing; a worker cannot end an import that the catalogue says is over."""
