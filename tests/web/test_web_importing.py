"""Submitting, watching, failing, retrying and pasting, as pages."""

import json
import re
import shlex
from datetime import timedelta
from html import unescape

import httpx2
import pytest

from cartage.imports.progress import now
from cartage.model.access import Scope
from cartage.model.catalogue import Attempt, StepState
from cartage.model.errors import BotChallenge, CartageError, Internal, LoginRequired, PageNotFound
from cartage.model.page import Page
from cartage.model.product import Product
from cartage.model.wishes import Render, Wishes
from cartage.scraping.skipping import OF_NO_USE
from tests.web.conftest import SHOP, Web, text_of


async def test_the_form_offers_links_to_try(web: Web) -> None:
    """The form has its label, its button and the demo's links, each one click away."""
    reply = await web.mine.get("/import")

    assert re.search(r'<label[^>]*for="url"[^>]*>Product URL</label>', reply.text)
    assert 'name="url" value="https://demo.example/shirt"' in reply.text


async def test_a_submission_leads_to_its_status_at_once(web: Web) -> None:
    """Submitting answers with the status page's address before any page was asked for; one job is queued."""
    reply = await web.mine.post("/import", url=f"{SHOP}/p")

    assert reply.status_code == 303
    assert re.fullmatch(r"/import/status/prd_\w+", reply.headers["location"])
    assert [request.model_dump()["sourceUrl"] for _, request in web.engine.sent] == [f"{SHOP}/p"]


async def test_a_script_is_given_the_page_of_what_it_began(web: Web) -> None:
    """Asked to, the answer is the status page itself, with its address; a known address leads where it always does."""
    web.mine.client.headers["Prefer"] = "return=representation"

    begun = await web.mine.post("/import", url=f"{SHOP}/p")
    known = await web.mine.post("/import", url=f"{SHOP}/p")

    path = begun.headers["content-location"]
    assert (begun.status_code, known.status_code) == (201, 303)
    assert known.headers["location"] == f"{path}?known=1"
    assert f'data-live="{path}/events' in begun.text
    assert f'name="next" value="{path}"' in begun.text


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("not a url at all", "not a web address"),
        ("http://127.0.0.1:22/", "private network"),
        ("ftp://shop.example/p", "http"),
        ('"><script>alert(1)</script>', "not a web address"),
    ],
)
async def test_a_bad_address_is_refused_in_place(web: Web, url: str, said: str) -> None:
    """The form comes back with one alert, the advice and what was typed; nothing is queued."""
    reply = await web.mine.post("/import", url=url)

    alert = re.search(r'role="alert">(.*?)</div></div>', reply.text, re.DOTALL)
    assert reply.status_code == 422
    assert alert
    assert said in alert[1]
    assert "<script>alert" not in reply.text
    assert 'aria-invalid="true"' in reply.text
    assert web.engine.sent == []


async def test_a_known_address_leads_to_what_can_be_done_with_it(web: Web) -> None:
    """An address imported before is not imported twice: its page offers to open it, refresh it, or import it anew."""
    product_id = await web.imported(Product(name="Lamp"))
    product = await web.imports.product(web.mine.merchant_id, product_id)

    submitted = await web.mine.post("/import", url=product.source_url, render="first", language="de")
    page = await web.mine.get(submitted.headers["location"])

    here = f"/import/status/{product_id}"
    assert submitted.headers["location"] == f"{here}?known=1&render=first&language=de"
    assert page.status_code == 200
    assert "You have this product already" in text_of(page)
    assert f'href="/products/{product_id}"' in page.text
    assert page.text.count(f'action="{here}/retry"') == 2
    assert '<option value="de" translate="no" selected>' in page.text


async def test_a_known_product_is_imported_again_in_another_way(web: Web) -> None:
    """What the form asks holds for the new import, what it does not ask stays, and a fault is told beside its field."""
    submitted = await web.mine.post("/import", url=f"{SHOP}/lamp", tags="lights")
    product_id = submitted.headers["location"].rpartition("/")[2]
    await web.imports.cancel(web.mine.merchant_id, product_id)
    here = f"/import/status/{product_id}"

    wrong = await web.mine.post(f"{here}/retry", render="first", language="no language")
    await web.mine.post(f"{here}/retry", render="first", language="de")

    newest, first = await web.imports.imports(web.mine.merchant_id)
    assert wrong.status_code == 422
    assert 'id="language-error"' in wrong.text
    assert first.wishes == Wishes(tags=("lights",))
    assert newest.wishes == Wishes(tags=("lights",), render=Render.FIRST, language="de")


