"""Lists a page at a time, while things come."""

import asyncio
import itertools

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.conftest import Api, client, house
from tests.contracts.records import ended_product, kept_merchant

LISTS = ["/v1/products", "/v1/imports", "/v1/batches"]


@settings(max_examples=25, deadline=None)
@given(
    before=st.integers(0, 12),
    limits=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    inserts=st.lists(st.integers(0, 3), max_size=8),
)
def test_what_was_there_is_listed_once_whatever_comes_meanwhile(
    before: int, limits: list[int], inserts: list[int]
) -> None:
    """Pages of any sizes, with products added between them: each that was there comes once, newest first."""

    async def listed() -> tuple[list[str], list[str]]:
        shared = house()
        merchant = await kept_merchant(shared.store)
        _, token = await shared.accounts.create_token(merchant.id, "reads")
        there = [(await ended_product(shared.store, merchant.id)).id for _ in range(before)]
        seen: list[str] = []
        sizes, comings = itertools.cycle(limits), iter(inserts)
        address = "/v1/products"
        async with client(shared.server, token) as asking:
            while address:
                page = (await asking.get(str(httpx2.URL(address).copy_set_param("limit", next(sizes))))).json()
                seen += [product["id"] for product in page["products"]]
                for _ in range(next(comings, 0)):
                    await ended_product(shared.store, merchant.id)
                address = page["next"]
        return sorted(there, reverse=True), seen

    there, seen = asyncio.run(listed())

    assert seen == there


async def test_the_next_page_keeps_what_was_asked(api: Api) -> None:
    """Filters and limit go on to the next page, whose address is in `Link` too."""
    for number in range(3):
        await api.mine.post("/v1/imports", json={"url": f"https://shop.example/mug/{number}"})
    await api.mine.post("/v1/imports", json={"url": "https://shop.example/lamp"})

    first = await api.mine.get("/v1/products?q=mug&status=IMPORTING&limit=2")
    second = await api.mine.get(first.json()["next"])

    seen = [product["source_url"] for reply in (first, second) for product in reply.json()["products"]]
    assert [url[-1] for url in seen] == ["2", "1", "0"]
    assert second.json()["next"] is None
    assert first.headers["link"] == f'<{first.json()["next"]}>; rel="next"'


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("cursor", ["x", "prd_01", "L3YxL3Byb2R1Y3Rz", "LQ", "ü"])
async def test_a_cursor_is_one_of_the_lists_own(api: Api, path: str, cursor: str) -> None:
    """A cursor that was made up, or is another list's, is refused."""
    reply = await api.mine.get(path, params={"cursor": cursor})

    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/query/cursor")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [0, 201])
async def test_a_page_has_a_sensible_size(api: Api, path: str, limit: int) -> None:
    """From 1 to 200 things."""
    assert (await api.mine.get(path, params={"limit": limit})).status_code == 422
