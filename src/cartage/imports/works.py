"""Works: the one workflow that engines run, whatever is asked for."""

from dataclasses import dataclass, field

from cartage.engine import Announcement, EnhanceRequested, Request, Steps, Workflow
from cartage.imports.presence import Workload


@dataclass(frozen=True, slots=True)
class Works:
    """Hand each request to the workflow that does it: an import, or an enhancement."""

    scrape: Workflow
    enhance: Workflow
    workload: Workload = field(default_factory=Workload)

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Run to the end."""
        with self.workload.holding(import_id):
            await self._for(request)(steps, import_id, request)

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """Record that the engine could not run the workflow to its end."""
        await self._for(request).abandon(import_id, request, error)

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Say how it ended; None while it is not over."""
        return await self._for(request).outcome(import_id, request)

    def _for(self, request: Request) -> Workflow:
        return self.enhance if isinstance(request, EnhanceRequested) else self.scrape
