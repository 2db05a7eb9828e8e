"""A shop on loopback, and a fetcher that may visit it and nothing else."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import pytest

from cartage.fetching.client import Fetcher
from cartage.stores.memory_artifacts import MemoryArtifacts

HTML = b"<!doctype html><html><title>Mug</title><h1>Mug</h1></html>"


@dataclass
class Shop:
    """Answer paths as told, 404 for others, and keep the paths that were asked for."""

    fetcher: Fetcher
    origin: str = ""
    answers: dict[str, bytes] = field(default_factory=dict[str, bytes])
    asked: list[str] = field(default_factory=list[str])
    heads: list[str] = field(default_factory=list[str])

    def shows(self, path: str, body: bytes = HTML, status: int = 200, kind: str = "text/html", extra: str = "") -> None:
        """Answer a path with these bytes."""
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
        self.answers[path] = head.encode() + body

    def states(self, path: str, document: Any) -> None:
        """Answer a path with JSON."""
        self.shows(path, json.dumps(document).encode(), kind="application/json; charset=utf-8")

    def sends_on(self, path: str, location: str) -> None:
        """Answer a path with a redirect."""
        self.shows(path, b"", 302, extra=f"Location: {location}\r\n")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one request."""
        request = await reader.readuntil(b"\r\n\r\n")
        path = request.split(b" ")[1].decode()
        self.asked.append(path)
        self.heads.append(request.decode("latin-1").lower())
        writer.write(self.answers.get(path, b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"))
        await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@pytest.fixture
async def shop() -> AsyncGenerator[Shop]:
    """Give a shop that shows nothing yet."""
    shops: list[Shop] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shops[0].serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    fetcher = Fetcher(exceptions=frozenset({("127.0.0.1", port)}), deadline_seconds=60)
    shops.append(Shop(fetcher, f"http://127.0.0.1:{port}"))
    async with server:
        yield shops[0]
        await fetcher.aclose()


@pytest.fixture
def shelf() -> MemoryArtifacts:
    """Give an empty shelf of artifacts."""
    return MemoryArtifacts()
