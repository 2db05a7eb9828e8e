"""What tests of the real Chromium share: a page that scripts fill in, a canary, and a browser that ends."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest

from cartage.model.page import PageRequest
from cartage.providers.browser import Browser, Terms, find_chromium
from tests.providers.conftest import Shop

CHROMIUM = find_chromium("auto")


needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


METADATA = "http://169.254.169.254/latest/meta-data"


PRODUCT = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "Blue Mug",
    "offers": {"@type": "Offer", "price": "9.50", "priceCurrency": "USD"},
}


SHELL = f"""<!doctype html><html><head><title>Shop</title></head><body><div id="root"></div><script>
setTimeout(() => {{
  const data = document.createElement("script");
  data.type = "application/ld+json";
  data.textContent = {json.dumps(json.dumps(PRODUCT))};
  document.head.append(data);
  document.title = "Blue Mug";
  document.getElementById("root").innerHTML = "<h1>Blue Mug</h1><p>$9.50</p>";
}}, 600);
</script></body></html>""".encode()


@dataclass
class Canary:
    """Listen on loopback, where nobody may come."""

    port: int = 0
    visits: int = 0

    async def serve(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Count a visit."""
        self.visits += 1
        writer.close()


@contextlib.asynccontextmanager
async def opened(shop: Shop, terms: Terms | None = None) -> AsyncGenerator[Browser]:
    """Give a browser that ends within the test."""
    assert CHROMIUM
    browser = Browser(shop.fetcher, CHROMIUM, terms)
    try:
        yield browser
    finally:
        await browser.aclose()


def asks(shop: Shop, path: str) -> PageRequest:
    """Make a request for a path of the shop."""
    return PageRequest(url=shop.origin + path, merchant_id="mer_1")
