"""What listens bounds what strangers may send before anything of ours has read it."""

import asyncio
import signal
from collections.abc import AsyncGenerator

import pytest
from fastapi import FastAPI, Request

from cartage.server.heads import LARGEST_HEAD
from cartage.server.listening import Site, listen
from tests.ports import spare_port

LARGE = 600_000


@pytest.fixture
async def port() -> AsyncGenerator[int]:
    """Listen until told to stop, and give the port."""
    port = spare_port()
    app = FastAPI()
    app.add_api_route("/size", size, methods=["POST"])
    listening = asyncio.create_task(listen(Site(app, "127.0.0.1", port), log_level="critical"))
    yield port
    signal.raise_signal(signal.SIGTERM)
    await listening


@pytest.mark.parametrize("endless", [b"X-More: more\r\n", b"more"], ids=["headers", "one header"])
async def test_who_never_ends_a_head_is_hung_up_on(port: int, endless: bytes) -> None:
    """However much of a head a stranger sends, little is kept."""
    answer = await answered(port, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Much: ", endless)

    assert answer.startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize(
    ("body", "endless"),
    [(b"4\r\nmore\r\n0\r\n", b"X-More: more\r\n"), (b"4;more=", b"more")],
    ids=["trailers", "a chunk's extension"],
)
async def test_who_never_ends_what_is_around_a_body_is_hung_up_on(port: int, body: bytes, endless: bytes) -> None:
    """What comes after a body, or between its pieces, is bounded as a head is."""
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert await is_hung_up_on(port, head + body, endless)


async def test_a_large_body_is_no_large_head(port: int) -> None:
    """A body comes through whole, however large it is, and the connection serves on."""
    reader, writer = await connected(port)
    head = b"POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % LARGE
    writer.write(2 * (head + b"x" * LARGE))

    answers = [await reader.readuntil(b"%d" % LARGE) for _ in range(2)]

    assert all(b"HTTP/1.1 200" in answer for answer in answers)
    writer.close()


async def answered(port: int, beginning: bytes, endless: bytes) -> bytes:
    """Send just more than is kept, and give what comes back until the other side hangs up."""
    reader, writer = await connected(port)
    writer.write(beginning + endless * (LARGEST_HEAD // len(endless) + 1))
    try:
        return await asyncio.wait_for(reader.read(), 60)
    finally:
        writer.close()


async def is_hung_up_on(port: int, beginning: bytes, endless: bytes) -> bool:
    """Send much more than is kept, and tell whether the other side lets that be."""
    try:
        await answered(port, beginning, endless * (LARGE // len(endless)))
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


async def connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect as soon as somebody listens."""
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)


async def size(request: Request) -> int:
    """Tell how long a request's body is."""
    return len(await request.body())
