"""The API's promises about imports and products."""

import asyncio

import pytest

from cartage.model.catalogue import ImportState, Status, StepState
from cartage.model.errors import AccessDenied
from cartage.model.page import Page, PageKind
from cartage.model.service_errors import BudgetReached
from cartage.model.visit_errors import ProductsListed
from cartage.scraping.coming import IF_NEEDED
from tests.api.conftest import Api
from tests.contracts.records import NOON, a_step, an_attempt, an_event
from tests.extraction.listings import CARDED, NAMES, listing

HTML = b"<!doctype html><title>Gone \xfc</title>"
URL = "https://shop.example/products/linen-camp-shirt"


async def test_a_submission_is_accepted_at_once(api: Api) -> None:
    """POST /v1/imports answers 202 with where to look, and the engine is sent the three public fields."""
    reply = await api.mine.post("/v1/imports", json={"url": URL})

    assert reply.status_code == 202
    body = reply.json()
    assert reply.headers["location"] == f"/v1/imports/{body['id']}"
    assert body["status"] == "queued"
    [(import_id, request)] = api.engine.sent
    assert import_id == body["id"]
    assert set(request.model_dump()) == {"productId", "sourceUrl", "merchantId"}
    assert request.productId == body["product_id"]


async def test_what_waits_says_its_place_in_line(api: Api) -> None:
    """The reply to a submission counts it and what goes first; no time is said where nothing ended lately."""
    await api.mine.post("/v1/imports", json={"url": URL})
    await api.theirs.post("/v1/imports", json={"url": URL})

    second = (await api.mine.post("/v1/imports", json={"url": f"{URL}-2"})).json()

    assert (second["queue_position"], second["starts_in_seconds"], second["steps"]) == (2, None, [])


async def test_an_import_has_a_bound_of_its_own(api: Api) -> None:
    """What it may spend is told with it; less than nothing is pointed at."""
    bounded = (await api.mine.post("/v1/imports", json={"url": URL, "max_cost_usd": "0.05"})).json()
    refused = await api.mine.post("/v1/imports", json={"url": f"{URL}-2", "max_cost_usd": -1})

    assert bounded["max_cost"] == {"amount": "0.05", "currency": "USD"}
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/max_cost_usd")


async def test_what_stopped_at_a_budget_goes_on_within_another_bound(api: Api) -> None:
    """Going on without a body lifts the import's bound, with one it has that; both name what they go on from."""
    bounds: list[str | None] = []
    for body in (None, {"max_cost_usd": "0.20"}):
        import_id = (
            await api.mine.post("/v1/imports", json={"url": f"{URL}?{len(bounds)}", "max_cost_usd": "0"})
        ).json()["id"]
        import_ = api.store.catalogue.kept_import(import_id)
        failure = BudgetReached("The import's own bound is used up (0 USD).").failure()
        failed = api.store.catalogue.kept_product(import_.product_id).model_copy(
            update={"status": Status.FAILED, "failure": failure}
        )
        ended = import_.model_copy(update={"state": ImportState.FAILED, "failure": failure, "finished_at": NOON})
        await api.store.catalogue.end_import(failed, ended, an_event(import_, "product/scrape.failed"))

        begun = (await api.mine.post(f"/v1/imports/{import_id}/continue", json=body)).json()

        assert begun["resumes"] == import_id
        bounds.append(begun["max_cost"] and begun["max_cost"]["amount"])
    assert bounds == [None, "0.20"]


async def test_a_retry_may_be_done_otherwise(api: Api) -> None:
    """What the retry names takes the place of what the import was done with; all else stays."""
    asked = {"url": URL, "render": "never", "language": "ar", "max_cost_usd": "0.05"}
    first = (await api.mine.post("/v1/imports", json=asked)).json()
    await api.end(first["id"])

    again = (await api.mine.post(f"/v1/imports/{first['id']}/retry", json={"render": "first", "language": None})).json()

    assert (again["render"], again["language"], again["max_cost"]["amount"]) == ("first", None, "0.05")


async def test_an_import_says_who_asked_for_it(api: Api) -> None:
    """The token that asked is named, in a retry the one that asked for that."""
    first = (await api.mine.post("/v1/imports", json={"url": URL})).json()
    await api.end(first["id"])
    _, secret = await api.accounts.create_token(api.store.catalogue.kept_import(first["id"]).merchant_id, "nightly")

    again = await api.mine.post(f"/v1/imports/{first['id']}/retry", headers={"Authorization": f"Bearer {secret}"})

    assert (first["asked_by"], again.json()["asked_by"]) == ("token test", "token nightly")


