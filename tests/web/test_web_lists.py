"""Lists on the web: paste or upload one, look it over, start it, watch it, and get it back."""

import csv
import io
import re
from decimal import Decimal
from urllib.parse import urlencode

import httpx2
from fastapi import APIRouter, FastAPI, Request

from cartage.imports.batch_file import open_batch
from cartage.model.batch import BatchState, BatchTerms, OnDuplicate
from cartage.model.errors import BotChallenge, LoginRequired, PageNotFound, RateLimited
from cartage.model.pricing import Markup
from cartage.model.product import Money, Product
from cartage.model.wishes import Render, Wishes
from cartage.web.answers import PageRoute
from cartage.web.reading import RowCount, add_reading
from cartage.web.session import LARGEST_BODY, LARGEST_UPLOAD, Sessions
from tests.contracts.records import a_batch, an_attempt, kept_rows, sent_row
from tests.imports.workbooks import workbook
from tests.web.conftest import SHOP, Web, client, text_of


async def upload(web: Web, name: str, content: bytes) -> httpx2.Response:
    """Send a file as the page's form would."""
    files = {"file": (name, content, "application/octet-stream")}
    return await web.mine.client.post("/import/file", data={"csrf": web.mine.csrf}, files=files)


def chosen_in(page: httpx2.Response) -> dict[str, str]:
    """Read what each column is said to hold."""
    selects = re.findall(r'<select[^>]* name="(use_\d+)".*?</select>', page.text)
    chosen = [re.search(rf'name="{name}".*?value="([^"]*)" selected.*?</select>', page.text) for name in selects]
    return {name: found[1] if found else "" for name, found in zip(selects, chosen, strict=True)}


def hidden_in(page: httpx2.Response) -> dict[str, str]:
    """Read what the form sends of itself, besides the token."""
    form = page.text[page.text.index('data-reads="start"') :]
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")])
    return {name: value for name, value in found if name != "csrf"}


async def test_pasted_addresses_are_looked_over_and_started(web: Web) -> None:
    """What is new, known, twice or wrong is said before anything is kept; then it starts."""
    known = await web.imported(Product(name="Mug"))
    url = (await web.imports.product(web.mine.merchant_id, known)).source_url
    pasted = f"{url}\n{SHOP}/a\n{SHOP}/b\n{SHOP}/a\nnothing\n"

    check = await web.mine.post("/import/many", addresses=pasted)
    page = await web.mine.get(check.headers["location"])
    before = await web.store.batches.batches(web.mine.merchant_id)
    started = await web.mine.post(check.headers["location"].partition("?")[0], form="lines", action="start")

    text = text_of(page)
    for told in ("5 rows from 1 site", "2 new", "1 already imported", "1 twice in this list", "1 not usable"):
        assert told in text
    assert "Start 2 imports" in text
    assert before == []
    (batch,) = await web.store.batches.batches(web.mine.merchant_id)
    assert (started.status_code, started.headers["location"]) == (303, f"/batches/{batch.id}")
    assert sum((await web.store.batches.counts(batch.id)).values()) == 5


async def test_a_workbook_keeps_its_columns_and_its_name(web: Web) -> None:
    """The column of addresses is found in an Excel file, shown with its cells, and can be chosen otherwise."""
    content = workbook([["sku", "Seite"], ["K-1", f"{SHOP}/a"], ["K-2", f"{SHOP}/b"]])

    checked = (await upload(web, "order.xlsx", content)).headers["location"]
    page = await web.mine.get(checked)
    other = await web.mine.get(f"{checked}&place=0")
    path = checked.partition("?")[0]
    started = await web.mine.post(path, name="order.xlsx", place="1", action="start")

    assert '<option value="1" selected>Seite</option>' in page.text
    assert "2 new" in text_of(page)
    assert "2 not usable" in text_of(other)
    assert "order.xlsx" in text_of(await web.mine.get(started.headers["location"]))


