"""Promises of the provider that asks a shop's own product API."""

import json
from typing import Any

import pytest

from cartage.model.errors import CartageError, NotThisPlatform, RateLimited, UrlNotAllowed
from cartage.model.page import Page, PageKind, PageRequest
from cartage.providers.shop_api import ShopApi
from tests.providers.conftest import Shop

PRODUCT = {"id": 1, "title": "Mug", "handle": "mug", "variants": [{"id": 2, "price": "9.50"}]}
PRODUCT_JS = {"id": 1, "title": "Mug", "available": True, "variants": [{"id": 2, "price": 950, "available": True}]}
CART = {"currency": "CHF"}
WOO = {"id": 7, "name": "Mug", "slug": "mug", "type": "simple", "prices": {"price": "950", "currency_code": "EUR"}}


def asks(shop: Shop, path: str) -> PageRequest:
    """Make a request for a path of the shop."""
    return PageRequest(url=shop.origin + path, merchant_id="mer_1")


async def brought(shop: Shop, path: str) -> tuple[Page, dict[str, Any]]:
    """Get a page and its documents."""
    page = await ShopApi(shop.fetcher).get(asks(shop, path))
    return page, json.loads(page.body)


@pytest.mark.parametrize(
    "path",
    ["/products/mug", "/products/mug/", "/collections/all/products/mug", "/de-ch/products/mug", "/fr/products/mug"],
)
async def test_a_shopify_product_comes_with_all_three_documents(shop: Shop, path: str) -> None:
    """The product, its availability and the currency come together, under the product's human address."""
    shop.states("/products/mug.json", {"product": PRODUCT})
    shop.states("/products/mug.js", PRODUCT_JS)
    shop.states("/cart.js", CART)

    page, documents = await brought(shop, path)

    assert (page.kind, page.url, page.status) == (PageKind.SHOPIFY, shop.origin + path, 200)
    assert documents == {"product": PRODUCT, "product_js": PRODUCT_JS, "cart": CART}


async def test_a_chosen_variant_stays_chosen(shop: Shop) -> None:
    """The address's query goes along."""
    shop.states("/products/mug.json?variant=2", {"product": PRODUCT})

    page, _ = await brought(shop, "/products/mug?variant=2")

    assert page.url.endswith("/products/mug?variant=2")
    assert shop.asked == ["/products/mug.json?variant=2", "/products/mug.js?variant=2", "/cart.js"]


async def test_a_shopify_product_without_the_rest_is_still_one(shop: Shop) -> None:
    """Documents that the shop does not give are null."""
    shop.states("/products/mug.json", {"product": PRODUCT})
    shop.shows("/products/mug.js", status=500)

    _, documents = await brought(shop, "/products/mug")

    assert documents == {"product": PRODUCT, "product_js": None, "cart": None}


async def test_javascript_labels_are_json(shop: Shop) -> None:
    """The .js document is read though it is labelled as a script."""
    shop.states("/products/mug.json", {"product": PRODUCT})
    shop.shows("/products/mug.js", json.dumps(PRODUCT_JS).encode(), kind="text/javascript; charset=utf-8")

    _, documents = await brought(shop, "/products/mug")

    assert documents["product_js"] == PRODUCT_JS


async def test_a_woocommerce_product_is_found_by_its_slug(shop: Shop) -> None:
    """A simple product comes alone."""
    shop.states("/wp-json/wc/store/v1/products?slug=mug", [WOO])

    page, documents = await brought(shop, "/product/mug/")

    assert (page.kind, page.url) == (PageKind.WOOCOMMERCE, f"{shop.origin}/product/mug/")
    assert documents == {"product": WOO, "variations": []}


async def test_a_variable_product_comes_with_its_variations(shop: Shop) -> None:
    """Variations are asked for by their parent."""
    variable, variation = WOO | {"type": "variable"}, WOO | {"id": 8, "type": "variation"}
    shop.states("/wp-json/wc/store/v1/products?slug=b%C3%BCcher", [variable])
    shop.states("/wp-json/wc/store/v1/products?type=variation&parent=7&per_page=100", [variation])

    _, documents = await brought(shop, "/product/b%C3%BCcher")

    assert documents == {"product": variable, "variations": [variation]}


@pytest.mark.parametrize("path", ["/products/mug", "/product/mug"])
@pytest.mark.parametrize("document", [{}, [], None, {"product": None}, {"product": {"title": 1}}, [{"name": "Mug"}], 5])
async def test_another_shape_is_another_platform(shop: Shop, path: str, document: Any) -> None:
    """JSON that is not the platform's product is not taken for one."""
    shop.states("/products/mug.json", document)
    shop.states("/wp-json/wc/store/v1/products?slug=mug", document)

    with pytest.raises(NotThisPlatform):
        await ShopApi(shop.fetcher).get(asks(shop, path))


@pytest.mark.parametrize("path", ["/products/mug", "/product/mug"])
@pytest.mark.parametrize("status", [200, 204, 401, 403, 404, 410, 500, 503])
async def test_another_answer_is_another_platform(shop: Shop, path: str, status: int) -> None:
    """HTML, refusals and errors mean that the next provider should read the page."""
    shop.shows("/products/mug.json", status=status)
    shop.shows("/wp-json/wc/store/v1/products?slug=mug", status=status)

    with pytest.raises(NotThisPlatform) as caught:
        await ShopApi(shop.fetcher).get(asks(shop, path))

    assert caught.value.retry == "another"
    assert "/cart.js" not in shop.asked


async def test_a_redirected_product_is_followed(shop: Shop) -> None:
    """A shop that sends the API to its main address is still read."""
    shop.sends_on("/products/mug.json", "/products/new-mug.json")
    shop.states("/products/new-mug.json", {"product": PRODUCT})

    _, documents = await brought(shop, "/products/mug")

    assert documents["product"] == PRODUCT


@pytest.mark.parametrize("status", [429, 430])
async def test_a_shop_that_asks_to_slow_down_is_obeyed(shop: Shop, status: int) -> None:
    """A rate limit holds for the whole shop, so no other provider is sent."""
    shop.shows("/products/mug.json", status=status, extra="Retry-After: 30\r\n")

    with pytest.raises(RateLimited) as caught:
        await ShopApi(shop.fetcher).get(asks(shop, "/products/mug"))

    assert caught.value.retry_after_seconds == 30


async def test_a_private_address_stays_private(shop: Shop) -> None:
    """A refusal of the address itself ends the import."""
    with pytest.raises(UrlNotAllowed):
        await ShopApi(shop.fetcher).get(PageRequest(url="http://10.0.0.5/products/mug", merchant_id="mer_1"))


@pytest.mark.parametrize("path", ["/", "/p/mug", "/products", "/products/", "/products/a/b", "/product"])
async def test_other_addresses_are_not_asked(shop: Shop, path: str) -> None:
    """An address without a platform's shape costs no request."""
    with pytest.raises(CartageError) as caught:
        await ShopApi(shop.fetcher).get(asks(shop, path))

    assert isinstance(caught.value, NotThisPlatform)
    assert shop.asked == []
