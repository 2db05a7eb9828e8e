"""What keeps products up to date in a store: schedules, planned refreshes, and what they saw."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.refresh_policy import RefreshPolicy
from cartage.model.upkeep import Due, Retention, Schedule, Sighting, Swept


class Upkeep(Protocol):
    """Keep schedules, planned refreshes, and what refreshes saw."""

    async def schedules(self, merchant_id: str = "") -> Sequence[Schedule]:
        """List the schedules, or the one of a merchant."""
        ...

    async def set_schedule(self, merchant_id: str, schedule: Schedule | None) -> None:
        """Write a merchant's schedule, or remove it, and forget what was planned."""
        ...

    async def unplanned(self, merchant_id: str, limit: int) -> Sequence[tuple[str, datetime]]:
        """List settled products with facts that nothing is planned for, and when each last changed."""
        ...

    async def plan(self, moments: Mapping[str, datetime]) -> None:
        """Write when products are to be refreshed, where they are settled and nothing is planned yet."""
        ...

    async def due(self, merchant_id: str, at: datetime, limit: int, leaving: Collection[str] = ()) -> Sequence[Due]:
        """List a merchant's products whose planned moment has come, the most overdue first.

        Those of the sites `leaving` are left out.
        """
        ...

    async def refreshing(self, merchant_id: str) -> int:
        """Count a merchant's scheduled imports that are neither over nor held."""
        ...

    async def history(self, merchant_id: str, product_id: str, limit: int = 100) -> Sequence[Sighting]:
        """List what was seen of a product, newest first; nothing for another merchant's."""
        ...

    async def retentions(self) -> Mapping[str, Retention]:
        """Give by merchant how long things are kept, of those who set it."""
        ...

    async def set_retention(self, merchant_id: str, retention: Retention) -> None:
        """Write how long a merchant's things are kept."""
        ...

    async def policy(self, merchant_id: str) -> RefreshPolicy:
        """Give what refreshes may change of a merchant's products: as ever, until it is set."""
        ...

    async def set_policy(self, merchant_id: str, policy: RefreshPolicy) -> None:
        """Write what refreshes may change of a merchant's products."""
        ...

    async def sweep(
        self, merchant_id: str, pages_before: datetime | None, events_before: datetime | None, limit: int = 1000
    ) -> Swept:
        """Delete a merchant's artifacts and events of before a moment, so many of each at most; None deletes none."""
        ...
