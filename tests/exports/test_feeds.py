"""Feeds: made by themselves when they are due, with the merchant's settings and their own."""

from datetime import UTC, datetime, timedelta

import pytest

from cartage.exports.feeds import REST, Feeds
from cartage.exports.maker import Maker
from cartage.exports.renewing import Renewer
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.export import ExportState, LinkTemplateMissing, TargetSettings, TargetUnknown
from cartage.model.feed import FeedNotMade, FeedTerms, ManyFiles
from cartage.model.filtering import FilterInvalid
from cartage.stores.memory import MemoryStore
from tests.contracts.records import kept_merchant
from tests.exports.linen import RULES, a_mug, a_shirt
from tests.exports.test_export_service import kept

ALL = FeedTerms(name="All")
HOUR = timedelta(hours=1)


@pytest.fixture
async def store() -> MemoryStore:
    """Give a store."""
    return MemoryStore()


@pytest.fixture
async def mine(store: MemoryStore) -> str:
    """Give the id of a merchant."""
    return (await kept_merchant(store)).id


async def made(feeds: Feeds) -> None:
    """Make all that waits."""
    while await Maker(feeds.exports).make_next():
        pass


async def sent(feeds: Feeds, merchant_id: str, feed_id: str) -> str:
    """Read what a feed sends."""
    sending = await feeds.sending((await feeds.feed(merchant_id, feed_id)).feed)
    return b"".join([piece async for piece in sending.pieces]).decode()


async def test_a_feed_sends_its_file_once_it_is_made(store: MemoryStore, mine: str) -> None:
    """Before that it says that it is not made; who knows the address finds it, and nobody by another ending."""
    feeds = Feeds(store)
    await kept(store, mine, a_shirt())

    fed = await feeds.add(mine, "shopify", ALL)
    with pytest.raises(FeedNotMade):
        await feeds.sending(fed.feed)
    await made(feeds)

    found = await feeds.find(fed.file)
    assert found
    assert found.id == fed.feed.id
    assert await feeds.find(fed.file.replace(".csv", ".xml")) is None
    assert (await sent(feeds, mine, fed.feed.id)).startswith("Title,URL handle")


async def test_a_feed_has_settings_of_its_own(store: MemoryStore, mine: str) -> None:
    """They stand over the merchant's for this feed, and leave theirs as they are."""
    feeds = Feeds(store)
    await kept(store, mine, a_shirt())
    await feeds.exports.set_settings(mine, "shopify", TargetSettings(tags=("spring",)))

    own = await feeds.add(mine, "shopify", FeedTerms(name="Live", settings={"status": "active"}))
    usual = await feeds.add(mine, "shopify", ALL)
    await made(feeds)

    own_file, usual_file = [await sent(feeds, mine, each.feed.id) for each in (own, usual)]
    assert (",active," in own_file, ",active," in usual_file) == (True, False)
    assert "spring" in own_file


async def test_what_cannot_be_a_feed_is_refused(store: MemoryStore, mine: str) -> None:
    """Several files, an unknown target or setting, a filter that is none, and a target that needs a link."""
    feeds = Feeds(store)

    with pytest.raises(ManyFiles):
        await feeds.add(mine, "prestashop", ALL)
    with pytest.raises(TargetUnknown):
        await feeds.add(mine, "ebay", ALL)
    with pytest.raises(FilterInvalid):
        await feeds.add(mine, "shopify", FeedTerms(name="x", filter="colour:red"))
    with pytest.raises(InvalidInput):
        await feeds.add(mine, "shopify", FeedTerms(name="x", settings={"sales_channel": "sc_1"}))
    with pytest.raises(LinkTemplateMissing):
        await feeds.add(mine, "google-xml", ALL)
    assert await feeds.feeds(mine) == []


async def test_a_feed_is_renewed_when_it_is_old(store: MemoryStore, mine: str) -> None:
    """Though nothing changed; not before, and not while it is being made."""
    feeds = Feeds(store)
    fed = await feeds.add(mine, "jsonl", FeedTerms(name="All", every_hours=6))
    at = fed.feed.begun_at

    waiting = await feeds.renew(at + 7 * HOUR)
    await made(feeds)
    early, late = await feeds.renew(at + 5 * HOUR), await feeds.renew(at + 6 * HOUR)

    assert (waiting, early, late) == (0, 0, 1)