async def test_what_is_under_way_tells_the_steps_to_come(api: Api) -> None:
    """Steps that have not begun are pending, after those that have, and say when they are done at all."""
    import_id = (await api.mine.post("/v1/imports", json={"url": URL})).json()["id"]
    planned = ("try direct 1", "try browser 1", "save")
    await api.store.catalogue.mark_running(import_id, planned)
    begun = a_step(import_id, "try direct 1")
    await api.store.catalogue.record_steps([(begun, an_event(api.store.catalogue.kept_import(import_id)))])

    import_ = (await api.mine.get(f"/v1/imports/{import_id}")).json()

    told = [(each["name"], each["status"], each["detail"], bool(each["started_at"])) for each in import_["steps"]]
    assert told == [
        ("try direct 1", "running", "", True),
        ("try browser 1", "pending", IF_NEEDED, False),
        ("save", "pending", "", False),
    ]
    assert import_["queue_position"] is None


async def test_the_same_address_again_gives_the_same_import(api: Api) -> None:
    """An address that is being imported already is answered 200 and marked a duplicate."""
    first = await api.mine.post("/v1/imports", json={"url": URL})

    again = await api.mine.post("/v1/imports", json={"url": URL + "?utm_source=mail"})

    assert again.status_code == 200
    assert again.json()["duplicate"] is True
    assert again.json()["id"] == first.json()["id"]


async def test_a_product_can_be_read_while_it_is_importing(api: Api) -> None:
    """GET /v1/products/{id} shows status IMPORTING and no facts yet."""
    product_id = (await api.mine.post("/v1/imports", json={"url": URL})).json()["product_id"]

    product = (await api.mine.get(f"/v1/products/{product_id}")).json()

    assert (product["status"], product["facts"], product["source_url"]) == ("IMPORTING", None, URL)


async def test_lists_go_on_page_after_page(api: Api) -> None:
    """Following `next` gives every product once, newest first."""
    for number in range(5):
        await api.mine.post("/v1/imports", json={"url": f"{URL}-{number}"})

    seen: list[str] = []
    address: str | None = "/v1/products?limit=2"
    while address:
        page = (await api.mine.get(address)).json()
        seen += [product["source_url"][-1] for product in page["products"]]
        address = page["next"]

    assert seen == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize("path", ["/v1/imports/{}", "/v1/products/{}", "/api/scrape-status/{}"])
async def test_anothers_id_answers_as_an_unknown_one(api: Api, path: str) -> None:
    """Another merchant's id gives 404 with the body of an id that never was, the request's own name aside."""
    created = (await api.mine.post("/v1/imports", json={"url": URL})).json()
    own_id = created["id"] if "imports" in path else created["product_id"]
    unknown_id = own_id[:-1] + ("0" if own_id[-1] != "0" else "1")

    foreign = await api.theirs.get(path.format(own_id))
    unknown = await api.theirs.get(path.format(unknown_id))

    bodies = [
        reply.text.replace(asked, "ID").replace(reply.headers["x-request-id"], "TRACE")
        for reply, asked in ((foreign, own_id), (unknown, unknown_id))
    ]
    assert foreign.status_code == unknown.status_code == 404
    assert bodies[0] == bodies[1]


async def test_a_retry_under_way_conflicts(api: Api) -> None:
    """Retrying while the import is under way answers 409."""
    import_id = (await api.mine.post("/v1/imports", json={"url": URL})).json()["id"]

    reply = await api.mine.post(f"/v1/imports/{import_id}/retry")

    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")


async def test_lists_are_filtered_page_after_page(api: Api) -> None:
    """Products and imports follow the filter, and so does the address of the next page; a wrong word is named."""
    for number in range(3):
        await api.mine.post("/v1/imports", json={"url": f"https://shop.example/p/{number}"})
    await api.mine.post("/v1/imports", json={"url": "https://other.test/p"})

    first = (await api.mine.get("/v1/products", params={"filter": "site:shop.example", "limit": 2})).json()
    second = (await api.mine.get(first["next"])).json()
    imports = (await api.mine.get("/v1/imports", params={"filter": "status:queued -site:other.test"})).json()
    wrong = await api.mine.get("/v1/products", params={"filter": "colour:red"})

    addresses = [each["source_url"] for each in first["products"] + second["products"]]
    assert addresses == [f"https://shop.example/p/{number}" for number in (2, 1, 0)]
    assert second["next"] is None
    assert len(imports["imports"]) == 3
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "filter_invalid")


