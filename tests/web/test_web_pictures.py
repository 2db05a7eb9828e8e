"""Pictures on the pages: our own copies only, to their merchant only, harmless wherever they are opened."""

import re
from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI

from cartage.model.errors import PageNotFound
from cartage.model.picture import KeptPicture, Picture
from cartage.model.product import Image, Product
from tests.contracts.records import NOON, a_print, shown
from tests.web.conftest import Person, Web, client, make_server, text_of

URLS = [f"https://img.example/{number}.jpg" for number in range(4)]
FACTS = Product(name="Shirt", images=tuple(Image(url=url, alt=f"View {url[-5]}") for url in URLS))
GONE = Picture(url=URLS[2], problem=PageNotFound("img.example says that it is gone.").failure(), fetched_at=NOON)


async def kept(web: Web, content_hash: str = "a" * 64) -> KeptPicture:
    """Keep a picture of mine."""
    return await web.store.gallery.put(web.mine.merchant_id, a_print(content_hash), 10**6, NOON)


def browsing(server: FastAPI, person: Person) -> httpx2.AsyncClient:
    """Make a client of another server that a person is logged in to."""
    browser = client(server)
    browser.cookies.update(person.client.cookies)
    return browser


async def test_a_picture_is_harmless_wherever_it_is_opened(web: Web) -> None:
    """It is only ever an image, runs nothing, belongs to our own pages, and stays in its owner's browser."""
    picture = await kept(web)

    reply = await web.mine.get(f"/pictures/{picture.id}/full")

    assert (reply.status_code, reply.content) == (200, b"F" * 50)
    assert reply.headers["content-type"] == "image/webp"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"
    assert reply.headers["cache-control"] == "private, max-age=31536000, immutable"


async def test_a_known_picture_is_not_sent_again(web: Web) -> None:
    """Whoever has it already gets an answer without a body, and only its owner does."""
    path = f"/pictures/{(await kept(web)).id}/small"
    tag = {"If-None-Match": (await web.mine.get(path)).headers["etag"]}

    again = await web.mine.client.get(path, headers=tag)
    theirs = await web.theirs.client.get(path, headers=tag)

    assert (again.status_code, again.content) == (304, b"")
    assert theirs.status_code == 404


@pytest.mark.parametrize("size", ["original", "full.svg", "..%2Ffull"])
async def test_there_are_two_sizes(web: Web, size: str) -> None:
    """Anything else is not there."""
    picture = await kept(web)

    assert (await web.mine.get(f"/pictures/{picture.id}/{size}")).status_code in {404, 422}


async def test_pages_show_our_copies_only(web: Web) -> None:
    """The product, the list and the form show copies, each picture once, and nothing of a third party."""
    first, second = await kept(web), await kept(web, "b" * 64)
    pictures = (shown(first, URLS[0]), shown(first, URLS[1]), GONE, shown(second, URLS[3]))
    product_id = await web.imported(FACTS, pictures=pictures)

    pages = {path: await web.mine.get(path) for path in (f"/products/{product_id}", "/products", "/import")}

    sources = {path: re.findall(r'<img[^>]* src="([^"]+)"', f"{reply.text}") for path, reply in pages.items()}
    one, two = f"/pictures/{first.id}", f"/pictures/{second.id}"
    assert sources == {
        f"/products/{product_id}": [f"{one}/full", f"{two}/full", f"{one}/small", f"{two}/small"],
        "/products": [f"{one}/small"],
        "/import": [f"{one}/small"],
    }
    for reply in pages.values():
        assert "img-src 'self' data:" in reply.headers["content-security-policy"]


async def test_a_product_says_what_became_of_its_pictures(web: Web) -> None:
    """What is missing is told with its reason and its address, and can be asked for again."""
    product_id = await web.imported(FACTS, pictures=(shown(await kept(web), URLS[0]), GONE))

    reply = await web.mine.get(f"/products/{product_id}")

    text = text_of(reply)
    assert "1 picture could not be fetched" in text
    assert "img.example says that it is gone." in text
    assert "The page shows 4 pictures; the first 2 are looked after here." in text
    assert f'action="/products/{product_id}/pictures"' in reply.text


async def test_a_product_without_copies_shows_none(web: Web) -> None:
    """Where no copy is kept there is a sign in its place, never the shop's own image."""
    product_id = await web.imported(FACTS)

    reply = await web.mine.get(f"/products/{product_id}")

    assert "<img" not in reply.text
    assert "The page shows 4 pictures; none is kept here." in text_of(reply)


async def test_pictures_are_fetched_again_on_request(web: Web) -> None:
    """The button begins an import of the pictures alone."""
    product_id = await web.imported(FACTS)

    reply = await web.mine.post(f"/products/{product_id}/pictures")

    assert reply.headers["location"] == f"/import/status/{product_id}"
    import_id = (await web.imports.product(web.mine.merchant_id, product_id)).import_id
    assert (await web.imports.import_(web.mine.merchant_id, import_id)).pictures_for == "IMPORTED"


async def test_without_pictures_none_are_offered(web: Web) -> None:
    """Where keeping pictures is off, the product says so and has no button; its route says why."""
    product_id = await web.imported(FACTS)
    off = replace(web.imports, keeps_pictures=False)
    browser = browsing(make_server(off, web.accounts), web.mine)
    form = {"csrf": web.mine.csrf}

    shown = await browser.get(f"/products/{product_id}")
    asked = await browser.post(f"/products/{product_id}/pictures", data=form)
    again = await browser.post(f"/import/status/{product_id}/retry", data=form | {"from_step": "pictures"})

    assert "Keeping pictures is switched off here." in text_of(shown)
    assert f'action="/products/{product_id}/pictures"' not in shown.text
    for reply in (asked, again):
        assert reply.status_code == 409
        assert "This Cartage keeps no pictures." in text_of(reply)
        assert "CARTAGE_PICTURES" in text_of(reply)
    assert (await web.imports.product(web.mine.merchant_id, product_id)).status == "IMPORTED"