async def test_a_running_import_shows_its_steps(web: Web) -> None:
    """The status page names the running step, can be cancelled, and reloads itself without scripts."""
    product = await web.importing()
    await web.step(product, "try direct 1", StepState.RUNNING)
    await web.step(product, "wait for direct 2", StepState.WAITING)

    reply = await web.mine.get(f"/import/status/{product.id}")

    assert reply.text.count('<bdi translate="no">wait for direct 2</bdi>') == 1
    assert re.findall(r'class="bar-(\w+)', reply.text) == ["line", "run", "rest"]
    assert "goes on" in reply.text
    assert f'<noscript><meta http-equiv="refresh" content="2;url=/import/status/{product.id}"></noscript>' in reply.text
    assert f'action="/import/status/{product.id}/cancel"' in reply.text


async def test_a_stopped_worker_is_shown(web: Web) -> None:
    """When nothing that runs imports has been seen for a minute, the page says so, and that nothing is lost."""
    product = await web.importing()
    web.engine.seen_at = now() - timedelta(seconds=60)

    page = await web.mine.get(f"/import/status/{product.id}")

    assert "The worker stopped. The import goes on by itself when one starts." in text_of(page)


async def test_what_was_submitted_is_there_at_once(web: Web) -> None:
    """One answer leads to a whole page, made by the server alone before any worker has seen the import."""
    sent = await web.mine.post("/import", url=f"{SHOP}/p/new")
    shown = await web.mine.get(sent.headers["location"])
    form = await web.mine.get("/import")

    [(import_id, _)] = web.engine.sent
    assert (sent.status_code, shown.status_code) == (303, 200)
    assert re.search(r"asked for by \S+@\S+", text_of(await web.mine.get(f"/imports/{import_id}")))
    assert len(web.engine.sent) == 1
    assert f"{SHOP}/p/new" in text_of(shown)
    assert "It is next, and starts in a moment." in text_of(shown)
    assert "product/scrape.requested" in shown.text
    assert sent.headers["location"] in form.text


async def test_an_imported_product_s_status_page_is_the_product(web: Web) -> None:
    """Once imported, the status page leads to the product without any script."""
    product_id = await web.imported(Product(name="Lamp"))

    reply = await web.mine.get(f"/import/status/{product_id}")

    assert (reply.status_code, reply.headers["location"]) == (303, f"/products/{product_id}?imported=1")


@pytest.mark.parametrize(
    ("error", "side", "title"),
    [
        (PageNotFound("The page answers 404."), "the shop's side", "The page is gone"),
        (BotChallenge("A captcha fills the page."), "the shop's side", "captcha"),
        (Internal("The import stopped: ValueError."), "our side", "A bug"),
    ],
)
async def test_a_failure_is_explained(web: Web, error: CartageError, side: str, title: str) -> None:
    """What happened, whose side it is on, what to do, what was tried, and the ways on are all on the page."""
    product_id = await web.failed(error)

    reply = await web.mine.get(f"/import/status/{product_id}")

    text = text_of(reply)
    assert side in text
    assert re.search(rf"<h1[^>]*>[^<]*{title}", reply.text)
    assert error.detail in text
    assert error.advice in text
    assert "Read the page directly (try 2)" in text
    assert "412 ms" in text
    assert "free" in text
    assert ">Retry</button>" in reply.text
    assert "<summary>Paste the page's HTML instead</summary>" in reply.text
    assert "http-equiv" not in reply.text


@pytest.mark.parametrize(
    ("error", "first"),
    [
        (PageNotFound("It is gone."), "Import another"),
        (LoginRequired("A login."), "Send it from your browser"),
        (Internal("The import stopped: ValueError."), "Retry"),
    ],
)
async def test_the_first_way_on_is_one_that_may_help(web: Web, error: CartageError, first: str) -> None:
    """Retrying stands first only where it may go well; it is never taken away."""
    product_id = await web.failed(error)

    reply = await web.mine.get(f"/import/status/{product_id}")

    ways = re.findall(r'class="btn"[^>]*>([^<]+)</', reply.text[reply.text.index('class="actions"') :])
    assert ways[0] == first
    assert ("Retry" in ways, ways.count("Import another")) == (True, 1)