async def test_json_lines_are_uploaded_like_any_list(web: Web) -> None:
    """Their fields are columns, and the one with the addresses is found."""
    lines = f'{{"sku": "K-1", "url": "{SHOP}/a"}}\n{{"url": "{SHOP}/b"}}\n'

    checked = await web.mine.get((await upload(web, "x.jsonl", lines.encode())).headers["location"])

    assert "2 rows from 1 site" in text_of(checked)


async def test_a_column_that_nobody_can_guess_is_asked_for(web: Web) -> None:
    """Nothing is counted until the column is chosen."""
    checked = (await upload(web, "x.csv", b"sku;note\nK-1;blue\n")).headers["location"]

    page = await web.mine.get(checked)

    assert "Which column holds the addresses?" in text_of(page)
    assert "Start" not in text_of(page)


async def test_rows_are_mended_in_place(web: Web) -> None:
    """A wrong address that is mended counts as new, and the other columns stay."""
    checked = (await upload(web, "x.csv", f"sku,url\nK-1,oops\nK-2,{SHOP}/b\n".encode())).headers["location"]
    path = checked.partition("?")[0]

    mended = await web.mine.post(path, name="x.csv", place="1", action="check", row_1_1=f"{SHOP}/a")
    page = await web.mine.get(mended.headers["location"])
    started = await web.mine.post(mended.headers["location"].partition("?")[0], place="1", action="start")
    result = await web.mine.get(started.headers["location"] + "/result.csv")

    assert "2 new" in text_of(page)
    assert "not usable" not in text_of(page)
    rows = list(csv.reader(io.StringIO(result.text)))
    assert [row[:3] for row in rows[1:]] == [["K-1", f"{SHOP}/a", "queued"], ["K-2", f"{SHOP}/b", "queued"]]


async def test_a_wrong_row_is_named_by_its_line(web: Web) -> None:
    """The check names the line of the file, also after another row was mended, and so does the list's own page."""
    content = f'url,note\noops,"a\nb"\n\nups,c\n{SHOP}/a,d\n'
    checked = (await upload(web, "x.csv", content.encode())).headers["location"]
    path = checked.partition("?")[0]

    page = await web.mine.get(checked)
    mended = await web.mine.post(path, name="x.csv", place="0", action="check", row_1_0=f"{SHOP}/b")
    again = await web.mine.get(mended.headers["location"])
    started = await web.mine.post(mended.headers["location"].partition("?")[0], place="0", action="start")

    assert ("Line 2 " in text_of(page), "Line 5 " in text_of(page)) == (True, True)
    assert ("Line 2 " in text_of(again), "Line 5 " in text_of(again)) == (False, True)
    assert "2 Line 5 " in text_of(await web.mine.get(started.headers["location"] + "?status=invalid"))


async def test_what_columns_say_is_chosen_before_it_starts(web: Web) -> None:
    """What is used is told with its cells, switched off and mapped by hand; wrong cells are mended in place."""
    content = f"url,SKU,Artikel,price\n{SHOP}/a,A-1,Ours,cheap\n{SHOP}/b,B-1,,9 EUR\n"
    checked = (await upload(web, "x.csv", content.encode())).headers["location"]
    path = checked.partition("?")[0]

    page = await web.mine.get(checked)
    fields = {"name": "x.csv", "place": "0", "mapped": "4", "use_2": "name", "use_3": "price"}
    mapped = await web.mine.get(f"{path}?{urlencode(fields)}")
    otherwise = await web.mine.get(f"{path}?{urlencode(fields | {'mapped': '1'})}")
    mended = await web.mine.post(path, action="check", row_1_3="7,50 EUR", **fields)
    again = await web.mine.get(mended.headers["location"])
    started = await web.mine.post(mended.headers["location"].partition("?")[0], action="start", **fields)

    assert chosen_in(page) == {"use_1": "sku", "use_2": "", "use_3": "price"}
    assert "Line 2, price 'cheap' is no plain price" in text_of(page)
    assert chosen_in(mapped) == {"use_1": "", "use_2": "name", "use_3": "price"}
    assert chosen_in(otherwise) == chosen_in(page)  # it was mapped when the columns were others
    assert "2 new" in text_of(again)
    batch = await web.store.batches.batch(web.mine.merchant_id, started.headers["location"].rpartition("/")[2])
    rows = await web.store.batches.waiting(batch.id, 9)
    assert "Columns used Artikel, price" in text_of(await web.mine.get(started.headers["location"]))
    assert batch.used == {"name": "Artikel", "price": "price"}
    assert [each.given and each.given.changes() for each in rows] == [
        {"name": "Ours", "price": Money(amount=Decimal("7.50"), currency="EUR")},
        {"price": Money(amount=Decimal(9), currency="EUR")},
    ]


