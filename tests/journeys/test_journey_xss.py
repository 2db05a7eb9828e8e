"""Nothing that a shop or a merchant wrote ever runs: sixty payloads in every string, without our content policy."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

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
from tests.contracts.records import a_product, an_event, an_import
from tests.journeys.conftest import new_context
from tests.journeys.xss_payloads import BUNDLES, PAYLOADS
from tests.web.beside import Beside, pages_beside

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)
LIVE = "script:not([src]), iframe, object, embed, [onerror], [onload], [onfocus], [onmouseover], [ontoggle], [onstart]"
ALIVE = f"""root => [...root.querySelectorAll("{LIVE}")].map(each => each.outerHTML).concat(
    [...root.querySelectorAll("[href], [src], [action]")].map(each => String(each.href || each.src || each.action))
        .filter(target => !/^https?:/.test(target)))"""
IN_FRAMES = """htmls => Promise.all(htmls.map((html, number) => new Promise(loaded => {
    const frame = document.createElement("iframe")
    Object.assign(frame, {name: `payload ${number}`, srcdoc: html, onload: loaded})
    document.body.append(frame)
})))"""
PLACES = (
    "<p>{}</p>",
    '<p title="{}">',
    "<p title='{}'>",
    "<p title={}>",
    '<a href="{}">',
    "<title>{}</title>",
    "<textarea>{}</textarea>",
    "<style>{}</style>",
    "<script src=x>{}</script>",
    "<!-- {} -->",
    "<svg><text>{}</text></svg>",
)


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


async def keep_product(store: Store, merchant_id: str, bundle: tuple[str, ...], *, failed: bool) -> str:
    """Store a product, its import, steps and attempts, full of payloads, and give its id."""
    payload = "".join(bundle)
    product = a_product(merchant_id, source_url=f"https://shop.invalid/{payload}")
    import_ = an_import(product)
    await store.catalogue.add_product(product, import_, an_event(import_))
    failure = PageNotFound(payload).failure().model_copy(update={"code": payload, "advice": payload})
    for number, each in enumerate(bundle, 1):
        attempt = Attempt(
            provider=each[:40], number=number, started_at=NOW, duration_ms=1, failure=failure, missing=(payload,)
        )
        await store.catalogue.record_attempt(import_.id, attempt)
    steps = [
        Step(import_id=import_.id, name=each[:100], state=StepState.FAILED, detail=payload, started_at=NOW)
        for each in bundle
    ]
    await store.catalogue.record_steps([(step, an_event(import_, "import/step")) for step in steps])
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
def beside() -> Iterator[Beside]:
    """Serve pages that are full of payloads."""
    with pages_beside() as running:
        running.do(keep_settings(running.web.store, running.web.mine.merchant_id))
        yield running


@pytest.fixture(scope="module")
def kept(beside: Beside) -> tuple[list[str], list[str]]:
    """Fill the catalogue, and give the products' ids: those that were imported, and those that failed."""
    store, merchant_id = beside.web.store, beside.web.mine.merchant_id
    good = [beside.do(keep_product(store, merchant_id, bundle, failed=False)) for bundle in BUNDLES]
    bad = [beside.do(keep_product(store, merchant_id, (*bundle, " "), failed=True)) for bundle in BUNDLES]
    return good, bad


@pytest.fixture
def bare(chromium: Browser, beside: Beside) -> Iterator[tuple[Page, list[str]]]:
    """Give a logged-in page in which our content policy does not help, and the list of what ran in it."""
    ran: list[str] = []
    context = new_context(chromium, bypass_csp=True, base_url=beside.url)
    context.add_cookies([beside.session])

    def tell(where: str) -> None:
        ran.append(where)

    context.expose_function("tell", tell)  # pyright: ignore[reportUnknownMemberType]
    context.add_init_script("window.xss = () => tell(window.name || location.href)")
    yield context.new_page(), ran
    context.close()


def look(page: Page, url: str) -> None:
    """Open a page, touch all that invites it, and check that no markup of a payload became alive."""
    page.goto(url, wait_until="domcontentloaded")
    page.evaluate("document.querySelectorAll('main *').forEach(each => each.dispatchEvent(new Event('mouseover')))")
    assert page.evaluate(f"({ALIVE})(document)") == [], url


