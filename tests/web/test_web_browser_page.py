"""The page in front of a person: taken with its HTML, after a click of theirs, and nothing else."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from cartage.imports.pasting import LONGEST_PASTE_BYTES
from cartage.model.product import Product
from tests.web.conftest import SHOP, Web

PAGE = "<html><h1>Mug</h1></html>"


async def test_a_page_is_read_instead_of_fetched(web: Web) -> None:
    """The product exists at once, and its import reads the HTML that was handed over."""
    reply = await web.mine.post("/import/page", url=f"{SHOP}/p", html=PAGE)

    product_id = reply.headers["location"].rpartition("/")[2]
    import_ = await web.imports.import_(
        web.mine.merchant_id, (await web.imports.product(web.mine.merchant_id, product_id)).import_id
    )
    assert reply.status_code == 303
    assert import_.pasted_page_id
    assert await web.store.artifacts.get(web.mine.merchant_id, import_.pasted_page_id) == PAGE.encode()
    assert len(web.engine.sent) == 1


async def test_a_known_product_is_imported_again_from_the_page(web: Web) -> None:
    """No second product comes of it."""
    product_id = await web.imported(Product(name="Lamp"))
    source_url = (await web.imports.product(web.mine.merchant_id, product_id)).source_url

    reply = await web.mine.post("/import/page", url=source_url, html=PAGE)

    assert reply.headers["location"] == f"/import/status/{product_id}"


@pytest.mark.parametrize(
    ("url", "html", "status", "said"),
    [
        (f"{SHOP}/p", " ", 422, "HTML is empty"),
        ("nowhere", PAGE, 422, "not a web address"),
        ("http://10.0.0.1/", PAGE, 422, "private network"),
        (f"{SHOP}/p", "x" * (LONGEST_PASTE_BYTES + 1), 422, "larger than 10 MB"),
    ],
)
async def test_what_cannot_be_read_is_refused_in_place(web: Web, url: str, html: str, status: int, said: str) -> None:
    """The form comes back with the address and what to do; nothing is queued."""
    reply = await web.mine.post("/import/page", url=url, html=html)

    assert reply.status_code == status
    assert said in reply.text
    assert f'value="{url}"' in reply.text
    assert web.engine.sent == []


async def test_a_page_under_way_is_left_alone(web: Web) -> None:
    """An import that is under way is not overtaken."""
    product = await web.importing()

    reply = await web.mine.post("/import/page", url=product.source_url, html=PAGE)

    assert reply.status_code == 409
    assert "under way" in reply.text


async def test_the_bookmark_hands_over_and_sends_nothing(web: Web) -> None:
    """It opens the form at this very site, answers that site alone, and makes no request."""
    reply = await web.mine.get("/import/page")

    found = re.search(r'data-bookmark href="(javascript:[^"]+)"', reply.text)
    assert found
    script = unquote(unescape(found[1])).removeprefix("javascript:")
    assert "site='http://cartage.test',opened=open(site+'/import/page')" in script
    assert "event.origin!==site" in script
    assert not re.search(r"fetch|XMLHttpRequest|submit\(|cookie", script)