async def test_columns_and_wrong_rows_are_seen_before_the_start(web: Web) -> None:
    """They stand above the button, in its own form, and columns that say nothing are folded where they are many."""
    heads = ",".join(f"extra{number}" for number in range(6))
    content = f"url,sku,{heads}\n{SHOP}/a,A-1,,,,,,\noops,A-2,,,,,,\n"

    page = await web.mine.get((await upload(web, "x.csv", content.encode())).headers["location"])

    places = [
        page.text.index(part) for part in ('data-reads="start"', 'name="use_1"', 'name="row_2_0"', 'value="start"')
    ]
    assert places == sorted(places)
    assert "</form>" not in page.text[places[0] : places[-1]]
    assert "6 more columns, only returned" in text_of(page)
    assert page.text.index("6 more columns") < page.text.index('name="use_2"')


async def test_what_was_changed_is_looked_over_before_it_starts(web: Web) -> None:
    """Whoever starts a list and changed its columns or its cells since they saw it is shown what it holds now."""
    content = f"url,a,price\n{SHOP}/a,Mug,9 EUR\noops,Rug,8 EUR\n"
    checked = (await upload(web, "x.csv", content.encode())).headers["location"]
    fields = {**hidden_in(await web.mine.get(checked)), "place": "0", "use_2": "price", "row_2_0": "oops"}
    path = checked.partition("?")[0]

    mapped = await web.mine.post(path, action="start", **fields | {"use_1": "name"})
    mended = await web.mine.post(path, action="start", **fields | {"row_2_0": f"{SHOP}/b"})
    pages = [await web.mine.get(reply.headers["location"]) for reply in (mapped, mended)]
    before = await web.store.batches.batches(web.mine.merchant_id)
    started = await web.mine.post(path, action="start", **fields)

    assert ["Nothing was started yet." in text_of(page) for page in pages] == [True, True]
    assert chosen_in(pages[0]) == {"use_1": "name", "use_2": "price"}
    assert "2 new" in text_of(pages[1])
    assert before == []
    assert started.headers["location"].startswith("/batches/")


async def test_cells_that_were_mended_stay_out_of_other_cells(web: Web) -> None:
    """A list that is cut otherwise than it was shown has other cells: what was typed into the former is not theirs."""
    content = f"url;n\n{SHOP}/a,b;1\noops;2\n"
    checked = (await upload(web, "x.csv", content.encode())).headers["location"]
    fields = {**hidden_in(await web.mine.get(checked)), "place": "0", "row_2_0": f"{SHOP}/c"}

    cut = await web.mine.post(checked.partition("?")[0], action="check", delimiter=",", **fields)

    assert cut.headers["location"].partition("?")[0] == checked.partition("?")[0]
    assert "1 not usable" in text_of(await web.mine.get(cut.headers["location"]))


async def test_what_cannot_be_read_is_said_in_place(web: Web) -> None:
    """An empty paste, an empty file and a broken workbook each get their sentence, and nothing is kept."""
    pasted = await web.mine.post("/import/many", addresses="  ")
    empty = await upload(web, "x.csv", b"")
    broken = await upload(web, "x.xlsx", b"PK\x03\x04 broken")

    assert (pasted.status_code, empty.status_code, broken.status_code) == (422, 422, 422)
    assert "Paste at least one address." in text_of(pasted)
    assert "Choose a file that is not empty." in text_of(empty)
    assert "The workbook cannot be read" in text_of(broken)


