"""The client against the real API: what it gives, raises, repeats and goes on with."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from cartage.client import AsyncClient, Client, ProblemReply
from cartage.client.in_process import InProcess
from cartage.model.access import Scope
from cartage.model.client_errors import InstallationUnreachable, NotOverYet, ReplyUnreadable
from cartage.model.errors import (
    CartageError,
    Conflict,
    Misconfigured,
    NotAuthenticated,
    NotFound,
    SchemeUnsupported,
    UrlInvalid,
    UrlNotAllowed,
)
from cartage.model.request_errors import FileRefused, Stale, TooManyRequests
from cartage.settings import read_settings
from tests.api.conftest import Api
from tests.client.conftest import URL
from tests.pictures.photographs import encoded, plain

MUG = "https://shop.example/p/mug"


async def test_an_address_becomes_a_product(api: Api, client: AsyncClient) -> None:
    """An import is submitted, waited for, and leads to its product."""
    submitted = await client.imports.create(MUG)
    await api.end(submitted.id)

    ended = await client.imports.wait(submitted.id, timeout=60)

    product = await client.products.get(ended.product_id, evidence=True)
    assert (ended.status, product.status) == ("succeeded", "IMPORTED")
    assert product.facts
    assert product.facts["name"] == "Mug"


async def test_what_was_begun_is_followed_in_one_call(api: Api, client: AsyncClient) -> None:
    """What `create` and `retry` give waits for the end, and tells what happens until then."""
    begun = await client.imports.create(MUG)
    await api.end(begun.id)
    told = [each.name async for each in begun.events()]
    ended = await begun.wait(timeout=60)
    again = await client.imports.retry(begun.id)

    assert told == ["product/scrape.requested", "product/scrape.completed"]
    assert (ended.id, ended.status) == (begun.id, "succeeded")
    with pytest.raises(NotOverYet):
        await again.wait(timeout=0)
    assert begun.model_dump().keys() == ended.model_dump().keys()


async def test_lists_are_followed_to_their_end(api: Api, client: AsyncClient) -> None:
    """Iterating gives everything, page after page."""
    made = {await api.imported(f"https://shop.example/p/{number}") for number in range(5)}

    assert {each.id async for each in client.products.list(page_size=2)} == made
    assert len([each async for each in client.imports.list("status:succeeded", page_size=2)]) == 5
    narrowed = client.imports.list(status="succeeded", q="no such product")
    assert [each async for each in narrowed] == []


async def test_an_edit_of_another_version_is_refused(api: Api, client: AsyncClient) -> None:
    """`version` has a product changed only as it was seen."""
    product_id = await api.imported()
    seen = await client.products.version(product_id)
    await client.products.edit(product_id, {"name": "Cup"}, version=seen)

    with pytest.raises(Stale):
        await client.products.edit(product_id, {"name": "Bowl"}, version=seen)

    assert (await client.products.get(product_id)).locked == ["name"]


async def test_a_batch_comes_back_row_by_row(client: AsyncClient) -> None:
    """A list is handed in with the merchant's own columns, and its rows and file can be had."""
    batch = await client.batches.create([{"url": MUG, "sku": "K-1"}, "no address"])

    rows = [each async for each in client.batches.rows(batch.id)]
    file = b"".join([piece async for piece in client.batches.result(batch.id)])

    assert [each.status for each in rows][1] == "invalid"
    assert b"K-1" in file
    with pytest.raises(NotOverYet):
        await client.batches.wait(batch.id, timeout=0)


async def test_an_export_is_checked(client: AsyncClient) -> None:
    """Exports are asked for by target, and looked at again."""
    submitted = await client.exports.create("shopify", check_only=True)

    assert (await client.exports.get(submitted.id)).check_only
    assert "shopify" in [each.name for each in await client.exports.targets()]


@pytest.mark.parametrize(
    ("url", "error"),
    [("no address", UrlInvalid), ("ftp://shop.example/x", SchemeUnsupported), ("http://10.0.0.1/", UrlNotAllowed)],
)
async def test_a_refusal_is_the_librarys_own_error(client: AsyncClient, url: str, error: type[CartageError]) -> None:
    """What the API refuses raises what the library would, with the problem as its cause."""
    with pytest.raises(error) as raised:
        await client.imports.create(url)

    assert isinstance(raised.value.__cause__, ProblemReply)
    assert raised.value.__cause__.problem.trace_id
    assert raised.value.__cause__.problem.code == error.code


