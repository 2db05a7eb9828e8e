"""Promises of the provider that reads what a person pasted."""

import pytest

from cartage.model.errors import NoProductFound, NotThisPlatform
from cartage.model.page import PageRequest
from cartage.providers.pasted import Pasted
from cartage.stores.memory_artifacts import MemoryArtifacts
from tests.providers.conftest import HTML

URL = "https://shop.test/p/mug"


async def test_what_was_pasted_is_the_page(shelf: MemoryArtifacts) -> None:
    """The pasted bytes are read as the page of the address."""
    pasted = await shelf.put("mer_1", "text/html", HTML)

    page = await Pasted(shelf).get(PageRequest(url=URL, merchant_id="mer_1", pasted_page_id=pasted))

    assert (page.url, page.body, page.status) == (URL, HTML, 200)


async def test_nobody_reads_another_merchants_paste(shelf: MemoryArtifacts) -> None:
    """An artifact of one merchant does not exist for another."""
    pasted = await shelf.put("mer_1", "text/html", HTML)

    with pytest.raises(NoProductFound):
        await Pasted(shelf).get(PageRequest(url=URL, merchant_id="mer_2", pasted_page_id=pasted))


async def test_nothing_pasted_is_another_providers_turn(shelf: MemoryArtifacts) -> None:
    """Without a paste the provider steps aside."""
    with pytest.raises(NotThisPlatform):
        await Pasted(shelf).get(PageRequest(url=URL, merchant_id="mer_1"))


async def test_an_empty_paste_holds_no_product(shelf: MemoryArtifacts) -> None:
    """Blank text is refused for good."""
    pasted = await shelf.put("mer_1", "text/html", b" \n")

    with pytest.raises(NoProductFound):
        await Pasted(shelf).get(PageRequest(url=URL, merchant_id="mer_1", pasted_page_id=pasted))
