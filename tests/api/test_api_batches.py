"""Batches over HTTP: in whatever form a list comes, out row by row."""

import csv
import io

import pytest

from cartage.imports.progress import now
from cartage.model.batch import BatchState
from cartage.model.catalogue import Attempt
from cartage.model.errors import LoginRequired, PageNotFound, RateLimited
from tests.api.conftest import Api
from tests.contracts.records import a_batch, failed_rows

URL = "https://shop.example/p"
CSV = f"sku,url\nA,{URL}/1\nB,nonsense here\nC,{URL}/1\n"
FORMS = [
    ("text/csv", CSV),
    ("text/csv; charset=utf-8", CSV.replace(",", ";")),
    ("text/tab-separated-values", CSV.replace(",", "\t")),
    ("text/plain", f"{URL}/1\nnonsense here\n{URL}/1\n"),
    ("application/json", f'["{URL}/1", "nonsense here", {{"url": "{URL}/1"}}]'),
    ("application/json", f'{{"items": [{{"url": "{URL}/1"}}, {{"url": "nonsense here"}}, "{URL}/1"]}}'),
    ("application/jsonl", f'{{"url": "{URL}/1"}}\n{{"url": "nonsense here"}}\n{{"url": "{URL}/1"}}\n'),
]


async def hand_in(api: Api, text: str = CSV, media_type: str = "text/csv", query: str = "") -> str:
    """Hand in a list and give its batch's address."""
    reply = await api.mine.post(f"/v1/batches{query}", content=text, headers={"Content-Type": media_type})
    assert reply.status_code == 202, reply.text
    return reply.headers["Location"]


@pytest.mark.parametrize(("media_type", "text"), FORMS)
async def test_a_list_is_taken_in_any_form(api: Api, media_type: str, text: str) -> None:
    """202 at once, with the rows counted and the wrong one named."""
    reply = await api.mine.post("/v1/batches", content=text, headers={"Content-Type": media_type})

    shown = reply.json()
    assert reply.status_code == 202
    assert reply.headers["Location"] == f"/v1/batches/{shown['id']}" == shown["links"]["self"]
    assert (shown["status"], shown["total"]) == ("running", 3)
    assert shown["counts"] == {"queued": 1, "duplicate": 1, "invalid": 1}
    assert [(each["row"], each["error"]["code"]) for each in shown["errors"]] == [(2, "url_invalid")]


async def test_a_batch_is_looked_at(api: Api) -> None:
    """Counts, rows page by page, and rows of one status."""
    path = await hand_in(api)

    shown = (await api.mine.get(path)).json()
    first = (await api.mine.get(f"{path}/rows?limit=2")).json()
    second = (await api.mine.get(first["next"])).json()
    invalid = (await api.mine.get(f"{path}/rows?status=invalid")).json()

    assert shown["total"] == 3
    assert [row["status"] for row in first["rows"] + second["rows"]] == ["queued", "invalid", "duplicate"]
    assert second["next"] is None
    assert [row["url"] for row in invalid["rows"]] == ["nonsense here"]


async def test_the_list_comes_back(api: Api) -> None:
    """The result file has the list's rows and columns, then what became of each."""
    path = await hand_in(api)

    reply = await api.mine.get(f"{path}/result.csv")

    head, *rows = csv.reader(io.StringIO(reply.text))
    assert reply.headers["content-type"].startswith("text/csv")
    assert "attachment" in reply.headers["content-disposition"]
    assert head[:3] == ["sku", "url", "import_status"]
    assert [row[:3] for row in rows] == [
        ["A", f"{URL}/1", "queued"], ["B", "nonsense here", "invalid"], ["C", f"{URL}/1", "duplicate"],
    ]  # fmt: skip


async def test_a_batch_is_cancelled_and_retried(api: Api) -> None:
    """Cancelled rows count as such, and wait again after a retry."""
    path = await hand_in(api)

    cancelled = (await api.mine.post(f"{path}/cancel")).json()
    retried = await api.mine.post(f"{path}/retry")

    assert (cancelled["status"], cancelled["counts"]["cancelled"]) == ("cancelled", 1)
    assert retried.status_code == 202
    assert (retried.json()["status"], retried.json()["retried"]) == ("running", 1)