async def test_retrying_starts_another_import_once(web: Web) -> None:
    """Two clicks on Retry are one new import, and both lead to its status."""
    product_id = await web.failed()
    before = len(web.engine.sent)

    replies = [await web.mine.post(f"/import/status/{product_id}/retry") for _ in range(2)]

    assert {reply.headers["location"] for reply in replies} == {f"/import/status/{product_id}"}
    assert len(web.engine.sent) == before + 1


async def test_pasted_html_is_imported(web: Web) -> None:
    """HTML as large as shops make it, sent as the page's form sends it, becomes a new import."""
    product_id = await web.failed()
    html = f"<h1>Kettle</h1>{'x' * 3_000_000}"

    reply = await web.mine.client.post(
        f"/import/status/{product_id}/paste", files={"csrf": (None, web.mine.csrf), "html": (None, html)}
    )

    product = await web.imports.product(web.mine.merchant_id, product_id)
    import_ = await web.imports.import_(web.mine.merchant_id, product.import_id)
    assert (reply.status_code, reply.headers["location"]) == (303, f"/import/status/{product_id}")
    assert import_.pasted_page_id
    assert await web.store.artifacts.get(web.mine.merchant_id, import_.pasted_page_id) == html.encode()


async def test_an_empty_paste_is_refused_in_place(web: Web) -> None:
    """Nothing pasted is said at the field, with the field open."""
    product_id = await web.failed()

    reply = await web.mine.post(f"/import/status/{product_id}/paste", html="  ")

    assert reply.status_code == 422
    assert "The pasted HTML is empty." in reply.text
    assert '<details class="paste" open>' in reply.text


async def test_a_form_larger_than_any_page_is_refused(web: Web) -> None:
    """An endless form is refused with a page."""
    reply = await web.mine.post("/import", url="x" * 1_000_000)

    assert reply.status_code == 413
    assert "too large" in reply.text


async def test_cancelling_ends_the_import(web: Web) -> None:
    """Cancel stops the import and says whose doing it was."""
    product = await web.importing()

    await web.mine.post(f"/import/status/{product.id}/cancel")

    text = text_of(await web.mine.get(f"/import/status/{product.id}"))
    assert "A person stopped the import" in text
    assert "on your side" in text


async def test_the_scrape_status_has_three_fields(web: Web) -> None:
    """`/api/scrape-status` answers the page's cookie and a program's token alike, with exactly three fields."""
    product_id = await web.failed()
    _, token = await web.accounts.create_token(web.mine.merchant_id, "test")

    by_cookie = await web.mine.client.get(f"/api/scrape-status/{product_id}")
    by_token = await web.stranger.get(f"/api/scrape-status/{product_id}", headers={"Authorization": f"Bearer {token}"})

    error = f"{SHOP} answers 404: the page does not exist. {PageNotFound.advice}"
    assert by_cookie.json() == by_token.json() == {"status": "FAILED", "productId": product_id, "error": error}


async def test_the_scrape_status_is_the_merchant_s_own(web: Web) -> None:
    """Strangers are turned away, and another merchant's id reads as an unknown one."""
    product = await web.importing()

    mine = await web.mine.client.get(f"/api/scrape-status/{product.id}")
    theirs = await web.theirs.client.get(f"/api/scrape-status/{product.id}")
    unknown = await web.theirs.client.get("/api/scrape-status/prd_unknown")
    nobody = await web.stranger.get(f"/api/scrape-status/{product.id}")

    assert mine.json() == {"status": "IMPORTING", "productId": product.id, "error": None}
    assert (theirs.status_code, nobody.status_code) == (404, 401)
    assert theirs.text.replace(product.id, "prd_unknown") == unknown.text


