"""Webhooks from the event to a program that verifies them with the scheme's own library."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from cartage.engines.inline import Inline
from cartage.exports.maker import Maker
from cartage.exports.service import Exports
from cartage.fetching.address import Rules
from cartage.fetching.client import Fetcher
from cartage.imports.service import Imports
from cartage.imports.workflow import ImportWorkflow
from cartage.model.batch import BatchState, RowState
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.webhook import DeliveryState, Endpoint, MessageName
from cartage.scraping.plan import RetryPreset
from cartage.stores.memory import MemoryStore
from cartage.webhooks.messages import messages_of
from cartage.webhooks.postman import ANSWER_KEPT_BYTES, WAITS, Outcome, Postman, tried
from cartage.webhooks.service import Webhooks
from cartage.webhooks.signing import headers_told, new_secret, signed_headers
from tests.contracts.records import a_batch, a_product, an_event, an_import, kept_rows
from tests.imports.conftest import MERCHANT, URL, Scripted, kettle


@dataclass
class Till:
    """Be a merchant's program: keep what arrives, and answer as told."""

    port: int = 0
    status: int = 204
    body: bytes = b""
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one message."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = (line.partition(":") for line in head.strip().split("\r\n")[1:])
        headers = {name.lower(): value.strip() for name, _, value in lines}
        body = await reader.readexactly(int(headers["content-length"]))
        self.arrived.append((headers, body))
        location = "Location: http://127.0.0.1:1/\r\n" if self.status == 302 else ""
        length = f"Content-Length: {len(self.body)}\r\n"
        writer.write(f"HTTP/1.1 {self.status} X\r\n{location}{length}Connection: close\r\n\r\n".encode() + self.body)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            writer.close()
            await writer.wait_closed()

    def verified(self, secret: str) -> list[Any]:
        """Give what arrived, each verified by the reference library."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.arrived]


@dataclass
class World:
    """Hold a catalogue whose pages are scripted, and a postman who may visit the till."""

    store: MemoryStore
    imports: Imports
    pages: Scripted
    postman: Postman
    webhooks: Webhooks
    till: Till

    async def listen(self, *events: MessageName) -> Endpoint:
        """Add the till as an endpoint, told of some events or of all."""
        return await self.webhooks.add(MERCHANT, f"http://127.0.0.1:{self.till.port}/hook", events)


@pytest.fixture
async def world() -> AsyncGenerator[World]:
    """Give the world."""
    till, store = Till(), MemoryStore()
    server = await asyncio.start_server(till.serve, "127.0.0.1", 0)
    till.port = server.sockets[0].getsockname()[1]
    exceptions = frozenset({("127.0.0.1", till.port)})
    fetcher = Fetcher(exceptions=exceptions, deadline_seconds=60)
    pages = Scripted("direct", [kettle()])
    workflow = ImportWorkflow(store, {"direct": pages}, RetryPreset(attempts=1))
    webhooks = Webhooks(store, Rules(exceptions=exceptions))
    async with server:
        yield World(store, Imports(store, Inline(workflow)), pages, Postman(store, fetcher), webhooks, till)
        await fetcher.aclose()


async def test_a_success_arrives_signed(world: World) -> None:
    """The reference library verifies the message, which names the import and links to it."""
    endpoint = await world.listen()
    submission = await world.imports.submit(MERCHANT, URL)

    await world.postman.go_round()

    (message,) = world.till.verified(endpoint.secret)
    assert message["type"] == "import.succeeded"
    assert message["data"]["product_id"] == submission.product.id
    assert message["data"]["links"]["import"] == f"/v1/imports/{submission.import_.id}"
    with pytest.raises(WebhookVerificationError):
        world.till.verified(new_secret())


async def test_a_failure_arrives_with_its_reason(world: World) -> None:
    """A failed import is told as such."""
    endpoint = await world.listen()
    world.pages.script = ["<html><title>Nothing</title><body>Nothing is here</body></html>"]
    await world.imports.submit(MERCHANT, URL)

    await world.postman.go_round()

    (message,) = world.till.verified(endpoint.secret)
    assert message["type"] == "import.failed"
    assert message["data"]["error"]


async def test_a_changed_product_is_told(world: World) -> None:
    """Another import that finds another price says which field changed; one that finds the same does not."""
    endpoint = await world.listen()
    world.pages.script = [kettle(), kettle(), kettle(name="Steel Kettle, large")]
    submission = await world.imports.submit(MERCHANT, URL)
    for _ in range(2):
        await world.imports.retry(MERCHANT, submission.product.id)

    await world.postman.go_round()

    told = world.till.verified(endpoint.secret)
    names = [message["type"] for message in told]
    assert sorted(names) == ["import.succeeded"] * 3 + ["product.changed"]
    assert next(message["data"]["changed"] for message in told if message["type"] == "product.changed") == ["name"]


async def test_a_product_to_look_at_is_told_as_such(world: World) -> None:
    """A thin page is a success that needs a person, and says what it lacks."""
    await world.listen(MessageName.IMPORT_NEEDS_REVIEW)
    world.pages.script = [kettle(), kettle(offers=None)]
    for address in (URL, f"{URL}-2"):
        await world.imports.submit(MERCHANT, address)

    await world.postman.go_round()

    (message,) = [json.loads(body) for _, body in world.till.arrived]
    assert message["type"] == "import.needs_review"
    assert "price" in message["data"]["missing"]
    assert message["data"]["links"]["product"].startswith("/v1/products/prd_")


async def test_an_export_that_is_over_is_told(world: World) -> None:
    """The message says how it ended, what was found and where the files are."""
    await world.imports.submit(MERCHANT, URL)
    await world.listen(MessageName.EXPORT_COMPLETED)
    exports = Exports(world.store)
    export = await exports.submit(MERCHANT, "shopify")
    await Maker(exports).make_next()

    await world.postman.go_round()

    (message,) = [json.loads(body) for _, body in world.till.arrived]
    told = message["data"]
    assert (message["type"], told["export_id"], told["target"]) == ("export.completed", export.id, "shopify")
    assert (told["state"], told["products"]) == ("ready", 1)
    assert told["links"]["download"] == f"/v1/exports/{export.id}/download"


async def test_only_what_was_chosen_is_told(world: World) -> None:
    """An endpoint for failures hears of no success, and a test reaches it all the same."""
    endpoint = await world.listen(MessageName.IMPORT_FAILED)
    await world.imports.submit(MERCHANT, URL)
    await world.postman.go_round()
    assert world.till.arrived == []

    await world.webhooks.test(MERCHANT, endpoint.id)
    await world.postman.go_round()

    assert [json.loads(body)["type"] for _, body in world.till.arrived] == ["test"]


async def test_an_endpoint_that_is_gone_is_switched_off_until_it_is_switched_on(world: World) -> None:
    """After a 410 nothing is sent, by nobody's wish; once on, it hears of what happens from then on."""
    endpoint = await world.listen()
    world.till.status = 410
    await world.imports.submit(MERCHANT, URL)
    await world.postman.go_round()
    (delivery,) = await world.webhooks.deliveries(MERCHANT)
    assert (delivery.state, delivery.tries, delivery.status) == (DeliveryState.FAILED, 1, 410)
    assert (await world.webhooks.endpoint(MERCHANT, endpoint.id)).gone_at == delivery.tried_at
    with pytest.raises(Conflict):
        await world.webhooks.deliver_again(MERCHANT, delivery.id)
    with pytest.raises(Conflict):
        await world.webhooks.test(MERCHANT, endpoint.id)
    world.till.status = 204
    await world.imports.submit(MERCHANT, f"{URL}-while-off")
    assert await world.postman.go_round() == 0

    await world.webhooks.enable(MERCHANT, endpoint.id)
    later = await world.imports.submit(MERCHANT, f"{URL}-later")
    await world.postman.go_round()

    told = [json.loads(body)["data"]["product_id"] for _, body in world.till.arrived]
    assert told[1:] == [later.product.id]