async def test_batches_are_listed(api: Api) -> None:
    """Newest first, page by page, and nobody else's."""
    first, second = await hand_in(api), await hand_in(api, f"{URL}\n", "text/plain")

    page = (await api.mine.get("/v1/batches?limit=1")).json()
    rest = (await api.mine.get(page["next"])).json()

    assert [page["batches"][0]["links"]["self"], rest["batches"][0]["links"]["self"]] == [second, first]
    assert (await api.theirs.get("/v1/batches")).json()["batches"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/rows"), ("GET", "/result.csv"), ("POST", "/cancel"), ("POST", "/retry")],
)
async def test_a_batch_is_its_merchants_own(api: Api, method: str, path: str) -> None:
    """Another merchant's batch answers as an unknown one; nobody's token gets in."""
    batch = await hand_in(api)

    anothers = await api.theirs.request(method, batch + path)
    unknown = await api.theirs.request(method, "/v1/batches/bat_unknown" + path)
    nobody = await api.anonymous.request(method, batch + path)

    assert (anothers.status_code, unknown.status_code, nobody.status_code) == (404, 404, 401)
    assert anothers.json()["code"] == unknown.json()["code"]


@pytest.mark.parametrize(
    ("media_type", "text", "status"),
    [
        ("image/png", "x", 415),
        ("", "x", 415),
        ("text/csv", "", 422),
        ("text/csv", "sku\nA\n", 422),
        ("application/json", "{", 422),
        ("application/json", "[]", 422),
    ],
)
async def test_what_is_no_list_is_a_problem(api: Api, media_type: str, text: str, status: int) -> None:
    """A wrong form or an empty list is told so, and leaves no batch."""
    reply = await api.mine.post("/v1/batches", content=text, headers={"Content-Type": media_type})

    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert (await api.mine.get("/v1/batches")).json()["batches"] == []


async def test_the_address_column_can_be_named(api: Api) -> None:
    """`?column=` says where the addresses are."""
    path = await hand_in(api, f"sku,Seite\nA,{URL}/1\n", query="?column=Seite")

    assert (await api.mine.get(path)).json()["counts"] == {"queued": 1}


async def test_a_batch_is_retried_for_one_reason(api: Api) -> None:
    """Only rows that failed with the code that is named run again; a browser that is no way of reading is refused."""
    batch = await hand_in(api)
    await api.mine.post(f"{batch}/cancel")

    for_nothing = await api.mine.post(f"{batch}/retry?error=blocked&render=first")
    refused = await api.mine.post(f"{batch}/retry?render=always")

    assert (for_nothing.status_code, for_nothing.json()["retried"]) == (202, 0)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/query/render")


async def test_a_retry_leaves_what_would_fail_again(api: Api) -> None:
    """It counts both, by reason; a reason that is named is tried."""
    batch = a_batch((await api.mine.get("/v1/merchant")).json()["id"], BatchState.FED)
    errors = (PageNotFound("x"), PageNotFound("x"), LoginRequired("x"), RateLimited("x"))
    await failed_rows(api.store, batch, *(error.failure() for error in errors))

    shown = (await api.mine.get(f"/v1/batches/{batch.id}")).json()
    retried = (await api.mine.post(f"/v1/batches/{batch.id}/retry")).json()
    named = (await api.mine.post(f"/v1/batches/{batch.id}/retry?error=not_found")).json()

    assert shown["causes"] == {"not_found": 2, "login_required": 1, "rate_limited": 1}
    assert (retried["retried"], retried["left"]) == (1, {"not_found": 2, "login_required": 1})
    assert (named["retried"], named["left"]) == (2, {})


async def test_a_list_has_a_pricing_rule_of_its_own(api: Api) -> None:
    """What is given of a rule prices the list's new products; nothing given is no rule, nonsense is pointed at."""
    plain = (await api.mine.get(await hand_in(api))).json()
    ruled = (await api.mine.get(await hand_in(api, query="?multiplier=2.5&fixed=1.50"))).json()

    refused = await api.mine.post(
        "/v1/batches?percent=-101", content=CSV.replace("1", "9"), headers={"Content-Type": "text/csv"}
    )

    assert plain["own_rule"] is None
    assert ruled["own_rule"] == {"multiplier": "2.5", "percent": "0", "fixed": "1.50"}
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/query/percent")


async def test_costs_tell_what_was_fetched_by_provider(api: Api) -> None:
    """`fetched` counts bytes of one's own tries, paid or not; an attempt tells its own, null where nobody counted."""
    import_id = (await api.mine.post("/v1/imports", json={"url": f"{URL}/mug"})).json()["id"]
    for number, size in ((1, 4096), (2, None)):
        attempt = Attempt(provider="direct", number=number, started_at=now(), duration_ms=7, fetched_bytes=size)
        await api.store.catalogue.record_attempt(import_id, attempt)

    mine, theirs = (await api.mine.get("/v1/costs")).json(), (await api.theirs.get("/v1/costs")).json()
    attempts = (await api.mine.get(f"/v1/imports/{import_id}")).json()["attempts"]

    assert mine["fetched"] == [{"provider": "direct", "tries": 2, "unknown": 1, "bytes": 4096}]
    assert theirs["fetched"] == []
    assert [each["fetched_bytes"] for each in attempts] == [4096, None]