async def test_a_list_that_is_too_large_gives_the_form_back(web: Web) -> None:
    """With the bound that it is over, and nothing is kept; what is beyond all bounds is refused unread."""
    reply = await upload(web, "x.csv", b"url\n" + bytes(LARGEST_UPLOAD))
    unread = await web.mine.client.post("/import/file", headers={"Content-Length": str(LARGEST_BODY + 1)}, content=b"x")

    assert (reply.status_code, unread.status_code) == (413, 413)
    assert "The file is larger than 16 MB" in text_of(reply)
    assert 'action="/import/file"' in reply.text


async def test_a_file_from_another_site_s_page_is_refused(web: Web) -> None:
    """An upload without the session's token is no upload."""
    reply = await web.mine.client.post("/import/file", files={"file": ("x.csv", b"url\n", "text/csv")})

    assert reply.status_code == 403


async def test_a_batch_says_what_went_wrong_with_one_action_each(web: Web) -> None:
    """Counts, reasons and what helps with each: a retry only where it may, and it says how many rows it took."""
    batch = a_batch(web.mine.merchant_id, BatchState.FED)
    gone, asking, busy, last = await kept_rows(web.store, batch, 4)
    for row, error in ((gone, PageNotFound("x")), (asking, LoginRequired("x")), (busy, RateLimited("x"))):
        _, product, _ = await sent_row(web.store, batch, row)
        await web.end(product, error.failure())
    await sent_row(web.store, batch, last)

    page = await web.mine.get(f"/batches/{batch.id}")
    retried = await web.mine.post(f"/batches/{batch.id}/retry")
    after = await web.mine.get(retried.headers["location"])
    rows = await web.mine.get(f"/batches/{batch.id}/result.csv?status=failed&error=not_found")

    text = text_of(page)
    assert "3 of 4" in text
    assert re.search(r"The page is gone 1 This is on the shop's side\. shop\.example \(1\)\.", text)
    assert "You can leave this page" in text
    assert re.findall(r'id="((?:retry|page|get)-[a-z_]+)"', page.text) == [
        "page-login_required",
        "get-login_required",
        "get-not_found",
        "retry-rate_limited",
    ]
    assert (
        "1 may go well if tried again, 2 cannot: The page is behind a login or a password (1), The page is gone (1)."
        in text
    )
    assert "1 row is queued again. 2 are left as they are, for they would fail again." in text_of(after)
    assert [row[2] for row in csv.reader(io.StringIO(rows.text))][1:] == ["failed"]


async def test_what_a_browser_may_mend_is_retried_with_it(web: Web) -> None:
    """Where no browser saw the page, that is the one action; where it did, it is a plain retry."""
    batch = a_batch(web.mine.merchant_id, BatchState.FED)
    (row,) = await kept_rows(web.store, batch, 1)
    _, product, import_ = await sent_row(web.store, batch, row)
    await web.end(product, BotChallenge("A captcha.").failure())

    page = text_of(await web.mine.get(f"/batches/{batch.id}"))
    status = await web.mine.get(f"/import/status/{product.id}")
    await web.store.catalogue.record_attempt(import_.id, an_attempt("browser"))
    after = text_of(await web.mine.get(f"/batches/{batch.id}"))
    await web.mine.post(f"/batches/{batch.id}/retry", error="bot_challenge", render="first")

    (waiting,) = await web.store.batches.waiting(batch.id, 9)
    assert "Retry 1 with the browser" in page
    assert "Retry with the browser" in text_of(status)
    assert "with the browser" not in after
    assert waiting.render is Render.FIRST


