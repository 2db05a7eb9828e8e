"""The door for our own browser: a small HTTP proxy on loopback that judges and dials as the fetcher does."""

import asyncio
import base64
import contextlib
import hmac
import secrets
from collections.abc import Generator
from dataclasses import dataclass, field

import httpcore2

from cartage.fetching.address import Address, Rules, parse
from cartage.fetching.meter import count
from cartage.model.errors import CartageError, PageTooLarge, UrlInvalid, UrlNotAllowed

HEAD_BYTES = 64 * 1024
CHUNK = 64 * 1024
LARGEST_UPLOAD = 1024 * 1024
CONNECT_OK = b"HTTP/1.1 200 Connection established\r\n\r\n"
WHO = b'HTTP/1.1 407 X\r\nProxy-Authenticate: Basic realm="cartage"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
HOP_HEADERS = {b"connection", b"keep-alive", b"proxy-authorization", b"proxy-connection", b"te", b"upgrade"}
ANSWERS = {
    400: b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    403: b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    502: b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    503: b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bound one visit: open connections, bytes in both directions, seconds; `strangers` may await their 407."""

    connections: int = 64
    bytes: int = 64 * 1024 * 1024
    seconds: float = 90.0
    idle_seconds: float = 30.0
    head_seconds: float = 10.0
    strangers: int = 256


@dataclass(slots=True)
class Visit:
    """Let one visit of the browser through: its credential, what it has used, and why it failed by `host:port`."""

    name: str
    secret: str
    bytes_left: int
    failures: dict[str, CartageError] = field(default_factory=dict[str, CartageError])
    connections: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @property
    def credential(self) -> bytes:
        """Give what the browser sends to prove that it is ours."""
        return b"Basic " + base64.b64encode(f"{self.name}:{self.secret}".encode())

    def spend(self, size: int, host: str) -> None:
        """Count bytes; raises `PageTooLarge` when the visit has used up its share."""
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise PageTooLarge(f"Showing {host}'s page takes more bytes than a page may.")


@dataclass(frozen=True, slots=True)
class _Request:
    method: bytes
    target: bytes
    headers: list[tuple[bytes, bytes]]

    def header(self, name: bytes) -> bytes:
        """Give a header's value, empty where it is missing."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    @property
    def address(self) -> Address:
        """Read whom the browser wants to reach; raises as `parse` does."""
        text = self.target.decode("ascii", "replace")
        return parse(f"https://{text}/" if self.method == b"CONNECT" else text)


class FilteringProxy:
    """Carry the browser's requests to the public web, and nothing to anywhere else.

    It listens on a random port of loopback and serves only those who hold the credential of a visit under way.
    """

    def __init__(self, rules: Rules, guard: httpcore2.AsyncNetworkBackend, bounds: Bounds | None = None) -> None:
        self._rules = rules
        self._guard = guard
        self._bounds = bounds or Bounds()
        self._visits: dict[str, Visit] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Give the address that the browser is told."""
        if self._server is None:
            raise RuntimeError("The proxy is not listening.")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        """Listen, if it does not yet."""
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=HEAD_BYTES)

    async def aclose(self) -> None:
        """Stop listening and end every connection."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await server.wait_closed()

    @contextlib.contextmanager
    def visit(self) -> Generator[Visit]:
        """Open the door for one visit; its credential and its connections end with it."""
        visit = Visit(secrets.token_hex(8), secrets.token_urlsafe(32), self._bounds.bytes)
        self._visits[visit.name] = visit
        try:
            yield visit
        finally:
            del self._visits[visit.name]
            count(self._bounds.bytes - visit.bytes_left)
            for task in visit.connections:
                task.cancel()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._tasks) >= self._bounds.strangers:
            writer.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(self._bounds.seconds):
                async with asyncio.timeout(self._bounds.head_seconds):
                    request = await _read_request(reader)
                if request is None:
                    await _say(writer, ANSWERS[400])
                elif visit := self._known(request):
                    await self._let_through(visit, request, reader, writer)
                else:
                    await _say(writer, WHO)
        except (TimeoutError, OSError, EOFError, httpcore2.NetworkError, httpcore2.TimeoutException):
            pass
        finally:
            writer.close()
            asyncio.get_running_loop().call_later(self._bounds.head_seconds, writer.transport.abort)

    def _known(self, request: _Request) -> Visit | None:
        told = request.header(b"proxy-authorization")
        return next((visit for visit in self._visits.values() if hmac.compare_digest(told, visit.credential)), None)

    async def _let_through(
        self, visit: Visit, request: _Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if len(visit.connections) >= self._bounds.connections:
            await _say(writer, ANSWERS[503])
            return
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("A connection is served in a task.")
        visit.connections.add(task)
        task.add_done_callback(visit.connections.discard)
        try:
            upstream = await self._dial(visit, request)
        except CartageError as error:
            await _say(writer, ANSWERS[403 if isinstance(error, UrlNotAllowed | UrlInvalid) else 502])
            return
        try:
            await self._carry(visit, request, reader, writer, upstream)
        finally:
            with contextlib.suppress(OSError, httpcore2.NetworkError):
                await upstream.aclose()

    async def _dial(self, visit: Visit, request: _Request) -> httpcore2.AsyncNetworkStream:
        try:
            address = request.address
        except CartageError as error:
            visit.failures[request.target.decode("ascii", "replace")] = error
            raise
        place = f"{address.host}:{address.port}"
        try:
            self._rules.check(address)
            upstream = await self._guard.connect_tcp(address.host, address.port)
        except CartageError as error:
            visit.failures[place] = error
            raise
        visit.failures.pop(place, None)
        return upstream

    async def _carry(
        self,
        visit: Visit,
        request: _Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        upstream: httpcore2.AsyncNetworkStream,
    ) -> None:
        address = request.address
        carrier = _Carrier(visit, address.host, self._bounds.idle_seconds, reader, writer, upstream)
        try:
            if request.method == b"CONNECT":
                await carrier.tunnel()
            else:
                await carrier.exchange(request)
        except PageTooLarge as error:
            visit.failures[f"{address.host}:{address.port}"] = error


@dataclass(frozen=True, slots=True)
class _Carrier:
    visit: Visit
    host: str
    idle_seconds: float
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    upstream: httpcore2.AsyncNetworkStream

    async def tunnel(self) -> None:
        """Carry bytes both ways until either side ends."""
        await _say(self.writer, CONNECT_OK)
        ways = [asyncio.create_task(self._upwards()), asyncio.create_task(self._downwards())]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        for way in done:
            way.result()

    async def exchange(self, request: _Request) -> None:
        """Carry one plain request, and its answer, which ends the connection."""
        length = request.header(b"content-length") or b"0"
        if request.header(b"transfer-encoding") or not length.isdigit() or int(length[:9]) > LARGEST_UPLOAD:
            await _say(self.writer, ANSWERS[400])
            return
        await self.upstream.write(_plain_head(request), self.idle_seconds)
        if body := await self.reader.readexactly(int(length)):
            self.visit.spend(len(body), self.host)
            await self.upstream.write(body, self.idle_seconds)
        head, rest = await self._answer_head()
        await _say(self.writer, head + rest)
        await self._downwards()

    async def _answer_head(self) -> tuple[bytes, bytes]:
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                data += await self._more()
                if len(data) > HEAD_BYTES + CHUNK:
                    raise EOFError
            head, _, data = data.partition(b"\r\n\r\n")
            if not head.partition(b" ")[2].startswith(b"1"):  # an interim answer is not yet the answer
                break
        first, *fields = head.split(b"\r\n")
        kept = [each for each in fields if each.partition(b":")[0].strip().lower() not in HOP_HEADERS]
        return b"\r\n".join([first, *kept, b"Connection: close", b"", b""]), data

    async def _more(self) -> bytes:
        chunk = await self.upstream.read(CHUNK, self.idle_seconds)
        if not chunk:
            raise EOFError
        self.visit.spend(len(chunk), self.host)
        return chunk

    async def _downwards(self) -> None:
        with contextlib.suppress(EOFError):
            while True:
                self.writer.write(await self._more())
                await self.writer.drain()

    async def _upwards(self) -> None:
        while chunk := await self.reader.read(CHUNK):
            self.visit.spend(len(chunk), self.host)
            await self.upstream.write(chunk, self.idle_seconds)


async def _read_request(reader: asyncio.StreamReader) -> _Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        return None
    first, *lines = head[:-4].split(b"\r\n")
    parts = first.split(b" ")
    if len(parts) != 3 or not parts[2].startswith(b"HTTP/1."):  # noqa: PLR2004 - method, target, version
        return None
    pairs = [line.partition(b":") for line in lines]
    return _Request(parts[0], parts[1], [(name.strip(), value.strip()) for name, _, value in pairs])


def _plain_head(request: _Request) -> bytes:
    address = request.address
    kept = [(name, value) for name, value in request.headers if name.lower() not in HOP_HEADERS | {b"host"}]
    lines = [request.method + b" " + address.target.encode("ascii") + b" HTTP/1.1"]
    lines += [b"Host: " + address.origin.partition("//")[2].encode("ascii")]
    lines += [name + b": " + value for name, value in kept]
    return b"\r\n".join([*lines, b"Connection: close", b"", b""])


async def _say(writer: asyncio.StreamWriter, answer: bytes) -> None:
    writer.write(answer)
    await writer.drain()
