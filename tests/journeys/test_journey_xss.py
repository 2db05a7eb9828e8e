"""Nothing that a shop or a merchant wrote ever runs: sixty payloads in every string, without our content policy."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, Page

from cartage.extraction.text import sanitised
from cartage.model.access import AuditEntry
from cartage.model.catalogue import Attempt, CatalogueProduct, ImportState, Metadata, Status, Step, StepState
from cartage.model.errors import PageNotFound
from cartage.model.evidence import Evidence, Source
from cartage.model.ids import new_id
from cartage.model.product import Image, Option, Product, Variant
from cartage.model.spending import Caps, PaidAttempt
from cartage.model.webhook import Delivery, DeliveryState, Endpoint
from cartage.store import Store
from cartage.stores.sql import SqlStore
from tests.contracts.records import a_product, an_event, an_import
from tests.journeys.conftest import Demo, with_session
from tests.journeys.xss_payloads import PAYLOADS

pytestmark = pytest.mark.browser

T = TypeVar("T")
NOW = datetime.now(UTC)
LIVE = "script:not([src]), iframe, object, embed, [onerror], [onload], [onfocus], [onmouseover], [ontoggle], [onstart]"


def facts_of(payload: str) -> Product:
    """Make a product whose every string is a payload; its HTML is cleaned as reading cleans it."""
    return Product(
        name=payload,
        brand=payload,
        description=payload,
        description_html=sanitised(payload, "https://shop.example/"),
        sku=payload,
        mpn=payload,
        gtin=payload,
        images=(Image(url=payload, alt=payload), Image(url=f"https://shop.invalid/{payload}", alt=payload)),
        breadcrumbs=(payload, payload),
        options=(Option(name=payload, values=(payload,)),),
        variants=(Variant(sku=payload, gtin=payload, options={payload: payload}, image=payload),),
        attributes=((payload, payload),),
        url=payload,
        canonical_url=payload,
        language=payload,
        platform=payload,
    )


async def keep_product(store: Store, merchant_id: str, payload: str, *, failed: bool) -> str:
    """Store a product, its import, step and attempt, full of a payload, and give its id."""
    product = a_product(merchant_id, source_url=f"https://shop.invalid/{payload}")
    import_ = an_import(product)
    await store.catalogue.add_product(product, import_, an_event(import_))
    failure = PageNotFound(payload).failure().model_copy(update={"code": payload, "advice": payload})
    attempt = Attempt(
        provider=payload[:40], number=1, started_at=NOW, duration_ms=1, failure=failure, missing=(payload,)
    )
    step = Step(
        import_id=import_.id,
        name=payload[:100],
        state=StepState.FAILED,
        detail=payload,
        started_at=NOW,
        finished_at=NOW,
    )
    await store.catalogue.record_attempt(import_.id, attempt)
    await store.catalogue.record_steps([(step, an_event(import_, "import/step"))])
    await store.catalogue.end_import(
        full_of(product, payload, failure=failure if failed else None),
        import_.model_copy(
            update={"state": ImportState.FAILED if failed else ImportState.SUCCEEDED, "failure": failure}
        ),
        an_event(import_, "product/scrape.completed"),
    )
    return product.id


def full_of(product: CatalogueProduct, payload: str, failure: object) -> CatalogueProduct:
    """Fill a product and its evidence with a payload."""
    names = ("name", "brand", "description", "price", "sku", "images", "breadcrumbs", "attributes", "variants")
    evidence = {f"/{name}": (Evidence(source=Source.JSON_LD, where=payload, raw=payload),) for name in names}
    changes = {
        "status": Status.FAILED if failure else Status.IMPORTED,
        "facts": None if failure else facts_of(payload),
        "evidence": evidence,
        "missing": (payload,),
        "failure": failure,
        "metadata": Metadata(provider=payload, error=payload),
    }
    return product.model_copy(update=changes)


async def keep_settings(store: Store, merchant_id: str) -> None:
    """Store log entries, a webhook with a delivery, and paid tries, full of payloads."""
    for number, payload in enumerate(PAYLOADS):
        entry = AuditEntry(
            id=new_id("aud"), merchant_id=merchant_id, actor=payload, action=payload[:60], target=payload, at=NOW
        )
        await store.accounts.add_audit(entry)
        paid = PaidAttempt(
            import_id=new_id("imp"), provider=payload[:40], number=number, merchant_id=merchant_id, host=payload,
            at=NOW, counted=1, batch_id=payload[:40],
        )  # fmt: skip
        await store.spending.reserve(paid, Caps(), NOW)
    endpoint = Endpoint(
        id=new_id("whe"), merchant_id=merchant_id, url="".join(PAYLOADS), secret="whsec_eA==", created_at=NOW
    )
    await store.postbox.add_endpoint(endpoint)
    for payload in PAYLOADS:
        delivery = Delivery(
            id=new_id("msg"), endpoint_id=endpoint.id, merchant_id=merchant_id, name=payload[:60], payload="{}",
            state=DeliveryState.FAILED, result=payload, due_at=NOW, created_at=NOW,
        )  # fmt: skip
        kept = (await store.postbox.endpoints(merchant_id))[0]
        await store.postbox.hand_in(kept, kept.read_up_to + 1, [delivery])


@pytest.fixture(scope="module")
def kept(demo: Demo) -> tuple[list[str], list[str]]:
    """Fill the demo's catalogue, and give the products' ids: those that were imported, and those that failed."""

    async def fill() -> tuple[list[str], list[str]]:
        store = SqlStore(f"sqlite+aiosqlite:///{demo.data_dir / 'cartage.db'}")
        await store.open()
        (merchant,) = await store.accounts.merchants()
        good = [await keep_product(store, merchant.id, payload, failed=False) for payload in PAYLOADS]
        bad = [await keep_product(store, merchant.id, f"{payload} ", failed=True) for payload in PAYLOADS]
        await keep_settings(store, merchant.id)
        await store.close()
        return good, bad

    return elsewhere(fill)


def elsewhere(function: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine in a thread of its own: Playwright's loop runs in this one."""

    async def run() -> T:
        return await function()

    with ThreadPoolExecutor() as thread:
        return thread.submit(lambda: asyncio.run(run())).result()


