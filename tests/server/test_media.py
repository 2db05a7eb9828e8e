"""What whoever fetches an uploaded picture gets: our copy, for ever the same, and nothing once it is left out."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from cartage.accounts.quota import Quota
from cartage.api.problems import install_problems
from cartage.app import App, build
from cartage.imports.upkeep import Upkeep
from cartage.model.arrangement import Placed
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.picture import Picture
from cartage.server import create_server
from cartage.server.media import add_media
from cartage.settings import read_settings
from tests.contracts.records import NOON, a_print, ended_product, kept_merchant
from tests.exports.linen import a_mug

SPACE = 1000


@pytest.fixture
async def app(tmp_path: Path, migrated_sqlite: Path) -> AsyncGenerator[App]:
    """Give an app that runs nothing."""
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


async def a_shown(app: App, letter: str = "a") -> tuple[CatalogueProduct, Picture]:
    """Give a merchant a product, and show an uploaded picture with it."""
    merchant_id = (await kept_merchant(app.store)).id
    product = await ended_product(app.store, merchant_id, facts=a_mug().facts)
    kept = await app.store.gallery.put(merchant_id, a_print(letter * 64), SPACE, NOON)
    shown = await Upkeep(app.store).hang(merchant_id, product.id, [kept])
    return shown, shown.pictures[-1]


async def test_a_picture_is_fetched_without_a_login(app: App, asking: httpx2.AsyncClient) -> None:
    """As what it is, to be kept for ever, shown on any site, and run as nothing."""
    _, picture = await a_shown(app)

    reply = await asking.get(picture.public_path or "")

    assert (reply.status_code, reply.content) == (200, b"F" * 50)
    assert reply.headers["content-type"] == "image/webp"
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in reply.headers


async def test_what_the_fetcher_has_is_not_sent_again(app: App, asking: httpx2.AsyncClient) -> None:
    """By the tag that it was told; HEAD tells what GET would, with no body."""
    _, picture = await a_shown(app)
    whole = await asking.get(picture.public_path or "")

    same = await asking.get(picture.public_path or "", headers={"If-None-Match": whole.headers["etag"]})
    other = await asking.get(picture.public_path or "", headers={"If-None-Match": '"other"'})
    head = await asking.head(picture.public_path or "")

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", whole.headers["etag"])
    assert (other.status_code, head.status_code, head.content) == (200, 200, b"")
    told = ("content-length", "content-type", "etag", "cache-control")
    assert [head.headers[name] for name in told] == [whole.headers[name] for name in told]


async def test_an_address_that_leads_nowhere_says_so(app: App, asking: httpx2.AsyncClient) -> None:
    """Unknown, left out, of a deleted product, of another form, or the folder: all read the same."""
    product, left = await a_shown(app)
    images = (product.facts.images if product.facts else ())[:-1]
    arranged = Edit(images=tuple(Placed(url=each.url) for each in images))
    await Upkeep(app.store).edit(product.merchant_id, product.id, arranged)
    gone, deleted = await a_shown(app, "b")
    await app.store.bulk.delete(gone.merchant_id, [gone.id])
    own = left.id or ""
    names = [f"{'x' * 43}.webp", f"{own}.webp", f"{left.token}.png", f"{left.token}", "..%2Ffeeds"]

    paths = [left.public_path or "", deleted.public_path or "", *(f"/media/{name}" for name in names)]
    replies = [await asking.get(path) for path in paths]

    assert [each.status_code for each in replies] == [404] * len(paths)
    assert {each.json()["detail"] for each in replies[:-1]} == {"There is no such picture."}
    assert {each.headers["cache-control"] for each in replies} == {"no-store"}
    assert (await asking.get("/media/")).status_code == 404
    assert (await asking.post(left.public_path or "")).status_code == 405


async def test_a_picture_shown_again_has_another_address(app: App, asking: httpx2.AsyncClient) -> None:
    """Whoever knew the one before learns nothing; arranging the pictures keeps the one that there is."""
    product, before = await a_shown(app)
    upkeep, merchant_id = Upkeep(app.store), product.merchant_id
    page, own = [each.url for each in product.facts.images] if product.facts else []
    turned = await upkeep.edit(merchant_id, product.id, Edit(images=(Placed(url=own), Placed(url=page))))
    await upkeep.edit(merchant_id, product.id, Edit(images=(Placed(url=page),)))
    kept = await app.store.gallery.find(merchant_id, "a" * 64, NOON)

    again = await upkeep.hang(merchant_id, product.id, [kept] if kept else [])

    assert [each.token for each in turned.pictures if each.token] == [before.token]
    assert (await asking.get(before.public_path or "")).status_code == 404
    assert (await asking.get(again.pictures[-1].public_path or "")).status_code == 200


async def test_pictures_are_fetched_so_many_times_a_minute(app: App) -> None:
    """Then it says when to come again; another business's go on."""
    _, mine = await a_shown(app)
    _, theirs = await a_shown(app, "b")
    server = FastAPI()
    install_problems(server)
    add_media(server, app.store.gallery, Quota(2, clock=lambda: 0.0))

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(server), base_url="http://localhost") as asking:
        replies = [await asking.get(mine.public_path or "") for _ in range(3)]
        other = await asking.get(theirs.public_path or "")

    assert [each.status_code for each in replies] == [200, 200, 429]
    assert replies[2].headers["retry-after"] == "30"
    assert other.status_code == 200
