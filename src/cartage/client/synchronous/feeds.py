"""Feeds: files at addresses that shops and marketplaces fetch by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cartage.client.call import Call, once, path
from cartage.client.synchronous.connection import Connection
from cartage.wire.feeds import FeedChange, FeedList, FeedOut, NewFeed


@dataclass(frozen=True, slots=True)
class Feeds:
    """Have a target's file fetched; whoever knows a feed's address needs no login."""

    connection: Connection

    def list(self) -> Sequence[FeedOut]:
        """List the feeds, oldest first, with their addresses."""
        return (self.connection.get(FeedList, Call("GET", "/v1/feeds"))).feeds

    def create(
        self,
        name: str,
        target: str,
        wanted: str = "",
        *,
        every_hours: int = 6,
        sound_only: bool = False,
        settings: Mapping[str, str] | None = None,
        key: str = "",
    ) -> FeedOut:
        """Give the file of the products that a filter picks an address, and begin to make it.

        `settings` are the target's, as text, where this feed has others than yours. `sound_only` leaves products with
        errors out.
        """
        body = NewFeed(
            name=name,
            target=target,
            filter=wanted,
            every_hours=every_hours,
            sound_only=sound_only,
            settings=settings or {},
        )
        return self.connection.get(FeedOut, Call("POST", "/v1/feeds", body=body, headers=once(key)))

    def get(self, feed_id: str) -> FeedOut:
        """Get a feed: its address, what is sent, what was found when it was made last, and who fetched it."""
        return self.connection.get(FeedOut, Call("GET", path("/v1/feeds/{}", feed_id)))

    def change(self, feed_id: str, change: FeedChange) -> FeedOut:
        """Change what is wanted of a feed; what is not given stays, and so does the address."""
        return self.connection.get(FeedOut, Call("PATCH", path("/v1/feeds/{}", feed_id), body=change))

    def make(self, feed_id: str) -> FeedOut:
        """Begin to make a feed's file anew."""
        return self.connection.get(FeedOut, Call("POST", path("/v1/feeds/{}/make", feed_id), headers=once("")))

    def rotate(self, feed_id: str) -> FeedOut:
        """Give a feed another address; the one before leads nowhere any more."""
        return self.connection.get(FeedOut, Call("POST", path("/v1/feeds/{}/rotate", feed_id), headers=once("")))

    def delete(self, feed_id: str) -> None:
        """Delete a feed, its address and its files."""
        self.connection.send(Call("DELETE", path("/v1/feeds/{}", feed_id)))