async def test_lists_are_narrowed_by_parameters(api: Api) -> None:
    """Each for a word of the filter, together with it and over its pages; what there is not is named."""
    for number in range(3):
        await api.mine.post("/v1/imports", json={"url": f"https://shop.example/p/{number}", "tags": ["new"]})
    await api.mine.post("/v1/imports", json={"url": "https://other.test/p", "external_id": "row-1"})

    first = await api.mine.get("/v1/imports?site=shop.example&status=queued&filter=-p/0&limit=1")
    second = (await api.mine.get(first.json()["next"])).json()
    products = [
        (await api.mine.get(f"/v1/products?{asked}")).json()["products"]
        for asked in ("tag=new&q=p/1", "external_id=row-1", "status=IMPORTING&filter=status:failed", "batch=bat_1")
    ]
    wrong = await api.mine.get("/v1/imports?error=nonsense")

    shown = [each["url"] for each in first.json()["imports"] + second["imports"]]
    assert shown == ["https://shop.example/p/2", "https://shop.example/p/1"]
    assert second["next"] is None
    found = [[each["source_url"] for each in page] for page in products]
    assert found == [["https://shop.example/p/1"], ["https://other.test/p"], [], []]
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/query/error")


async def test_a_caller_may_wait_for_the_end(api: Api) -> None:
    """With `Prefer: wait` the reply comes when the import is over, with the product; 200, and what was applied."""
    waiting = asyncio.create_task(api.mine.post("/v1/imports", json={"url": URL}, headers={"Prefer": "wait=30"}))
    await api.engine.asked.wait()
    await api.end(api.engine.sent[0][0])

    reply = await waiting

    assert (reply.status_code, reply.headers["preference-applied"]) == (200, "wait=30")
    assert reply.json()["status"] == "succeeded"
    assert reply.json()["product"]["facts"]["name"] == "Mug"


async def test_patience_ends(api: Api) -> None:
    """An import that takes longer is shown as it stands; 202."""
    reply = await api.mine.post("/v1/imports", json={"url": URL}, headers={"Prefer": "respond-async, wait=1"})

    assert (reply.status_code, reply.json()["status"], reply.json()["product"]) == (202, "queued", None)


async def test_an_import_is_cancelled(api: Api) -> None:
    """A running import ends as failed, `cancelled`; one that is over stays as it is."""
    import_id = (await api.mine.post("/v1/imports", json={"url": URL})).json()["id"]

    cancelled = await api.mine.post(f"/v1/imports/{import_id}/cancel")
    again = await api.mine.post(f"/v1/imports/{import_id}/cancel")

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "failed")
    assert cancelled.json()["error"]["code"] == "cancelled"
    assert again.json() == cancelled.json()


async def test_what_an_import_kept_is_downloaded(api: Api) -> None:
    """Pages and extractions are listed by attempt, and come as downloads that nothing runs in."""
    created = (await api.mine.post("/v1/imports", json={"url": URL})).json()
    merchant_id = api.store.catalogue.kept_import(created["id"]).merchant_id
    page_id = await api.store.artifacts.put(merchant_id, "application/json", b'{"status": 200}')
    await api.store.catalogue.record_attempt(
        created["id"], an_attempt("direct").model_copy(update={"page_id": page_id})
    )
    path = f"/v1/imports/{created['id']}/artifacts"

    (listed,) = (await api.mine.get(path)).json()["artifacts"]
    kept = await api.mine.get(listed["links"]["self"])
    others = await api.theirs.get(listed["links"]["self"])
    unknown = await api.mine.get(f"{path}/none")

    assert (listed["name"], listed["kind"]) == ("direct-1-page.json", "page")
    assert kept.json() == {"status": 200}
    assert "attachment" in kept.headers["content-disposition"]
    assert kept.headers["content-security-policy"].startswith("sandbox")
    assert (others.status_code, unknown.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("ending", "accept", "media_type"),
    [
        ("html", "*/*", "text/html"),
        ("json", "text/html,*/*;q=0.1", "text/html"),
        ("json", "application/json, text/html", "application/json"),
        ("json", "*/*", "application/json"),
    ],
)
async def test_a_kept_page_comes_as_its_own_html(api: Api, ending: str, accept: str, media_type: str) -> None:
    """By its name or by `Accept`, byte for byte, as a download that no browser runs; else as JSON with its headers."""
    import_id = await kept_page(api, PageKind.HTML)

    kept = await api.mine.get(f"{import_id}/artifacts/direct-1-page.{ending}", headers={"Accept": accept})

    assert kept.headers["content-type"] == media_type
    assert kept.content == HTML if media_type == "text/html" else kept.json()["status"] == 404
    assert kept.headers["content-disposition"].endswith(f'page.{media_type.rpartition("/")[2]}"')
    assert kept.headers["content-security-policy"].startswith("sandbox")
    assert kept.headers["x-content-type-options"] == "nosniff"


async def test_a_page_that_came_as_json_has_no_html(api: Api) -> None:
    """By the name with `.html` it is not there; by `Accept` it comes as what it is."""
    here = f"{await kept_page(api, PageKind.SHOPIFY)}/artifacts/direct-1-page"

    named = await api.mine.get(f"{here}.html")
    asked = await api.mine.get(f"{here}.json", headers={"Accept": "text/html"})

    assert (named.status_code, asked.headers["content-type"]) == (404, "application/json")