async def test_what_was_sent_and_what_came_back_are_kept(world: World) -> None:
    """The headers that arrived can be told again without the secret; of a long answer the beginning is kept."""
    endpoint = await world.listen()
    world.till.status, world.till.body = 500, b"\x00<script>\xff\xe2\x80\xae" + b"x" * 5000
    await world.imports.submit(MERCHANT, URL)

    await world.postman.go_round()

    (delivery,) = await world.webhooks.deliveries(MERCHANT)
    ((headers, body),) = world.till.arrived
    told = headers_told(endpoint.secret, delivery)
    assert {name: headers[name] for name in told} == told
    assert {"webhook-id", "webhook-signature"} < told.keys()
    assert body.decode() == delivery.payload
    assert delivery.answer.startswith("\ufffd<script>\ufffd\ufffdxxx")
    assert len(delivery.answer) <= ANSWER_KEPT_BYTES
    assert delivery.next_try_at is not None
    assert delivery.next_try_at > datetime.now(UTC)


async def test_a_batch_is_told_when_all_of_it_is_over(world: World) -> None:
    """A batch is told once, when no row of it is under way, with its counts."""
    endpoint = await world.listen()
    batch = a_batch(MERCHANT, BatchState.FED).model_copy(update={"created_at": datetime.now(UTC)})
    rows = await kept_rows(world.store, batch, 2)
    await world.store.batches.settle_row(rows[0].model_copy(update={"state": RowState.INVALID}))
    await world.postman.go_round()
    assert world.till.arrived == []

    await world.store.batches.settle_row(rows[1].model_copy(update={"state": RowState.INVALID}))
    for _ in range(3):
        await world.postman.go_round()

    (message,) = world.till.verified(endpoint.secret)
    assert (message["type"], message["data"]["counts"]) == ("batch.completed", {"invalid": 2})


