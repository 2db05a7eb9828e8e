"""Pictures from files over HTTP: all of a form or none, bounded, and the merchant's own."""

import httpx2

from cartage.model.picture import is_own
from tests.api.conftest import Api
from tests.pictures.photographs import SVG, encoded, plain

RED, BLUE = encoded(plain(), "JPEG"), encoded(plain().rotate(180), "PNG")


async def sent(asker: httpx2.AsyncClient, product_id: str, *contents: bytes, **fields: str) -> httpx2.Response:
    """Upload files."""
    files = [("files", (f"{place}.jpg", content)) for place, content in enumerate(contents)]
    return await asker.post(f"/v1/products/{product_id}/pictures/files", data=fields, files=files)


async def test_files_become_pictures_of_the_product(api: Api) -> None:
    """In their order, with words, before the others where that is asked for; each is got like any picture."""
    product_id = await api.imported()

    reply = await sent(api.mine, product_id, RED, BLUE, alt="A mug", first="true")

    product = reply.json()
    images = product["facts"]["images"]
    assert reply.status_code == 201
    assert reply.headers["etag"]
    assert [(is_own(each["url"]), each["alt"]) for each in images[:2]] == [(True, "A mug")] * 2
    assert "images" in product["locked"]
    picture = await api.mine.get(f"/v1/pictures/{images[0]['url'].removeprefix('picture:')}/small")
    assert picture.content.startswith(b"RIFF")
    links = [each["links"] for each in product["pictures"] if is_own(each["url"])]
    assert all(each["public"].startswith("/media/") for each in links)
    assert len({each["public"] for each in links}) == 2
    assert "token" not in product["pictures"][0]


async def test_one_bad_file_keeps_all_back(api: Api) -> None:
    """It is named by its place; the product stays as it was."""
    product_id = await api.imported()
    before = (await api.mine.get(f"/v1/products/{product_id}")).json()

    refused = await sent(api.mine, product_id, RED, SVG)

    assert (refused.status_code, refused.json()["code"]) == (422, "file_refused")
    assert refused.json()["errors"][0]["pointer"] == "/files/1"
    assert (await api.mine.get(f"/v1/products/{product_id}")).json() == before


async def test_a_dry_run_only_tells(api: Api) -> None:
    """What cannot be taken is named as ever; where all can, the product stays as it was."""
    product_id = await api.imported()
    before = (await api.mine.get(f"/v1/products/{product_id}")).json()

    well = await sent(api.mine, product_id, RED, BLUE, dry_run="true")
    bad = await sent(api.mine, product_id, RED, SVG, dry_run="true")

    assert (well.status_code, bad.status_code, bad.json()["code"]) == (200, 422, "file_refused")
    assert (await api.mine.get(f"/v1/products/{product_id}")).json() == before


async def test_a_form_that_is_none_is_refused(api: Api) -> None:
    """No file, another kind of body, too many files, and another merchant's product."""
    product_id = await api.imported()
    path = f"/v1/products/{product_id}/pictures/files"

    none = await api.mine.post(path, files={"alt": (None, "words")})
    json = await api.mine.post(path, json={"files": []})
    many = await sent(api.mine, product_id, *[RED] * 13)
    theirs = await sent(api.theirs, product_id, RED)

    assert [each.status_code for each in (none, json, many, theirs)] == [422, 415, 400, 404]
