"""Pauses over HTTP: imports are accepted, wait, and say why."""

import pytest

from cartage.model.access import Scope
from tests.api.conftest import Api

URL = "https://shop.example/p/mug"


async def test_an_import_that_is_submitted_while_it_is_paused_says_so(api: Api) -> None:
    """It is accepted as ever, and names the pause on its own and in lists; scrape-status is as ever."""
    pause = (await api.mine.put("/v1/pauses/www.shop.example")).json()
    submitted = await api.mine.post("/v1/imports", json={"url": URL})
    shown = submitted.json()

    assert (pause["site"], pause["paused_by"], pause["waiting"]) == ("shop.example", "token test", 0)
    assert (submitted.status_code, shown["status"], shown["queue_position"]) == (202, "queued", None)
    assert shown["paused"] == {name: pause[name] for name in ("site", "paused_by", "paused_at")}
    listed = (await api.mine.get("/v1/imports", params={"filter": "status:paused"})).json()["imports"]
    assert [(each["id"], each["paused"]) for each in listed] == [(shown["id"], shown["paused"])]
    status = (await api.mine.get(f"/api/scrape-status/{shown['product_id']}")).json()
    assert status == {"status": "IMPORTING", "productId": shown["product_id"], "error": None}
    assert api.engine.sent == []
    assert (await api.mine.get("/v1/pauses")).json()["pauses"] == [pause | {"waiting": 1}]


async def test_a_resumed_import_is_paused_no_longer(api: Api) -> None:
    """Resuming ends the pause once; twice there is none."""
    await api.mine.put("/v1/pauses/all")
    submitted = (await api.mine.post("/v1/imports", json={"url": URL})).json()

    assert (await api.mine.delete("/v1/pauses/all")).status_code == 204
    assert (await api.mine.delete("/v1/pauses/all")).status_code == 404
    shown = (await api.mine.get(f"/v1/imports/{submitted['id']}")).json()
    assert (submitted["paused"]["site"], shown["paused"], shown["queue_position"]) == (None, None, 1)


async def test_pauses_are_a_merchants_own(api: Api) -> None:
    """Another merchant's imports go on, and it sees no pause of mine."""
    await api.mine.put("/v1/pauses/all")

    submitted = await api.theirs.post("/v1/imports", json={"url": URL})

    assert (await api.theirs.get("/v1/pauses")).json() == {"pauses": []}
    assert submitted.json()["paused"] is None
    assert len(api.engine.sent) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_what_is_no_site_is_refused(api: Api, method: str) -> None:
    """The problem names the field."""
    refused = await api.mine.request(method, "/v1/pauses/-.example")

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/site"


async def test_whoever_may_import_may_pause(api: Api) -> None:
    """The scope is that of imports, for pausing as for resuming."""
    merchant_id = (await api.mine.get("/v1/merchant")).json()["id"]
    _, reader = await api.accounts.create_token(merchant_id, "reader", (Scope.READ,))

    refused = await api.mine.put("/v1/pauses/all", headers={"Authorization": f"Bearer {reader}"})

    assert refused.status_code == 403


async def test_a_list_says_what_all_that_is_left_of_it_waits_for(api: Api) -> None:
    """Everything, or sites that have all of its rows; not while something goes on, and not once it is over."""
    urls = [URL, "https://eu.shop.example/1", "https://other.example/1"]
    made = (await api.mine.post("/v1/batches", json=urls)).json()
    where = made["links"]["self"]

    async def paused() -> list[str | None]:
        return [each["site"] for each in (await api.mine.get(where)).json()["paused"]]

    seen = [await paused()]
    for site in ("shop.example", "eu.shop.example", "other.example", "all"):
        await api.mine.put(f"/v1/pauses/{site}")
        seen.append(await paused())
    await api.mine.delete("/v1/pauses/all")
    await api.mine.delete("/v1/pauses/shop.example")
    seen.append(await paused())
    await api.mine.post(f"{where}/cancel")

    assert made["paused"] == []
    assert seen == [[], [], [], ["other.example", "shop.example"], [None], []]
    assert await paused() == []
