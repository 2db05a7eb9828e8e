"""Arranging pictures on the page: places, words and what is left out, without a script."""

import httpx2

from cartage.model.evidence import Source
from cartage.model.picture import Picture, is_own
from cartage.model.product import Image, Product
from cartage.web.rendering import shots_of
from cartage.web.session import LARGEST_BODY, LARGEST_PICTURES
from tests.contracts.records import NOON
from tests.pictures.photographs import SVG, encoded, plain
from tests.web.conftest import Web, text_of

URLS = [f"https://shop.example/{name}.jpg" for name in "abcd"]
MUG = Product(name="Mug", images=tuple(Image(url=url, alt=url[-5].upper()) for url in URLS))
RED, BLUE = encoded(plain(), "JPEG"), encoded(plain().rotate(180), "PNG")
COPIES = tuple(Picture(url=url, id=f"pic_{url[-5]}", fetched_at=NOON) for url in URLS)


def form(**changes: str) -> dict[str, str]:
    """Give the form as the page shows it, with changes."""
    sent: dict[str, str] = {}
    for row, url in enumerate(URLS, 1):
        sent |= {f"url_{row}": url, f"place_{row}": str(row), f"alt_{row}": url[-5].upper()}
    return sent | changes


async def arranged(web: Web, **changes: str) -> tuple[int, str, str]:
    """Send the form, and give the answer's status, the images in their order, and what is locked."""
    product_id = await web.imported(MUG, pictures=COPIES)
    reply = await web.mine.post(f"/products/{product_id}/arrange", **form(**changes))
    product = await web.imports.product(web.mine.merchant_id, product_id)
    assert product.facts
    return reply.status_code, "".join(image.url[-5] for image in product.facts.images), " ".join(product.locked)


async def test_a_number_moves_a_picture(web: Web) -> None:
    """A picture goes to the place that is written, up or down; the form as it was changes nothing."""
    assert await arranged(web) == (303, "abcd", "")
    assert await arranged(web, place_3="1") == (303, "cabd", "images")
    assert await arranged(web, place_1="3") == (303, "bcad", "images")
    assert await arranged(web, place_4="", place_2="x") == (303, "abcd", "")


async def test_what_is_left_out_goes_and_something_stays(web: Web) -> None:
    """Pictures may be left out, but not all of them."""
    every = {f"out_{row}": "yes" for row in range(1, 5)}

    assert await arranged(web, out_2="yes") == (303, "acd", "images")
    assert await arranged(web, **every) == (422, "abcd", "")
    assert await arranged(web, url_1="https://shop.example/unknown.jpg") == (422, "abcd", "")


async def test_a_picture_is_added_by_its_address(web: Web) -> None:
    """One that the page does not show comes last, or first where that is ticked; what is no address is refused."""
    new = "https://cdn.example/e.jpg"

    assert await arranged(web, add=f" {new} ", add_alt="From above") == (303, "abcde", "images")
    assert await arranged(web, add=new, add_first="yes", out_2="yes") == (303, "eacd", "images")
    assert await arranged(web, add="data:image/png;base64,AA") == (422, "abcd", "")
    assert await arranged(web, add=URLS[0]) == (422, "abcd", "")


async def test_an_added_picture_is_fetched_at_once(web: Web) -> None:
    """Saving asks for the pictures alone, and a product without any gets its first so; the page says who added it."""
    product_id = await web.imported(Product(name="Mug"))

    await web.mine.post(f"/products/{product_id}/arrange", add="https://cdn.example/e.jpg", add_alt="A mug")

    product = await web.imports.product(web.mine.merchant_id, product_id)
    import_ = await web.imports.import_(web.mine.merchant_id, product.import_id)
    assert product.facts
    assert [(each.url, each.alt) for each in product.facts.images] == [("https://cdn.example/e.jpg", "A mug")]
    assert product.evidence["/images/0"][0].source is Source.PERSON
    assert import_.pictures_for


async def test_words_and_order_show_everywhere(web: Web) -> None:
    """The new cover and its words stand on the product's page and in the lists, and the page says who set them."""
    product_id = await web.imported(MUG, pictures=COPIES)

    await web.mine.post(f"/products/{product_id}/arrange", **form(place_4="1", alt_4="A mug from above"))

    shown, listed = await web.mine.get(f"/products/{product_id}"), await web.mine.get("/products")
    again = await web.mine.get(f"/products/{product_id}/arrange")
    product = await web.imports.product(web.mine.merchant_id, product_id)
    assert [kept.id for kept, _ in shots_of(product)] == ["pic_d", "pic_a", "pic_b", "pic_c"]
    assert 'alt="A mug from above"' in shown.text
    assert "/pictures/pic_d/small" in listed.text
    assert "Set by hand" in text_of(again)
    assert "Arranged pictures" in text_of(await web.mine.get("/settings/audit"))