async def test_a_batch_is_told_to_those_without_webhooks(world: World) -> None:
    """Where nobody has an endpoint, a batch that is over is among the events all the same, once."""
    batch = a_batch(MERCHANT, BatchState.FED).model_copy(update={"created_at": datetime.now(UTC)})
    (row,) = await kept_rows(world.store, batch, 1)
    await world.store.batches.settle_row(row.model_copy(update={"state": RowState.INVALID}))

    for _ in range(2):
        await world.postman.go_round()

    (event,) = await world.store.catalogue.events(MERCHANT)
    assert (event.name, event.data) == ("batch/completed", {"batchId": batch.id, "counts": {"invalid": 1}})
    assert world.till.arrived == []


async def test_nothing_is_told_twice(world: World) -> None:
    """Once delivered, a message is over, however many postmen go round at once."""
    await world.listen()
    await world.imports.submit(MERCHANT, URL)

    await asyncio.gather(*(world.postman.go_round() for _ in range(5)))

    assert len(world.till.arrived) == 1


@pytest.mark.parametrize("status", [500, 429, 404, 302])
@pytest.mark.case("redirect-32")
async def test_what_does_not_arrive_is_sent_again(world: World, status: int) -> None:
    """Any answer but a success, a redirect too, is tried again later with the same id."""
    endpoint = await world.listen()
    world.till.status = status
    await world.imports.submit(MERCHANT, URL)
    await world.postman.go_round()
    assert await world.postman.go_round() == 0

    world.till.status = 204
    assert await world.postman.go_round(datetime.now(UTC) + WAITS[0] + timedelta(seconds=1)) == 1

    ids = [headers["webhook-id"] for headers, _ in world.till.arrived]
    (delivery,) = await world.webhooks.deliveries(MERCHANT)
    assert len(set(ids)) == 1
    assert (delivery.state, delivery.tries, delivery.result) == (DeliveryState.DELIVERED, 2, "status 204")
    assert len(world.till.verified(endpoint.secret)) == 2


