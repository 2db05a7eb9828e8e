"""Every error of the API is a problem that says what happened and what to do."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cartage.app import build
from cartage.server import create_server
from cartage.settings import read_settings
from cartage.stores.sql import upgrade
from tests.api.conftest import Api, client


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("not a url", "url_invalid"),
        ("ftp://shop.example/p", "url_scheme_unsupported"),
        ("http://127.0.0.1/p", "url_not_allowed"),
        ("http://[::1]/p", "url_not_allowed"),
        ("http://shop.example:22/p", "url_not_allowed"),
    ],
)
async def test_a_bad_address_is_named(api: Api, url: str, code: str) -> None:
    """An address that nobody should fetch is refused with its own code, and nothing is queued."""
    reply = await api.mine.post("/v1/imports", json={"url": url})

    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert (problem["code"], problem["origin"]) == (code, "you")
    assert problem["advice"]
    assert api.engine.sent == []


async def test_an_unknown_field_is_pointed_at(api: Api) -> None:
    """A field that the API does not know is refused, by pointer."""
    reply = await api.mine.post("/v1/imports", json={"url": "https://shop.example/p", "color": "red"})

    assert reply.status_code == 422
    assert [each["pointer"] for each in reply.json()["errors"]] == ["/color"]


HALF_A_PRICE = {"amount": "-1", "currency": "XQQ"}


@pytest.mark.parametrize(
    ("method", "path", "body", "pointers"),
    [
        (
            "POST",
            "/v1/imports",
            {"url": "ftp://shop.example/p", "color": "red", "overrides": {"gtin": "4006381333932", "brand": 5}},
            {"/color", "/overrides/brand", "/url", "/overrides/gtin"},
        ),
        (
            "POST",
            "/v1/imports",
            {"url": "not a url", "overrides": {"price": HALF_A_PRICE, "gtin": "12"}},
            {"/url", "/overrides/price/amount", "/overrides/price/currency", "/overrides/gtin"},
        ),
        (
            "PATCH",
            "/v1/products/prd_none",
            {
                "name": 5,
                "price": {"amount": "much", "currency": "EUR"},
                "regular_price": HALF_A_PRICE,
                "gtin": "12",
                "variants": [{"options": {"Size": "S"}, "gtin": "13", "price": "cheap"}],
            },
            {
                "/name", "/price/amount", "/variants/0/price", "/regular_price/amount", "/regular_price/currency",
                "/gtin", "/variants/0/gtin",
            },
        ),
        (
            "POST",
            "/v1/bulk-actions",
            {"action": "edit", "filter": "mug", "edit": {"price": HALF_A_PRICE}, "expect_count": -1},
            {"/expect_count", "/edit/price/amount", "/edit/price/currency"},
        ),
    ],
)  # fmt: skip
async def test_all_faults_are_named_at_once(
    api: Api, method: str, path: str, body: dict[str, object], pointers: set[str]
) -> None:
    """Those of shape and those of addresses, prices and barcode numbers, each with its own pointer, code and detail."""
    reply = await api.mine.request(method, path, json=body)

    problem = reply.json()
    assert (reply.status_code, problem["code"]) == (422, "invalid_input")
    assert {each["pointer"] for each in problem["errors"]} == pointers
    assert problem["detail"] == f"The request has {len(pointers)} problems."
    assert all(each["code"] and each["detail"] for each in problem["errors"])
    assert api.engine.sent == []


@pytest.mark.parametrize("token", ["", "cartage_tok_x_y", "nonsense"])
async def test_nobody_gets_in_without_a_token(api: Api, token: str) -> None:
    """A missing or wrong token answers 401 and says how to get one."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    reply = await api.anonymous.get("/v1/products", headers=headers)

    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.json()["code"] == "not_authenticated"


@pytest.mark.parametrize(
    ("asked", "sent", "status", "code"),
    [
        ("GET /v1/nothing", {}, 404, "no_such_route"),
        ("DELETE /v1/products", {}, 405, "method_not_allowed"),
        ("GET /v1/broken", {}, 500, "internal"),
        ("POST /v1/imports", {"content": "{", "headers": {"Content-Type": "application/json"}}, 400, "malformed"),
        ("POST /v1/imports", {"content": "x"}, 415, "media_type_unsupported"),
        ("POST /v1/imports", {"data": {"url": "x"}}, 415, "media_type_unsupported"),
        ("POST /v1/imports", {"json": {"url": "x" * 33 * 1024 * 1024}}, 413, "request_too_large"),
        ("GET /v1/products?statsu=FAILED", {}, 422, "invalid_input"),
    ],
)
async def test_every_error_is_a_problem(api: Api, asked: str, sent: dict[str, Any], status: int, code: str) -> None:
    """Whatever is wrong, and whosever fault it is, the answer is problem+json, without a traceback."""
    method, _, path = asked.partition(" ")

    reply = await api.mine.request(method, path, **sent)

    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert (problem["status"], problem["code"], problem["instance"]) == (status, code, path.partition("?")[0])
    assert problem["trace_id"] == reply.headers["x-request-id"]
    assert "Traceback" not in reply.text
    assert "ZeroDivision" not in reply.text


async def test_a_body_of_unknown_length_is_bounded_too(api: Api) -> None:
    """A body that comes in pieces is refused once there are too many."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(66):
            yield b"x" * 1024 * 1024

    reply = await api.mine.post("/v1/batches", content=pieces(), headers={"Content-Type": "text/plain"})

    assert (reply.status_code, reply.json()["code"]) == (413, "request_too_large")
    assert (await api.mine.get("/v1/batches")).json()["batches"] == []


async def test_a_misspelt_filter_is_pointed_at(api: Api) -> None:
    """A parameter that a path does not know is refused: leaving it out would answer another question."""
    reply = await api.mine.get("/v1/products?statsu=FAILED")

    (error,) = reply.json()["errors"]
    assert error["pointer"] == "/query/statsu"
    assert "status" in error["detail"]


async def test_a_token_that_asks_too_much_is_told_when_to_go_on(api: Api) -> None:
    """Each reply says what is left of the quota; beyond it 429 says how long to wait, and others are not held up."""
    api.quota.per_minute = 2

    replies = [await api.mine.get("/v1/products") for _ in range(3)]
    theirs = await api.theirs.get("/v1/products")

    assert [each.status_code for each in (*replies, theirs)] == [200, 200, 429, 200]
    assert [each.headers["ratelimit"] for each in replies] == [
        '"token";r=1;t=30',
        '"token";r=0;t=60',
        '"token";r=0;t=30',
    ]
    assert replies[0].headers["ratelimit-policy"] == '"token";q=2;w=60'
    assert (replies[2].json()["code"], replies[2].headers["retry-after"]) == ("too_many_requests", "30")


async def test_a_request_keeps_the_name_it_came_with(tmp_path: Path) -> None:
    """`X-Request-Id` goes back as it came, in the header and in the problem; nonsense is replaced."""
    settings = read_settings(data_dir=tmp_path, engine="elsewhere", database_url="")
    await upgrade(settings.store_url)
    async with build(settings).running() as app, client(create_server(app)) as anyone:
        named, nonsense = [
            await anyone.get("http://localhost/v1/products", headers={"X-Request-Id": each})
            for each in ("order-7", "two words")
        ]

    assert named.headers.get_list("x-request-id") == [named.json()["trace_id"]] == ["order-7"]
    assert nonsense.headers.get_list("x-request-id") == [nonsense.json()["trace_id"]] != ["two words"]
