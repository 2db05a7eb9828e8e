"""A small internet on loopback: scripted names, a site that behaves as told, and a canary nobody may reach."""

import asyncio
import contextlib
import json
import shutil
import ssl
import subprocess
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore2
import pytest

from cartage.fetching.address import judge
from cartage.fetching.client import Fetcher
from cartage.fetching.limits import Limits
from cartage.fetching.outlet import Tunnel
from cartage.fetching.trust import make_context
from cartage.model.errors import DnsFailed, HostNotFound

CASES = Path(__file__).parent.parent / "cases"
HTTPS = 443
PUBLIC = "93.184.216.34"
HTML = b"<!doctype html><html><title>Mug</title><h1>Mug</h1></html>"

Behaviour = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def cases(name: str, **wanted: str) -> list[Any]:
    """Read the cases of a file whose fields are as wanted, as pytest parameters named by their id."""
    rows = [json.loads(line) for line in (CASES / name).read_text().splitlines()]
    chosen = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return [pytest.param(row, id=row["id"]) for row in chosen]


def answer(body: bytes = HTML, status: str = "200 OK", **headers: str) -> bytes:
    """Write an HTTP answer; underscores in header names become hyphens."""
    fields = {"content_type": "text/html", "content_length": str(len(body)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def says(*answers: bytes) -> Behaviour:
    """Give the answers one after another, the last one for ever."""
    left = list(answers)

    async def behave(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()

    return behave


@dataclass
class Site:
    """Listen on loopback, keep the requests, and answer them as `behave` does."""

    behave: Behaviour = field(default_factory=says)
    keep_alive: bool = False
    requests: list[bytes] = field(default_factory=list[bytes])
    connections: int = 0
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one connection."""
        self.connections += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                while request := await reader.readuntil(b"\r\n\r\n"):
                    self.requests.append(request)
                    await self.behave(request, writer)
                    if not self.keep_alive:
                        break
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()


@dataclass
class Internet(httpcore2.AsyncNetworkBackend):
    """Script names, and lead public addresses to the site and all others to the canary."""

    site: Site
    canary: Site
    secure_site: Site | None = None
    names: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    refusing: frozenset[str] = frozenset()
    slow: bool = False
    peer: str = ""
    lookups: list[str] = field(default_factory=list[str])
    dialled: list[str] = field(default_factory=list[str])

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """Play the next scripted answer for a name; the last one stays."""
        del port
        self.lookups.append(host)
        script = self.names.get(host, [[PUBLIC]])
        entry = script.pop(0) if len(script) > 1 else script[0]
        if entry == "TIMEOUT":
            await asyncio.sleep(60)
        if entry == "NXDOMAIN":
            raise HostNotFound(host)
        if isinstance(entry, str):
            raise DnsFailed(host)
        return entry

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Dial, as told."""
        del local_address, socket_options
        self.dialled.append(host)
        if host in self.refusing:
            raise httpcore2.ConnectError
        if self.slow:
            await asyncio.sleep(timeout or 0)
            raise httpcore2.ConnectTimeout
        site = self.secure_site if self.secure_site and port == HTTPS else self.site
        target = self.canary if judge(host) else site
        backend: Any = httpcore2.AnyIOBackend()
        stream = await backend.connect_tcp("127.0.0.1", target.port, timeout)
        return Tunnel(stream, (self.peer or host, port))

    def fetcher(self, limits: Limits | None = None, **options: Any) -> Fetcher:
        """Make a fetcher that lives in this internet."""
        return Fetcher(limits=limits, resolve=self.resolve, dial=self, **options)


@contextlib.asynccontextmanager
async def listening(site: Site, context: ssl.SSLContext | None = None) -> AsyncGenerator[Site]:
    """Run a site on a free port."""
    handlers: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.add(asyncio.get_running_loop().create_task(site.serve(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        for handler in handlers:
            handler.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0)


@pytest.fixture
async def internet() -> AsyncGenerator[Internet]:
    """Give an internet with a site that shows a page, and a canary."""
    async with listening(Site(says(answer()))) as site, listening(Site(says(answer()))) as canary:
        yield Internet(site, canary)
        assert canary.connections == 0


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for shop.test, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    options = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.test -addext subjectAltName=DNS:shop.test"
    subprocess.run(
        [openssl, *options.split(), "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )
    certificate.write_text(certificate.read_text() + key.read_text())
    return certificate


def trusting(certificate: Path) -> ssl.SSLContext:
    """Make a client's context that trusts the test certificate."""
    context = make_context()
    context.load_verify_locations(certificate)
    return context


def serving(certificate: Path) -> ssl.SSLContext:
    """Make a server's context that shows the test certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@contextlib.asynccontextmanager
async def secure(internet: Internet, certificate: Path, version: ssl.TLSVersion | None = None) -> AsyncGenerator[None]:
    """Put a site that speaks TLS into the internet."""
    context = serving(certificate)
    if version:
        context.maximum_version = version
    async with listening(Site(says(answer())), context) as site:
        internet.site = site
        yield