async def test_a_failed_import_says_where_what_helps_and_what_was_seen(api: Api) -> None:
    """Its error has the step, the actions and the evidence; lists have none of these, but the title."""
    here = await kept_page(api, PageKind.HTML)
    import_ = api.store.catalogue.kept_import(here.rpartition("/")[2])
    product = api.store.catalogue.kept_product(import_.product_id)
    failure = AccessDenied("shop.example does not let us in (status 403).").failure()
    step = a_step(import_.id, "try direct 1", StepState.FAILED)
    refused = an_attempt("direct", 2, minute=1).model_copy(update={"failure": failure, "http_status": 403})
    await api.store.catalogue.record_attempt(import_.id, refused)
    await api.store.catalogue.record_steps([(step, an_event(import_, "import/step"))])
    ended = import_.model_copy(update={"state": ImportState.FAILED, "failure": failure, "finished_at": NOON})
    failed = product.model_copy(update={"status": Status.FAILED, "failure": failure})
    await api.store.catalogue.end_import(failed, ended, an_event(import_, "product/scrape.failed"))

    shown = (await api.mine.get(here)).json()
    error = shown["error"]
    (listed,) = (await api.mine.get("/v1/imports")).json()["imports"]

    assert (error["code"], error["title"], error["step"]) == ("access_denied", "The site refuses us", "try direct 1")
    assert error["actions"] == ["retry_in_browser", "retry", "paste_html"]
    seen = {"final_url": f"{URL}?seen", "http_status": 403, "artifacts": ["direct-1-page.json"]}
    assert error["evidence"] == seen
    assert [each["http_status"] for each in shown["attempts"]] == [None, 403]
    assert (listed["error"]["title"], listed["error"]["evidence"]) == ("The site refuses us", None)


async def test_what_a_page_lists_is_there_for_a_batch(api: Api) -> None:
    """Of an import that found a list, the error's first action names it, and the products come with their names."""
    here = await kept_page(api, PageKind.HTML, listing(CARDED["names that say nothing"]).encode(), listed=len(NAMES))
    import_ = api.store.catalogue.kept_import(here.rpartition("/")[2])
    failure = ProductsListed("The page looks like a list of 6 products.").failure()
    ended = import_.model_copy(update={"state": ImportState.FAILED, "failure": failure, "finished_at": NOON})
    product = api.store.catalogue.kept_product(import_.product_id)
    failed = product.model_copy(update={"status": Status.FAILED, "failure": failure})
    await api.store.catalogue.end_import(failed, ended, an_event(import_, "product/scrape.failed"))

    error = (await api.mine.get(here)).json()["error"]
    products = (await api.mine.get(f"{here}/listed")).json()["products"]

    assert (error["code"], error["actions"]) == ("products_listed", ["import_listed"])
    assert [each["name"] for each in products] == list(NAMES)


async def kept_page(api: Api, kind: PageKind, body: bytes = HTML, listed: int = 0) -> str:
    """Import an address whose page is kept, and give the import's address."""
    created = (await api.mine.post("/v1/imports", json={"url": URL})).json()
    merchant_id = api.store.catalogue.kept_import(created["id"]).merchant_id
    page = Page(url=f"{URL}?seen", status=404, kind=kind, body=body, fetched_at=NOON)
    page_id = await api.store.artifacts.put(merchant_id, "application/json", page.model_dump_json().encode())
    attempt = an_attempt("direct").model_copy(update={"page_id": page_id, "listed": listed})
    await api.store.catalogue.record_attempt(created["id"], attempt)
    return created["links"]["self"]


async def test_a_shot_is_a_jpeg_among_the_artifacts(api: Api) -> None:
    """What the browser showed is listed under its own kind, and comes as a picture."""
    created = (await api.mine.post("/v1/imports", json={"url": URL})).json()
    merchant_id = api.store.catalogue.kept_import(created["id"]).merchant_id
    shot_id = await api.store.artifacts.put(merchant_id, "image/jpeg", b"\xff\xd8shot")
    attempt = an_attempt("browser").model_copy(update={"shot_id": shot_id})
    await api.store.catalogue.record_attempt(created["id"], attempt)

    (listed,) = (await api.mine.get(f"/v1/imports/{created['id']}/artifacts")).json()["artifacts"]
    kept = await api.mine.get(listed["links"]["self"])

    assert (listed["name"], listed["kind"]) == ("browser-1-shot.jpg", "shot")
    assert (kept.content, kept.headers["content-type"]) == (b"\xff\xd8shot", "image/jpeg")
    assert kept.headers["x-content-type-options"] == "nosniff"
