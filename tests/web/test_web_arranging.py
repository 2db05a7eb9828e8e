"""Arranging pictures on the page: places, words and what is left out, without a script."""

from cartage.model.evidence import Source
from cartage.model.picture import Picture
from cartage.model.product import Image, Product
from cartage.web.rendering import shots_of
from tests.contracts.records import NOON
from tests.web.conftest import Web, text_of

URLS = [f"https://shop.example/{name}.jpg" for name in "abcd"]
MUG = Product(name="Mug", images=tuple(Image(url=url, alt=url[-5].upper()) for url in URLS))
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
    assert "Arranged pictures" in text_of(await web.mine.get("/settings"))
