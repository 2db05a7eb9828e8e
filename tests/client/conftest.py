"""Clients of the API in this process."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from cartage.client import AsyncClient, Client
from cartage.client.in_process import InProcess
from tests.api.conftest import Api, api

__all__ = ["api"]

URL = "http://cartage.test"


class FromAnotherThread(httpx2.BaseTransport):
    """Let a client without `await`, on another thread, talk to an application on a loop."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, loop: asyncio.AbstractEventLoop) -> None:
        self._inner = inner
        self._loop = loop

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Wait for the whole reply."""
        return asyncio.run_coroutine_threadsafe(self._whole(request), self._loop).result(timeout=120)

    async def _whole(self, request: httpx2.Request) -> httpx2.Response:
        reply = await self._inner.handle_async_request(request)
        content = await reply.aread()
        await reply.aclose()
        return httpx2.Response(reply.status_code, headers=reply.headers, content=content)


@pytest.fixture
async def client(api: Api) -> AsyncIterator[AsyncClient]:
    """Give a client of the first merchant."""
    async with AsyncClient(URL, api.token, transport=InProcess(api.server), retries=2) as made:
        yield made


@pytest.fixture
async def blocking(api: Api) -> AsyncIterator[Client]:
    """Give its twin, for use on another thread."""
    transport = FromAnotherThread(InProcess(api.server), asyncio.get_running_loop())
    with Client(URL, api.token, transport=transport) as made:
        yield made
