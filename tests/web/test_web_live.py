"""The status page while an import runs: its stream of events, and the log."""

import re
from decimal import Decimal
from html import unescape

import httpx2

from cartage.imports.extractions import keep_extraction
from cartage.model.catalogue import CatalogueProduct, StepState
from cartage.model.evidence import Extraction, Verdict
from cartage.model.product import Image, Money, Product
from tests.contracts.records import an_attempt
from tests.serving import serving
from tests.web.conftest import SHOP, Web, house, text_of

LIVE = re.compile(r'data-live="([^"]+)" data-after="(\d+)"')
LINES = re.compile(r'<span id="(e\d+)">')


async def test_events_bring_the_steps_and_the_end(web: Web) -> None:
    """The stream sends the steps as HTML, and ends by saying how the import ended."""
    product = await web.importing()
    await web.step(product, "try direct 1", StepState.RUNNING)
    await web.imports.cancel(product.merchant_id, product.id)

    reply = await web.mine.client.get(f"/import/status/{product.id}/events")

    assert reply.headers["content-type"].startswith("text/event-stream")
    assert "event: progress" in reply.text
    assert "try direct 1" in reply.text
    assert reply.text.strip().endswith("event: settled\ndata: FAILED")


async def test_events_go_on_after_the_last_one_seen(web: Web) -> None:
    """Each names the newest event that it shows; who had that one already is sent the end alone."""
    product = await web.importing()
    await web.step(product, "try direct 1", StepState.RUNNING)
    await web.imports.cancel(product.merchant_id, product.id)
    address = f"/import/status/{product.id}/events"

    shown = re.findall(r"^id: (\d+)$", (await web.mine.client.get(address)).text, re.MULTILINE)
    before = await web.mine.client.get(address, headers={"Last-Event-ID": str(int(shown[-1]) - 1)})
    after = await web.mine.client.get(address, headers={"Last-Event-ID": shown[-1]})

    newest = await web.store.catalogue.newest_sequence(product.merchant_id)
    assert shown == [str(newest)]
    assert (before.text.count("event: progress"), after.text.count("event: progress")) == (1, 0)
    assert "event: settled" in after.text


async def test_events_bring_only_the_lines_of_the_log_that_are_new(web: Web) -> None:
    """Whoever has a page is sent what came after it, each line once."""
    product = await web.importing()
    for name in ("try shop_api 1", "try direct 1"):
        await web.step(product, name, StepState.RUNNING)
    page = (await web.mine.get(f"/import/status/{product.id}")).text
    address, after = LIVE.findall(page)[0]
    await web.step(product, "save", StepState.RUNNING)
    await web.imports.cancel(product.merchant_id, product.id)

    news = (await web.mine.client.get(f"{unescape(address)}&after={after}")).text

    shown, fresh = (LINES.findall(text) for text in (page, news))
    assert shown[-1] == f"e{after}"
    assert (len(shown), len(fresh)) == (3, 2)
    assert not {*shown} & {*fresh}
    assert 'data-append="log-text"' in news


async def test_the_log_is_text_in_order(web: Web) -> None:
    """What happened stands line by line on the page and in the stream, without any script."""
    product = await web.importing()
    await web.step(product, "try direct 1", StepState.RUNNING)
    await web.step(product, "try direct 1", StepState.FAILED)

    page = await web.mine.get(f"/import/status/{product.id}")
    one = await web.mine.get(f"/imports/{product.import_id}?show=log")

    for reply in (page, one):
        log = re.search(r'<pre class="log"[^>]*>(.*?)</pre>', reply.text, re.DOTALL)
        assert log
        lines = re.sub(r"</?span[^>]*>", "", log[1]).splitlines()
        told = [line.split("Z  ")[1].split("  ")[0] for line in lines]
        assert told == ["product/scrape.requested", "try direct 1", "try direct 1"]


