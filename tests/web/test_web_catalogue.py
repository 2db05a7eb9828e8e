"""Products, their evidence, the history, and what of a hostile page may show."""

import hashlib
import re
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest

from cartage.model.catalogue import ImportState, Status, StepState
from cartage.model.errors import BotChallenge, Origin
from cartage.model.evidence import Evidence, Source, Verdict
from cartage.model.product import Availability, Condition, Image, Money, Option, Product, Variant
from cartage.web import assets, words
from cartage.web.browsing import CARDS
from tests.web.conftest import Web, text_of

EUR = "EUR"
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(1)>\"'"


async def test_a_product_shows_what_its_page_says(web: Web) -> None:
    """Name, price beside the regular one, stock, options, variants and details are on the page."""
    product_id = await web.imported(
        Product(
            name="Linen Shirt",
            brand="Norrland",
            price=Money(amount=Decimal("79.9"), currency=EUR),
            regular_price=Money(amount=Decimal("99.90"), currency=EUR),
            availability=Availability.IN_STOCK,
            images=(Image(url="https://img.example/a.jpg", alt="Front"),),
            options=(Option(name="Size", values=("S", "M")),),
            variants=(Variant(sku="LS-S", options={"Size": "S"}, availability=Availability.OUT_OF_STOCK),),
            attributes=(("Material", "Linen"),),
        )
    )

    reply = await web.mine.get(f"/products/{product_id}")

    text = text_of(reply)
    assert "<h1><bdi>Linen Shirt</bdi></h1>" in reply.text
    assert re.search(r"€79\.90 Regular price: €99\.90", text)
    for said in ("Norrland", "In stock", "LS-S", "Out of stock", "Material Linen", "Read the page directly", "912 ms"):
        assert said in text


async def test_a_product_shows_what_its_merchant_calls_it(web: Web) -> None:
    """The own id that came with an address stands on the product's page, as it was written."""
    product_id = await web.imported(Product(name="Mug"))
    await web.store.catalogue.change_product(
        web.mine.merchant_id, product_id, lambda kept: kept.model_copy(update={"external_id": "<row> 17"})
    )

    reply = await web.mine.get(f"/products/{product_id}")

    assert "Your own id <row> 17" in text_of(reply)


async def test_every_value_says_where_it_comes_from(web: Web) -> None:
    """Beside a value stand its source, the place, the text as written, and who says otherwise."""
    evidence = {
        "/price": (
            Evidence(source=Source.JSON_LD, where="/script[1]/offers/price", raw="79.90"),
            Evidence(source=Source.VISIBLE, where="main > span.price", raw="€ 99,90", agrees=False),
        )
    }
    facts = Product(name="Shirt", price=Money(amount=Decimal("79.90"), currency=EUR))
    product_id = await web.imported(facts, evidence)

    text = text_of(await web.mine.get(f"/products/{product_id}"))

    assert "Price: From page data 1 says otherwise" in text
    assert "Structured data (JSON-LD) chosen 79.90 /script[1]/offers/price" in text
    assert "Text on the page says otherwise € 99,90 main > span.price" in text


@pytest.mark.parametrize("source", Source)
async def test_every_source_is_named_beside_its_value(web: Web, source: Source) -> None:
    """Whatever a value rests on, the page says so in words before anything is opened."""
    product_id = await web.imported(Product(name="Kettle"), {"/name": (Evidence(source=source, where="", raw="x"),)})

    assert "Name: From " in text_of(await web.mine.get(f"/products/{product_id}"))


async def test_what_is_missing_is_said_kindly(web: Web) -> None:
    """A field that the page lacks is named as missing, never filled."""
    product_id = await web.imported(Product(name="Kettle"))

    text = text_of(await web.mine.get(f"/products/{product_id}"))

    assert "The page states no price." in text
    assert "The page has no description of it." in text
    assert "Not on the page" in text


async def test_a_hostile_page_cannot_break_out(web: Web) -> None:
    """Markup in any field is shown as text, and only http and https become links or pictures."""
    product_id = await web.imported(
        Product(
            name=HOSTILE,
            brand=HOSTILE,
            description=HOSTILE,
            description_html="<script>alert(2)</script>",
            images=(Image(url="javascript:alert(1)", alt=HOSTILE), Image(url='https://x.example/"onload=alert(1)')),
            breadcrumbs=(HOSTILE,),
            options=(Option(name=HOSTILE, values=(HOSTILE,)),),
            variants=(Variant(sku=HOSTILE, options={HOSTILE: HOSTILE}),),
            attributes=((HOSTILE, HOSTILE), ("link", "javascript:alert(1)")),
            platform=HOSTILE,
        ),
        {"/name": (Evidence(source=Source.VISIBLE, where=HOSTILE, raw=HOSTILE),)},
    )

    for path in (f"/products/{product_id}", "/products", "/import"):
        page = (await web.mine.get(path)).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert not re.search(r'(src|href)="\s*javascript:', page)
        assert '/"onload' not in page


