"""The merchant's name and the workers over HTTP."""

from datetime import timedelta

from cartage.imports.progress import now
from cartage.model.access import USUAL
from cartage.model.worker import SILENT_AFTER, Worker
from tests.api.conftest import Api, client


async def test_a_merchant_is_renamed_by_an_admin_alone(api: Api) -> None:
    """The new name holds at once, an empty one is refused, and a token that only writes may not."""
    merchant_id = (await api.accounts.authenticate(api.token)).merchant_id
    _, text = await api.accounts.create_token(merchant_id, "writes", USUAL)
    async with client(api.server, text) as writing:
        refused = await writing.patch("/v1/merchant", json={"name": "Theirs"})

    renamed = (await api.mine.patch("/v1/merchant", json={"name": "  Kiln   & Co "})).json()
    empty = await api.mine.patch("/v1/merchant", json={"name": " "})

    assert (refused.status_code, empty.status_code) == (403, 422)
    assert (renamed["id"], renamed["name"]) == (merchant_id, "Kiln & Co")
    assert renamed == (await api.mine.get("/v1/merchant")).json()


async def test_workers_are_told_with_one_s_own_imports(api: Api) -> None:
    """Since when each runs and whether it is silent; another merchant's import is not named, nor any machine."""
    import_ = (await api.mine.post("/v1/imports", json={"url": "https://shop.example/slow"})).json()
    await api.store.catalogue.mark_running(import_["id"])
    started = now() - timedelta(hours=2)
    running = Worker(
        id="wrk_1",
        name="box:7",
        engine="embedded",
        started_at=started,
        seen_at=now(),
        running=(import_["id"], "imp_of_another"),
    )
    silent = Worker(
        id="wrk_2", name="box:8", engine="embedded", started_at=now(), seen_at=now() - 2 * SILENT_AFTER, running=()
    )
    for each in (running, silent):
        await api.store.workers.beat(each)

    reply = await api.mine.get("/v1/workers")

    told = [(each["silent"], each["running"]) for each in reply.json()["workers"]]
    assert told == [(False, [import_["id"]]), (True, [])]
    assert "box" not in reply.text
