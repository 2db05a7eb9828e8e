"""What every store promises of feeds, the exports that are made of them, and what they serve."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from cartage.exports.maker import completed
from cartage.model.errors import NotFound
from cartage.model.export import Export, ExportPart, ExportReport, ExportState
from cartage.model.feed import Feed, FeedTerms
from cartage.model.ids import new_id
from cartage.store import Store
from tests.contracts.records import NOON, ended_product

HOUR = timedelta(hours=1)
PART = ExportPart(name="products.csv", media_type="text/csv", size=3)


def an_export(feed: Feed, **changes: Any) -> Export:
    """Make an export of a feed, which waits."""
    usual = {"id": new_id("exp"), "merchant_id": feed.merchant_id, "target": feed.target, "created_at": NOON}
    return Export.model_validate(usual | {"feed_id": feed.id} | changes)


async def kept_feed(store: Store, merchant_id: str, **changes: Any) -> Feed:
    """Store a feed with its first export."""
    usual = {
        "id": new_id("fed"),
        "merchant_id": merchant_id,
        "target": "shopify",
        "terms": FeedTerms(name="All", settings={"status": "active"}),
        "token": SecretStr(new_id("fed")),
        "stamp": "first",
        "newest_id": new_id("exp"),
        "begun_at": NOON,
        "created_at": NOON,
    }
    feed = Feed.model_validate(usual | changes)
    await store.feeds.add_feed(feed, an_export(feed, id=feed.newest_id))
    return feed


async def ended(store: Store, feed: Feed, errors: int = 0, *, failed: bool = False, hours: int = 0) -> Export:
    """Let the export that waits be made, with a file of one piece."""
    export = await store.selling.lease_export("maker", NOON, NOON + HOUR)
    assert export
    assert export.feed_id == feed.id
    await store.selling.put_piece(export.id, 0, 0, b"abc")
    made = {"state": ExportState.READY, "report": ExportReport(products=1, errors=errors), "parts": (PART,)}
    told = {"state": ExportState.FAILED} if failed else made
    over = export.model_copy(update=told | {"finished_at": NOON + hours * HOUR})
    assert await store.selling.end_export(over, "maker", completed(over))
    return over


async def again(store: Store, feed: Feed, errors: int = 0, *, failed: bool = False, hours: int = 0) -> Export:
    """Make a feed once more."""
    now = await store.feeds.feed(feed.merchant_id, feed.id)
    assert await store.feeds.begin_feed(now, an_export(feed), "again")
    return await ended(store, feed, errors, failed=failed, hours=hours)


async def test_a_feed_is_its_merchants_own(store: Store, mine: str, theirs: str) -> None:
    """It comes back as it was written; another merchant's is as one that never was, but for its token."""
    feed, other = await kept_feed(store, mine), await kept_feed(store, theirs)

    assert await store.feeds.feed(mine, feed.id) == feed
    assert await store.feeds.feeds(mine) == [feed]
    assert await store.feeds.feed_by_token(other.token.get_secret_value()) == other
    assert await store.feeds.feed_by_token("guessed") is None
    with pytest.raises(NotFound):
        await store.feeds.feed(mine, other.id)
    with pytest.raises(NotFound):
        await store.feeds.rotate_feed(mine, other.id, SecretStr("mine now"))
    with pytest.raises(NotFound):
        await store.feeds.remove_feed(mine, other.id)


async def test_terms_and_token_change_alone(store: Store, mine: str) -> None:
    """What is wanted is written over, and a token that was replaced leads nowhere."""
    feed = await kept_feed(store, mine)
    terms = FeedTerms(name="Some", filter="status:imported", every_hours=24, sound_only=True)

    await store.feeds.change_feed(mine, feed.id, terms)
    changed = await store.feeds.rotate_feed(mine, feed.id, SecretStr("new"))

    assert changed == feed.model_copy(update={"terms": terms, "token": SecretStr("new")})
    assert await store.feeds.feed_by_token(feed.token.get_secret_value()) is None
    assert await store.feeds.feed_by_token("new") == changed


async def test_of_two_who_begin_a_feed_one_does(store: Store, mine: str) -> None:
    """Both read the same feed; the second writes nothing."""
    feed = await kept_feed(store, mine)
    first, second = an_export(feed, created_at=NOON + HOUR), an_export(feed)

    begun = [await store.feeds.begin_feed(feed, each, "second") for each in (first, second)]

    kept = await store.feeds.feed(mine, feed.id)
    assert begun == [True, False]
    assert (kept.newest_id, kept.begun_at, kept.stamp) == (first.id, NOON + HOUR, "second")
    with pytest.raises(NotFound):
        await store.selling.export(mine, second.id)


