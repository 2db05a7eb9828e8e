"""The demo shop imported for real: over loopback, by the whole app as `cartage demo` wires it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI

from cartage.app import App, build
from cartage.demo import create_shop
from cartage.demo.shop import GOODS
from cartage.model.catalogue import CatalogueProduct, Status
from cartage.settings import read_settings
from cartage.stores.sql import upgrade
from tests.serving import serving

MERCHANT = "mer_demo"


@dataclass(frozen=True)
class Street:
    """Hold a shop that listens on loopback and an app that may import from it."""

    app: App
    shop: FastAPI
    origin: str

    async def bring(self, path: str) -> CatalogueProduct:
        """Import a page and give the product as it ended."""
        submission = await self.app.imports.submit(MERCHANT, self.origin + path)
        return await self.app.imports.product(MERCHANT, submission.product.id)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncGenerator[Street]:
    """Give a shop and an app with quick retries."""
    shop = create_shop(slow_seconds=0.3)
    settings = read_settings(
        data_dir=tmp_path, engine="inline", database_url="", retry_first_delay_seconds=0.01, retry_attempts=3
    )
    await upgrade(settings.store_url)
    async with serving(shop) as port:
        app = build(settings, shop_address=("127.0.0.1", port))
        async with app.running():
            yield Street(app, shop, f"http://127.0.0.1:{port}")


async def test_every_good_page_is_imported(street: Street) -> None:
    """Each page of the assortment becomes a product under its own name, and no page is fetched twice."""
    products = [await street.bring(good.path) for good in GOODS]

    assert [(each.status, each.facts and each.facts.name) for each in products] == [
        (Status.IMPORTED, good.name) for good in GOODS
    ]
    assert {path: count for path, count in street.shop.state.hits.items() if count > 1} == {
        "/wp-json/wc/store/v1/products": 3  # two addresses are asked for as WooCommerce's, one has variations
    }


@pytest.mark.parametrize("path", ["/slow/desk-lamp", "/flaky/desk-fan", "/busy/tea-pot"])
async def test_a_page_that_answers_in_the_end_is_imported(street: Street, path: str) -> None:
    """Slow, flaky and busy pages are imported without anyone's help."""
    product = await street.bring(path)

    assert product.status is Status.IMPORTED
    assert product.facts
    assert product.facts.price


async def test_a_shop_that_is_down_is_imported_by_a_retry(street: Street) -> None:
    """The first import fails on the site's side after all its tries; one retry reaches the product."""
    failed = await street.bring("/down/wall-clock")
    await street.app.imports.retry(MERCHANT, failed.id)

    product = await street.app.imports.product(MERCHANT, failed.id)
    assert failed.failure
    assert (failed.failure.code, len(failed.metadata.attempts)) == ("upstream_unavailable", 3)
    assert product.status is Status.IMPORTED


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/gone/old-kettle", "not_found"),
        ("/captcha/brass-kettle", "bot_challenge"),
        ("/category/home", "products_listed"),
        ("/endless/feed", "body_too_large"),
        ("/login-wall", "login_required"),
    ],
)
async def test_a_page_that_never_answers_fails_for_its_reason(street: Street, path: str, code: str) -> None:
    """Each dead end is named for what it is, after one request."""
    product = await street.bring(path)

    assert product.status is Status.FAILED
    assert product.failure
    assert product.failure.code == code
    assert street.shop.state.hits[path] == 1
