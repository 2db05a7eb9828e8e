"""Bulk actions in memory, and acting on many products at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.bulk import Brief, BulkAction, BulkState
from cartage.model.catalogue import Attempt, CatalogueProduct, Import
from cartage.model.errors import NotFound
from cartage.model.filtering import Filter
from cartage.model.traits import host_of
from cartage.stores.memory_artifacts import MemoryArtifacts


class Kept(Protocol):
    """Be the catalogue in memory, as bulk actions see it."""

    def all_products(self) -> Sequence[CatalogueProduct]:
        """List everybody's products."""
        ...

    def all_imports(self) -> Sequence[Import]:
        """List everybody's imports."""
        ...

    def kept_import(self, import_id: str) -> Import:
        """Get anybody's import."""
        ...

    def put(self, product: CatalogueProduct) -> None:
        """Write a product as it is now."""
        ...

    def drop(self, product_id: str) -> list[Attempt]:
        """Forget a product and its imports, and give the tries that they made."""
        ...


class KeptBatches(Protocol):
    """Be the batches in memory, as deleted products leave them."""

    def forget_product(self, product_id: str) -> None:
        """Mark the rows of a product as deleted."""
        ...


class Lists(Protocol):
    """Find products by a filter."""

    def fitting(self, merchant_id: str, wanted: Filter) -> Iterable[CatalogueProduct]:
        """Give the products that a filter wants."""
        ...


class MemoryBulk:
    """Keep bulk actions, and act on many products, in memory."""

    def __init__(self, catalogue: Kept, batches: KeptBatches, lists: Lists, artifacts: MemoryArtifacts) -> None:
        self._catalogue = catalogue
        self._batches = batches
        self._lists = lists
        self._artifacts = artifacts
        self._actions: dict[str, BulkAction] = {}
        self._held: dict[str, tuple[str, datetime]] = {}

    async def add_action(self, action: BulkAction) -> None:
        """Write a bulk action that waits."""
        self._actions[action.id] = action
        self._held[action.id] = ("", action.at)

    async def action(self, merchant_id: str, action_id: str) -> BulkAction:
        """Get a bulk action."""
        found = self._actions.get(action_id)
        if found is None or found.merchant_id != merchant_id:
            raise NotFound(f"There is no {action_id}.")
        return found

    async def actions(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[BulkAction]:
        """List bulk actions, newest first."""
        own = [each for each in self._actions.values() if each.merchant_id == merchant_id]
        earlier = [each for each in own if not before or each.id < before]
        return sorted(earlier, key=lambda each: each.id, reverse=True)[:limit]

    async def lease_action(self, actor: str, now: datetime, until: datetime) -> BulkAction | None:
        """Take the action that is due the longest."""
        due = [each.id for each in self._actions.values() if not each.state.over and self._held[each.id][1] <= now]
        if not due:
            return None
        first = min(due, key=lambda action_id: (self._held[action_id][1], action_id))
        self._held[first] = (actor, until)
        self._actions[first] = self._actions[first].model_copy(update={"state": BulkState.RUNNING})
        return self._actions[first]

    async def note_action(self, action: BulkAction, actor: str, due_at: datetime) -> bool:
        """Write how far an action is."""
        if self._held[action.id][0] != actor or self._actions[action.id].state.over:
            return False
        self._actions[action.id] = action
        self._held[action.id] = (actor, due_at)
        return True

    async def stop_action(self, merchant_id: str, action_id: str, at: datetime) -> BulkAction:
        """End an action that is not over."""
        action = await self.action(merchant_id, action_id)
        if not action.state.over:
            action = action.model_copy(update={"state": BulkState.STOPPED, "finished_at": at})
            self._actions[action_id] = action
        return action

    async def briefs(
        self, merchant_id: str, wanted: Filter, made_by: datetime, *, after: str = "", limit: int = 500
    ) -> Sequence[Brief]:
        """Tell shortly of products, in the order of their ids."""
        found = (each for each in self._lists.fitting(merchant_id, wanted) if each.created_at <= made_by)
        later = sorted((each for each in found if each.id > after), key=lambda each: each.id)
        return [self._brief(each) for each in later[:limit]]

    async def under_way(self, action_id: str) -> int:
        """Count the imports of an action that are neither over nor held."""
        own = (each for each in self._catalogue.all_imports() if each.action_id == action_id)
        return sum(not each.state.over and not each.held for each in own)

    async def archive(
        self, merchant_id: str, product_ids: Sequence[str], at: datetime | None, action_id: str | None = None
    ) -> int:
        """Archive or restore products."""
        own = [each for each in self._own(merchant_id, product_ids) if (each.archived_at is None) == (at is not None)]
        for product in own:
            changes = {"archived_at": at, "archived_by": action_id if at else None}
            self._catalogue.put(product.model_copy(update=changes))
        return len(own)

    async def delete(self, merchant_id: str, product_ids: Sequence[str]) -> int:
        """Delete settled products for good."""
        settled = [each for each in self._own(merchant_id, product_ids) if each.status.settled]
        for product in settled:
            self._batches.forget_product(product.id)
            for attempt in self._catalogue.drop(product.id):
                for artifact_id in (attempt.page_id, attempt.extraction_id, attempt.shot_id):
                    if artifact_id:
                        self._artifacts.drop(artifact_id)
        return len(settled)

    def _own(self, merchant_id: str, product_ids: Sequence[str]) -> list[CatalogueProduct]:
        wanted = set(product_ids)
        own = (each for each in self._catalogue.all_products() if each.merchant_id == merchant_id)
        return [each for each in own if each.id in wanted]

    def _brief(self, product: CatalogueProduct) -> Brief:
        return Brief(
            id=product.id,
            status=product.status,
            error=product.failure.code if product.failure else "",
            site=host_of(product.source_url),
            read=product.facts is not None,
            archived=product.archived_at is not None,
            action_id=self._catalogue.kept_import(product.import_id).action_id,
        )
