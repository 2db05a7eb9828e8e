"""Schedules, planned refreshes and what they saw, in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.catalogue import CatalogueProduct, Import
from cartage.model.pause import is_among
from cartage.model.refresh_policy import AS_EVER, RefreshPolicy
from cartage.model.traits import host_of
from cartage.model.upkeep import Due, Retention, Schedule, Sighting, Swept, is_news
from cartage.stores.memory_artifacts import MemoryArtifacts


class MemoryHistory:
    """Keep planned refreshes and what they saw, for the catalogue and its upkeep."""

    def __init__(self) -> None:
        self.refresh_at: dict[str, datetime] = {}
        self.sightings: dict[str, list[Sighting]] = {}

    def note(self, product_id: str, seen: Sighting) -> None:
        """Add what an import saw where it is news."""
        known = self.sightings.setdefault(product_id, [])
        if is_news(seen, known[-1] if known else None):
            known.append(seen)

    def forget(self, product_id: str) -> None:
        """Forget what is planned for a product and what was seen of it."""
        self.refresh_at.pop(product_id, None)
        self.sightings.pop(product_id, None)


class Kept(Protocol):
    """Give what a catalogue in memory holds."""

    history: MemoryHistory

    def all_products(self) -> Sequence[CatalogueProduct]:
        """List everybody's products."""
        ...

    async def unfinished_imports(self) -> Sequence[Import]:
        """List everybody's imports that are not over."""
        ...

    def drop_events(self, merchant_id: str, before: datetime, limit: int) -> int:
        """Forget a merchant's events of before a moment, and count them."""
        ...


class MemoryUpkeep:
    """Keep schedules, planned refreshes and what they saw in memory."""

    def __init__(self, catalogue: Kept, artifacts: MemoryArtifacts) -> None:
        self._catalogue = catalogue
        self._artifacts = artifacts
        self._retentions: dict[str, Retention] = {}
        self._policies: dict[str, RefreshPolicy] = {}
        self._history = catalogue.history
        self._schedules: dict[str, Schedule] = {}

    async def schedules(self, merchant_id: str = "") -> Sequence[Schedule]:
        """List the schedules, or the one of a merchant."""
        kept = sorted(self._schedules.items())
        return [schedule for owner, schedule in kept if merchant_id in ("", owner)]

    async def set_schedule(self, merchant_id: str, schedule: Schedule | None) -> None:
        """Write a merchant's schedule, or remove it, and forget what was planned."""
        self._schedules.pop(merchant_id, None)
        if schedule:
            self._schedules[merchant_id] = schedule
        for product in self._settled(merchant_id):
            self._history.refresh_at.pop(product.id, None)

    async def unplanned(self, merchant_id: str, limit: int) -> Sequence[tuple[str, datetime]]:
        """List settled products with facts that nothing is planned for, and when each last changed."""
        own = [each for each in self._settled(merchant_id) if each.facts and each.id not in self._history.refresh_at]
        return [(each.id, each.updated_at) for each in own][:limit]

    async def plan(self, moments: Mapping[str, datetime]) -> None:
        """Write when products are to be refreshed, where they are settled and nothing is planned yet."""
        settled = {each.id for each in self._catalogue.all_products() if each.status.settled}
        for product_id, at in moments.items():
            if product_id in settled:
                self._history.refresh_at.setdefault(product_id, at)

    async def due(self, merchant_id: str, at: datetime, limit: int, leaving: Collection[str] = ()) -> Sequence[Due]:
        """List a merchant's products whose planned moment has come, the most overdue first."""
        planned = self._history.refresh_at
        visited = (each for each in self._settled(merchant_id) if not is_among(host_of(each.source_url), leaving))
        own = [each.id for each in visited if each.id in planned and planned[each.id] <= at]
        return [Due(product_id=each, at=planned[each]) for each in sorted(own, key=lambda own_id: planned[own_id])][
            :limit
        ]

    async def refreshing(self, merchant_id: str) -> int:
        """Count a merchant's scheduled imports that are neither over nor held."""
        unfinished = await self._catalogue.unfinished_imports()
        return sum(each.scheduled and each.merchant_id == merchant_id and not each.held for each in unfinished)

    async def history(self, merchant_id: str, product_id: str, limit: int = 100) -> Sequence[Sighting]:
        """List what was seen of a product, newest first; nothing for another merchant's."""
        own = any(each.id == product_id and each.merchant_id == merchant_id for each in self._catalogue.all_products())
        return list(reversed(self._history.sightings.get(product_id, [])))[:limit] if own else []

    async def retentions(self) -> Mapping[str, Retention]:
        """Give by merchant how long things are kept."""
        return dict(self._retentions)

    async def set_retention(self, merchant_id: str, retention: Retention) -> None:
        """Write how long a merchant's things are kept."""
        self._retentions[merchant_id] = retention

    async def policy(self, merchant_id: str) -> RefreshPolicy:
        """Give what refreshes may change of a merchant's products."""
        return self._policies.get(merchant_id, AS_EVER)

    async def set_policy(self, merchant_id: str, policy: RefreshPolicy) -> None:
        """Write what refreshes may change of a merchant's products."""
        self._policies[merchant_id] = policy

    async def sweep(
        self, merchant_id: str, pages_before: datetime | None, events_before: datetime | None, limit: int = 1000
    ) -> Swept:
        """Delete old artifacts and events, so many of each at most."""
        pages = self._artifacts.sweep(merchant_id, pages_before, limit) if pages_before else 0
        gone = self._catalogue.drop_events(merchant_id, events_before, limit) if events_before else 0
        return Swept(pages=pages, events=gone)

    def _settled(self, merchant_id: str) -> list[CatalogueProduct]:
        own = (each for each in self._catalogue.all_products() if each.merchant_id == merchant_id)
        return [each for each in own if each.status.settled and each.archived_at is None]