async def test_a_step_is_shown_by_the_sides_that_are_asked_for(web: Web) -> None:
    """Every step and side is a link, without any script; the log of a step holds its own lines alone."""
    product = await web.importing()
    for name in ("try shop_api 1", "try direct 1"):
        await web.step(product, name, StepState.RUNNING)

    step = (await web.mine.get(f"/import/status/{product.id}?step=try+direct+1&show=log")).text
    given = (await web.mine.get(f"/import/status/{product.id}?step=try+direct+1&show=input")).text
    unknown = (await web.mine.get(f"/import/status/{product.id}?step=nothing&show=nothing")).text

    assert len(LINES.findall(step)) == 1
    assert "?step=try+direct+1&amp;show=cost#shown" in step
    assert "?step=try+shop_api+1&amp;show=log#shown" in step, "another step shows the same side"
    assert (LINES.findall(given), product.source_url in given.split('id="told"')[1]) == ([], True)
    assert len(LINES.findall(unknown)) == 3


async def test_events_bring_what_is_selected(web: Web) -> None:
    """Whoever looks at a step's cost is sent that and no log; whoever reads its log, the new lines of that step."""
    product = await web.importing()
    await web.step(product, "try direct 1", StepState.RUNNING)
    page = (await web.mine.get(f"/import/status/{product.id}?step=try+direct+1&show=cost")).text
    address, after = LIVE.findall(page)[0]
    await web.step(product, "try direct 1", StepState.FAILED)
    await web.step(product, "save", StepState.RUNNING)
    await web.imports.cancel(product.merchant_id, product.id)

    cost = (await web.mine.client.get(f"{unescape(address)}&after={after}")).text
    log = (await web.mine.client.get(f"{unescape(address).replace('cost', 'log')}&after={after}")).text

    assert ('id="told"' in cost, LINES.findall(cost)) == (True, [])
    assert ('id="told"' in log, len(LINES.findall(log))) == (False, 1)


async def test_an_import_that_is_over_shows_what_came_out(web: Web) -> None:
    """Unless another side is asked for; the page of an import says what it cost, too."""
    product_id = await web.imported(Product(name="Linen shirt", url=SHOP))
    import_id = (await web.imports.product(web.mine.merchant_id, product_id)).import_id

    shown = (await web.mine.get(f"/imports/{import_id}")).text
    cost = text_of(await web.mine.get(f"/imports/{import_id}?show=cost"))

    assert f'<a href="/products/{product_id}">The product</a>' in shown.split('id="told"')[1]
    assert "Artifacts free" in cost


async def reads(web: Web, product: CatalogueProduct, facts: Product) -> None:
    """Let the import of a product read a page that states these facts."""
    extraction = Extraction(product=facts, verdict=Verdict.PRODUCT, reason="", evidence={})
    import_ = await web.imports.import_(product.merchant_id, product.import_id)
    kept = await keep_extraction(web.store, import_, extraction)
    attempt = an_attempt("direct").model_copy(update={"extraction_id": kept})
    await web.store.catalogue.record_attempt(import_.id, attempt)


async def test_the_product_fills_as_it_is_read(web: Web) -> None:
    """Before a page was read its places are empty; then they show name, price and how many pictures are to come."""
    product = await web.importing()
    before = await web.mine.get(f"/import/status/{product.id}")
    images = (Image(url=f"{SHOP}/a.jpg"), Image(url=f"{SHOP}/b.jpg"))
    price = Money(amount=Decimal("79.90"), currency="EUR")
    await reads(web, product, Product(name="Linen Shirt", price=price, images=images))

    after = await web.mine.get(f"/import/status/{product.id}")

    assert "Nothing was read of it yet." in text_of(before)
    assert before.text.count("of-picture") == 1
    assert all(each in text_of(after) for each in ("Linen Shirt", "€79.90", "2 pictures"))
    assert "Nothing was read of it yet." not in text_of(after)


async def test_pictures_are_shown_as_they_come(web: Web) -> None:
    """While an import runs, the stream brings the copy of each picture that it has told of, in the product's place."""
    product = await web.importing()
    await reads(web, product, Product(name="Linen Shirt", images=(Image(url=f"{SHOP}/a.jpg"),)))
    await web.step(product, "try pictures", StepState.RUNNING, pictures=["pic_1"])

    path, cookies = f"/import/status/{product.id}/events", dict(web.mine.client.cookies)
    async with (
        serving(house().server) as port,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=120) as browser,
        browser.stream("GET", path) as reply,
    ):
        brought = await anext(line async for line in reply.aiter_lines() if "/pictures/" in line)

    assert 'src="/pictures/pic_1/small"' in brought