async def test_a_batch_says_what_it_was_started_with(web: Web) -> None:
    """Each option that is not as usual stands on its page; where all are, there is nothing to say."""
    asked = BatchTerms(
        max_cost=2_500_000,
        on_duplicate=OnDuplicate.REFRESH,
        enhance=True,
        at_once=4,
        wishes=Wishes(
            render=Render.FIRST,
            language="ar",
            tags=("a", "b"),
            own_rule=Markup(multiplier=Decimal("2.5")),
            max_cost_usd=Decimal("0.05"),
        ),
    )
    usual, odd = a_batch(web.mine.merchant_id), a_batch(web.mine.merchant_id).model_copy(update=dict(asked))
    usual = usual.model_copy(update=dict(BatchTerms()))
    await kept_rows(web.store, usual, 1)
    await kept_rows(web.store, odd, 1)

    pages = [await web.mine.get(f"/batches/{batch.id}") for batch in (usual, odd)]

    assert 'class="terms"' not in pages[0].text
    told = (
        "Open in a browser First of all Language to ask for Arabic Tags a, b A pricing rule of their own Times 2.5 "
        "Spend at most $2.50 Spend at most on each $0.05 At the same time 4 "
        "What you have already Import it again Enhance it afterwards yes"
    )
    assert told in text_of(pages[1])


async def test_a_batch_s_events_end_with_it(web: Web) -> None:
    """The stream sends the progress, and ends when nothing more happens."""
    batch = a_batch(web.mine.merchant_id)
    await kept_rows(web.store, batch, 2)
    await web.mine.post(f"/batches/{batch.id}/cancel")

    reply = await web.mine.client.get(f"/batches/{batch.id}/events")

    assert "event: progress" in reply.text
    assert "2</strong> cancelled" in reply.text
    assert reply.text.strip().endswith(f"event: settled\ndata: /batches/{batch.id}")
    assert "2 cancelled" in text_of(await web.mine.get("/batches"))


async def test_legend_and_chips_count_from_one_look(web: Web) -> None:
    """What each event brings holds both, and the chip of the chosen status stays chosen."""
    batch = a_batch(web.mine.merchant_id)
    await kept_rows(web.store, batch, 3)
    page = await web.mine.get(f"/batches/{batch.id}?status=queued")
    live = re.search(r'data-live="([^"]+)"', page.text)
    assert live
    await web.store.batches.cancel_batch(batch.id)

    brought = (await web.mine.client.get(live[1])).text

    chips = brought[brought.index('id="row-chips"') :]
    assert live[1].endswith("?status=queued")
    assert "3</strong> cancelled" in brought
    assert ">Cancelled 3</a>" in chips
    assert 'id="row-chips"' in page.text


async def test_rows_are_shown_by_status_and_page(web: Web) -> None:
    """Every row is reached, those of one status where asked."""
    batch = a_batch(web.mine.merchant_id)
    await kept_rows(web.store, batch, 60)

    first = await web.mine.get(f"/batches/{batch.id}?status=queued")
    second = await web.mine.get(f"/batches/{batch.id}?after=50&status=queued")
    none = await web.mine.get(f"/batches/{batch.id}?status=failed")

    assert "/p/mug/50<" in first.text
    assert "Next rows" in first.text
    assert "/p/mug/60<" in second.text
    assert "No row has this status now." in text_of(none)


async def test_how_far_a_list_is_read_is_told_to_whoever_reads_it(web: Web) -> None:
    """While its rows are read their number is told, to that session alone; before and after there is nothing."""
    count, sessions = RowCount(), Sessions(web.accounts, secure=False)
    secret = web.mine.client.cookies["cartage_session"]
    visitor = await sessions.visitor(
        Request({"type": "http", "headers": [(b"cookie", f"cartage_session={secret}".encode())]})
    )
    file = open_batch(io.BytesIO(f"url\n{SHOP}/1\n{SHOP}/2\n{SHOP}/3\n".encode()))
    router = APIRouter(route_class=PageRoute)
    add_reading(router, count, sessions)
    server = FastAPI()
    server.include_router(router)

    async with client(server) as mine, client(server) as theirs:
        mine.cookies.update(web.mine.client.cookies)
        theirs.cookies.update(web.theirs.client.cookies)
        with count.counting(visitor, file) as counted:
            read = [next(counted.rows), next(counted.rows)]
            told = [(await each.get("/import/reading")).text.strip() for each in (mine, theirs)]
        after = (await mine.get("/import/reading")).text.strip()

    assert [cells for _, cells in read] == [(f"{SHOP}/1",), (f"{SHOP}/2",)]
    assert (*told, after) == ("2 rows so far", "", "")
