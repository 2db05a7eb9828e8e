"""Conditional requests on refresh: a site is asked only whether its page has changed, and what was read then stands."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from decimal import Decimal

import pytest

from cartage.engines.inline import Inline
from cartage.imports import bookmarks
from cartage.imports.service import Imports
from cartage.imports.upkeep import Upkeep
from cartage.imports.workflow import ImportWorkflow
from cartage.model.catalogue import Attempt, CatalogueProduct, Status
from cartage.model.edit import Edit
from cartage.model.product import Money
from cartage.model.wishes import Wishes
from cartage.providers.direct import Direct
from cartage.providers.pasted import Pasted
from cartage.scraping.plan import RetryPreset
from cartage.stores.memory import MemoryStore
from tests.fetching.conftest import Internet, Site, answer, listening, says
from tests.imports.conftest import MERCHANT, kettle

URL = "http://shop.test/p/steel-kettle"
ETAG, MODIFIED = '"v1"', "Mon, 23 Nov 2026 12:00:00 GMT"
PAGE = answer(kettle().encode(), etag=ETAG, last_modified=MODIFIED)
SAME = b"HTTP/1.1 304 Not Modified\r\nETag: " + ETAG.encode() + b"\r\n\r\n"
CHANGED = answer(kettle(name="Copper Kettle").encode(), etag='"v2"')


@dataclass
class Shelf:
    """Hold the service over one site, and what the site was asked."""

    internet: Internet
    imports: Imports

    async def imported(self, *answers: bytes) -> CatalogueProduct:
        """Import the page, then as often again as there are further answers."""
        self.internet.site.behave = says(*answers)
        product_id = (await self.imports.submit(MERCHANT, URL)).product.id
        for _ in answers[1:]:
            await self.imports.retry(MERCHANT, product_id)
        return await self.imports.product(MERCHANT, product_id)

    def asked(self) -> list[bool]:
        """Say of each request whether it asked for changes only."""
        return [b"If-None-Match" in each or b"If-Modified-Since" in each for each in self.internet.site.requests]


@pytest.fixture
async def shelf() -> AsyncGenerator[Shelf]:
    """Give a service whose only provider fetches from a site on loopback."""
    async with listening(Site(says(PAGE))) as site, listening(Site(says(answer()))) as canary:
        internet, store = Internet(site, canary), MemoryStore()
        fetcher = internet.fetcher()
        providers = {"direct": Direct(fetcher), "pasted": Pasted(store.artifacts)}
        workflow = ImportWorkflow(store, providers, RetryPreset(attempts=1))
        yield Shelf(internet, Imports(store, Inline(workflow)))
        await fetcher.aclose()


def last_attempt(product: CatalogueProduct) -> Attempt:
    """Give the attempt that a product came about by."""
    return product.metadata.attempts[-1]


async def test_a_refresh_asks_for_changes_only(shelf: Shelf) -> None:
    """The first import asks for the page; the next one sends both of what the site gave."""
    await shelf.imported(PAGE, SAME)

    assert shelf.asked() == [False, True]
    assert f"If-None-Match: {ETAG}\r\nIf-Modified-Since: {MODIFIED}\r\n".encode() in shelf.internet.site.requests[1]


async def test_an_unchanged_page_keeps_the_product(shelf: Shelf) -> None:
    """What was read before stands, and the attempt says that nothing changed, what it cost and how long it took."""
    product = await shelf.imported(PAGE, SAME, SAME)

    attempt = last_attempt(product)
    assert product.status is Status.IMPORTED
    assert product.facts
    assert (product.facts.name, product.facts.price) == (
        "Steel Kettle",
        Money(amount=Decimal("49.90"), currency="EUR"),
    )
    assert attempt.unchanged
    assert attempt.cost == Money(amount=Decimal(0), currency="USD")
    assert attempt.duration_ms >= 0
    assert attempt.verdict == "product"
    assert shelf.asked() == [False, True, True]


async def test_the_end_of_the_import_says_that_nothing_changed(shelf: Shelf) -> None:
    """Programs are told `unchanged`, and no changed fields."""
    product = await shelf.imported(PAGE, SAME)

    events = await shelf.imports.events(MERCHANT, product_id=product.id)

    first, second = [each.data for each in events if each.name == "product/scrape.completed"]
    assert "unchanged" not in first
    assert second["unchanged"] is True
    assert "changed" not in second


async def test_a_changed_page_is_read(shelf: Shelf) -> None:
    """The new page is read, and what to ask by next is its own."""
    product = await shelf.imported(PAGE, CHANGED, SAME)

    assert product.facts
    assert product.facts.name == "Copper Kettle"
    assert b'If-None-Match: "v2"' in shelf.internet.site.requests[2]
    assert b"If-Modified-Since" not in shelf.internet.site.requests[2]


async def test_a_first_import_is_never_unchanged(shelf: Shelf) -> None:
    """A site that answers 304 to a plain request has sent nothing, and the product fails."""
    product = await shelf.imported(SAME)

    assert product.status is Status.FAILED
    assert not last_attempt(product).unchanged


async def test_a_failure_in_between_forgets_nothing(shelf: Shelf) -> None:
    """After a failed refresh the next one asks for changes only, and brings the product back."""
    product = await shelf.imported(PAGE, answer(b"", "404 Not Found"), SAME)

    assert product.status is Status.IMPORTED
    assert last_attempt(product).unchanged


async def test_pasted_html_is_no_page_of_the_site(shelf: Shelf) -> None:
    """After a person pasted the page, the next import reads the site's page whole."""
    product = await shelf.imported(PAGE)
    await shelf.imports.paste(MERCHANT, product.id, kettle(name="Pasted Kettle"))
    await shelf.imports.retry(MERCHANT, product.id)

    assert shelf.asked() == [False, False]


