"""An application in this very process as where the client sends to: no connection, and replies as they are written."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

import httpx2

Message = MutableMapping[str, Any]
ASGIApp = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]
AHEAD = 16  # pieces of a reply that are written before they are read


class InProcess(httpx2.AsyncBaseTransport):
    """Send requests to an ASGI application; unlike httpx2's own transport, a reply arrives while it is written."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, and give the reply as soon as its head is there."""
        exchange = _Exchange(request)
        task = asyncio.create_task(exchange.run(self._app))
        head = await exchange.sent.get()
        if head is None or head["type"] != "http.response.start":
            await task
            raise httpx2.RemoteProtocolError("The application ended without a reply.", request=request)
        return httpx2.Response(head["status"], headers=head.get("headers", []), stream=_Body(exchange, task))


class _Exchange:
    def __init__(self, request: httpx2.Request) -> None:
        self._request = request
        self._body = request.stream.__aiter__() if isinstance(request.stream, httpx2.AsyncByteStream) else None
        self._over = asyncio.Event()
        self.sent: asyncio.Queue[Message | None] = asyncio.Queue(maxsize=AHEAD)

    async def run(self, app: ASGIApp) -> None:
        try:
            await app(self._scope(), self._receive, self.sent.put)
        except BaseException:
            while self.sent.full():
                self.sent.get_nowait()
            raise
        finally:
            self._over.set()
            with contextlib.suppress(asyncio.QueueFull):
                self.sent.put_nowait(None)

    def hang_up(self) -> None:
        self._over.set()

    def _scope(self) -> dict[str, Any]:
        url = self._request.url
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": self._request.method,
            "headers": [(name.lower(), value) for name, value in self._request.headers.raw],
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": url.raw_path.split(b"?")[0],
            "query_string": url.query,
            "server": (url.host, url.port),
            "client": ("127.0.0.1", 0),
            "root_path": "",
        }

    async def _receive(self) -> Message:
        if self._body is not None:
            async for piece in self._body:
                return {"type": "http.request", "body": piece, "more_body": True}
            self._body = None
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}


class _Body(httpx2.AsyncByteStream):
    def __init__(self, exchange: _Exchange, task: asyncio.Task[None]) -> None:
        self._exchange = exchange
        self._task = task
        self._whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while not self._whole:
            message = await self._exchange.sent.get()
            if message is None:
                raise httpx2.RemoteProtocolError("The application ended in the middle of a reply.")
            self._whole = not message.get("more_body", False)
            if body := message.get("body", b""):
                yield body

    async def aclose(self) -> None:
        self._exchange.hang_up()
        if not self._whole:
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
