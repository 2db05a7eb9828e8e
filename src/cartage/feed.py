"""Where feeds are kept: addresses that lead to the newest file of a target."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pydantic import SecretStr

from cartage.model.export import Export
from cartage.model.feed import Feed, FeedTerms


class Feeds(Protocol):
    """Keep feeds.

    A method that names a `merchant_id` raises `NotFound` for another merchant's feed, as for an unknown one.
    """

    async def add_feed(self, feed: Feed, export: Export) -> None:
        """Write a feed and its first export, which waits to be made, in one transaction."""
        ...

    async def feed(self, merchant_id: str, feed_id: str) -> Feed:
        """Get a feed."""
        ...

    async def feeds(self, merchant_id: str) -> Sequence[Feed]:
        """List a merchant's feeds, oldest first."""
        ...

    async def feed_by_token(self, token: str) -> Feed | None:
        """Find anybody's feed by the token of its address."""
        ...

    async def begun_before(self, at: datetime) -> Sequence[Feed]:
        """List everybody's feeds whose newest export was begun before a moment, the longest ago first."""
        ...

    async def change_feed(self, merchant_id: str, feed_id: str, terms: FeedTerms) -> Feed:
        """Write what is wanted of a feed."""
        ...

    async def rotate_feed(self, merchant_id: str, feed_id: str, token: SecretStr) -> Feed:
        """Give a feed another token; the one before leads nowhere any more."""
        ...

    async def remove_feed(self, merchant_id: str, feed_id: str) -> None:
        """Delete a feed with its exports and their files."""
        ...

    async def begin_feed(self, feed: Feed, export: Export, stamp: str) -> bool:
        """Write another export of a feed, of what `stamp` stands for.

        Gives False, and writes nothing, where another was begun since this feed was read.
        """
        ...

    async def note_fetched(self, feed_id: str, at: datetime, agent: str) -> None:
        """Write who fetched a feed, and when."""
        ...

    async def newest_change(self, merchant_id: str) -> str:
        """Give what is another text whenever a merchant's products changed, as cheaply as a round needs it."""
        ...

    async def tidy_feeds(self, files_before: datetime, exports_before: datetime) -> int:
        """Delete files of feeds' exports that ended before a moment, and whole exports before another.

        What a feed serves stays, and so does its newest export. Counts the exports whose files went.
        """
        ...
