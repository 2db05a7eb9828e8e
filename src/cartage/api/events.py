"""Events over HTTP: what happens, as it happens (server-sent events), or what happened (JSON)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.routing import APIRoute
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.routing import Match
from starlette.types import Scope

from cartage.api.batches import going
from cartage.api.paging import Paging
from cartage.imports.watching import Subject, Watching
from cartage.model.batch import RowStatus
from cartage.model.catalogue import Event
from cartage.model.errors import InvalidInput
from cartage.wire.events import EventOut, EventPage, EventType, type_of

STREAM = "text/event-stream"
RECONNECT_MS = 3000
LONGEST_STREAM_SECONDS = 15 * 60.0  # then the client comes again, and its token is looked at again
LONGEST_NUMBER = 19
NO_TYPES: list[EventType] = []
LastEventId = Annotated[
    str,
    Header(alias="Last-Event-ID", description="The `id` of the last event that arrived; the stream goes on after it."),
]
EXAMPLE = 'id: 81231\nevent: step\ndata: {"id": "81231", "type": "step", "name": "import/step", …}\n\n'
Types = Annotated[list[EventType], Query(alias="type", description="Only events of these types.")]
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The events; a stream of them where `Accept` is `text/event-stream`.",
        "content": {
            STREAM: {
                "schema": {"type": "string"},
                "example": EXAMPLE,
            }
        },
    }
}


@dataclass(frozen=True, slots=True)
class Stream:
    """Stream a subject's events of some types to one client, from after a sequence on."""

    watching: Watching
    merchant_id: str
    subject: Subject
    types: frozenset[EventType]
    after: int

    async def told(self) -> AsyncIterator[ServerSentEvent]:
        """Give what is sent: where the stream begins, each event once, and `end` when nothing more will happen."""
        yield ServerSentEvent(id=str(self.after), retry=RECONNECT_MS)
        until, told = monotonic() + LONGEST_STREAM_SECONDS, {}
        async for events in self.watching.watch(self.merchant_id, self.subject, self.after):
            for each in self._wanted(events):
                yield each
            if self.subject.batch_id and (counts := await self._counts()) != told:
                told = counts
                yield ServerSentEvent(event="progress", data=await self._progress())
            if monotonic() > until:
                return
        yield ServerSentEvent(event="end", data={})

    def _wanted(self, events: Sequence[Event]) -> list[ServerSentEvent]:
        shown = [each for each in events if not self.types or type_of(each.name) in self.types]
        told = [_as_sent(each) for each in shown]
        if events and (not shown or shown[-1] is not events[-1]):
            told.append(ServerSentEvent(id=str(events[-1].sequence)))  # what is left out is not read again
        return told

    async def _counts(self) -> Mapping[RowStatus, int]:
        return await self.watching.batches.counts(self.merchant_id, self.subject.batch_id)

    async def _progress(self) -> dict[str, Any]:
        batches = self.watching.batches
        batch = await batches.batch(self.merchant_id, self.subject.batch_id)
        return {"batch_id": batch.id} | going(await batches.standing_of(batch))


class Streaming(APIRoute):
    """Take requests that ask for a stream."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match by `Accept` too."""
        asked = scope["type"] == "http" and STREAM in Request(scope).headers.get("accept", "")
        return super().matches(scope) if asked else (Match.NONE, {})


def add_events(router: APIRouter, watching: Watching, merchant: Any) -> None:
    """Add the events of everything, of an import and of a product, each as a stream and as JSON."""

    async def everything(
        product: Annotated[str, Query(description="Only events of this product.")] = "",
        import_: Annotated[str, Query(alias="import", description="Only events of this import.")] = "",
        batch: Annotated[str, Query(description="Only events of this batch's imports, and its progress.")] = "",
        *,
        merchant_id: str = merchant,
    ) -> Subject:
        return await known(merchant_id, Subject(product, import_, batch))

    async def of_import(import_id: str, *, merchant_id: str = merchant) -> Subject:
        return await known(merchant_id, Subject(import_id=import_id))

    async def of_product(product_id: str, *, merchant_id: str = merchant) -> Subject:
        return await known(merchant_id, Subject(product_id=product_id))

    async def known(merchant_id: str, subject: Subject) -> Subject:
        await watching.check(merchant_id, subject)
        return subject

    _add_both(router, "/v1/events", watching, merchant, Depends(everything))
    _add_both(router, "/v1/imports/{import_id}/events", watching, merchant, Depends(of_import))
    _add_both(router, "/v1/products/{product_id}/events", watching, merchant, Depends(of_product))


def _add_both(router: APIRouter, path: str, watching: Watching, merchant: Any, subject_of: Any) -> None:
    tag = path.split("/")[2]

    async def begins(
        last_event_id: LastEventId = "", subject: Subject = subject_of, *, merchant_id: str = merchant
    ) -> int:
        if last_event_id:
            return _sequence(last_event_id)
        return 0 if subject != Subject() else await watching.latest(merchant_id)

    async def stream_events(
        types: Types = NO_TYPES,
        subject: Subject = subject_of,
        after: int = Depends(begins),
        *,
        merchant_id: str = merchant,
    ) -> AsyncIterator[ServerSentEvent]:
        async for each in Stream(watching, merchant_id, subject, frozenset(types), after).told():
            yield each

    async def list_events(
        paging: Annotated[Paging, Depends()],
        types: Types = NO_TYPES,
        subject: Subject = subject_of,
        _: LastEventId = "",
        *,
        merchant_id: str = merchant,
    ) -> EventPage:
        """List what happened, oldest first; with `Accept: text/event-stream`, stream it as it happens.

        A stream begins after `Last-Event-ID`; without one, the stream of everything begins now, and any other with
        the first event. `event: end` says that nothing more will happen. `next` is there even where nothing follows
        yet, to ask again later.
        """
        after = paging.number_after
        found = await watching.events(merchant_id, subject, after, paging.limit)
        shown = [EventOut.of(each) for each in found if not types or type_of(each.name) in types]
        return EventPage(events=shown, next=paging.following(str(found[-1].sequence if found else after)))

    router.add_api_route(
        path,
        stream_events,
        response_class=EventSourceResponse,
        route_class_override=_streaming(router),
        include_in_schema=False,
    )
    router.add_api_route(
        path,
        list_events,
        methods=["GET"],
        tags=[tag],
        name="list_events" if tag == "events" else f"list_{tag.removesuffix('s')}_events",
        responses=STREAMED,
    )


def _streaming(router: APIRouter) -> type[APIRoute]:
    return type("StreamingRoute", (Streaming, router.route_class), {})


def _sequence(last_event_id: str) -> int:
    number = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < LONGEST_NUMBER else -1
    if number < 0:
        raise InvalidInput("The id is not one that an event of ours had.", "/header/Last-Event-ID")
    return number


def _as_sent(event: Event) -> ServerSentEvent:
    shown = EventOut.of(event)
    return ServerSentEvent(id=shown.id, event=shown.type.value, data=shown)