async def test_what_is_not_there_and_who_is_not_known(api: Api, client: AsyncClient) -> None:
    """404 is `NotFound`, 401 is `NotAuthenticated`, 409 is `Conflict`."""
    under_way = await client.imports.create(MUG)

    with pytest.raises(NotFound):
        await client.imports.get("imp_nothing")
    with pytest.raises(Conflict):
        await client.imports.retry(under_way.id)
    async with AsyncClient(URL, "wrong", transport=InProcess(api.server)) as stranger:
        with pytest.raises(NotAuthenticated):
            await stranger.costs()


async def test_a_key_has_it_done_once(client: AsyncClient) -> None:
    """The same key gives the first reply again."""
    first, second = [await client.tokens.create("till", [Scope.READ], key="one") for _ in range(2)]

    assert first == second
    assert len([each for each in await client.tokens.list() if each.name == "till"]) == 1


class Unsteady(httpx2.AsyncBaseTransport):
    """Meet requests with what was prepared first, and then let them through; an error cuts after the reply was made."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, *first: httpx2.Response | Exception) -> None:
        self._inner = inner
        self._first = list(first)
        self.requests: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer."""
        self.requests.append(request)
        if not self._first:
            return await self._inner.handle_async_request(request)
        prepared = self._first.pop(0)
        if isinstance(prepared, Exception):
            await (await self._inner.handle_async_request(request)).aread()
            raise prepared
        return prepared


def later(status: int, seconds: str = "0") -> httpx2.Response:
    """Make a reply that says when to come again."""
    return httpx2.Response(status, headers={"Retry-After": seconds}, json={"code": "x"})


async def test_what_is_refused_for_now_is_sent_again(api: Api) -> None:
    """429 and 503 are waited for as `Retry-After` says, and the request goes once more, with the same key."""
    transport = Unsteady(InProcess(api.server), later(429), later(503, "Thu, 01 Jan 1970 00:00:00 GMT"))
    async with AsyncClient(URL, api.token, transport=transport) as client:
        submitted = await client.imports.create(MUG)

    keys = {each.headers["Idempotency-Key"] for each in transport.requests}
    assert (submitted.duplicate, len(transport.requests), len(keys)) == (False, 3, 1)


async def test_a_lost_reply_does_nothing_twice(api: Api) -> None:
    """A POST whose reply was lost is sent again by its key, and was done once."""
    transport = Unsteady(InProcess(api.server), httpx2.ReadError("cut"))
    async with AsyncClient(URL, api.token, transport=transport, retries=1) as client:
        submitted = await client.imports.create(MUG)

    assert not submitted.duplicate
    assert len(api.engine.sent) == 1


async def test_a_change_whose_reply_is_lost_is_not_sent_again(api: Api) -> None:
    """What is not safe to repeat raises at once."""
    product_id = await api.imported()
    transport = Unsteady(InProcess(api.server), httpx2.ReadError("cut"))
    async with AsyncClient(URL, api.token, transport=transport) as client:
        with pytest.raises(InstallationUnreachable, match=r"cartage\.test does not answer"):
            await client.products.edit(product_id, {"name": "Cup"})

    assert len(transport.requests) == 1


async def test_patience_has_an_end(api: Api) -> None:
    """After the retries, or when told to wait for an hour, the refusal is raised."""
    told = {
        "type": "x",
        "title": "x",
        "status": 429,
        "detail": "Too many.",
        "code": "too_many_requests",
        "instance": "/",
    }
    refusals = [httpx2.Response(429, headers={"Retry-After": "3600"}, json=told)]
    async with AsyncClient(URL, api.token, transport=Unsteady(InProcess(api.server), *refusals)) as client:
        with pytest.raises(TooManyRequests, match="Too many"):
            await client.costs()


async def test_what_is_no_cartage_is_said_so() -> None:
    """A page in place of JSON is not taken for a reply."""
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, text="<h1>Welcome</h1>"))
    async with AsyncClient("http://elsewhere.test", transport=transport) as client:
        with pytest.raises(ReplyUnreadable):
            await client.costs()


