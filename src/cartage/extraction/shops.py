"""Shops' own product documents, as their platforms answer with them, read into products."""

import json
from collections.abc import Callable
from typing import Any

from cartage.extraction.claims import Statement
from cartage.extraction.fields import Context
from cartage.extraction.fusion import fuse
from cartage.extraction.platforms import shopify, woocommerce
from cartage.extraction.reader import extraction_of, market
from cartage.extraction.sources.things import as_dict
from cartage.model.evidence import Evidence, Extraction, Source, Verdict
from cartage.model.page import Page, PageKind
from cartage.model.product import Product

Reader = Callable[[dict[str, Any], str], Statement]
READERS: dict[PageKind, Reader] = {PageKind.SHOPIFY: shopify.read, PageKind.WOOCOMMERCE: woocommerce.read}


def read_shop(page: Page) -> Extraction:
    """Read a shop platform's documents as a product; never fails."""
    try:
        documents = as_dict(json.loads(page.body)) or {}
    except (ValueError, RecursionError):
        documents = {}
    statement = READERS[page.kind](documents, page.url)
    context = Context(page.url, market([statement], None, page.url))
    facts, evidence = fuse([statement], context)
    facts |= {"url": page.url, "platform": page.kind.value}
    evidence["/url"] = (Evidence(source=Source.ADDRESS, where="", raw=page.url),)
    evidence["/platform"] = (Evidence(source=Source.PLATFORM, where="", raw=page.kind.value),)
    if not statement.name:
        return extraction_of(Product(), Verdict.NOT_A_PRODUCT, "The platform's answer names no product.", {})
    return extraction_of(Product(**facts), Verdict.PRODUCT, "The shop's own product document.", evidence)
