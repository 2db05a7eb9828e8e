"""Lists on the web: filters in the address, facets with counts, orders, views and completion."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

from cartage.imports.progress import now
from cartage.model.catalogue import Attempt, StepState
from cartage.model.errors import BotChallenge, RateLimited
from cartage.model.picture import Picture
from cartage.model.product import Image, Money, Product
from cartage.model.worker import SILENT_AFTER, Worker
from cartage.web.words import started_by
from tests.web.conftest import SHOP, Web, text_of

PRICE = Money(amount=Decimal(9), currency="EUR")
READY = Product(name="Oak Lamp", brand="Oak & Sons", price=PRICE, images=(Image(url=f"{SHOP}/l.jpg"),))


async def test_facets_count_what_they_lead_to(web: Web) -> None:
    """Each facet says how many there are within the search, and the one that is shown is marked."""
    await web.imported(READY)
    await web.imported(Product(name="Steel Lamp"))
    await web.failed()

    page = await web.mine.get("/products?filter=lamp+review:needed")

    text = text_of(page)
    assert "All 2 Ready 1 To review 1 Importing 0 Failed 0" in text
    assert "Steel Lamp" in text
    assert "Oak Lamp" not in text
    assert re.search(r'href="/products\?filter=lamp\+review%3Aneeded" aria-current="true">To review', page.text)


async def test_pictures_that_are_not_there_are_one_facet(web: Web) -> None:
    """It counts and lists products whose page shows no picture, and those of which a copy could not be made."""
    unreached = Picture(url=f"{SHOP}/l.jpg", problem=BotChallenge("A captcha.").failure(), fetched_at=now())
    await web.imported(READY)
    await web.imported(READY.model_copy(update={"name": "Birch Lamp"}), pictures=(unreached,))
    await web.imported(Product(name="Steel Lamp"))

    page = await web.mine.get("/products?filter=pictures:none,failed")

    assert re.findall(r"<bdi>(\w+ Lamp)</bdi>", page.text) == ["Steel Lamp", "Birch Lamp"]
    assert "Picture problems 2" in text_of(page)
    assert 'aria-current="true">Picture problems' in page.text


async def test_a_list_learns_what_arrived_since(web: Web) -> None:
    """Only what is newer, fits the filter and is mine counts; it leads to the same list anew."""
    await web.imported(READY)
    page = await web.mine.get("/products?filter=lamp&sort=name")
    await web.imported(READY.model_copy(update={"name": "Birch Lamp"}))
    await web.imported(Product(name="Mug"))
    asked = re.findall(r'data-arrived="([^"]+)"', page.text)[0].replace("&amp;", "&")

    news = await web.mine.get(asked)
    theirs = await web.theirs.get(asked)

    assert "1 more product has arrived." in text_of(news)
    assert 'href="/products?filter=lamp&amp;sort=name"' in news.text
    assert theirs.text.strip() == ""


async def test_a_wrong_word_is_named_and_what_was_typed_stays(web: Web) -> None:
    """The list stays, with what is wrong and what there is."""
    await web.imported(READY)

    page = await web.mine.get("/products?filter=colour:red")

    assert page.status_code == 422
    assert "There is no `colour:` to filter by" in text_of(page)
    assert 'value="colour:red"' in page.text
    assert "Oak Lamp" in text_of(page)


async def test_orders_and_views_are_in_the_address(web: Web) -> None:
    """A table by name, whose facets keep the order and the view."""
    for name in ("Birch", "Alder"):
        await web.imported(Product(name=name))

    page = await web.mine.get("/products?sort=name&view=table")

    assert re.findall(r"<bdi>(Alder|Birch)</bdi>", page.text) == ["Alder", "Birch"]
    assert "filter=status%3Afailed&amp;sort=name&amp;view=table" in page.text
    assert '<option value="name" selected>' in page.text


async def test_the_last_word_is_completed_with_one_s_own_values(web: Web) -> None:
    """Brands of mine are offered, quoted where they need it, and nobody else's."""
    await web.imported(READY)

    mine = await web.mine.get("/completions?filter=lamp+brand:o")
    theirs = await web.theirs.get("/completions?filter=lamp+brand:o")

    assert "lamp brand:&#34;Oak &amp; Sons&#34;" in mine.text
    assert "Oak" not in theirs.text


