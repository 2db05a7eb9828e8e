"""A server on a free port of loopback, for tests that need real connections."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp


@asynccontextmanager
async def serving(asgi: ASGIApp) -> AsyncGenerator[int]:
    """Serve an application, and give its port; connections that are still open at the end are cut."""
    config = uvicorn.Config(
        asgi, host="127.0.0.1", port=0, log_level="critical", ws="none", lifespan="off", timeout_graceful_shutdown=0
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(60):
        while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
            await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task