class Cutting(httpx2.AsyncByteStream):
    """Cut a stream after so many pieces."""

    def __init__(self, inner: httpx2.Response, pieces: int) -> None:
        self._inner = inner
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._inner.aiter_raw():
            if not self._pieces:
                raise httpx2.ReadError("cut")
            self._pieces -= 1
            yield piece

    async def aclose(self) -> None:
        """Close the stream that was cut."""
        await self._inner.aclose()


class CuttingTransport(httpx2.AsyncBaseTransport):
    """Cut each stream after its second piece."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner
        self.cuts = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Cut it where it is a stream."""
        reply = await self._inner.handle_async_request(request)
        if "event-stream" not in request.headers.get("accept", ""):
            return reply
        self.cuts += 1
        return httpx2.Response(reply.status_code, headers=reply.headers, stream=Cutting(reply, 2))


async def test_events_lose_and_repeat_nothing_when_cut(api: Api) -> None:
    """A stream that is cut goes on after the last event that arrived, to its end."""
    transport = CuttingTransport(InProcess(api.server))
    async with AsyncClient(URL, api.token, transport=transport) as client:
        submitted = await client.imports.create(MUG)
        await api.end(submitted.id)

        told = [each async for each in client.imports.events(submitted.id)]

    assert transport.cuts > 1
    assert [each.name for each in told] == ["product/scrape.requested", "product/scrape.completed"]


async def test_events_come_while_they_happen(api: Api, client: AsyncClient) -> None:
    """In one process too, an event is there before the stream ends."""
    submitted = await client.imports.create(MUG)
    told = client.imports.events(submitted.id)

    first = await anext(told)
    await api.end(submitted.id)

    assert first.name == "product/scrape.requested"
    assert [each.name async for each in told] == ["product/scrape.completed"]


async def test_the_twin_does_the_same_without_await(api: Api, blocking: Client) -> None:
    """`Client` submits, lists, streams and raises alike."""
    product_id = await api.imported()

    def used() -> tuple[list[str], list[str]]:
        listed = [each.id for each in blocking.products.list(page_size=1)]
        told = [each.name for each in blocking.products.events(product_id)]
        with pytest.raises(NotFound):
            blocking.imports.get("imp_nothing")
        return listed, told

    assert await asyncio.to_thread(used) == ([product_id], ["product/scrape.requested", "product/scrape.completed"])


def test_where_cartage_is_comes_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """`Client()` reads CARTAGE_URL and CARTAGE_TOKEN, and the token is not shown."""
    monkeypatch.setenv("CARTAGE_URL", "https://cartage.example/")
    monkeypatch.setenv("CARTAGE_TOKEN", "secret")
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(404)

    with Client(transport=httpx2.MockTransport(answer)) as client, pytest.raises(ReplyUnreadable):
        client.imports.get("imp_1")

    assert (str(asked[0].url), asked[0].headers["authorization"]) == (
        "https://cartage.example/v1/imports/imp_1",
        "Bearer secret",
    )
    assert "secret" not in repr(read_settings())


@pytest.mark.parametrize(
    "token", ['{\n  "token": "cartage_tok_secret"\n}', "cartage_tok_secret\n", "cartage_tok_secret é"]
)
def test_what_cannot_be_a_token_is_refused_and_not_repeated(token: str) -> None:
    """A token pasted with more than itself is refused before anything is sent, and no message shows it."""
    with pytest.raises(Misconfigured) as refused:
        Client("http://127.0.0.1:9", token)

    assert "secret" not in str(refused.value)


async def test_pictures_are_uploaded(api: Api, client: AsyncClient) -> None:
    """By their names, which may be written in any way; the same again changes nothing."""
    product_id = await api.imported()
    files = {'rouge "1".jpg': encoded(plain(), "JPEG"), "青.png": encoded(plain().rotate(180), "PNG")}

    first = await client.products.upload_pictures(product_id, files, alt="Une tasse", first=True)
    second = await client.products.upload_pictures(product_id, files)
    with pytest.raises(FileRefused, match="was not taken"):
        await client.products.upload_pictures(product_id, {"青.gif": b"none"})

    assert first.facts
    assert second.facts
    assert [each["alt"] for each in first.facts["images"][:2]] == ["Une tasse"] * 2
    assert second.facts["images"] == first.facts["images"]