async def test_imports_are_filtered_by_reason(web: Web) -> None:
    """Only imports of the reason are listed, and the facets count failures."""
    await web.failed(BotChallenge("A captcha fills the page."))
    await web.failed()

    page = text_of(await web.mine.get("/imports?filter=error:bot_challenge"))
    nothing = text_of(await web.mine.get("/imports?filter=error:cancelled"))

    assert "proof of being a person" in page
    assert "The page is gone" not in page
    assert "Failed 1" in page
    assert "No import matches “error:cancelled”." in nothing


async def test_the_chart_of_hours_is_a_table_too(web: Web) -> None:
    """Each of the last 24 hours has a row, the newest first, with what succeeded and what failed."""
    await web.imported(Product(name="Mug"))
    await web.failed()

    page = (await web.mine.get("/imports")).text

    table = page[page.index('id="hours"') :].partition("</table>")[0]
    rows = re.findall(r"</time></th><td>(\d+)</td><td>(\d+)</td>", table)
    assert len(rows) == 24
    assert sum(int(succeeded) for succeeded, _ in rows[:2]) == 1
    assert sum(int(failed) for _, failed in rows[:2]) == 1


async def test_the_list_comes_before_what_is_folded(web: Web) -> None:
    """After the filters stands the table; shortcuts, pauses and the hours are below it."""
    await web.imported(Product(name="Mug"))

    page = (await web.mine.get("/imports")).text

    marks = ('id="filter"', 'id="rows"', 'id="keys"', 'id="pause-a-site"', 'id="hours"')
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)


async def test_each_import_says_who_started_it(web: Web) -> None:
    """A person, a token, the command line or the schedule; where nobody noted it, nothing is said."""
    named = ("me@shop.example", "token Stock sync", "command line", "")
    for number, by in enumerate(named):
        await web.imports.by(by).submit(web.mine.merchant_id, f"{SHOP}/{number}")
    (last, *_) = await web.imports.imports(web.mine.merchant_id)

    page = (await web.mine.get("/imports")).text

    told = re.findall(r'class="starter" title="([^"]+)"', page)
    assert told == ["the command line", "token Stock sync", "me@shop.example"]
    assert started_by(last.model_copy(update={"scheduled": True})) == "the schedule"


async def test_pages_that_brought_nothing_stay_small_among_products(web: Web) -> None:
    """They stand together as lines, with the reason, and a retry where it may help; products alone are cards."""
    await web.imported(Product(name="Mug"))
    gone, busy = await web.failed(), await web.failed(RateLimited("Later."))

    page = (await web.mine.get("/products")).text

    cards, _, missed = page.partition('class="card missed"')
    assert cards.count('class="card tile"') == 1
    assert [re.search(rf'href="/import/status/{each}">', missed) is not None for each in (gone, busy)] == [True, True]
    assert re.findall(r'action="/import/status/(\w+)/retry"', missed) == [busy]
    assert "The page is gone" in missed


async def test_figures_and_rows_under_way_are_told_anew(web: Web) -> None:
    """The list names its rows under way; asked for by that name they come as they are now, with the figures."""
    product = await web.importing("/slow")
    page = await web.mine.get("/imports")
    asked = re.findall(r'data-asks="(imp_\w+)"', page.text)
    await web.end(product, BotChallenge("A captcha.").failure())

    mine = await web.mine.get(f"/imports/now?ask={asked[0]}&ask=imp_unknown")
    theirs = await web.theirs.get(f"/imports/now?ask={asked[0]}")

    assert asked == [product.import_id]
    assert f'id="row-{asked[0]}" data-part>' in mine.text
    assert "proof of being a person" in text_of(mine)
    assert "0% 0 of 1" in text_of(mine)
    assert 'id="figures" data-part' in theirs.text
    assert asked[0] not in theirs.text


async def test_each_worker_is_listed_with_what_it_runs(web: Web) -> None:
    """An admin sees each process, since when, its last sign and which of the merchant's own imports it runs."""
    product = await web.importing("/slow")
    await web.store.catalogue.mark_running(product.import_id)
    started = now() - timedelta(hours=2)
    worker = Worker(id="wrk_1", name="box:7", engine="embedded", started_at=started, seen_at=now())
    await web.store.workers.beat(worker.model_copy(update={"running": (product.import_id, "imp_of_another")}))
    lost = worker.model_copy(update={"id": "wrk_2", "name": "box:8", "seen_at": now() - 2 * SILENT_AFTER})
    await web.store.workers.beat(lost)

    mine, theirs = await web.mine.get("/imports"), await web.theirs.get("/imports")

    section = text_of(mine).partition("Workers")[2]
    assert "box:7 embedded runs since 2 hours ago · last sign just now at work on shop.example/slow" in section
    assert "at work box:8" in section
    assert "silent" in section
    assert "imp_of_another" not in mine.text
    assert "shop.example/slow" not in theirs.text


