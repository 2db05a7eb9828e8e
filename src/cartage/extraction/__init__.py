"""Pure reading of pages: HTML in, a product with evidence for every field out."""

from cartage.model.evidence import Extraction
from cartage.model.page import Page


def extract(html: str | bytes, *, url: str) -> Extraction:
    """Read a page into a product, a verdict and evidence; never fails, whatever the bytes."""
    raise NotImplementedError


def read_page(page: Page) -> Extraction:
    """Read what a provider brought: a page's HTML, or a shop platform's own JSON."""
    raise NotImplementedError
