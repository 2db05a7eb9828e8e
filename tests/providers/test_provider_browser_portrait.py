"""The picture of a page without words, which a language model may look at."""

import pytest

from cartage.providers.browser import Terms
from cartage.providers.browser.settling import Patience
from tests.providers.conftest import Shop
from tests.providers.test_provider_browser import asks, needs_chromium, opened

MUG = b"<html><body><img src=/mug.png width=600 height=600></body></html>"


@pytest.mark.browser
@needs_chromium
async def test_a_page_of_pictures_is_portrayed(shop: Shop) -> None:
    """Where it is asked for, a page with next to no text comes with what a person sees of it, pictures included."""
    shop.shows("/p/mug", MUG)

    async with opened(shop, Terms(portraits=True, patience=Patience(settle_seconds=2))) as browser:
        page = await browser.get(asks(shop, "/p/mug"))

    assert page.screenshot
    assert page.screenshot.content.startswith(b"\xff\xd8\xff")
    assert "/mug.png" in shop.asked
