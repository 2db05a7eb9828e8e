"""Feeds over HTTP: made, told, changed, given another address, and deleted."""

from cartage.exports.feeds import Feeds
from cartage.exports.maker import Maker
from tests.api.conftest import Api
from tests.api.test_api_exports import kept
from tests.exports.linen import a_mug, a_shirt


async def test_a_feed_is_made_and_told(api: Api) -> None:
    """It is being made, then it is ready, with what its file holds."""
    await kept(api, a_shirt())

    reply = await api.mine.post(
        "/v1/feeds", json={"name": "All", "target": "shopify", "settings": {"status": "active"}}
    )
    assert await Maker(Feeds(api.store).exports).make_next()
    feed = (await api.mine.get(reply.headers["location"])).json()
    listed = (await api.mine.get("/v1/feeds")).json()["feeds"]

    assert (reply.status_code, reply.json()["status"], reply.json()["serving"]) == (201, "making", None)
    assert (feed["status"], feed["serving"]["report"]["products"]) == ("ready", 1)
    assert feed["address"].endswith(".csv")
    assert listed == [feed]


async def test_a_feed_with_errors_is_outdated(api: Api) -> None:
    """The newest tells what was found; what is sent is the one before."""
    await kept(api, a_mug())
    made = (await api.mine.post("/v1/feeds", json={"name": "All", "target": "shopify"})).json()
    assert await Maker(Feeds(api.store).exports).make_next()
    await kept(api, a_mug(2, price=None))
    again = await api.mine.post(f"/v1/feeds/{made['id']}/make")
    twice = await api.mine.post(f"/v1/feeds/{made['id']}/make")
    assert await Maker(Feeds(api.store).exports).make_next()

    feed = (await api.mine.get(f"/v1/feeds/{made['id']}")).json()

    assert (again.status_code, twice.status_code) == (202, 409)
    assert (feed["status"], feed["newest"]["report"]["errors"]) == ("outdated", 1)
    assert feed["serving"]["id"] == made["newest"]["id"]


async def test_what_is_not_named_stays(api: Api) -> None:
    """A change writes over what it names; the address stays, until another is asked for."""
    made = (
        await api.mine.post("/v1/feeds", json={"name": "All", "target": "jsonl", "filter": "-missing:price"})
    ).json()

    changed = (await api.mine.patch(f"/v1/feeds/{made['id']}", json={"every_hours": 24})).json()
    rotated = (await api.mine.post(f"/v1/feeds/{made['id']}/rotate")).json()

    assert (changed["name"], changed["filter"], changed["every_hours"]) == ("All", "-missing:price", 24)
    assert changed["address"] == made["address"] != rotated["address"]


async def test_what_cannot_be_a_feed_is_told(api: Api) -> None:
    """Many files, a setting that the target has not, no such filter, and hours out of bounds."""
    many = await api.mine.post("/v1/feeds", json={"name": "x", "target": "prestashop"})
    foreign = await api.mine.post("/v1/feeds", json={"name": "x", "target": "jsonl", "settings": {"status": "active"}})
    unread = await api.mine.post("/v1/feeds", json={"name": "x", "target": "jsonl", "filter": "colour:red"})
    never = await api.mine.post("/v1/feeds", json={"name": "x", "target": "jsonl", "every_hours": 0})

    assert [each.status_code for each in (many, foreign, unread, never)] == [422] * 4
    assert (many.json()["code"], foreign.json()["errors"][0]["pointer"]) == ("target_of_many_files", "/status")


async def test_a_deleted_feed_is_gone(api: Api) -> None:
    """For its merchant as for another, who never saw it."""
    made = (await api.mine.post("/v1/feeds", json={"name": "All", "target": "jsonl"})).json()

    theirs = await api.theirs.delete(f"/v1/feeds/{made['id']}")
    gone = await api.mine.delete(f"/v1/feeds/{made['id']}")

    assert (theirs.status_code, gone.status_code) == (404, 204)
    assert (await api.mine.get("/v1/feeds")).json() == {"feeds": []}
