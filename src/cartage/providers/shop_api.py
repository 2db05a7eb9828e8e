"""The provider that asks the shop's own public product API: Shopify's or WooCommerce's."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote, unquote, urlsplit

from cartage.fetching.client import Fetcher
from cartage.model.errors import (
    CartageError,
    HostNotFound,
    NotThisPlatform,
    RateLimited,
    UrlInvalid,
    UrlNotAllowed,
)
from cartage.model.page import Page, PageKind, PageRequest
from cartage.model.product import Money
from cartage.model.visit_errors import HostBusy

HTTP_OK = 200
SHOPIFY_PATH = re.compile(r"/products/([^/]+)/?$")
WOOCOMMERCE_PATH = re.compile(r"/product/([^/]+)/?$")
WOOCOMMERCE_API = "/wp-json/wc/store/v1/products"
LARGEST_PAGE = 100
NOBODY_CAN_HELP = (RateLimited, HostBusy, UrlNotAllowed, UrlInvalid, HostNotFound)


class ShopApi:
    """Get a product as the shop's platform states it, where the address has the platform's shape."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    @property
    def name(self) -> str:
        """Name the provider as attempts show it."""
        return "shop_api"

    @property
    def cost(self) -> Money | None:
        """State what one attempt costs: nothing."""
        return Money(amount=Decimal(0), currency="USD")

    async def get(self, request: PageRequest) -> Page:
        """Bring back the platform's documents; raises `NotThisPlatform` unless the shop answers as one.

        `RateLimited` and refusals of the address itself are raised as they are.
        """
        parts = urlsplit(request.url)
        origin, query = f"{parts.scheme}://{parts.netloc}", f"?{parts.query}" if parts.query else ""
        if match := SHOPIFY_PATH.search(parts.path):
            found = f"{origin}/products/{match[1]}"
            documents = await self._shopify(found, f"{origin}/cart.js", query, request.language)
            return _page(request.url, PageKind.SHOPIFY, documents)
        if match := WOOCOMMERCE_PATH.search(parts.path):
            documents = await self._woocommerce(origin + WOOCOMMERCE_API, unquote(match[1]), request.language)
            return _page(request.url, PageKind.WOOCOMMERCE, documents)
        raise NotThisPlatform(f"The address at {parts.hostname} is not shaped like a known platform's.")

    async def _shopify(self, product_url: str, cart_url: str, query: str, language: str | None) -> dict[str, Any]:
        answer = await self._first(f"{product_url}.json{query}", language)
        product = _object(_object(answer).get("product"))
        if not (isinstance(product.get("title"), str) and isinstance(product.get("variants"), list)):
            raise _other_platform(product_url)
        return {
            "product": product,
            "product_js": await self._further(f"{product_url}.js{query}", language),
            "cart": await self._further(cart_url, language),
        }

    async def _woocommerce(self, api_url: str, slug: str, language: str | None) -> dict[str, Any]:
        answer = await self._first(f"{api_url}?slug={quote(slug, safe='')}", language)
        found = [product for product in map(_object, _list(answer)) if "name" in product and "prices" in product]
        if not found:
            raise _other_platform(api_url)
        product = found[0]
        variations: list[Any] = []
        if product.get("type") == "variable" and isinstance(product.get("id"), int):
            further = f"{api_url}?type=variation&parent={product['id']}&per_page={LARGEST_PAGE}"
            variations = _list(await self._further(further, language))
        return {"product": product, "variations": variations}

    async def _first(self, url: str, language: str | None) -> Any:
        try:
            return await self._fetcher.get_json(url, language=language)
        except NOBODY_CAN_HELP:
            raise
        except CartageError as error:
            raise _other_platform(url) from error

    async def _further(self, url: str, language: str | None) -> Any:
        try:
            return await self._fetcher.get_json(url, language=language)
        except CartageError:
            return None


def _page(url: str, kind: PageKind, documents: dict[str, Any]) -> Page:
    body = json.dumps(documents).encode()
    return Page(url=url, status=HTTP_OK, kind=kind, body=body, fetched_at=datetime.now(UTC))


def _other_platform(url: str) -> NotThisPlatform:
    return NotThisPlatform(f"{urlsplit(url).hostname} does not answer as the platform that its address suggests.")


def _object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
