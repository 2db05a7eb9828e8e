"""What the doors call for feeds: addresses that lead to the newest file of a target, made anew by themselves."""

import hashlib
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from cartage.exports.known import TARGETS, target_named, wanted_target
from cartage.exports.service import Exports, require_link
from cartage.exports.target import Target
from cartage.imports.rounds import going_on
from cartage.model.errors import Conflict
from cartage.model.export import Export, ExportPart
from cartage.model.feed import LONGEST_AGENT, Feed, FeedNotMade, FeedTerms, ManyFiles
from cartage.model.ids import new_id
from cartage.store import Store

MOST = 50
TOKEN_BYTES = 32
RETRY_SECONDS = 60.0
REST = timedelta(minutes=10)  # between two makings, however often products change

logger = logging.getLogger("cartage.exports")


@dataclass(frozen=True, slots=True)
class Fed:
    """Hold a feed with its newest export and the one whose file is sent, where there is one."""

    feed: Feed
    newest: Export
    served: Export | None

    @property
    def outdated(self) -> bool:
        """Tell whether an earlier file is sent because the newest export failed, or has errors."""
        return self.newest.state.over and self.served is not None and self.served.id != self.newest.id

    @property
    def file(self) -> str:
        """Give the last part of its address, which nobody but those who may fetch it should see."""
        return f"{self.feed.token.get_secret_value()}.{suffix_of(target_named(self.feed.target))}"


