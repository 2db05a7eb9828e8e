"""Pages of a shop that does not exist, written for the tests of extraction."""

import json
from datetime import UTC, datetime
from typing import Any

from cartage.extraction import extract
from cartage.model.evidence import Extraction
from cartage.model.page import Page, PageKind
from cartage.model.product import Product

URL = "https://shop.example.com/products/copper-kettle"
NAME = "Copper Kettle 1.5 l"
GTIN = "4006381333931"
KETTLE: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": NAME,
    "description": "A kettle of hammered copper with a wooden handle.",
    "sku": "CK-150",
    "gtin13": GTIN,
    "brand": {"@type": "Brand", "name": "Wanderlite"},
    "image": "https://shop.example.com/img/kettle.jpg",
    "offers": {
        "@type": "Offer",
        "price": "49.90",
        "priceCurrency": "EUR",
        "availability": "https://schema.org/InStock",
    },
}
PROSE = (
    "<p>This kettle is made by hand in a small workshop. It boils water for six cups, keeps warm for long, and its "
    "handle stays cool. Rinse it before first use and dry it well, so that the copper keeps its colour for years.</p>"
)


def page(head: str = "", body: str = "", *, title: str = NAME, lang: str = "en") -> str:
    """Write a page about the kettle, which shows its name and prose but no price."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><main><h1>{title}</h1>{PROSE}{body}</main></body></html>"
    )


def shop_page(head: str = "", price: str = "<span class=price>€49.90</span>", *, more: str = "") -> str:
    """Write a page that shows the kettle as a shop does: picture, price, button."""
    body = f'<img src="/img/kettle.jpg" width=800 height=800><div>{price}</div><button>Add to cart</button>{more}'
    return page(head, body)


def ld(*blocks: Any) -> str:
    """Write JSON-LD blocks; a text is written as it is."""
    written = (block if isinstance(block, str) else json.dumps(block) for block in blocks)
    return "".join(f'<script type="application/ld+json">{text}</script>' for text in written)


def read(html: str | bytes, url: str = URL) -> Extraction:
    """Read a page."""
    return extract(html, url=url)


def product_of(html: str | bytes, url: str = URL) -> Product:
    """Read a page that is a product's."""
    extraction = read(html, url)
    assert extraction.product, f"{extraction.verdict}: {extraction.reason}"
    return extraction.product


def price_of(product: Product) -> str:
    """Give a product's price as text, with two decimals."""
    return f"{product.price.amount:.2f} {product.price.currency}" if product.price else ""


def documents(kind: PageKind, url: str, **named: Any) -> Page:
    """Make the page that a provider makes of a platform's documents."""
    body = json.dumps(named).encode()
    return Page(url=url, status=200, kind=kind, body=body, fetched_at=datetime(2026, 1, 1, tzinfo=UTC))


def shown(extraction: Extraction) -> Product:
    """Give the product of an extraction that has one."""
    assert extraction.product, extraction.reason
    return extraction.product
