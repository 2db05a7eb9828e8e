"""Idempotency keys: a request is met once, however often it is sent."""

import asyncio
from datetime import UTC, datetime

import pytest

from cartage.model.reply import Reply
from tests.api.conftest import Api

URL = "https://shop.example/p/mug"
KEY = {"Idempotency-Key": '"5f1c0f0e-7d0b-4b9e-9d0a-3a4f6f0c1b22"'}
CSV = {"Content-Type": "text/csv"}


async def test_the_same_request_again_gets_the_same_reply(api: Api) -> None:
    """Status, body and address are the first ones, and nothing is done a second time."""
    first = await api.mine.post("/v1/batches", content=f"url\n{URL}\n", headers=KEY | CSV)
    again = await api.mine.post("/v1/batches", content=f"url\n{URL}\n", headers=KEY | CSV)

    assert (again.status_code, again.text) == (first.status_code, first.text) == (202, first.text)
    assert again.headers["location"] == first.headers["location"]
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert len((await api.mine.get("/v1/batches")).json()["batches"]) == 1


@pytest.mark.parametrize(("path", "body"), [("/v1/imports", {"url": URL + "/2"}), ("/v1/batches", [URL])])
async def test_a_key_belongs_to_its_request(api: Api, path: str, body: object) -> None:
    """Another body, or another path, with the same key is refused."""
    await api.mine.post("/v1/imports", json={"url": URL}, headers=KEY)

    reply = await api.mine.post(path, json=body, headers=KEY)

    assert (reply.status_code, reply.json()["code"]) == (422, "idempotency_key_reused")
    assert len(api.engine.sent) == 1


async def test_a_key_is_a_tokens_own(api: Api) -> None:
    """Another merchant's same key is another key."""
    mine = await api.mine.post("/v1/imports", json={"url": URL}, headers=KEY)

    theirs = await api.theirs.post("/v1/imports", json={"url": URL}, headers=KEY)

    assert theirs.status_code == 202
    assert theirs.json()["id"] != mine.json()["id"]


async def test_while_the_first_runs_the_second_is_told_so(api: Api) -> None:
    """409 with when to come again; the first gets its reply all the same."""
    gate = api.engine.gate = asyncio.Event()
    first = asyncio.create_task(api.mine.post("/v1/imports", json={"url": URL}, headers=KEY))
    await api.engine.asked.wait()

    second = await api.mine.post("/v1/imports", json={"url": URL}, headers=KEY)

    gate.set()
    assert (second.status_code, second.json()["code"]) == (409, "request_still_running")
    assert second.headers["retry-after"] == "1"
    assert (await first).status_code == 202


async def test_a_refused_request_leaves_its_key_free(api: Api) -> None:
    """After a mistake the mended request may use the same key."""
    refused = await api.mine.post("/v1/imports", json={"url": "nonsense"}, headers=KEY)

    mended = await api.mine.post("/v1/imports", json={"url": URL}, headers=KEY)

    assert (refused.status_code, mended.status_code) == (422, 202)


@pytest.mark.parametrize("key", ["", "two words", "x" * 256])
async def test_what_is_no_key_is_refused(api: Api, key: str) -> None:
    """A key has 1 to 255 visible characters."""
    reply = await api.mine.post("/v1/imports", json={"url": URL}, headers={"Idempotency-Key": key})

    assert (reply.status_code, reply.json()["code"]) == (400, "malformed")
    assert api.engine.sent == []


async def test_a_kept_reply_can_only_be_read_with_the_token(api: Api) -> None:
    """What is stored of a reply shows nothing of it."""
    import_id = (await api.mine.post("/v1/imports", json={"url": URL}, headers=KEY)).json()["id"]

    at = datetime.now(UTC)
    token = (await api.mine.get("/v1/imports")).request.headers["authorization"].removeprefix("Bearer ")
    asked = Reply(
        merchant_id="", token_id=token[8:38], key=KEY["Idempotency-Key"].strip('"'), fingerprint="", begun_at=at
    )
    kept = await api.store.replies.claim(asked, kept_since=datetime.min.replace(tzinfo=UTC), running_since=at)
    assert kept
    assert kept.sealed
    assert import_id not in kept.model_dump_json()
