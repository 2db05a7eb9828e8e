"""Every error of the API is a problem that says what happened and what to do."""

import pytest

from tests.api.conftest import Api


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


@pytest.mark.parametrize("token", ["", "cartage_tok_x_y", "nonsense"])
async def test_nobody_gets_in_without_a_token(api: Api, token: str) -> None:
    """A missing or wrong token answers 401 and says how to get one."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    reply = await api.anonymous.get("/v1/products", headers=headers)

    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.json()["code"] == "not_authenticated"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("DELETE", "/v1/products", 405), ("GET", "/v1/broken", 500)],
)
async def test_every_error_is_a_problem(api: Api, method: str, path: str, status: int) -> None:
    """Unknown paths, wrong methods and our own bugs answer problem+json, without a traceback."""
    reply = await api.mine.request(method, path)

    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == status
    assert "Traceback" not in reply.text
    assert "ZeroDivision" not in reply.text