@dataclass(frozen=True, slots=True)
class Sending:
    """Hold a feed's file to be sent."""

    feed: Feed
    export: Export
    part: ExportPart
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Feeds:
    """Keep merchants' feeds, and make them anew; shops fetch uploaded pictures at `site`."""

    store: Store
    site: str = ""

    @property
    def exports(self) -> Exports:
        """Give what makes their files."""
        return Exports(self.store, self.site)

    async def feeds(self, merchant_id: str) -> list[Fed]:
        """List a merchant's feeds, oldest first."""
        return [await self._fed(each) for each in await self.store.feeds.feeds(merchant_id)]

    async def feed(self, merchant_id: str, feed_id: str) -> Fed:
        """Get a feed; raises `NotFound` for another merchant's."""
        return await self._fed(await self.store.feeds.feed(merchant_id, feed_id))

    async def add(self, merchant_id: str, target: str, terms: FeedTerms) -> Fed:
        """Give a target's file an address, and begin to make it.

        Raises `TargetUnknown`, `ManyFiles`, `Conflict` where there are as many feeds as there may be,
        and what `submit` of an export raises.
        """
        suffix_of(wanted_target(target))
        await self._check(merchant_id, target, terms)
        if len(await self.store.feeds.feeds(merchant_id)) >= MOST:
            raise Conflict(f"There are {MOST} feeds, and no more than that may be.")
        at, feed_id = datetime.now(UTC), new_id("fed")
        feed = Feed(
            id=feed_id,
            merchant_id=merchant_id,
            target=target,
            terms=terms,
            token=_new_token(),
            newest_id=new_id("exp"),
            begun_at=at,
            created_at=at,
        )
        feed = feed.model_copy(update={"stamp": await self._stamp(feed)})
        export = await self._export(feed, feed.newest_id, at)
        await self.store.feeds.add_feed(feed, export)
        return Fed(feed, export, None)

    async def change(self, merchant_id: str, feed_id: str, terms: FeedTerms) -> Fed:
        """Write what is wanted of a feed, and begin to make it anew where none is being made.

        Raises `NotFound`, and what `submit` of an export raises.
        """
        before = await self.store.feeds.feed(merchant_id, feed_id)
        await self._check(merchant_id, before.target, terms)
        feed = await self.store.feeds.change_feed(merchant_id, feed_id, terms)
        await self._begin(feed, datetime.now(UTC), await self._stamp(feed))
        return await self.feed(merchant_id, feed_id)

    async def make(self, merchant_id: str, feed_id: str) -> Fed:
        """Begin to make a feed anew; raises `NotFound`, and `Conflict` while it is being made."""
        feed = await self.store.feeds.feed(merchant_id, feed_id)
        if not await self._begin(feed, datetime.now(UTC), await self._stamp(feed)):
            raise Conflict(f"{feed_id} is being made already.")
        return await self.feed(merchant_id, feed_id)

    async def rotate(self, merchant_id: str, feed_id: str) -> Fed:
        """Give a feed another address; the one before leads nowhere any more; raises `NotFound`."""
        return await self._fed(await self.store.feeds.rotate_feed(merchant_id, feed_id, _new_token()))

    async def remove(self, merchant_id: str, feed_id: str) -> None:
        """Delete a feed, its address and its files; raises `NotFound`."""
        await self.store.feeds.remove_feed(merchant_id, feed_id)

    async def find(self, file: str) -> Feed | None:
        """Find anybody's feed by the last part of its address."""
        token, _, suffix = file.rpartition(".")
        feed = await self.store.feeds.feed_by_token(token) if token else None
        return feed if feed and suffix_of(target_named(feed.target)) == suffix else None

    async def sending(self, feed: Feed) -> Sending:
        """Get a feed's file as it is now; raises `FeedNotMade` before there is any."""
        if feed.served_id is None:
            raise FeedNotMade("The feed's first file is not made yet.", RETRY_SECONDS)
        export = await self.exports.export(feed.merchant_id, feed.served_id)
        (part,) = export.parts
        return Sending(feed, export, part, self.exports.pieces(export.id, 0))

    async def note_fetched(self, feed: Feed, agent: str) -> None:
        """Keep when a feed was fetched, and by whom."""
        shown = "".join(letter if letter.isprintable() else " " for letter in agent[:LONGEST_AGENT])
        await self.store.feeds.note_fetched(feed.id, datetime.now(UTC), shown.strip())

    async def renew(self, at: datetime) -> int:
        """Begin to make the feeds that are due at a moment, and count them.

        A feed is due when its file is as old as it may be, or when what goes into it changed and it rested for a while.
        """
        begun = 0
        for feed in await self.store.feeds.begun_before(at - REST):
            with going_on(logger, f"Renewing {feed.id}"):
                stamp = await self._stamp(feed)
                if feed.old_at <= at or stamp != feed.stamp:
                    begun += await self._begin(feed, at, stamp)
        return begun

    async def _begin(self, feed: Feed, at: datetime, stamp: str) -> bool:
        """Begin to make a feed unless that is going on."""
        if not (await self.exports.export(feed.merchant_id, feed.newest_id)).state.over:
            return False
        return await self.store.feeds.begin_feed(feed, await self._export(feed, new_id("exp"), at), stamp)

    async def _export(self, feed: Feed, export_id: str, at: datetime) -> Export:
        return Export(
            id=export_id,
            merchant_id=feed.merchant_id,
            target=feed.target,
            filter=feed.terms.filter,
            split_mb=0,
            feed_id=feed.id,
            settings=feed.terms.settings,
            sound_only=feed.terms.sound_only,
            total=await self.exports.count(feed.merchant_id, feed.terms.filter),
            created_at=at,
        )

    async def _stamp(self, feed: Feed) -> str:
        """Name the state of all that goes into a feed's file."""
        rules = await self.store.selling.pricing(feed.merchant_id)
        settings = await self.exports.settings(feed.merchant_id, feed.target)
        told = [each.model_dump_json() for each in (rules, settings, feed.terms) if each]
        told += [self.site] if self.site else []
        told.append(await self.store.feeds.newest_change(feed.merchant_id))
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    async def _check(self, merchant_id: str, target: str, terms: FeedTerms) -> None:
        await self.exports.count(merchant_id, terms.filter)
        known = target_named(target)
        require_link(known, await self.exports.terms(merchant_id, known, terms.settings))

    async def _fed(self, feed: Feed) -> Fed:
        newest = await self.exports.export(feed.merchant_id, feed.newest_id)
        served_id = feed.served_id
        served = await self.exports.export(feed.merchant_id, served_id) if served_id else None
        return Fed(feed, newest, served)


def suffix_of(target: Target) -> str:
    """Give what a feed's address ends with; raises `ManyFiles` where a target writes several."""
    first, *others = target.files
    if others:
        raise ManyFiles(f"{target.title} has {len(target.files)} files; a feed's address leads to one.", "/target")
    return first.suffix


def feed_targets() -> Sequence[Target]:
    """List the targets that there can be feeds of."""
    return [each for each in TARGETS.values() if len(each.files) == 1]


def _new_token() -> SecretStr:
    return SecretStr(secrets.token_urlsafe(TOKEN_BYTES))
