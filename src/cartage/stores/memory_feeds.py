"""Feeds in memory, with the exports that are made of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from pydantic import SecretStr

from cartage.model.catalogue import CatalogueProduct
from cartage.model.errors import NotFound
from cartage.model.export import Export
from cartage.model.feed import Feed, FeedTerms
from cartage.stores.memory_selling import MemorySelling


class Kept(Protocol):
    """Be the catalogue in memory, as feeds see it."""

    def all_products(self) -> Sequence[CatalogueProduct]:
        """List everybody's products."""
        ...


class MemoryFeeds:
    """Keep feeds in memory."""

    def __init__(self, selling: MemorySelling, catalogue: Kept) -> None:
        self._selling = selling
        self._catalogue = catalogue

    async def add_feed(self, feed: Feed, export: Export) -> None:
        """Write a feed and its first export."""
        self._selling.feeds[feed.id] = feed
        await self._selling.add_export(export)

    async def feed(self, merchant_id: str, feed_id: str) -> Feed:
        """Get a feed."""
        found = self._selling.feeds.get(feed_id)
        if found is None or found.merchant_id != merchant_id:
            raise NotFound(f"There is no {feed_id}.")
        return found

    async def feeds(self, merchant_id: str) -> Sequence[Feed]:
        """List a merchant's feeds."""
        own = [each for each in self._selling.feeds.values() if each.merchant_id == merchant_id]
        return sorted(own, key=lambda each: each.id)

    async def feed_by_token(self, token: str) -> Feed | None:
        """Find anybody's feed by its token."""
        fitting = (each for each in self._selling.feeds.values() if each.token.get_secret_value() == token)
        return next(fitting, None)

    async def begun_before(self, at: datetime) -> Sequence[Feed]:
        """List everybody's feeds whose newest export was begun before a moment."""
        earlier = [each for each in self._selling.feeds.values() if each.begun_at < at]
        return sorted(earlier, key=lambda each: (each.begun_at, each.id))

    async def change_feed(self, merchant_id: str, feed_id: str, terms: FeedTerms) -> Feed:
        """Write what is wanted of a feed."""
        return await self._changed(merchant_id, feed_id, terms=terms)

    async def rotate_feed(self, merchant_id: str, feed_id: str, token: SecretStr) -> Feed:
        """Give a feed another token."""
        return await self._changed(merchant_id, feed_id, token=token)

    async def remove_feed(self, merchant_id: str, feed_id: str) -> None:
        """Delete a feed with its exports and their files."""
        del self._selling.feeds[(await self.feed(merchant_id, feed_id)).id]
        for export in [each for each in self._selling.kept.values() if each.feed_id == feed_id]:
            await self._selling.forget(export.id)

    async def begin_feed(self, feed: Feed, export: Export, stamp: str) -> bool:
        """Write another export of a feed unless another was begun meanwhile."""
        now = self._selling.feeds.get(feed.id)
        if now is None or now.newest_id != feed.newest_id:
            return False
        begun = {"newest_id": export.id, "begun_at": export.created_at, "stamp": stamp}
        self._selling.feeds[feed.id] = now.model_copy(update=begun)
        await self._selling.add_export(export)
        return True

    async def note_fetched(self, feed_id: str, at: datetime, agent: str) -> None:
        """Write who fetched a feed, and when."""
        if feed := self._selling.feeds.get(feed_id):
            self._selling.feeds[feed_id] = feed.model_copy(update={"fetched_at": at, "fetched_by": agent})

    async def newest_change(self, merchant_id: str) -> str:
        """Tell how many products there are, how many are archived, and when one was written last."""
        own = [each for each in self._catalogue.all_products() if each.merchant_id == merchant_id]
        archived = sum(each.archived_at is not None for each in own)
        return f"{len(own)} {archived} {max((each.updated_at for each in own), default=None)}"

    async def tidy_feeds(self, files_before: datetime, exports_before: datetime) -> int:
        """Delete files and exports that no feed serves."""
        feeds = self._selling.feeds.values()
        served = {each.served_id for each in feeds}
        shown = served | {each.newest_id for each in feeds}
        over = [(each, each.finished_at) for each in self._selling.kept.values() if each.feed_id and each.finished_at]
        left = [each for each, at in over if each.id not in served and each.files_kept and at and at < files_before]
        for export in left:
            await self._selling.drop_file(export)
        for export, at in over:
            if export.id not in shown and at and at < exports_before:
                await self._selling.forget(export.id)
        return len(left)

    async def _changed(self, merchant_id: str, feed_id: str, **changes: Any) -> Feed:
        changed = (await self.feed(merchant_id, feed_id)).model_copy(update=changes)
        self._selling.feeds[feed_id] = changed
        return changed
