"""Events over HTTP: streams that lose nothing and repeat nothing, and lists."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx2
import pytest

from cartage.imports.progress import event_for, now
from cartage.model.catalogue import Step, StepState
from tests.api.conftest import Api
from tests.serving import serving

URL = "https://shop.example/p/mug"
CUTS = 50
STREAM = {"Accept": "text/event-stream"}


async def happen(api: Api, import_id: str, name: str) -> None:
    """Let a step of an import be over."""
    import_ = api.store.catalogue.kept_import(import_id)
    step = Step(import_id=import_id, name=name, state=StepState.SUCCEEDED, started_at=now(), finished_at=now())
    await api.store.catalogue.record_steps(
        [(step, event_for(import_, "import/step", {"step": name, "state": "succeeded"}))]
    )


async def begun(api: Api, url: str = URL) -> str:
    """Begin an import as me."""
    return (await api.mine.post("/v1/imports", json={"url": url})).json()["id"]


async def events(client: httpx2.AsyncClient, path: str, last: str = "") -> AsyncGenerator[httpx2.ServerSentEvent]:
    """Stream what a path tells."""
    headers = {"Last-Event-ID": last} if last else {}
    async with client.sse(path, headers=headers) as source:
        async for each in source:
            yield each


async def client_of(api: Api, port: int) -> httpx2.AsyncClient:
    """Make a client of mine that asks over the network."""
    return httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {api.token}"}, timeout=120
    )


@pytest.mark.parametrize("path", ["/v1/imports/{}/events", "/v1/events"])
async def test_fifty_cut_connections_lose_and_repeat_nothing(api: Api, path: str) -> None:
    """A client that is cut off again and again, and goes on after the last event it got, gets each event once."""
    import_id = await begun(api)
    merchant_id = api.store.catalogue.kept_import(import_id).merchant_id
    first = str(await api.store.catalogue.newest_sequence(merchant_id))
    seen: list[httpx2.ServerSentEvent] = []
    last = first if path == "/v1/events" else ""

    async def busy() -> None:
        for number in range(CUTS * 4):
            await happen(api, import_id, f"step {number}")
            await asyncio.sleep(0.002)

    async with serving(api.server) as port, await client_of(api, port) as client:
        working = asyncio.create_task(busy())
        for cut in range(CUTS):
            async with aclosing(events(client, path.format(import_id), last)) as stream:
                async for each in stream:
                    last = each.id
                    seen += [each] if each.data else []
                    if each.data and len(seen) % 4 == cut % 4:
                        break
        await working
        async with asyncio.timeout(120), aclosing(events(client, path.format(import_id), last)) as stream:
            newest = str(await api.store.catalogue.newest_sequence(merchant_id))
            async for each in stream:
                seen += [each] if each.data else []
                if each.id == newest:
                    break

    told = [each.id for each in seen]
    kept = await api.store.catalogue.events(merchant_id, limit=1000)
    assert len(kept) == CUTS * 4 + 1
    assert told == [str(each.sequence) for each in kept][1 if path == "/v1/events" else 0 :]


async def test_an_imports_stream_ends_with_it(api: Api) -> None:
    """First what happened already, then what happens, then `end`; a client that comes again is told so at once."""
    import_id = await begun(api)
    seen: list[httpx2.ServerSentEvent] = []
    async with serving(api.server) as port, await client_of(api, port) as client, asyncio.timeout(120):
        async for each in events(client, f"/v1/imports/{import_id}/events"):
            seen.append(each)
            if each.event == "import" and each.json()["name"] == "product/scrape.requested":  # type: ignore[index]
                await happen(api, import_id, "save")
                await api.end(import_id)
        again = [each.event async for each in events(client, f"/v1/imports/{import_id}/events", seen[-2].id)]

    assert seen[0].retry == 3000
    assert [each.event for each in seen[1:]] == ["import", "step", "import", "end"]
    assert json.loads(seen[2].data)["data"] == {"step": "save", "state": "succeeded"}
    assert again == ["message", "end"]


async def test_everything_is_streamed_from_now_on(api: Api) -> None:
    """Without a last event the stream of everything begins now; what others do is not in it."""
    old = await begun(api)
    seen: list[httpx2.ServerSentEvent] = []
    async with serving(api.server) as port, await client_of(api, port) as client, asyncio.timeout(120):
        async for each in events(client, "/v1/events?type=step"):
            seen.append(each)
            if len(seen) == 1:
                await api.theirs.post("/v1/imports", json={"url": URL})
                await begun(api, URL + "/2")
                await happen(api, old, "save")
            if each.event == "step":
                break

    steps = [each for each in seen if each.data]
    assert [json.loads(each.data)["import_id"] for each in steps] == [old]


async def test_a_batchs_stream_tells_its_progress_and_ends(api: Api) -> None:
    """Counts come whenever they change, and `end` when every row is over."""
    batch_id = (await api.mine.post("/v1/batches", json=[URL, URL, "nonsense"])).json()["id"]
    seen: list[httpx2.ServerSentEvent] = []
    async with serving(api.server) as port, await client_of(api, port) as client, asyncio.timeout(120):
        async for each in events(client, f"/v1/events?batch={batch_id}"):
            seen.append(each)
            if each.event == "progress" and "queued" in each.json()["counts"]:  # type: ignore[index]
                await api.mine.post(f"/v1/batches/{batch_id}/cancel")

    progress = [json.loads(each.data)["counts"] for each in seen if each.event == "progress"]
    assert progress == [{"queued": 1, "duplicate": 1, "invalid": 1}, {"duplicate": 1, "invalid": 1, "cancelled": 1}]
    assert seen[-1].event == "end"


async def test_events_are_listed_page_by_page(api: Api) -> None:
    """Without asking for a stream the answer is JSON, whose `next` goes on, also where nothing follows yet."""
    import_id = await begun(api)
    for number in range(4):
        await happen(api, import_id, f"step {number}")

    first = (await api.mine.get(f"/v1/imports/{import_id}/events?limit=3")).json()
    second = (await api.mine.get(first["next"])).json()
    third = (await api.mine.get(second["next"])).json()
    await happen(api, import_id, "step 4")
    fourth = (await api.mine.get(third["next"])).json()
    steps = (await api.mine.get("/v1/events?type=step")).json()["events"]

    assert [len(each["events"]) for each in (first, second, third, fourth)] == [3, 2, 0, 1]
    assert [each["data"]["step"] for each in steps] == [f"step {number}" for number in range(5)]
    assert {each["import_id"] for each in steps} == {import_id}


@pytest.mark.parametrize("path", ["/v1/events?product={}", "/v1/events?import={}", "/v1/events?batch={}"])
@pytest.mark.parametrize("headers", [{}, STREAM])
async def test_what_is_not_there_is_not_watched(api: Api, path: str, headers: dict[str, str]) -> None:
    """Something of another merchant's, or nobody's, answers with a problem, streamed or not."""
    import_id = await begun(api)

    for asked in (import_id, "prd_none"):
        reply = await api.theirs.get(path.format(asked), headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found_here")


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 30])
async def test_a_last_event_that_never_was_is_refused(api: Api, last: str) -> None:
    """An id that no event of ours had is pointed at."""
    reply = await api.mine.get("/v1/events", headers=STREAM | {"Last-Event-ID": last})

    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/header/Last-Event-ID")
