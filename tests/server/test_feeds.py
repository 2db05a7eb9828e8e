"""What whoever fetches a feed gets: the file whole or packed, nothing anew where nothing is, and never another's."""

import gzip
import logging
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx2
import pytest

from cartage.app import App, build
from cartage.exports.feeds import Fed, Feeds
from cartage.exports.maker import Maker
from cartage.imports.progress import event_for
from cartage.model.feed import FeedTerms
from cartage.server import create_server
from cartage.server.feeds import A_MINUTE
from cartage.settings import read_settings
from tests.contracts.records import an_import, kept_merchant
from tests.exports.linen import a_mug
from tests.server.test_secrets import logged

PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
async def app(tmp_path: Path, migrated_sqlite: Path) -> AsyncGenerator[App]:
    """Give an app whose exports are made when a test says so."""
    settings = read_settings(data_dir=tmp_path, engine="elsewhere", database_url="", metrics_token="")
    shutil.copy(migrated_sqlite, tmp_path / "cartage.db")
    async with build(settings).running() as running:
        yield running


@pytest.fixture
async def asking(app: App) -> AsyncGenerator[httpx2.AsyncClient]:
    """Give a fetcher without a login."""
    transport = httpx2.ASGITransport(create_server(app), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as made:
        yield made


async def a_feed(app: App, target: str = "jsonl") -> Fed:
    """Give a merchant a product and a feed of it."""
    merchant_id = (await kept_merchant(app.store)).id
    own = a_mug().model_copy(update={"merchant_id": merchant_id, "import_id": "imp_mug"})
    await app.store.catalogue.add_product(own, an_import(own), event_for(an_import(own), "test/kept", {}))
    return await Feeds(app.store).add(merchant_id, target, FeedTerms(name="All"))


async def made(app: App) -> None:
    """Make what waits."""
    assert await Maker(Feeds(app.store).exports).make_next()


async def test_a_feed_is_fetched_without_a_login(app: App, asking: httpx2.AsyncClient) -> None:
    """Before its first file it asks to come again; then it sends it, with what a fetcher goes by."""
    fed = await a_feed(app, "shopify")
    early = await asking.get(f"/feeds/{fed.file}")
    await made(app)
    file = await asking.get(f"/feeds/{fed.file}", headers=PLAIN | {"User-Agent": "Googlebot"})

    assert (early.status_code, early.headers["retry-after"]) == (503, "60")
    assert early.json()["code"] == "feed_not_made"
    assert file.text.startswith("Title,URL handle")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert int(file.headers["content-length"]) == len(file.content)
    assert file.headers["x-robots-tag"] == "noindex"
    assert file.headers["referrer-policy"] == "no-referrer"
    assert "sandbox" in file.headers["content-security-policy"]
    kept = (await Feeds(app.store).feed(fed.feed.merchant_id, fed.feed.id)).feed
    assert kept.fetched_by == "Googlebot"


async def test_what_the_fetcher_has_is_not_sent_again(app: App, asking: httpx2.AsyncClient) -> None:
    """By the tag or the date that it was told; once the feed was made anew both are news."""
    fed = await a_feed(app)
    await made(app)
    first = await asking.get(f"/feeds/{fed.file}", headers=PLAIN)
    by_tag, by_date = {"If-None-Match": first.headers["etag"]}, {"If-Modified-Since": first.headers["last-modified"]}
    same = [await asking.get(f"/feeds/{fed.file}", headers=PLAIN | each) for each in (by_tag, by_date)]
    await Feeds(app.store).make(fed.feed.merchant_id, fed.feed.id)
    await made(app)
    news = await asking.get(f"/feeds/{fed.file}", headers=PLAIN | by_tag)
    odd = await asking.get(f"/feeds/{fed.file}", headers={"If-Modified-Since": "yesterday"})

    assert [(each.status_code, each.content) for each in same] == [(304, b"")] * 2
    assert (news.status_code, odd.status_code) == (200, 200)
    assert news.headers["etag"] != first.headers["etag"]


async def test_a_file_is_packed_for_who_takes_it(app: App, asking: httpx2.AsyncClient) -> None:
    """The same bytes, by a tag of their own; not for who refuses."""
    fed = await a_feed(app)
    await made(app)
    plain = await asking.get(f"/feeds/{fed.file}", headers=PLAIN)
    refused = await asking.get(f"/feeds/{fed.file}", headers={"Accept-Encoding": "gzip;q=0, identity"})
    async with asking.stream("GET", f"/feeds/{fed.file}", headers={"Accept-Encoding": "br, gzip"}) as packed:
        raw = b"".join([piece async for piece in packed.aiter_raw()])

    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in refused.headers
    assert plain.headers["vary"] == "Accept-Encoding"


async def test_head_tells_what_get_would(app: App, asking: httpx2.AsyncClient) -> None:
    """The same headers and no body; a look is not a fetch."""
    fed = await a_feed(app)
    await made(app)
    head, packed = [
        await asking.head(f"/feeds/{fed.file}", headers={"Accept-Encoding": each}) for each in ("identity", "gzip")
    ]
    seen = (await Feeds(app.store).feed(fed.feed.merchant_id, fed.feed.id)).feed.fetched_at
    whole = await asking.get(f"/feeds/{fed.file}", headers=PLAIN)

    assert (head.status_code, head.content, packed.content) == (200, b"", b"")
    assert "content-length" not in packed.headers
    assert seen is None
    told = {"content-length", "content-type", "etag", "last-modified"}
    assert {name: head.headers[name] for name in told} == {name: whole.headers[name] for name in told}


async def test_an_address_that_leads_nowhere_says_so(app: App, asking: httpx2.AsyncClient) -> None:
    """An unknown token, one of another ending, one that was replaced and one that was deleted are all the same."""
    feeds, fed = Feeds(app.store), await a_feed(app)
    await made(app)
    await feeds.rotate(fed.feed.merchant_id, fed.feed.id)
    gone = await feeds.add(fed.feed.merchant_id, "jsonl", FeedTerms(name="Gone"))
    await feeds.remove(fed.feed.merchant_id, gone.feed.id)
    never = f"{'x' * 43}.jsonl"

    replies = [await asking.get(f"/feeds/{each}") for each in (fed.file, gone.file, never, "x.jsonl", "..%2Fcartage")]

    assert [each.status_code for each in replies] == [404] * 5
    assert {each.json()["detail"] for each in replies[:4]} == {"There is no such feed."}


async def test_a_feed_is_fetched_so_many_times_a_minute(app: App, asking: httpx2.AsyncClient) -> None:
    """Then it says when to come again; another feed goes on."""
    fed = await a_feed(app)
    other = await Feeds(app.store).add(fed.feed.merchant_id, "jsonl", FeedTerms(name="Other"))
    for _ in range(2):
        await made(app)

    replies: list[httpx2.Response] = []
    while len(replies) < 10 * A_MINUTE and (not replies or replies[-1].status_code == 200):
        replies.append(await asking.head(f"/feeds/{fed.file}"))  # while it goes on, more become allowed

    assert len(replies) > A_MINUTE
    assert (replies[-1].status_code, "retry-after" in replies[-1].headers) == (429, True)
    assert (await asking.get(f"/feeds/{other.file}")).status_code == 200


async def test_no_log_holds_a_feeds_address(
    app: App, asking: httpx2.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not when it is made or fetched, and not when the server breaks on it."""
    with logged():
        fed = await a_feed(app)
        await made(app)
        await asking.get(f"/feeds/{fed.file}")
        logging.getLogger("cartage.exports").warning("%r %s", fed.feed, fed.feed.model_dump_json())
        await app.store.close()
        (Path(app.settings.data_dir) / "cartage.db").write_bytes(b"no database")
        broken = await asking.get(f"/feeds/{fed.file}")

    ours = [line for line in capsys.readouterr().err.splitlines() if '"logger": "httpx2"' not in line]
    log = "\n".join(ours)
    assert broken.status_code >= 500
    assert fed.feed.id in log
    assert fed.feed.token.get_secret_value() not in log