async def test_a_feed_serves_its_last_good_file(store: Store, mine: str) -> None:
    """One with errors is better than none; it does not replace one without, and neither does a failure."""
    feed = await kept_feed(store, mine)

    async def served() -> str | None:
        return (await store.feeds.feed(mine, feed.id)).served_id

    before = await served()
    faulty = await ended(store, feed, errors=2)
    first = await served()
    sound = await again(store, feed)
    second = await served()
    await again(store, feed, errors=1)
    await again(store, feed, failed=True)

    assert (before, first, second, await served()) == (None, faulty.id, sound.id, sound.id)


async def test_feeds_are_listed_by_when_they_were_begun(store: Store, mine: str, theirs: str) -> None:
    """Everybody's, the longest ago first, and only those before the moment."""
    late = await kept_feed(store, mine, begun_at=NOON + HOUR)
    early = await kept_feed(store, theirs, begun_at=NOON - HOUR)
    await kept_feed(store, mine, begun_at=NOON + 3 * HOUR)

    assert await store.feeds.begun_before(NOON + 2 * HOUR) == [early, late]


async def test_exports_of_feeds_are_no_exports_that_were_asked_for(store: Store, mine: str) -> None:
    """The list of exports is without them, and the files that a week drops are not theirs."""
    feed = await kept_feed(store, mine)
    export = await ended(store, feed)

    assert await store.selling.exports(mine) == []
    assert await store.selling.drop_files(NOON + 100 * HOUR) == 0
    assert await store.selling.piece(export.id, 0, 0) == b"abc"


async def test_files_that_no_feed_serves_go(store: Store, mine: str) -> None:
    """What is served stays however old it is; earlier files go, then their exports, but for the newest."""
    feed = await kept_feed(store, mine)
    first = await ended(store, feed)
    sound = await again(store, feed, hours=1)
    newest = await again(store, feed, errors=1, hours=2)

    dropped = await store.feeds.tidy_feeds(NOON + 9 * HOUR, NOON - HOUR)
    left = await store.selling.export(mine, first.id)
    await store.feeds.tidy_feeds(NOON + 9 * HOUR, NOON + 9 * HOUR)

    assert (dropped, left.files_kept) == (2, False)
    assert [await store.selling.piece(each.id, 0, 0) for each in (first, newest, sound)] == [None, None, b"abc"]
    assert (await store.selling.export(mine, newest.id)).files_kept is False
    with pytest.raises(NotFound):
        await store.selling.export(mine, first.id)


async def test_a_removed_feed_takes_all_with_it(store: Store, mine: str) -> None:
    """Its token leads nowhere, its files are gone, and a maker that is at it is told so."""
    feed = await kept_feed(store, mine)
    made = await ended(store, feed)
    assert await store.feeds.begin_feed(await store.feeds.feed(mine, feed.id), an_export(feed), "again")
    making = await store.selling.lease_export("maker", NOON, NOON + HOUR)

    await store.feeds.remove_feed(mine, feed.id)

    assert await store.feeds.feed_by_token(feed.token.get_secret_value()) is None
    assert await store.selling.piece(made.id, 0, 0) is None
    assert making
    assert not await store.selling.note_export(making, "maker", NOON + 2 * HOUR)


async def test_who_fetched_is_kept(store: Store, mine: str) -> None:
    """The last one; one that comes for a removed feed is nobody's."""
    feed = await kept_feed(store, mine)

    await store.feeds.note_fetched(feed.id, NOON, "Googlebot")
    await store.feeds.note_fetched("fed_gone", NOON, "Googlebot")

    kept = await store.feeds.feed(mine, feed.id)
    assert (kept.fetched_at, kept.fetched_by) == (NOON, "Googlebot")


async def test_what_products_are_changes_their_mark(store: Store, mine: str, theirs: str) -> None:
    """A product that came, was archived or was deleted; another merchant's change nothing."""
    marks = [await store.feeds.newest_change(mine)]
    product = await ended_product(store, mine)
    marks.append(await store.feeds.newest_change(mine))
    await ended_product(store, theirs)
    same = await store.feeds.newest_change(mine)
    await store.bulk.archive(mine, [product.id], NOON)
    marks.append(await store.feeds.newest_change(mine))
    await store.bulk.delete(mine, [product.id])
    back = await store.feeds.newest_change(mine)

    assert same == marks[1]
    assert len(set(marks)) == 3
    assert back == marks[0]
