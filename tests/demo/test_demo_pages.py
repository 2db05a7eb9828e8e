"""The demo shop's good pages: whole, differing as real shops do, and readable by our own reader."""

import struct
import zlib
from decimal import Decimal
from html.parser import HTMLParser

import httpx2
import pytest
from fastapi import FastAPI

from cartage.demo import LINKS
from cartage.demo.goods import Good
from cartage.demo.shop import GOODS
from cartage.extraction import extract, read_page
from cartage.model.evidence import Verdict
from cartage.model.page import PageKind, PageRequest
from cartage.model.product import Availability, Money
from cartage.providers.shop_api import ShopApi
from tests.demo.conftest import ORIGIN

PAGES = {link.path for link in LINKS if not link.misbehaves}
PRICES = {
    "/products/linen-camp-shirt": ("64.00", "USD"),
    "/product/walnut-desk-organiser/": ("58.00", "EUR"),
    "/shop/throws/merino-throw": ("129.00", "GBP"),
    "/p/enamel-camp-mug": ("18.00", "USD"),
    "/item/glass-terrarium": ("89.00", "EUR"),
    "/product/hand-thrown-vase.html": ("48.00", "GBP"),
    "/p/field-watch-38": ("340.00", "CHF"),
    "/p/oak-lounge-chair": ("449.00", "USD"),
    "/ar/p/dallah": ("1249.00", "SAR"),
    "/artikel/siebtraeger-classica": ("1299.00", "EUR"),
    "/item/nanbu-tetsubin": ("18700", "JPY"),
    "/p/mirrorless-camera-x5": ("124999", "INR"),
}
SHOWN = {
    "/ar/p/dallah": "١٬٢٤٩٫٠٠ ر.س",
    "/artikel/siebtraeger-classica": "1.299,00 €",
    "/item/nanbu-tetsubin": "￥18,700",
    "/p/mirrorless-camera-x5": "₹1,24,999",
}


class Pictures(HTMLParser):
    """Collect the addresses of a page's pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an image's source."""
        if tag == "img":
            self.sources.add(dict(attrs)["src"] or "")


class InProcess:
    """Be the part of a fetcher that a shop's API needs, in this process."""

    def __init__(self, visitor: httpx2.AsyncClient) -> None:
        self._visitor = visitor

    async def get_json(self, url: str, *, language: str | None = None) -> object:
        """Bring a JSON document."""
        wish = {"Accept-Language": language} if language else {}
        return (await self._visitor.get(url, headers=wish)).raise_for_status().json()


@pytest.mark.parametrize("path", sorted(PAGES))
async def test_every_page_is_whole(visitor: httpx2.AsyncClient, path: str) -> None:
    """A page answers 200 with a header, one heading, a footer, and nothing from another site."""
    page = await visitor.get(path)

    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "<header" in page.text
    assert "<footer" in page.text
    assert 'src="http' not in page.text


@pytest.mark.parametrize("path", sorted(PAGES))
async def test_every_picture_on_a_page_is_there(visitor: httpx2.AsyncClient, path: str) -> None:
    """Each picture that a page shows answers as PNG."""
    pictures = Pictures()
    pictures.feed((await visitor.get(path)).text)

    answers = [await visitor.get(source) for source in pictures.sources]

    assert len(answers) >= 3
    assert {(answer.status_code, answer.headers["content-type"]) for answer in answers} == {(200, "image/png")}


async def test_a_picture_is_a_valid_png(visitor: httpx2.AsyncClient) -> None:
    """A picture's checksums hold, and its pixels are 800 rows of 800."""
    content = (await visitor.get("/images/lamp-brass-1.png")).content
    chunks: dict[bytes, bytes] = {}
    place = 8
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, data = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        assert content[place + 8 + length : place + 12 + length] == struct.pack(">I", zlib.crc32(kind + data))
        chunks[kind] = data
        place += 12 + length

    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">IIBB", chunks[b"IHDR"][:10]) == (800, 800, 8, 2)
    assert len(zlib.decompress(chunks[b"IDAT"])) == 800 * (1 + 800 * 3)
    assert chunks[b"IEND"] == b""


@pytest.mark.parametrize("name", ["none-brass-1", "lamp-none-1", "lamp-brass-9", "lamp"])
async def test_an_unknown_picture_is_missing(visitor: httpx2.AsyncClient, name: str) -> None:
    """Nothing is drawn for a name that is no picture's."""
    assert (await visitor.get(f"/images/{name}.png")).status_code == 404


@pytest.mark.parametrize(("path", "shown"), SHOWN.items())
async def test_prices_are_shown_as_the_country_writes_them(visitor: httpx2.AsyncClient, path: str, shown: str) -> None:
    """A price stands on the page in its own notation."""
    assert shown in (await visitor.get(path)).text


@pytest.mark.parametrize(("path", "price"), PRICES.items())
async def test_our_reader_finds_the_price(visitor: httpx2.AsyncClient, path: str, price: tuple[str, str]) -> None:
    """From each page the product's own price is read, not a neighbour's."""
    page = await visitor.get(path)

    extraction = extract(page.content, url=ORIGIN + path)

    assert extraction.verdict is Verdict.PRODUCT
    assert extraction.product
    assert extraction.product.price == Money(amount=Decimal(price[0]), currency=price[1])


@pytest.mark.parametrize("good", GOODS, ids=lambda good: good.slug)
async def test_our_reader_finds_the_name(visitor: httpx2.AsyncClient, good: Good) -> None:
    """From each page the product's own name is read."""
    page = await visitor.get(good.path)

    extraction = extract(page.content, url=ORIGIN + good.path)

    assert extraction.product
    assert extraction.product.name == good.name