async def test_costs_of_a_batch_are_its_merchants_own(api: Api) -> None:
    """One batch's costs can be asked for alone, by its merchant; for anybody else it is not there."""
    batch_id = (await hand_in(api)).rpartition("/")[2]

    mine = await api.mine.get("/v1/costs", params={"batch": batch_id, "group_by": "import"})
    theirs = await api.theirs.get("/v1/costs", params={"batch": batch_id})

    assert (mine.status_code, mine.json()["costs"]) == (200, [])
    assert (theirs.status_code, theirs.json()["code"]) == (404, "not_found_here")


async def test_costs_are_summed_up_by_site(api: Api) -> None:
    """By the word that filters have for it."""
    named = [await api.mine.get("/v1/costs", params={"group_by": by}) for by in ("site", "host")]

    assert [each.status_code for each in named] == [200, 422]
    assert named[0].json()["group_by"] == "site"


async def test_a_dry_run_tells_what_a_list_holds_and_keeps_nothing(api: Api) -> None:
    """200, with what is new, twice or wrong, and by site; no batch is there afterwards."""
    reply = await api.mine.post("/v1/batches?dry_run=true", content=CSV, headers={"Content-Type": "text/csv"})

    told = reply.json()
    assert reply.status_code == 200
    assert (told["status"], told["total"], told["new"], told["duplicate"], told["invalid"]) == ("dry_run", 3, 1, 1, 1)
    assert told["by_site"] == {"shop.example": 1}
    assert [(each["row"], each["error"]["code"]) for each in told["errors"]] == [(2, "url_invalid")]
    assert 0 < told["seconds"][0] < told["seconds"][1]
    assert told["most_cost"] == {"amount": "0", "currency": "USD"}
    assert (await api.mine.get("/v1/batches")).json()["batches"] == []


async def test_a_wrong_row_has_the_line_of_its_file(api: Api) -> None:
    """Beside its number among the rows."""
    content = f'url,note\n{URL}/1,"two\nlines"\noops,x\n'

    shown = (await api.mine.post("/v1/batches", content=content, headers={"Content-Type": "text/csv"})).json()

    assert [(each["row"], each["error"]["line"]) for each in shown["errors"]] == [(2, 4)]


async def test_items_say_something_of_their_products(api: Api) -> None:
    """Own id, tags and overrides are taken along; what cannot be is pointed at, and the other items go on."""
    items = [
        {"url": f"{URL}/1", "external_id": "row-1", "tags": ["new"], "overrides": {"brand": "Ours"}, "colour": "red"},
        {"url": f"{URL}/2", "action": "skip"},
        {"url": f"{URL}/3", "external_id": "row-3", "overrides": {"price": {"amount": "x", "currency": "EUR"}}},
        {"url": f"{URL}/4", "overrides": {"colour": "red"}},
    ]

    shown = (await api.mine.post("/v1/batches", json={"items": items})).json()
    rows = (await api.mine.get(f"/v1/batches/{shown['id']}/rows")).json()["rows"]
    checked = (await api.mine.post("/v1/batches?dry_run=true&column=overrides%3D", json={"items": items})).json()

    assert shown["counts"] == {"queued": 1, "skipped": 1, "invalid": 2}
    assert [each["error"]["pointer"] for each in shown["errors"]] == [
        "/items/2/overrides/price/amount",
        "/items/3/overrides/colour",
    ]
    assert [each["external_id"] for each in rows] == ["row-1", None, "row-3", None]
    assert shown["used"] == {name: name for name in ("external_id", "tags", "overrides", "action")}
    assert (checked["new"], checked["skipped"], checked["handed_back"]) == (3, 1, ["overrides", "colour"])


async def test_one_address_says_something_of_its_product(api: Api) -> None:
    """An import has its own id, by which its product is found; an override that cannot be is refused."""
    asked = {"url": f"{URL}/1", "external_id": "row-17", "overrides": {"gtin": "4006381-333931"}}

    import_ = (await api.mine.post("/v1/imports", json=asked)).json()
    found = (await api.mine.get("/v1/products?filter=external_id:row-17")).json()["products"]
    refused = await api.mine.post("/v1/imports", json=asked | {"url": f"{URL}/2", "overrides": {"gtin": "12"}})

    assert import_["external_id"] == "row-17"
    assert [(each["id"], each["external_id"]) for each in found] == [(import_["product_id"], "row-17")]
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/overrides/gtin")