async def test_an_import_opens_below_its_row(web: Web) -> None:
    """It says the step that was reached, the tries and the cost, and holds what was tried without a script."""
    product = await web.importing()
    await web.step(product, "try direct 1", StepState.FAILED)
    failure = BotChallenge("A captcha.").failure()
    attempt = Attempt(provider="direct", number=1, started_at=now(), duration_ms=412, cost=None, failure=failure)
    await web.store.catalogue.record_attempt(product.import_id, attempt)
    await web.end(product, failure)

    page = await web.mine.get("/imports")

    assert "Failed Read the page directly The site asks for a captcha" in text_of(page)
    assert "not known 1 try" in text_of(page)
    assert f"/import/status/{product.id}/retry" in page.text.partition('class="opened"')[2]
    assert f'href="/imports/{product.import_id}" title=' in page.text


async def test_importing_again_stays_in_the_list_and_can_be_undone(web: Web) -> None:
    """The list says what was begun with a way to undo it, until it is over; the filter stays."""
    product_id = await web.failed()
    sent = await web.mine.post(f"/import/status/{product_id}/retry", back="imports", filter="status:failed")

    begun = text_of(await web.mine.get(sent.headers["location"]))
    undone = await web.mine.post(f"/import/status/{product_id}/cancel", back="imports", filter="status:failed")

    assert sent.headers["location"] == f"/imports?filter=status%3Afailed&again={product_id}"
    assert "Importing again:" in begun
    assert undone.headers["location"] == "/imports?filter=status%3Afailed"
    assert "Importing again:" not in text_of(await web.mine.get(sent.headers["location"]))


async def test_no_failure_today_is_said_so(web: Web) -> None:
    """The list of today's failures says that there is none."""
    assert "Nothing failed in the last 24 hours." in text_of(
        await web.mine.get("/imports?filter=status:failed+since:24h")
    )


async def news_of(web: Web, page: str) -> str:
    """Ask for what changed since a page of the list of imports was made."""
    asked = unescape(re.findall(r'data-with="([^"]+)"', page)[0])
    written = re.findall(r'type="search"[^>]* value="([^"]*)"', page)
    return (await web.mine.get(f"/imports/now?filter={''.join(written)}&{asked}")).text


async def test_new_imports_come_to_the_top_of_their_list(web: Web) -> None:
    """They come as rows, newest first, with the facets as they are now; a second look brings nothing again."""
    await web.importing("/first")
    page = (await web.mine.get("/imports")).text
    added = [(await web.importing(f"/{name}")).import_id for name in ("second", "third")]

    news = await news_of(web, page)
    later = await news_of(web, news)

    assert re.findall(r'<tbody data-newest="(\w+)"', news) == [added[1]]
    assert re.findall(r'id="row-(\w+)"', news) == added[::-1]
    assert "All 3 Queued 3 Running 0" in " ".join(re.sub("<[^>]+>", " ", news).split())
    assert "2 more imports have arrived." in news
    assert 'id="facets"' not in later


async def test_a_list_that_is_filtered_or_paged_is_told_a_number(web: Web) -> None:
    """Its rows stay where they are; only what fits counts, and it leads to the same list anew."""
    first = await web.importing("/first")
    filtered = (await web.mine.get("/imports?filter=status:queued")).text
    paged = (await web.mine.get(f"/imports?before={first.import_id}")).text
    await web.importing("/second")
    await web.failed()

    told, counted = await news_of(web, filtered), await news_of(web, paged)

    assert ("1 more import has arrived." in told, "2 more imports have arrived." in counted) == (True, True)
    assert 'href="/imports?filter=status%3Aqueued"' in told
    assert "data-newest" not in told + counted


async def test_many_new_imports_are_told_as_a_number(web: Web) -> None:
    """More than fit on a page leave no gap: the list is loaded anew for them."""
    page = (await web.mine.get("/imports")).text
    for number in range(31):
        await web.importing(f"/{number}")

    news = await news_of(web, page)

    assert "31 more imports have arrived." in news
    assert "data-newest" not in news