async def uploaded(web: Web, product_id: str, *files: tuple[str, bytes], **fields: str) -> httpx2.Response:
    """Send the form with files, as a browser does."""
    sent = [("files", (name, content)) for name, content in files]
    data = {"csrf": web.mine.csrf} | fields
    return await web.mine.client.post(f"/products/{product_id}/arrange", data=data, files=sent)


async def images_of(web: Web, product_id: str) -> list[Image]:
    """List a product's images."""
    product = await web.imports.product(web.mine.merchant_id, product_id)
    return list(product.facts.images) if product.facts else []


async def test_files_are_uploaded_with_the_form(web: Web) -> None:
    """Several at once, behind the others; the product's page shows our copies, and a form without files is as ever."""
    product_id = await web.imported(MUG, pictures=COPIES)

    reply = await uploaded(web, product_id, ("red.jpg", RED), ("blue.png", BLUE), add_alt="Mug", **form(place_4="1"))
    page = await web.mine.get(f"/products/{product_id}")

    images = await images_of(web, product_id)
    assert reply.status_code == 303
    assert [each.url[-5] for each in images[:4]] == list("dabc")
    assert [(is_own(each.url), each.alt, each.width) for each in images[4:]] == [(True, "Mug", 320)] * 2
    for each in images[4:]:
        kept = each.url.removeprefix("picture:")
        assert f"/pictures/{kept}/full" in page.text
        assert (await web.mine.get(f"/pictures/{kept}/small")).content.startswith(b"RIFF")
        assert (await web.theirs.get(f"/pictures/{kept}/small")).status_code == 404
    assert (await uploaded(web, product_id, ("", b""), add_alt="")).status_code == 303
    assert await images_of(web, product_id) == images


async def test_a_bad_file_loses_nothing_else_of_the_form(web: Web) -> None:
    """Places, words and the good files are saved; the page says what was wrong with which file."""
    product_id = await web.imported(MUG, pictures=COPIES)

    reply = await uploaded(web, product_id, ("a.svg", SVG), ("red.jpg", RED), **form(alt_1="New", out_2="yes"))

    images = await images_of(web, product_id)
    assert reply.status_code == 422
    assert "a.svg was not taken." in text_of(reply)
    assert "Everything else is saved." in text_of(reply)
    assert [each.alt for each in images] == ["New", "C", "D", None]
    assert is_own(images[3].url)
    assert "New" in reply.text


async def test_files_that_are_too_large_lose_nothing_else_of_the_form(web: Web) -> None:
    """What was typed is saved, as beside a bad file; where something else is wrong as well, it is there again."""
    product_id = await web.imported(MUG, pictures=COPIES)
    large = ("a.jpg", b"\xff\xd8\xff" + bytes(LARGEST_PICTURES))
    none_left = {f"out_{row}": "yes" for row in range(1, 5)}

    reply = await uploaded(web, product_id, large, ("red.jpg", RED), **form(alt_1="New", out_2="yes"))
    images = await images_of(web, product_id)
    wrong = await uploaded(web, product_id, large, add_alt="The back", **form(), **none_left)

    assert (reply.status_code, wrong.status_code) == (422, 422)
    assert "The files are larger than 41.9 MB together" in text_of(reply)
    assert "Everything else is saved." in text_of(reply)
    assert [each.alt for each in images] == ["New", "C", "D"]
    assert 'value="The back"' in wrong.text
    assert "At least one picture stays." in text_of(wrong)
    assert await images_of(web, product_id) == images


async def test_an_upload_may_take_the_place_of_all_others(web: Web) -> None:
    """A product without pictures gets its first; one whose pictures are all left out keeps the uploaded one."""
    bare = await web.imported(Product(name="Bare"))
    product_id = await web.imported(MUG, pictures=COPIES)

    await uploaded(web, bare, ("red.jpg", RED), add_first="yes")
    await uploaded(web, product_id, ("red.jpg", RED), **form(), **{f"out_{row}": "yes" for row in range(1, 5)})

    assert [is_own(each.url) for each in await images_of(web, bare)] == [True]
    assert [is_own(each.url) for each in await images_of(web, product_id)] == [True]
    assert "Arrange the pictures" in text_of(await web.mine.get(f"/products/{bare}"))


async def test_an_upload_is_for_a_product_of_ones_own(web: Web) -> None:
    """Another merchant's is not there, and a form of more bytes than any is refused unread."""
    product_id = await web.imported(MUG, pictures=COPIES)
    sent = [("files", ("red.jpg", RED))]
    path = f"/products/{product_id}/arrange"

    theirs = await web.theirs.client.post(path, data={"csrf": web.theirs.csrf}, files=sent)
    large = await web.mine.client.post(path, headers={"Content-Length": str(LARGEST_BODY + 1)}, content=b"x")

    assert (theirs.status_code, large.status_code) == (404, 413)
