"""Shop platforms' documents that are no product: none, and no failure."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cartage.extraction import read_page
from cartage.model.evidence import Verdict
from cartage.model.page import Page, PageKind
from tests.extraction.pages import documents

SHOPIFY_URL = "https://shop.example.com/products/copper-kettle"


@pytest.mark.parametrize(
    "named",
    [{}, {"product": None}, {"product": []}, {"product": {"title": ""}}, {"product": {"variants": 5, "images": "x"}}],
)
@pytest.mark.parametrize("kind", [PageKind.SHOPIFY, PageKind.WOOCOMMERCE])
def test_documents_that_name_no_product_are_none(kind: PageKind, named: dict[str, Any]) -> None:
    """Documents of another shape give no product and no failure."""
    extraction = read_page(documents(kind, SHOPIFY_URL, **named))

    assert (extraction.product, extraction.verdict) == (None, Verdict.NOT_A_PRODUCT)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"text"', b"[" * 100_000])
@pytest.mark.parametrize("kind", [PageKind.SHOPIFY, PageKind.WOOCOMMERCE])
def test_a_body_that_is_no_object_is_no_product(kind: PageKind, body: bytes) -> None:
    """Reading never fails."""
    page = Page(url=SHOPIFY_URL, status=200, kind=kind, body=body, fetched_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert read_page(page).product is None
