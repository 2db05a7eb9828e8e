"""What a page lists that turned out to be a list of products: offered on its import's page, and imported."""

from html import unescape

from cartage.imports.progress import now
from cartage.model.batch import BatchState
from cartage.model.catalogue import CatalogueProduct
from cartage.model.page import Page
from cartage.model.visit_errors import ProductsListed
from tests.contracts.records import a_batch, an_attempt, kept_rows, sent_row
from tests.extraction.listings import CARDED, NAMES, SHOP, listing, slug
from tests.web.conftest import Web, text_of

LISTING = listing(CARDED["a storefront"])


async def listing_failed(web: Web) -> CatalogueProduct:
    """Import a page as me that lists products, and give the product that it failed to be."""
    product = await web.importing("/c/kitchen")
    page = Page(url=f"{SHOP}/c/kitchen", status=200, body=LISTING.encode(), fetched_at=now())
    page_id = await web.store.artifacts.put(product.merchant_id, "application/json", page.model_dump_json().encode())
    attempt = an_attempt("direct").model_copy(update={"page_id": page_id, "listed": len(NAMES)})
    await web.store.catalogue.record_attempt(product.import_id, attempt)
    await web.end(product, ProductsListed("The page looks like a list of 6 products.").failure())
    return product


async def test_what_a_page_lists_is_offered_and_imported(web: Web) -> None:
    """The page shows each product with its name and a box; one press makes a list of those that stay ticked."""
    product = await listing_failed(web)
    status = f"/import/status/{product.id}"

    text = unescape((await web.mine.get(status)).text)
    sent = await web.mine.post(
        f"{status}/listed", product_2=f"{SHOP}/product/linen-apron/", product_9="https://x.example"
    )

    assert "This looks like a list of 6 products. Import those?" in text
    assert all(f'value="{SHOP}/product/{slug(name)}/" checked' in text and name in text for name in NAMES)
    rows = await web.store.batches.results(sent.headers["location"].rpartition("/")[2])
    assert (sent.status_code, [row.source_url for row in rows]) == (303, [f"{SHOP}/product/linen-apron/"])


async def test_leaving_all_out_is_refused_in_place(web: Web) -> None:
    """Nothing is begun, and the form says what it wants."""
    product = await listing_failed(web)

    refused = await web.mine.post(f"/import/status/{product.id}/listed")

    assert refused.status_code == 422
    assert "Choose at least one of the products." in refused.text


async def test_what_the_pages_of_a_list_list_is_looked_over(web: Web) -> None:
    """Beside the reason, one press gathers what all of them list; its check says what is new before it starts."""
    batch = a_batch(web.mine.merchant_id, BatchState.FED)
    (row,) = await kept_rows(web.store, batch, 1)
    _, product, import_ = await sent_row(web.store, batch, row)
    page = Page(url=f"{SHOP}/c/kitchen", status=200, body=LISTING.encode(), fetched_at=now())
    page_id = await web.store.artifacts.put(product.merchant_id, "application/json", page.model_dump_json().encode())
    attempt = an_attempt("direct").model_copy(update={"page_id": page_id, "listed": len(NAMES)})
    await web.store.catalogue.record_attempt(import_.id, attempt)
    await web.end(product, ProductsListed("The page looks like a list of 6 products.").failure())

    shown = await web.mine.get(f"/batches/{batch.id}")
    led = await web.mine.post(f"/batches/{batch.id}/listed")
    check = await web.mine.get(led.headers["location"])
    theirs = await web.theirs.post(f"/batches/{batch.id}/listed")

    assert "Import what it lists" in shown.text
    assert f"{len(NAMES)} rows from 1 site" in text_of(check)
    assert f"Start {len(NAMES)} imports" in text_of(check)
    assert theirs.status_code == 404


async def test_what_is_no_longer_kept_is_said(web: Web) -> None:
    """Where no page of the list's listings is there any more, nothing is begun, and why is told."""
    batch = a_batch(web.mine.merchant_id, BatchState.FED)
    (row,) = await kept_rows(web.store, batch, 1)
    _, product, _ = await sent_row(web.store, batch, row)
    await web.end(product, ProductsListed("The page looks like a list of 6 products.").failure())

    refused = await web.mine.post(f"/batches/{batch.id}/listed")

    assert refused.status_code == 422
    assert "not kept any more" in refused.text
