"""Bulk actions over HTTP: one request for all that a filter matches, however many there are."""

from cartage.imports.acting import Actor
from cartage.imports.service import Imports
from cartage.model.catalogue import Status
from cartage.model.errors import PageNotFound, RateLimited
from cartage.model.wishes import Render
from tests.api.conftest import Api
from tests.contracts.records import WISHES, ended_product

MANY = 250  # more than any page of a list holds
FILTER = "status:failed error:rate_limited"


async def test_one_request_retries_all_that_failed_for_a_reason(api: Api) -> None:
    """A dry run counts them, one request begins them all, and each names whoever asked; others are left alone."""
    merchant_id = (await api.mine.get("/v1/merchant")).json()["id"]
    for error in [RateLimited("Slow down.")] * MANY + [PageNotFound("Gone.")]:
        await ended_product(api.store, merchant_id, Status.FAILED, failure=error.failure())

    dry = await api.mine.post("/v1/bulk-actions", json={"action": "retry", "filter": FILTER, "dry_run": True})
    begun = await api.mine.post("/v1/bulk-actions", json={"action": "retry", "filter": FILTER, "expect_count": MANY})
    while await Actor(api.store, Imports(api.store, api.engine), window=2 * MANY).act():
        pass

    done = (await api.mine.get(begun.headers["Location"])).json()
    retried = [
        import_ for import_ in await api.store.listing.imports(merchant_id, limit=2 * MANY) if import_.number == 2
    ]
    assert (dry.status_code, dry.json()["done"], dry.json()["causes"]) == (200, MANY, {"rate_limited": MANY})
    assert (begun.status_code, done["status"], done["done"], done["left"]) == (202, "done", MANY, [])
    assert len(api.engine.sent) == len(retried) == MANY
    assert done["asked_by"] == "token test"
    assert {import_.asked_by for import_ in retried} == {"token test"}


async def test_a_bulk_retry_may_be_done_otherwise(api: Api) -> None:
    """`render` takes the place of each import's own, and all else stays; where nothing is imported it is amiss."""
    merchant_id = (await api.mine.get("/v1/merchant")).json()["id"]
    product = await ended_product(api.store, merchant_id, Status.FAILED, failure=RateLimited("Slow down.").failure())

    await api.mine.post("/v1/bulk-actions", json={"action": "retry", "filter": FILTER, "render": "never"})
    amiss = await api.mine.post("/v1/bulk-actions", json={"action": "archive", "filter": FILTER, "render": "never"})
    while await Actor(api.store, Imports(api.store, api.engine)).act():
        pass

    present = await api.store.catalogue.product(merchant_id, product.id)
    import_ = await api.store.catalogue.import_(merchant_id, present.import_id)
    assert import_.wishes == WISHES.model_copy(update={"render": Render.NEVER})
    assert (amiss.status_code, amiss.json()["errors"][0]["pointer"]) == (422, "/render")


async def test_another_number_than_expected_is_a_conflict(api: Api) -> None:
    """Whoever looked at other products than there are now is told so, and nothing is begun."""
    reply = await api.mine.post("/v1/bulk-actions", json={"action": "retry", "filter": FILTER, "expect_count": 3})

    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")
    assert api.engine.sent == []
