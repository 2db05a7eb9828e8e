"""What listens bounds what strangers may send before anything of ours has read it."""

import asyncio
import signal
import socket
from collections.abc import AsyncGenerator

import pytest
from fastapi import FastAPI

from cartage.server.listening import Site, listen

MORE_THAN_ANY_HEAD = 20_000


@pytest.fixture
async def port() -> AsyncGenerator[int]:
    """Listen until told to stop, and give the port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    listening = asyncio.create_task(listen(Site(FastAPI(), "127.0.0.1", port), log_level="critical"))
    yield port
    signal.raise_signal(signal.SIGTERM)
    await listening


async def test_who_never_ends_a_head_is_hung_up_on(port: int) -> None:
    """However many headers a stranger sends, few are kept, whichever parsers are installed."""
    reader, writer = await connected(port)

    assert await is_hung_up_on(reader, writer)


async def is_hung_up_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Send headers without an end, and tell whether the other side lets that be."""
    writer.write(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n" + b"X-More: more\r\n" * MORE_THAN_ANY_HEAD)
    try:
        await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    finally:
        writer.close()
    return True


async def connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect as soon as somebody listens."""
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)
