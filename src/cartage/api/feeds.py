"""Feeds over HTTP: files at addresses that shops and marketplaces fetch by themselves."""

from typing import Any

from fastapi import APIRouter, Response

from cartage.exports.feeds import Fed, Feeds
from cartage.wire.exports import ExportOut
from cartage.wire.feeds import FeedChange, FeedList, FeedOut, NewFeed

TAG = "feeds"


def add_feeds(router: APIRouter, feeds: Feeds, merchant: Any, site_url: str) -> None:
    """Add `/v1/feeds`; `site_url` is where they are fetched."""
    _add_feeds(router, feeds, merchant, site_url)
    _add_acts(router, feeds, merchant, site_url)


def _add_feeds(router: APIRouter, feeds: Feeds, merchant: Any, site_url: str) -> None:
    @router.post("/v1/feeds", status_code=201, tags=[TAG])
    async def create_feed(body: NewFeed, response: Response, *, merchant_id: str = merchant) -> FeedOut:
        """Give a target's file an address that is fetched without a login, and begin to make it.

        It is made anew when products change, and at the latest after `every_hours`. A target that has several files
        cannot be a feed (422).
        """
        made = await feeds.add(merchant_id, body.target, body.terms)
        response.headers["Location"] = f"/v1/feeds/{made.feed.id}"
        return shown_feed(made, site_url)

    @router.get("/v1/feeds", tags=[TAG])
    async def list_feeds(*, merchant_id: str = merchant) -> FeedList:
        """List the feeds, oldest first, with their addresses.

        An address is a secret: whoever knows it needs no login.
        """
        return FeedList(feeds=[shown_feed(each, site_url) for each in await feeds.feeds(merchant_id)])

    @router.get("/v1/feeds/{feed_id}", tags=[TAG])
    async def get_feed(feed_id: str, *, merchant_id: str = merchant) -> FeedOut:
        """Get a feed: its address, what is sent, what was found when it was made last, and who fetched it.

        `serving` is the export that is sent now, `newest` the one that was begun last.
        """
        return shown_feed(await feeds.feed(merchant_id, feed_id), site_url)

    @router.patch("/v1/feeds/{feed_id}", tags=[TAG])
    async def change_feed(feed_id: str, body: FeedChange, *, merchant_id: str = merchant) -> FeedOut:
        """Change what is wanted of a feed, and begin to make it anew; its address stays.

        What is not given stays. What is sent is the file before, until the newer one is made.
        """
        terms = body.changed((await feeds.feed(merchant_id, feed_id)).feed.terms)
        return shown_feed(await feeds.change(merchant_id, feed_id, terms), site_url)

    @router.delete("/v1/feeds/{feed_id}", status_code=204, tags=[TAG])
    async def delete_feed(feed_id: str, *, merchant_id: str = merchant) -> Response:
        """Delete a feed, its address and its files, at once.

        Whoever fetches the address is answered 404 from then on.
        """
        await feeds.remove(merchant_id, feed_id)
        return Response(status_code=204)


def _add_acts(router: APIRouter, feeds: Feeds, merchant: Any, site_url: str) -> None:
    @router.post("/v1/feeds/{feed_id}/rotate", tags=[TAG])
    async def rotate_feed(feed_id: str, *, merchant_id: str = merchant) -> FeedOut:
        """Give a feed another address; the one before answers 404 from now on.

        What is sent stays as it is. Tell whoever fetches it the new one.
        """
        return shown_feed(await feeds.rotate(merchant_id, feed_id), site_url)

    @router.post("/v1/feeds/{feed_id}/make", status_code=202, tags=[TAG])
    async def make_feed(feed_id: str, *, merchant_id: str = merchant) -> FeedOut:
        """Begin to make a feed's file anew; 409 while that is going on.

        What is sent is the file before, until the newer one is made.
        """
        return shown_feed(await feeds.make(merchant_id, feed_id), site_url)


def shown_feed(fed: Fed, site_url: str) -> FeedOut:
    """Show a feed."""
    feed, over = fed.feed, fed.newest.state.over
    missing = "failed" if over else "making"
    return FeedOut(
        id=feed.id,
        target=feed.target,
        **feed.terms.model_dump(),
        address=f"{site_url}/feeds/{fed.file}",
        status=missing if fed.served is None else "outdated" if fed.outdated else "ready",
        serving=ExportOut.of(fed.served) if fed.served else None,
        newest=ExportOut.of(fed.newest),
        fetched_at=feed.fetched_at,
        fetched_by=feed.fetched_by,
        created_at=feed.created_at,
    )
