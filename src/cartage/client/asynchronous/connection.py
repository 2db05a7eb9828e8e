"""The way to an installation: one request at a time, sent again where that is safe, and lists and streams over many."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from cartage.client.call import Call, pause_before_retry
from cartage.client.problems import check, unreachable
from cartage.model.client_errors import NotOverYet, ReplyUnreadable
from cartage.wire.events import EventOut

T = TypeVar("T", bound=BaseModel)
STREAM = "text/event-stream"
PATIENCE = httpx2.Timeout(60.0, connect=10.0)  # a stream says every 15 seconds that it lives
END = "end"
LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Connection:
    """Send calls; `retries` counts how often one is sent again."""

    http: httpx2.AsyncClient
    retries: int = 3

    async def get(self, kind: type[T], call: Call) -> T:
        """Send a call and read its reply as a shape; raises the error that a problem stands for."""
        reply = await self.send(call)
        try:
            return kind.model_validate_json(reply.content)
        except ValidationError as error:
            raise ReplyUnreadable(f"{reply.url} answered with something else than {kind.__name__}.") from error

    async def send(self, call: Call) -> httpx2.Response:
        """Send a call, again after a pause where the installation asks for one; raises as `get` does."""
        for tries in range(1, self.retries + 2):
            reply, failure = None, None
            try:
                reply = await self.http.send(call.request(self.http))
            except httpx2.TransportError as error:
                failure = error
            pause = pause_before_retry(reply, call, tries) if tries <= self.retries else None
            if failure and pause is None:
                raise unreachable(failure, self.http.base_url) from failure
            if reply is not None and pause is None:
                check(reply)
                return reply
            await asyncio.sleep(pause or 0)
        raise AssertionError(call)

    async def pages(self, kind: type[T], call: Call) -> AsyncGenerator[T]:
        """Give the pages of a list one after the other, until there is no next."""
        following: Call | None = call
        while following:
            page = await self.get(kind, following)
            yield page
            address: str | None = getattr(page, "next", None)
            following = Call("GET", address) if address else None

    async def pieces(self, call: Call) -> AsyncGenerator[bytes]:
        """Give a file piece by piece."""
        async with self.http.stream(call.method, call.path) as reply:
            if not reply.is_success:
                await reply.aread()
            check(reply)
            async for piece in reply.aiter_bytes():
                yield piece

    async def events(self, call: Call, after: str = "") -> AsyncGenerator[EventOut]:
        """Give events as they happen, until nothing more will; a cut connection goes on after the last one.

        Raises `InstallationUnreachable` when the installation does not come back within the retries.
        """
        tries = 0
        while True:
            tries += 1
            pause = pause_before_retry(None, call, tries)
            headers = {"Accept": STREAM} | ({"Last-Event-ID": after} if after else {})
            try:
                async with self.http.stream(
                    "GET", call.path, params=call.params, headers=headers, timeout=PATIENCE
                ) as reply:
                    pause = await self._refusal(reply, call, tries) or pause
                    async for told in httpx2.EventSource(reply):
                        tries, after = 0, told.id or after
                        if told.event == END:
                            return
                        if event := _event(told):
                            yield event
            except httpx2.SSEError:
                pass  # refused for now, and said so in another form than a stream
            except httpx2.TransportError as error:
                if tries > self.retries:
                    raise unreachable(error, self.http.base_url) from error
            await asyncio.sleep(pause or 0)

    async def _refusal(self, reply: httpx2.Response, call: Call, tries: int) -> float | None:
        """Give the seconds after which a refused stream may be asked for again, or raise what was refused."""
        if reply.is_success:
            return None
        await reply.aread()
        pause = pause_before_retry(reply, call, tries) if tries <= self.retries else None
        if pause is None:
            check(reply)
        return pause

    async def until_over(self, kind: type[T], call: Call, over: frozenset[str], timeout: float | None) -> T:  # noqa: ASYNC109 - the reply says how it stands
        """Look again and again until a thing's status is one of `over`; raises `NotOverYet` after `timeout` seconds."""
        until = None if timeout is None else monotonic() + timeout
        while True:
            found = await self.get(kind, call)
            status = getattr(found, "status", "")
            if status in over:
                return found
            if until is not None and monotonic() >= until:
                raise NotOverYet(f"{call.path.rpartition('/')[2]} is {status} after {timeout:g} seconds.")
            await asyncio.sleep(LOOK_SECONDS if until is None else min(LOOK_SECONDS, max(until - monotonic(), 0)))


def _event(told: httpx2.ServerSentEvent) -> EventOut | None:
    """Read what was told as an event; None for what is none, such as where the stream begins."""
    try:
        return EventOut.model_validate_json(told.data)
    except ValidationError:
        return None