async def test_a_field_given_back_to_the_page_comes_back(shelf: Shelf) -> None:
    """An unlocked field is the page's again though the site says that nothing changed; a locked one stays."""
    product = await shelf.imported(PAGE)
    upkeep = Upkeep(shelf.imports.store)
    await upkeep.edit(MERCHANT, product.id, Edit(name="Mine", sku="K-1"))
    freed = await upkeep.edit(MERCHANT, product.id, Edit(unlock=("name",)))
    shelf.internet.site.behave = says(SAME)
    await shelf.imports.retry(MERCHANT, product.id)

    facts = (await shelf.imports.product(MERCHANT, product.id)).facts
    assert facts
    assert (facts.name, facts.sku) == ("Steel Kettle", "K-1")
    assert freed.facts
    assert freed.facts.name == "Steel Kettle"


async def test_an_older_lock_gives_back_what_was_read_last(shelf: Shelf) -> None:
    """Where nothing is kept under a lock, the last reading says what the page states, and the site is not asked."""
    product = await shelf.imported(PAGE)
    upkeep = Upkeep(shelf.imports.store)
    await upkeep.edit(MERCHANT, product.id, Edit(name="Mine", sku="K-1"))
    await shelf.imports.store.catalogue.change_product(
        MERCHANT, product.id, lambda kept: kept.model_copy(update={"stated": None})
    )

    freed = await upkeep.edit(MERCHANT, product.id, Edit(unlock=("name",)))

    assert freed.facts
    assert (freed.facts.name, freed.locked) == ("Steel Kettle", ("sku",))
    assert freed.evidence["/name"] == product.evidence["/name"]
    assert shelf.asked() == [False]


async def test_a_newer_reader_reads_anew(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version of Cartage read does not stand for this one."""
    product = await shelf.imported(PAGE)
    monkeypatch.setattr(bookmarks, "__version__", "9.9.9")
    await shelf.imports.retry(MERCHANT, product.id)

    assert shelf.asked() == [False, False]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"etag": "no quotes"},
        {"etag": '"a", "b"'},
        {"etag": f'"{"x" * 500}"'},
        {"last_modified": "yesterday"},
    ],
)
async def test_what_cannot_be_asked_by_is_not_kept(shelf: Shelf, told: dict[str, str]) -> None:
    """Without an ETag or date that reads as one, the page is asked for whole."""
    page = answer(kettle().encode(), **told)

    await shelf.imported(page, page)

    assert shelf.asked() == [False, False]


async def test_only_the_address_that_gave_it_is_asked_by_it(shelf: Shelf) -> None:
    """An address that redirects is asked as before; where it leads to is asked for changes only."""
    moved = answer(b"", "302 Found", location="/p/kettle")
    product = await shelf.imported(moved)
    assert product.status is Status.FAILED
    shelf.internet.site.requests.clear()
    shelf.internet.site.behave = says(moved, PAGE, moved, SAME)
    for _ in range(2):
        await shelf.imports.retry(MERCHANT, product.id)

    assert shelf.asked() == [False, False, False, True]


async def test_another_language_is_read_anew(shelf: Shelf) -> None:
    """A site that would say that nothing changed is asked for the whole page in the language that is wished now."""
    product = await shelf.imported(PAGE)
    shelf.internet.site.behave = says(CHANGED, SAME)

    await shelf.imports.retry(MERCHANT, product.id, wishes=Wishes(language="ar"))
    await shelf.imports.retry(MERCHANT, product.id)

    assert shelf.asked() == [False, False, True]