def test_the_payloads_would_run(bare: tuple[Page, list[str]]) -> None:
    """There are sixty, and where nothing guards a page dozens of them do run: this test would see it."""
    page, ran = bare
    page.set_content("<!doctype html><title>x</title>")

    page.evaluate(IN_FRAMES, [f"<!doctype html><title>x</title><body><p>{payload}</p>" for payload in PAYLOADS])

    assert len(set(PAYLOADS)) == 60
    assert len(set(ran)) >= 24


def test_a_bundle_is_as_sharp_as_its_payloads(bare: tuple[Page, list[str]]) -> None:
    """Wherever in a page a payload would break out alone, its bundle is noticed as well; nothing else is."""
    page, _ = bare
    page.goto("/login")
    texts = ["harmless", *PAYLOADS, *("".join(bundle) for bundle in BUNDLES)]
    sharp: dict[str, list[str]] = {}
    for place in PLACES:
        htmls = [place.replace("{}", text) for text in texts]
        found = page.evaluate(
            f"htmls => htmls.map(html => ({ALIVE})(new DOMParser().parseFromString(html, 'text/html')))", htmls
        )
        sharp[place] = [text for text, alive in zip(texts, found, strict=True) if alive]

    for place, noticed in sharp.items():
        assert "harmless" not in noticed, place
        assert set(noticed) & set(PAYLOADS), place
        for bundle in BUNDLES:
            assert "".join(bundle) in noticed or not set(noticed) & set(bundle), (place, bundle)


def test_no_product_page_runs_anything(bare: tuple[Page, list[str]], kept: tuple[list[str], list[str]]) -> None:
    """A product's page shows every string of it as text, with its evidence opened."""
    page, ran = bare
    for product_id, bundle in zip(kept[0], BUNDLES, strict=True):
        look(page, f"/products/{product_id}")
        assert " ".join("".join(bundle).split()) in " ".join(str(page.text_content("main h1")).split())

    assert ran == []


def test_no_failure_page_runs_anything(bare: tuple[Page, list[str]], kept: tuple[list[str], list[str]]) -> None:
    """What a failure says, and what was tried, is text."""
    page, ran = bare
    for product_id in kept[1]:
        look(page, f"/import/status/{product_id}")

    assert ran == []


def test_no_list_runs_anything(bare: tuple[Page, list[str]], kept: tuple[list[str], list[str]]) -> None:
    """Products, imports, costs and settings show names, hosts, actors and results as text."""
    page, ran = bare
    assert len(kept[0]) == len(BUNDLES)
    for path in (
        "/products",
        "/products?status=FAILED",
        "/imports",
        "/costs",
        "/settings/access",
        "/settings/audit",
        "/import",
    ):
        look(page, path)

    assert ran == []


def test_no_query_runs_anything(bare: tuple[Page, list[str]]) -> None:
    """What stands in an address is shown as text too."""
    page, ran = bare
    for text in ("".join(bundle) for bundle in BUNDLES):
        look(page, f"/import?url={quote(text, safe='')}")
    for path in ("/products?filter=", "/nothing/"):
        look(page, path + quote("".join(PAYLOADS), safe=""))

    assert ran == []


def test_cleaned_html_runs_nothing_even_as_markup(bare: tuple[Page, list[str]]) -> None:
    """A description's HTML, cleaned as reading cleans it, is harmless where a shop shows it as markup."""
    page, ran = bare
    page.goto("/costs")
    wrapped = ("{0}", "<p>{0}</p>", '<p title="{0}"><a href="{0}">x</a></p>')
    htmls = [place.format(payload) for payload in PAYLOADS for place in wrapped]
    alive = page.evaluate(
        f"""htmls => htmls.filter(html => {{
            document.body.innerHTML = ""
            document.body.append(document.createRange().createContextualFragment(html))
            return document.body.querySelectorAll("{LIVE}, img, svg, math, form").length
        }})""",
        [sanitised(html, "https://shop.example/") or "" for html in htmls],
    )

    assert alive == []
    assert ran == []
