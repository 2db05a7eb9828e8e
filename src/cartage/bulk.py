"""What a store keeps of bulk actions, and how it does to many products at once what needs no import."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.bulk import Brief, BulkAction
from cartage.model.filtering import Filter


class Bulk(Protocol):
    """Keep bulk actions, and act on many products.

    A method that names a `merchant_id` raises `NotFound` for another merchant's action, as for an unknown one.
    """

    async def add_action(self, action: BulkAction) -> None:
        """Write a bulk action that waits."""
        ...

    async def action(self, merchant_id: str, action_id: str) -> BulkAction:
        """Get a bulk action."""
        ...

    async def actions(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[BulkAction]:
        """List bulk actions, newest first, with ids below `before` when it is given."""
        ...

    async def lease_action(self, actor: str, now: datetime, until: datetime) -> BulkAction | None:
        """Take the action of any merchant that is not over and is due the longest, until a moment."""
        ...

    async def note_action(self, action: BulkAction, actor: str, due_at: datetime) -> bool:
        """Write how far an action is, and when it is due again or the lease ends.

        Gives False, and writes nothing, where another holds it or somebody stopped it.
        """
        ...

    async def stop_action(self, merchant_id: str, action_id: str, at: datetime) -> BulkAction:
        """End an action that is not over; give it as it then is."""
        ...

    async def briefs(
        self, merchant_id: str, wanted: Filter, made_by: datetime, *, after: str = "", limit: int = 500
    ) -> Sequence[Brief]:
        """Tell shortly of products that were there by a moment, in the order of their ids, above `after`."""
        ...

    async def under_way(self, action_id: str) -> int:
        """Count the imports of an action that are neither over nor held."""
        ...

    async def archive(
        self, merchant_id: str, product_ids: Sequence[str], at: datetime | None, action_id: str | None = None
    ) -> int:
        """Archive products at a moment, or restore them for None, and count those that were not so before."""
        ...

    async def delete(self, merchant_id: str, product_ids: Sequence[str]) -> int:
        """Delete settled products for good, with all that is kept of them but costs, and count them."""
        ...