@pytest.mark.parametrize("path", ["/products/{}", "/import/status/{}", "/import/status/{}/events"])
async def test_another_merchant_s_product_is_unknown(web: Web, path: str) -> None:
    """Another merchant's product answers with the very page of an unknown one, but for the address that was asked."""
    product_id = await web.failed()
    unknown_id = product_id[:-1] + ("0" if product_id[-1] != "0" else "1")

    theirs = await web.theirs.get(path.format(product_id))
    unknown = await web.theirs.get(path.format(unknown_id))

    assert theirs.status_code == unknown.status_code == 404
    assert theirs.text.replace(product_id, unknown_id) == unknown.text
    assert theirs.headers == unknown.headers


@pytest.mark.parametrize("action", ["retry", "paste", "cancel"])
async def test_another_merchant_s_import_cannot_be_touched(web: Web, action: str) -> None:
    """Nothing can be done about another merchant's import."""
    product = await web.importing()

    reply = await web.theirs.post(f"/import/status/{product.id}/{action}", html="<h1>x</h1>")

    assert reply.status_code == 404
    assert await web.imports.product(web.mine.merchant_id, product.id) == product


async def test_products_are_found_by_words_and_status(web: Web) -> None:
    """The search narrows the grid, and an empty result says what was looked for."""
    await web.imported(Product(name="Oak Lamp"))
    await web.imported(Product(name="Steel Kettle"))

    found = text_of(await web.mine.get("/products?filter=lamp"))
    nothing = text_of(await web.mine.get("/products?filter=zebra&status=IMPORTED"))

    assert "Oak Lamp" in found
    assert "Kettle" not in found
    assert "No product matches “zebra status:imported”." in nothing


async def test_the_grid_loads_more(web: Web) -> None:
    """Every product is reached once by following Load more, which keeps the search."""
    names = [f"Lamp {number:02}" for number in range(CARDS + 3)]
    for name in names:
        await web.imported(Product(name=name))

    first = await web.mine.get("/products?filter=lamp")
    more = re.search(r'href="(/products\?[^"]+)" hx-get', first.text)
    assert more
    second = await web.mine.get(more[1].replace("&amp;", "&"))

    shown = re.findall(r">(Lamp \d\d)<", first.text + second.text)
    assert sorted(shown) == names
    assert "filter=lamp" in more[1]
    assert "Load more" not in second.text


async def test_the_history_gives_reasons_and_tries(web: Web) -> None:
    """Each import has its status, the reason and side of a failure, and a page of what was tried."""
    await web.failed(BotChallenge("A captcha fills the page."))

    history = await web.mine.get("/imports")
    link = re.search(r'href="(/imports/imp_\w+)"', history.text)
    assert link
    page = await web.mine.get(link[1])

    text = text_of(history)
    assert "Failed" in text
    assert "captcha" in text
    assert "on the shop's side" in text
    assert text_of(page).count("Read the page directly") == 2
    assert (await web.theirs.get(link[1])).status_code == 404


async def test_an_earlier_product_stays_when_its_import_fails(web: Web) -> None:
    """A failed import over an earlier product keeps the product in view, and says so."""
    product_id = await web.imported(Product(name="Lamp"))
    await web.mine.post(f"/import/status/{product_id}/retry")
    await web.mine.post(f"/import/status/{product_id}/cancel")

    text = text_of(await web.mine.get(f"/products/{product_id}"))

    assert "The last import failed" in text
    assert "Lamp" in text


async def test_an_unknown_page_is_html_for_people_and_json_for_programs(web: Web) -> None:
    """Browsers get a page that says what to do; programs get a problem."""
    person = await web.stranger.get("/nothing", headers={"Accept": "text/html,*/*;q=0.8"})
    program = await web.stranger.get("/v1/nothing", headers={"Accept": "application/json"})

    assert (person.status_code, program.status_code) == (404, 404)
    assert "There is nothing here" in person.text
    assert program.headers["content-type"] == "application/problem+json"


async def test_static_files_are_kept_for_ever_under_their_version(web: Web) -> None:
    """The page names each file with its version; that address may be kept, and arrives packed."""
    page = await web.stranger.get("/login")
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)

    assert addresses
    for address in addresses:
        reply = await web.stranger.get(address)
        assert reply.status_code == 200
        assert "immutable" in reply.headers["cache-control"]
        assert reply.headers["content-encoding"] == "gzip"
    stale = await web.stranger.get("/static/cartage.css?v=old")
    assert stale.headers["cache-control"] == "no-cache"
    assert (await web.stranger.get("/static/../session.py")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        (Source, words.SOURCES),
        (Verdict, words.VERDICTS),
        (Availability, words.AVAILABILITIES),
        (Condition, words.CONDITIONS),
        (Origin, words.SIDES),
        (Status, words.STATUSES),
        (Status, words.STATUS_TONES),
        (ImportState, words.IMPORT_STATES),
        (StepState, words.STEP_STATES),
    ],
)
def test_nothing_is_without_words(kind: type[StrEnum], table: dict[StrEnum, object]) -> None:
    """Every source, verdict, state and side that the model knows has its words."""
    assert set(table) == set(kind)


@pytest.mark.parametrize("name", ["htmx.min.js", "basecoat.min.css"])
def test_vendored_files_are_the_ones_named(name: str) -> None:
    """Each vendored file is byte for byte the one that VENDORED.md names."""
    folder = Path(assets.FOLDER) / "vendor"
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()

    assert re.search(rf"`{name}`.*`{digest}`", (folder / "VENDORED.md").read_text())
