"""The settings' part about webhooks, and the page of one delivery."""

from datetime import UTC, datetime

from cartage.model.webhook import Delivery, DeliveryState, Endpoint, MessageName
from cartage.webhooks.service import Webhooks
from cartage.webhooks.signing import headers_told
from tests.web.conftest import Web, text_of

URL = "https://till.example/hook"


async def listening(web: Web, *events: MessageName) -> Endpoint:
    """Add an endpoint of mine."""
    return await Webhooks(web.store).add(web.mine.merchant_id, URL, events)


async def settled(web: Web, endpoint: Endpoint, **outcome: object) -> Delivery:
    """Send a test, and write what came of it."""
    delivery = await Webhooks(web.store).test(web.mine.merchant_id, endpoint.id)
    tried = delivery.model_copy(update={"tries": 1, "tried_at": datetime.now(UTC), **outcome})
    await web.store.postbox.settle(tried)
    return tried


async def test_a_webhook_is_told_of_what_is_ticked(web: Web) -> None:
    """All boxes are ticked at first, which is everything; fewer are kept, and none is refused in place."""
    form = await web.mine.get("/settings/webhooks")
    ticks = {name.value: "yes" for name in MessageName}
    await web.mine.post("/settings/webhooks", url=URL, **ticks)
    (everything,) = await web.store.postbox.endpoints(web.mine.merchant_id)
    where = f"/settings/webhooks/{everything.id}/events"
    await web.mine.post(where, **{"import.failed": "yes"})
    nothing = await web.mine.post(where)

    (kept,) = await web.store.postbox.endpoints(web.mine.merchant_id)
    assert all(f'name="{name.value}" value="yes" checked' in form.text for name in MessageName)
    assert (everything.events, kept.events) == ((), (MessageName.IMPORT_FAILED,))
    assert nothing.status_code == 422
    assert "Tick at least one thing" in text_of(nothing)
    assert "1 event" in text_of(nothing)


async def test_a_test_leads_to_its_delivery(web: Web) -> None:
    """The button sends a message that says `test`; its page looks by itself until an answer is there."""
    endpoint = await listening(web)

    reply = await web.mine.post(f"/settings/webhooks/{endpoint.id}/test")
    page = await web.mine.get(reply.headers["location"])

    (delivery,) = await web.store.postbox.deliveries(web.mine.merchant_id)
    assert reply.headers["location"] == f"/settings/deliveries/{delivery.id}"
    assert delivery.name == "test"
    assert f'hx-get="/settings/deliveries/{delivery.id}"' in page.text


async def test_a_delivery_shows_what_was_sent_and_what_came_back(web: Web) -> None:
    """Headers, body, status and answer, all as text, and when it is tried next; never the secret."""
    endpoint = await listening(web)
    delivery = await settled(web, endpoint, result="status 500", status=500, answer="<script>alert(1)</script>")

    page = await web.mine.get(f"/settings/deliveries/{delivery.id}")

    told = text_of(page)
    assert headers_told(endpoint.secret, delivery)["webhook-signature"] in told
    assert delivery.payload in told
    assert "Status 500" in told
    assert "&lt;script&gt;alert(1)" in page.text
    assert "next at" in told
    assert endpoint.secret not in page.text


async def test_a_delivery_without_an_answer_says_why(web: Web) -> None:
    """Where nothing came back, the error is said in words, and it can be sent again."""
    delivery = await settled(web, await listening(web), result="dns_failed", state=DeliveryState.FAILED)

    page = await web.mine.get(f"/settings/deliveries/{delivery.id}")
    again = await web.mine.post(f"/settings/deliveries/{delivery.id}/again")

    assert "Nothing came back." in text_of(page)
    assert "next at" not in text_of(page)
    assert again.headers["location"] == f"/settings/deliveries/{delivery.id}"
    assert (await web.store.postbox.delivery(web.mine.merchant_id, delivery.id)).state is DeliveryState.WAITING


async def test_a_webhook_that_is_gone_says_so_and_is_switched_on_again(web: Web) -> None:
    """The list says since when; testing it is refused in words until somebody switches it on."""
    endpoint = await listening(web)
    delivery = await settled(web, endpoint, result="status 410", status=410, state=DeliveryState.FAILED)
    await web.store.postbox.switch_off(endpoint.id, datetime.now(UTC))

    off = await web.mine.get("/settings/webhooks")
    shown = await web.mine.get(f"/settings/deliveries/{delivery.id}")
    refused = await web.mine.post(f"/settings/webhooks/{endpoint.id}/test")
    again = await web.mine.post(f"/settings/deliveries/{delivery.id}/again")
    await web.mine.post(f"/settings/webhooks/{endpoint.id}/enable")
    on = await web.mine.get("/settings/webhooks")

    assert "It answered 410 (gone)" in text_of(off)
    assert "told no more until somebody switches it on" in text_of(shown)
    assert (refused.status_code, again.status_code) == (409, 409)
    assert "Switch it on first" in text_of(refused)
    assert "Switched off" not in text_of(on)