async def test_what_a_try_brought_can_be_downloaded(web: Web) -> None:
    """The page comes as a file that no browser opens as a page, to its merchant and by its own import only."""
    product = await web.importing()
    kept = Page(url=product.source_url, status=200, body=b"<script>alert(1)</script>", fetched_at=now())
    page_id = await web.store.artifacts.put(web.mine.merchant_id, "application/json", kept.model_dump_json().encode())
    other = await web.store.artifacts.put(web.mine.merchant_id, "text/html", b"pasted")
    attempt = Attempt(provider="direct", number=1, started_at=now(), duration_ms=7, page_id=page_id)
    await web.store.catalogue.record_attempt(product.import_id, attempt)
    await web.step(product, "try direct 1", StepState.SUCCEEDED)
    path = f"/imports/{product.import_id}/artifacts"

    shown = await web.mine.get(f"/imports/{product.import_id}?show=artifacts")
    mine = await web.mine.get(f"{path}/{page_id}")
    theirs = await web.theirs.get(f"{path}/{page_id}")
    unrelated = await web.mine.get(f"{path}/{other}")

    assert f'href="{path}/{page_id}" download' in shown.text
    assert mine.content == kept.body
    assert mine.headers["content-type"] == "application/octet-stream"
    assert mine.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in mine.headers["content-security-policy"]
    assert (theirs.status_code, unrelated.status_code) == (404, 404)


async def test_a_failure_shows_what_the_browser_showed(web: Web) -> None:
    """The failure's page shows the shot, which is a sandboxed picture to its merchant and nothing to others."""
    product_id = await web.failed()
    import_id = (await web.imports.product(web.mine.merchant_id, product_id)).import_id
    shot_id = await web.store.artifacts.put(web.mine.merchant_id, "image/jpeg", b"\xff\xd8shot")
    attempt = Attempt(provider="browser", number=1, started_at=now(), duration_ms=7, shot_id=shot_id)
    await web.store.catalogue.record_attempt(import_id, attempt)
    path = f"/imports/{import_id}/artifacts/{shot_id}"

    shown = await web.mine.get(f"/import/status/{product_id}")
    mine = await web.mine.get(path)
    theirs = await web.theirs.get(path)
    nobody = await web.stranger.get(path)

    assert f'<img src="{path}"' in shown.text
    assert mine.content == b"\xff\xd8shot"
    assert mine.headers["content-type"] == "image/jpeg"
    assert mine.headers["x-content-type-options"] == "nosniff"
    assert mine.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert theirs.status_code == 404
    assert nobody.status_code in (303, 401)


async def test_an_address_cannot_break_out_of_the_copied_command(web: Web) -> None:
    """Whatever an address holds, the command to copy has it as one word."""
    product = await web.importing("/p?a='$(reboot)'")

    page = await web.mine.get(f"/import/status/{product.id}")

    command = unescape(re.findall(r'id="add-as-command">([^<]+)<', page.text)[0])
    assert shlex.split(command) == ["cartage", "add", product.source_url]


async def test_what_is_copied_does_what_it_says(web: Web) -> None:
    """The calls to copy, sent as they stand with a token, import the address again, or cancel what is under way."""
    _, token = await web.accounts.create_token(web.mine.merchant_id, "copied", tuple(Scope))
    failed, running = await web.failed(), await web.importing("/running")

    async def sent(product_id: str, name: str) -> httpx2.Response:
        page = await web.mine.get(f"/import/status/{product_id}")
        call = unescape(re.findall(rf'id="{name}-as-curl">([^<]+)<', page.text)[0])
        _, _, method, url, _, header, *body = shlex.split(call.replace("$CARTAGE_TOKEN", token))
        key, _, value = header.partition(": ")
        content = {"json": json.loads(body[1])} if body else {}
        return await web.stranger.request(method, url, headers={key: value}, **content)

    retried = await sent(failed, "retry")
    cancelled = await sent(running.id, "cancel")
    added = await sent(running.id, "add")

    assert (retried.status_code, retried.json()["product_id"]) == (202, failed)
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "failed")
    assert (added.status_code, added.json()["product_id"]) == (200, running.id)


async def test_what_was_skipped_is_shown_with_why(web: Web) -> None:
    """A step that was left out stands in its place, greyed, with the reason, no time and no cost."""
    product = await web.importing("/skipping")
    await web.step(product, "try direct 1", StepState.RUNNING)
    await web.step(product, "try browser 1", StepState.SKIPPED, OF_NO_USE)

    page = await web.mine.get(f"/import/status/{product.id}")

    line = re.findall(r'<li class="tone-idle skipped">(.*?)</li>', page.text, re.DOTALL)
    assert len(line) == 1
    assert OF_NO_USE in line[0]
    assert "skipped" in line[0]
    assert "bar-run" not in line[0]