async def test_it_is_given_up_in_the_end_and_may_be_sent_again(world: World) -> None:
    """After eight tries over a day and a half a delivery failed; a person may send it again."""
    await world.listen()
    world.till.status = 500
    await world.imports.submit(MERCHANT, URL)
    moment = datetime.now(UTC)
    for _ in range(len(WAITS) + 1):
        await world.postman.go_round(moment)
        moment += timedelta(hours=15)
    (delivery,) = await world.webhooks.deliveries(MERCHANT)
    assert (delivery.state, delivery.tries) == (DeliveryState.FAILED, 8)

    world.till.status = 200
    await world.webhooks.deliver_again(MERCHANT, delivery.id)
    await world.postman.go_round()

    (delivery,) = await world.webhooks.deliveries(MERCHANT)
    assert delivery.state is DeliveryState.DELIVERED


@pytest.mark.case("other_sink-13")
async def test_a_private_address_is_never_told(world: World) -> None:
    """The door judges at every delivery: an endpoint that now leads inside gets nothing, and no reason is told."""
    endpoint = await world.listen()
    inside = endpoint.model_copy(update={"url": f"http://127.0.0.2:{world.till.port}/"})
    world.store.postbox._endpoints[endpoint.id] = inside  # pyright: ignore[reportPrivateUsage]
    await world.imports.submit(MERCHANT, URL)

    await world.postman.go_round()

    (delivery,) = await world.webhooks.deliveries(MERCHANT)
    assert (world.till.arrived, delivery.result) == ([], "url_not_allowed")


@pytest.mark.parametrize(
    "url",
    [
        "http://till.example/hook",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "https://user:pass@till.example/",
        "https://till.example:22/",
        "ftp://till.example/",
        "nonsense",
        "",
    ],
)
@pytest.mark.case("redirect-33")
async def test_an_address_that_nobody_should_tell_is_refused(url: str) -> None:
    """Only https to the public internet; every refusal reads the same."""
    with pytest.raises(InvalidInput) as caught:
        await Webhooks(MemoryStore()).add(MERCHANT, url)

    assert caught.value.detail == "A webhook's address begins with https:// and leads to the public internet."


def test_the_signature_is_the_reference_librarys() -> None:
    """For the same secret, id, time and body the reference library makes the very same signature."""
    secret, at, body = new_secret(), datetime.now(UTC), json.dumps({"type": "x", "text": "ü"}).encode()

    ours = signed_headers(secret, "msg_1", at, body)["webhook-signature"]

    assert ours == Webhook(secret).sign("msg_1", at, body.decode())


@pytest.mark.parametrize(
    ("name", "told", "data"),
    [
        ("product/enhance.completed", "product.enhanced", {"tasks": ["title"]}),
        ("product/enhance.failed", "enhancement.failed", {"tasks": [], "error": "The model refused."}),
    ],
)
def test_how_an_enhancement_ended_is_told(name: str, told: str, data: dict[str, Any]) -> None:
    """The message names product, run and tasks, the reason of a failure, and where the texts are."""
    product = a_product(MERCHANT)
    ended = an_event(an_import(product), name).model_copy(update={"data": {"runId": "run_1", **data}})

    ((message_name, message),) = messages_of(ended)

    sent = json.loads(message)
    here = f"/v1/products/{product.id}"
    links = {"product": here, "enhancements": f"{here}/enhancements"}
    assert (message_name, sent["type"]) == (told, told)
    assert sent["data"] == {"product_id": product.id, "run_id": "run_1", **data, "links": links}


async def test_the_waits_grow(world: World) -> None:
    """Each try that fails is followed by a longer wait."""
    await world.listen()
    await world.imports.submit(MERCHANT, URL)
    world.till.status = 500
    await world.postman.go_round()
    (delivery,) = await world.webhooks.deliveries(MERCHANT)
    now, waits = datetime.now(UTC), list[timedelta]()
    while delivery.state is DeliveryState.WAITING:
        delivery = tried(delivery, Outcome("status 500", 500), now)
        waits.append(delivery.due_at - now)

    assert waits[:-1] == sorted(waits[:-1])
    assert delivery.state is DeliveryState.FAILED