async def test_a_feed_is_renewed_when_something_changed(store: MemoryStore, mine: str) -> None:
    """Products, prices, the target's settings and its own terms; it rests between two makings."""
    feeds = Feeds(store)
    fed = await feeds.add(mine, "shopify", FeedTerms(name="All", every_hours=24))
    await made(feeds)
    at, renewed = fed.feed.begun_at, list[int]()

    async def later() -> None:
        nonlocal at
        at += REST + timedelta(seconds=1)
        renewed.append(await feeds.renew(at))
        await made(feeds)

    await later()
    await kept(store, mine, a_shirt())
    await later()
    await store.selling.set_pricing(mine, RULES)
    soon = await feeds.renew(at)
    await later()
    await feeds.exports.set_settings(mine, "shopify", TargetSettings(status="active"))
    await later()
    await later()

    assert (soon, renewed) == (0, [0, 1, 1, 1, 0])


async def test_one_feed_that_cannot_be_begun_keeps_no_other_waiting(store: MemoryStore, mine: str) -> None:
    """A filter of another version of Cartage is told of in the log, and the next feed is begun."""
    feeds = Feeds(store)
    broken, whole = [await feeds.add(mine, "jsonl", ALL) for _ in range(2)]
    await made(feeds)
    await store.feeds.change_feed(mine, broken.feed.id, FeedTerms(name="x", filter="colour:red"))

    begun = await feeds.renew(whole.feed.old_at)

    assert begun == 1
    assert (await feeds.feed(mine, whole.feed.id)).newest.state is ExportState.WAITING


async def test_errors_hold_the_last_good_file(store: MemoryStore, mine: str) -> None:
    """A product without a price does not get into the file, and keeps the new file back."""
    feeds = Feeds(store)
    await kept(store, mine, a_mug())
    fed = await feeds.add(mine, "shopify", ALL)
    await made(feeds)
    await kept(store, mine, a_mug(2, price=None))
    await feeds.make(mine, fed.feed.id)
    await made(feeds)

    now = await feeds.feed(mine, fed.feed.id)

    assert now.outdated
    assert now.newest.report
    assert (now.newest.report.errors, now.newest.report.products) == (1, 2)
    assert now.served
    assert now.served.id == fed.newest.id


async def test_products_with_errors_are_left_out_where_that_is_wanted(store: MemoryStore, mine: str) -> None:
    """The others are sent, and what was found is told all the same."""
    feeds = Feeds(store)
    await kept(store, mine, a_mug(), a_mug(2, price=None))

    fed = await feeds.add(mine, "jsonl", FeedTerms(name="Sound", sound_only=True))
    shop = await feeds.add(mine, "shopify", FeedTerms(name="Sound", sound_only=True))
    await made(feeds)

    now = await feeds.feed(mine, shop.feed.id)
    assert not now.outdated
    assert now.served
    assert now.served.report
    assert (now.served.report.products, now.served.report.left_out, now.served.report.errors) == (1, 1, 1)
    assert len((await sent(feeds, mine, fed.feed.id)).splitlines()) >= 1


async def test_made_now_means_once(store: MemoryStore, mine: str) -> None:
    """While it is being made nothing more is begun."""
    feeds = Feeds(store)
    fed = await feeds.add(mine, "jsonl", ALL)

    with pytest.raises(Conflict):
        await feeds.make(mine, fed.feed.id)
    await made(feeds)
    again = await feeds.make(mine, fed.feed.id)

    assert again.newest.id != fed.newest.id


async def test_another_address_ends_the_one_before(store: MemoryStore, mine: str) -> None:
    """At once; the file stays what it was."""
    feeds = Feeds(store)
    fed = await feeds.add(mine, "jsonl", ALL)

    rotated = await feeds.rotate(mine, fed.feed.id)

    assert await feeds.find(fed.file) is None
    assert await feeds.find(rotated.file) == rotated.feed


async def test_a_replaced_file_stays_for_whoever_is_fetching_it(store: MemoryStore, mine: str) -> None:
    """For an hour; the one that is sent stays for ever."""
    feeds = Feeds(store)
    fed = await feeds.add(mine, "jsonl", ALL)
    await made(feeds)
    await feeds.make(mine, fed.feed.id)
    await made(feeds)
    renewer, at = Renewer(feeds), datetime.now(UTC)

    soon, late = await renewer.tidy(at), await renewer.tidy(at + 2 * HOUR)

    now = await feeds.feed(mine, fed.feed.id)
    assert (soon, late) == (0, 1)
    assert now.served
    assert now.served.files_kept


async def test_who_fetched_is_told_without_what_cannot_be_shown(store: MemoryStore, mine: str) -> None:
    """A fetcher may call itself anything."""
    feeds = Feeds(store)
    fed = await feeds.add(mine, "jsonl", ALL)

    await feeds.note_fetched(fed.feed, "Bot\x1b[31m" + "x" * 1000)

    kept_by = (await feeds.feed(mine, fed.feed.id)).feed.fetched_by
    assert kept_by.startswith("Bot [31m")
    assert len(kept_by) == 200