async def test_the_sold_out_page_is_read_as_such(visitor: httpx2.AsyncClient) -> None:
    """A page that says out of stock is read as out of stock."""
    page = await visitor.get("/p/field-watch-38")

    product = extract(page.content, url=f"{ORIGIN}/p/field-watch-38").product

    assert product
    assert product.availability is Availability.OUT_OF_STOCK


async def test_the_sale_page_has_both_prices(visitor: httpx2.AsyncClient) -> None:
    """The struck price is read as the regular one."""
    page = await visitor.get("/p/oak-lounge-chair")

    product = extract(page.content, url=f"{ORIGIN}/p/oak-lounge-chair").product

    assert product
    assert product.regular_price == Money(amount=Decimal("599.00"), currency="USD")


async def test_the_bare_page_is_thin(visitor: httpx2.AsyncClient) -> None:
    """A page of pictures without a price or a description keeps its pictures and says what is missing."""
    page = await visitor.get("/p/wool-rug")

    extraction = extract(page.content, url=f"{ORIGIN}/p/wool-rug")

    assert extraction.verdict is Verdict.THIN
    assert {"price", "description"} <= set(extraction.missing)
    assert extraction.product
    assert len(extraction.product.images) >= 3


async def test_shopify_states_prices_as_shopify_does(visitor: httpx2.AsyncClient) -> None:
    """`.json` has decimal strings and no stock, `.js` whole cents and stock, the cart the currency."""
    json = (await visitor.get("/products/linen-camp-shirt.json")).json()["product"]
    js = (await visitor.get("/products/linen-camp-shirt.js")).json()
    cart = (await visitor.get("/cart.js")).json()

    assert [(each["price"], each["compare_at_price"]) for each in json["variants"]] == [("64.00", "80.00")] * 8
    assert not any("available" in each for each in json["variants"])
    assert isinstance(json["tags"], str)
    assert (js["price"], js["compare_at_price"], js["available"]) == (6400, 8000, True)
    assert [each["public_title"] for each in js["variants"] if not each["available"]] == ["XL / Olive"]
    assert cart["currency"] == "USD"


async def test_shopify_names_the_same_variants_twice(visitor: httpx2.AsyncClient) -> None:
    """Both documents agree on ids, options and order, and pictures name the variants that wear them."""
    json = (await visitor.get("/products/linen-camp-shirt.json")).json()["product"]
    js = (await visitor.get("/products/linen-camp-shirt.js")).json()
    keys = ("id", "option1", "option2", "option3", "sku", "title")

    first, second = ([[each[key] for key in keys] for each in document["variants"]] for document in (json, js))

    assert first == second
    worn = {variant for image in json["images"] for variant in image["variant_ids"]}
    assert worn == {each["id"] for each in json["variants"]}
    assert [option["values"] for option in json["options"]] == [["S", "M", "L", "XL"], ["Sand", "Olive"]]


async def test_woocommerce_states_prices_in_minor_units(visitor: httpx2.AsyncClient) -> None:
    """The Store API lists the product by slug, its variations by parent, and nothing else."""
    api = "/wp-json/wc/store/v1/products"
    (product,) = (await visitor.get(api, params={"slug": "walnut-desk-organiser"})).json()
    variations = (await visitor.get(api, params={"type": "variation", "parent": product["id"]})).json()

    assert product["prices"]["price_range"] == {"min_amount": "5800", "max_amount": "7200"}
    assert [(each["prices"]["price"], each["is_in_stock"]) for each in variations] == [
        ("7200", True),
        ("5800", True),
        ("6400", False),
    ]
    assert (await visitor.get(api, params={"slug": "none"})).json() == []


@pytest.mark.parametrize(
    ("path", "kind", "count"),
    [
        ("/products/linen-camp-shirt", PageKind.SHOPIFY, 8),
        ("/product/walnut-desk-organiser/", PageKind.WOOCOMMERCE, 3),
    ],
)
async def test_the_platforms_documents_are_read_by_our_provider(
    visitor: httpx2.AsyncClient, path: str, kind: PageKind, count: int
) -> None:
    """The `shop_api` provider brings the platform's documents, and every variant is read from them."""
    provider = ShopApi(InProcess(visitor))  # pyright: ignore[reportArgumentType] - only get_json is asked for
    page = await provider.get(PageRequest(url=ORIGIN + path, merchant_id="mer_1"))

    extraction = read_page(page)

    assert page.kind is kind
    assert extraction.verdict is Verdict.PRODUCT
    assert extraction.product
    assert len(extraction.product.variants) == count
    assert len({variant.sku for variant in extraction.product.variants}) == count


async def test_the_front_page_leads_everywhere(visitor: httpx2.AsyncClient) -> None:
    """The front page links to every page that is worth trying."""
    front = (await visitor.get("/")).text

    assert [link.path for link in LINKS if f'href="{link.path}"' not in front] == []


async def test_requests_are_counted(visitor: httpx2.AsyncClient, shop: FastAPI) -> None:
    """Each request is counted under its path, in the app's state and at /hits."""
    for _ in range(2):
        await visitor.get("/p/enamel-camp-mug")

    counted = (await visitor.get("/hits")).json()

    assert counted["/p/enamel-camp-mug"] == 2
    assert shop.state.hits["/p/enamel-camp-mug"] == 2
