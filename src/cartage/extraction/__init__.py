"""Pure reading of pages: HTML in, a product with evidence for every field out."""

from collections.abc import Callable
from typing import ParamSpec

from cartage.extraction.document import parse
from cartage.extraction.hosted import SHAPES, read_hosted
from cartage.extraction.listed import listed_products
from cartage.extraction.reader import read_html
from cartage.extraction.shops import read_shop
from cartage.model.evidence import Extraction, Verdict
from cartage.model.listed import Listed
from cartage.model.page import Page, PageKind

P = ParamSpec("P")
# What a page that no test foresaw may do to us.
UNREADABLE = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError)


def extract(html: str | bytes, *, url: str) -> Extraction:
    """Read a page into a product, a verdict and evidence; never fails, whatever the bytes."""
    return _whatever_comes(read_html, html, url)


def read_page(page: Page) -> Extraction:
    """Read what a provider brought: a page's HTML, a shop platform's JSON or a service's product; never fails."""
    if page.kind is PageKind.HTML:
        return extract(page.body, url=page.url)
    return _whatever_comes(read_hosted if page.kind in SHAPES else read_shop, page)


def list_products(page: Page) -> tuple[Listed, ...]:
    """List the products that a page leads to, none of fewer than two; never fails, whatever the bytes."""
    if page.kind is not PageKind.HTML:
        return ()
    try:
        return listed_products(parse(page.body, page.url))
    except UNREADABLE:
        return ()


def _whatever_comes(read: Callable[P, Extraction], *args: P.args, **kwargs: P.kwargs) -> Extraction:
    """Read; a page that no test foresaw is no product, and says what it did to us."""
    try:
        return read(*args, **kwargs)
    except UNREADABLE as error:
        reason = f"The page could not be read ({type(error).__name__})."
        return Extraction(product=None, verdict=Verdict.NOT_A_PRODUCT, reason=reason, evidence={})
