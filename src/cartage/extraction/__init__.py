"""Pure reading of pages: HTML in, a product with evidence for every field out."""

from cartage.extraction.hosted import SHAPES, read_hosted
from cartage.extraction.reader import read_html
from cartage.extraction.shops import read_shop
from cartage.model.evidence import Extraction, Verdict
from cartage.model.page import Page, PageKind


def extract(html: str | bytes, *, url: str) -> Extraction:
    """Read a page into a product, a verdict and evidence; never fails, whatever the bytes."""
    try:
        return read_html(html, url)
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError) as error:
        reason = f"The page could not be read ({type(error).__name__})."
        return Extraction(product=None, verdict=Verdict.NOT_A_PRODUCT, reason=reason, evidence={})


def read_page(page: Page) -> Extraction:
    """Read what a provider brought: a page's HTML, or a shop platform's own JSON."""
    if page.kind is PageKind.HTML:
        return extract(page.body, url=page.url)
    return read_hosted(page) if page.kind in SHAPES else read_shop(page)
