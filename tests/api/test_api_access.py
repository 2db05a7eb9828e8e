"""Tokens and webhook endpoints over HTTP."""

from datetime import UTC, datetime

import pytest

from cartage.model.access import USUAL
from tests.api.conftest import Api, client

TILL = {"url": "https://till.example/cartage"}


async def test_a_token_is_made_used_and_revoked(api: Api) -> None:
    """Its text is shown once; it does what its scopes say, and nothing once it is revoked."""
    made = await api.mine.post("/v1/tokens", json={"name": "till", "scopes": ["products:read"]})
    listed = (await api.mine.get("/v1/tokens")).json()["tokens"]
    async with client(api.server, made.json()["token"]) as till:
        reads = await till.get("/v1/products")
        writes = await till.post("/v1/imports", json={"url": "https://shop.example/p"})
        revoked = await api.mine.delete(f"/v1/tokens/{made.json()['id']}")
        after = await till.get("/v1/products")

    assert made.status_code == 201
    assert [each["name"] for each in listed] == ["test", "till"]
    assert made.json()["token"] not in str(listed)
    assert [each.status_code for each in (reads, writes, revoked, after)] == [200, 403, 204, 401]


async def test_only_the_scope_admin_makes_tokens(api: Api) -> None:
    """A token that writes can neither make others nor be told of webhooks."""
    merchant_id = (await api.accounts.authenticate(api.token)).merchant_id
    _, text = await api.accounts.create_token(merchant_id, "writes", USUAL)
    async with client(api.server, text) as writing:
        replies = [
            await writing.get("/v1/tokens"),
            await writing.post("/v1/tokens", json={"name": "more"}),
            await writing.post("/v1/webhook-endpoints", json=TILL),
        ]

    assert {(each.status_code, each.json()["code"]) for each in replies} == {(403, "forbidden")}


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x", "scopes": []}, {"name": "x", "scopes": ["all"]}])
async def test_a_token_has_a_name_and_scopes(api: Api, body: object) -> None:
    """Anything else is refused."""
    assert (await api.mine.post("/v1/tokens", json=body)).status_code == 422


async def test_an_endpoint_is_made_tried_and_removed(api: Api) -> None:
    """Its secret is shown once; a test is a delivery like any other, and can be sent again."""
    made = (await api.mine.post("/v1/webhook-endpoints", json=TILL)).json()
    path = f"/v1/webhook-endpoints/{made['id']}"
    tried = await api.mine.post(f"{path}/test")
    (delivery,) = (await api.mine.get(f"{path}/deliveries")).json()["deliveries"]
    again = await api.mine.post(f"{path}/deliveries/{delivery['id']}/redeliver")
    listed = (await api.mine.get("/v1/webhook-endpoints")).json()["webhook_endpoints"]
    removed = await api.mine.delete(path)

    assert made["secret"].startswith("whsec_")
    assert made["secret"] not in str(listed)
    assert (tried.status_code, tried.json()["name"], delivery["state"]) == (202, "test", "waiting")
    assert (again.status_code, again.json()["id"]) == (202, delivery["id"])
    assert removed.status_code == 204
    assert (await api.mine.get("/v1/webhook-endpoints")).json()["webhook_endpoints"] == []


async def test_an_endpoint_is_told_of_what_it_asks_for(api: Api) -> None:
    """Everything unless events are named; they can be changed, and one that nobody tells is refused."""
    everything = (await api.mine.post("/v1/webhook-endpoints", json=TILL)).json()
    chosen = (await api.mine.post("/v1/webhook-endpoints", json=TILL | {"events": ["import.failed"]})).json()
    path = f"/v1/webhook-endpoints/{everything['id']}"
    changed = (await api.mine.patch(path, json={"events": ["export.completed", "import.needs_review"]})).json()
    unknown = await api.mine.patch(path, json={"events": ["import.dreamt"]})

    assert (everything["events"], chosen["events"]) == ([], ["import.failed"])
    assert changed["events"] == ["import.needs_review", "export.completed"]
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/events/0")


async def test_an_endpoint_that_is_gone_is_switched_on_again(api: Api) -> None:
    """It says since when it is off; a test is refused as a conflict until it is enabled."""
    made = (await api.mine.post("/v1/webhook-endpoints", json=TILL)).json()
    path = f"/v1/webhook-endpoints/{made['id']}"
    await api.store.postbox.switch_off(made["id"], datetime.now(UTC))
    (off,) = (await api.mine.get("/v1/webhook-endpoints")).json()["webhook_endpoints"]
    refused = await api.mine.post(f"{path}/test")
    on = (await api.mine.post(f"{path}/enable")).json()

    assert (made["enabled"], off["enabled"], on["enabled"]) == (True, False, True)
    assert off["gone_at"]
    assert on["gone_at"] is None
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


async def test_an_endpoint_inside_a_network_is_refused(api: Api) -> None:
    """Only public https addresses are told."""
    reply = await api.mine.post("/v1/webhook-endpoints", json={"url": "https://127.0.0.1/"})

    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/url")


async def test_the_audit_log_holds_what_was_done(api: Api) -> None:
    """A change that was made is there, once though it is sent twice; one that was refused is not."""
    merchant_id = (await api.store.accounts.merchants())[0].id
    key = {"Idempotency-Key": "one"}

    replies = [
        await api.mine.patch("/v1/merchant", json={"currency": "nope"}),
        await api.mine.patch("/v1/merchant", json={"zz": 1}),
        await api.mine.patch("/v1/products/prd_nothing", json={"name": "x"}),
        await api.mine.patch("/v1/merchant", json={"currency": "EUR"}),
        await api.mine.post("/v1/tokens", json={"name": "a"}, headers=key),
        await api.mine.post("/v1/tokens", json={"name": "a"}, headers=key),
    ]

    entries = [(each.action, each.target) for each in await api.accounts.audit(merchant_id)]
    assert [reply.status_code for reply in replies] == [422, 422, 404, 200, 201, 201]
    assert entries == [("post", "/v1/tokens"), ("patch", "/v1/merchant")]