@pytest.fixture
def bare(chromium: Browser, demo: Demo) -> Iterator[tuple[Page, list[str]]]:
    """Give a logged-in page in which our content policy does not help, and the list of what ran in it."""
    ran: list[str] = []
    context = chromium.new_context(bypass_csp=True)
    page = with_session(context, demo)
    context.expose_function("xss", lambda: ran.append(page.url))  # pyright: ignore[reportUnknownMemberType]
    yield page, ran
    context.close()


def look(page: Page, url: str) -> None:
    """Open a page, touch all that invites it, and check that no markup of a payload became alive."""
    page.goto(url, wait_until="domcontentloaded")
    page.evaluate("document.querySelectorAll('main *').forEach(each => each.dispatchEvent(new Event('mouseover')))")
    assert page.evaluate(f"document.querySelectorAll('{LIVE}').length") == 0, url
    targets = page.evaluate(
        "[...document.querySelectorAll('[href], [src], [action]')].map(e => e.href || e.src || e.action)"
    )
    assert [target for target in targets if not re.match(r"https?:", str(target))] == [], url


def test_the_payloads_would_run(bare: tuple[Page, list[str]]) -> None:
    """There are sixty, and where nothing guards a page dozens of them do run: this test would see it."""
    page, ran = bare
    alive = 0
    for payload in PAYLOADS:
        page.set_content(f"<!doctype html><title>x</title><body><p>{payload}</p>")
        page.wait_for_timeout(30)
        alive += bool(ran)
        ran.clear()

    assert len(set(PAYLOADS)) == 60
    assert alive >= 24


def test_no_product_page_runs_anything(
    bare: tuple[Page, list[str]], demo: Demo, kept: tuple[list[str], list[str]]
) -> None:
    """A product's page shows every string of it as text, with its evidence opened."""
    page, ran = bare
    for product_id, payload in zip(kept[0], PAYLOADS, strict=True):
        look(page, f"{demo.url}/products/{product_id}")
        assert " ".join(payload.split()) in " ".join(str(page.text_content("main h1")).split())

    assert ran == []


def test_no_failure_page_runs_anything(
    bare: tuple[Page, list[str]], demo: Demo, kept: tuple[list[str], list[str]]
) -> None:
    """What a failure says, and what was tried, is text."""
    page, ran = bare
    for product_id in kept[1]:
        look(page, f"{demo.url}/import/status/{product_id}")

    assert ran == []


def test_no_list_runs_anything(bare: tuple[Page, list[str]], demo: Demo, kept: tuple[list[str], list[str]]) -> None:
    """Products, imports, costs and settings show names, hosts, actors and results as text."""
    page, ran = bare
    assert len(kept[0]) == len(PAYLOADS)
    for path in ("/products", "/products?status=FAILED", "/imports", "/costs", "/settings", "/import"):
        look(page, demo.url + path)

    assert ran == []


def test_no_query_runs_anything(bare: tuple[Page, list[str]], demo: Demo) -> None:
    """What stands in an address is shown as text too."""
    page, ran = bare
    for payload in PAYLOADS[::4]:
        for path in ("/import?url=", "/products?filter=", "/nothing/"):
            look(page, demo.url + path + page.evaluate("text => encodeURIComponent(text)", payload))

    assert ran == []


def test_cleaned_html_runs_nothing_even_as_markup(bare: tuple[Page, list[str]], demo: Demo) -> None:
    """A description's HTML, cleaned as reading cleans it, is harmless where a shop shows it as markup."""
    page, ran = bare
    page.goto(f"{demo.url}/costs")
    for payload in PAYLOADS:
        for html in (payload, f"<p>{payload}</p>", f'<p title="{payload}"><a href="{payload}">x</a></p>'):
            page.evaluate(
                "html => { document.body.innerHTML = ''; "
                "document.body.append(document.createRange().createContextualFragment(html)) }",
                sanitised(html, "https://shop.example/") or "",
            )
            assert page.evaluate(f"document.body.querySelectorAll('{LIVE}, img, svg, math, form').length") == 0, html

    assert ran == []
