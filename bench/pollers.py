"""Measure how fast the status of imports is told while a thousand pollers ask for it every two seconds.

Usage: python bench/pollers.py [--pollers N] [--imports N] [--seconds N]

A server with the embedded engine on SQLite runs in a process of its own, and imports from a slow shop on loopback.
Half of the pollers come with a login's cookie, half with a token; they are one other process, that of the shop, too.
Prints the latencies' p50 and p99, how many polls were answered, how many went wrong, and how much of a processor the
server and the pollers took. Exits with 1 when p99 is 100 ms or more, or anything went wrong.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from cartage.accounts.service import Accounts
from cartage.app import build
from cartage.server import create_server
from cartage.server.listening import Site, listen, run
from cartage.settings import read_settings
from cartage.stores.sql import SqlStore, upgrade

LOOPBACK = "127.0.0.1"
INTERVAL_SECONDS, SHOP_SECONDS, WARM_UP_SECONDS, GOAL_MS = 2.0, 1.0, 4.0, 100.0
LOGINS = 20
PASSWORD = "a long enough password"  # noqa: S105 - of a database that lasts a minute
PAGE = (
    "<!doctype html><html lang=en><head><title>Kettle</title><script type='application/ld+json'>"
    '{"@context":"https://schema.org","@type":"Product","name":"Kettle","image":"/kettle.jpg",'
    '"description":"A kettle of brushed steel with a walnut handle, for gas and induction, with a whistle.",'
    '"offers":{"@type":"Offer","price":"49.90","priceCurrency":"EUR"}}</script></head><body><h1>Kettle</h1>'
    "<p>49,90 €</p><button>Add to cart</button></body></html>"
).encode()


@dataclass(frozen=True, slots=True)
class Key:
    """Hold what one merchant comes with: a cookie and a token."""

    cookie: str
    token: str


@dataclass
class Client(asyncio.Protocol):
    """Be one connection that stays open, as a browser's does.

    It cuts the answer out of the bytes by itself: a thousand of them share the processor with the server.
    """

    port: int
    header: str
    transport: asyncio.Transport | None = None
    received: bytes = b""
    answer: "asyncio.Future[tuple[int, bytes]] | None" = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send a request and give its answer's code and content; connect where the server hung up."""
        loop = asyncio.get_running_loop()
        if self.transport is None:
            await loop.create_connection(lambda: self, LOOPBACK, self.port)
        head = f"{method} {path} HTTP/1.1\r\nHost: {LOOPBACK}:{self.port}\r\n{self.header}\r\n"
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        self.received, self.answer = b"", loop.create_future()
        if self.transport:
            self.transport.write(f"{head}{kind}\r\n".encode() + body)
        return await self.answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Give the answer once it is complete."""
        self.received += data
        head, ended, content = self.received.partition(b"\r\n\r\n")
        if ended and self.answer and not self.answer.done() and len(content) >= content_length(head):
            self.answer.set_result((int(head.split(b" ", 2)[1]), content))

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail whoever waits, and forget the connection."""
        self.transport = None
        if self.answer and not self.answer.done():
            self.answer.set_exception(exc or ConnectionResetError())


@dataclass
class Crowd:
    """Hold what is imported now, and what the pollers found."""

    port: int
    keys: list[Key]
    imports: int
    under_way: dict[int, tuple[Key, str]] = field(default_factory=dict[int, tuple[Key, str]])
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    latencies: list[float] = field(default_factory=list[float])
    wrong: Counter[str] = field(default_factory=Counter[str])
    ended: int = 0
    counting: bool = False

    async def keep_importing(self, place: int, shop_port: int) -> None:
        """Submit an address, wait for its end, and go on with the next."""
        key = self.keys[place % len(self.keys)]
        client = Client(self.port, f"Authorization: Bearer {key.token}")
        while True:
            url = f"http://{LOOPBACK}:{shop_port}/p/{next(self.numbers)}"
            _, content = await client.ask("POST", "/v1/imports", json.dumps({"url": url}).encode())
            product_id = json.loads(content)["product_id"]
            self.under_way[place] = key, product_id
            status = "IMPORTING"
            while status == "IMPORTING":
                await asyncio.sleep(0.5)
                _, content = await client.ask("GET", f"/api/scrape-status/{product_id}")
                status = json.loads(content)["status"]
            self.ended += 1
            if status != "IMPORTED":
                self.wrong[status] += 1

    async def poll(self, number: int) -> None:
        """Ask every two seconds about an import of one's own merchant."""
        await asyncio.sleep(random.uniform(0, INTERVAL_SECONDS))  # noqa: S311 - spreads load
        place = number % self.imports
        key, _ = self.under_way[place]
        by_token = f"Authorization: Bearer {key.token}"
        client = Client(self.port, by_token if number % 2 else f"Cookie: cartage_session={key.cookie}")
        while True:
            started = time.perf_counter()
            found = await self.polled(client, place)
            took = time.perf_counter() - started
            if self.counting:
                self.latencies.append(took * 1000)
                self.wrong[found] += found != "well"
            await asyncio.sleep(max(0.0, INTERVAL_SECONDS - took))

    async def polled(self, client: Client, place: int) -> str:
        """Ask once and say how that went."""
        product_id = self.under_way[place][1]
        try:
            code, content = await client.ask("GET", f"/api/scrape-status/{product_id}")
        except OSError as error:
            return type(error).__name__
        return "well" if code == 200 and product_id.encode() in content else str(code)  # noqa: PLR2004


async def measure(pollers: int, imports: int, seconds: float) -> bool:
    """Run it all, print, and tell whether the promise was kept."""
    with tempfile.TemporaryDirectory() as name:
        folder, port, shop_port = Path(name), free_port(), free_port()
        keys = await prepared(folder, min(imports, LOGINS))
        async with shop(shop_port), serving(folder, port, shop_port) as server:
            crowd = Crowd(port, keys, imports)
            tasks = [asyncio.create_task(crowd.keep_importing(place, shop_port)) for place in range(imports)]
            while len(crowd.under_way) < imports:  # noqa: ASYNC110 - it is over in a moment
                await asyncio.sleep(0.1)
            tasks += [asyncio.create_task(crowd.poll(number)) for number in range(pollers)]
            await asyncio.sleep(WARM_UP_SECONDS)
            crowd.counting, before = True, (processor_seconds(server), time.process_time())
            await asyncio.sleep(seconds)
            crowd.counting, after = False, (processor_seconds(server), time.process_time())
            broken = [task for task in tasks if task.done()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for task in broken:
                crowd.wrong[repr(task.exception())] += 1
    shares = [(late - early) / seconds for early, late in zip(before, after, strict=True)]
    print("processors taken by the server {:.2f}, by the pollers {:.2f}".format(*shares))
    return told(crowd, pollers, seconds)


def told(crowd: Crowd, pollers: int, seconds: float) -> bool:
    """Print what was found, and tell whether it is good."""
    cuts = statistics.quantiles(crowd.latencies, n=100)
    wrong = {what: count for what, count in crowd.wrong.items() if count}
    print(f"{pollers} pollers, {crowd.imports} imports under way, {crowd.ended} ended, {seconds:.0f} s")
    print(f"{len(crowd.latencies) / seconds:8.0f} polls a second")
    print(f"{cuts[49]:8.1f} ms p50\n{cuts[98]:8.1f} ms p99 (goal: under {GOAL_MS:.0f})")
    print(f"{sum(wrong.values()):8} errors", wrong or "")
    return cuts[98] < GOAL_MS and not wrong


async def prepared(folder: Path, count: int) -> list[Key]:
    """Make a database with so many merchants, each with a login and a token."""
    settings = read_settings(data_dir=folder, database_url="")
    await upgrade(settings.store_url)
    store, keys = SqlStore(settings.store_url), list[Key]()
    accounts = Accounts(store)
    for number in range(count):
        login = await accounts.sign_up(await accounts.invite(), f"{number}@shop.example", PASSWORD, "Shop")
        _, token = await accounts.create_token(login.user.merchant_id, "poller")
        keys.append(Key(login.secret, token))
    await store.close()
    return keys


@contextlib.asynccontextmanager
async def shop(port: int) -> AsyncGenerator[None]:
    """Be a shop whose every page takes a second."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(SHOP_SECONDS)
                head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n\r\n"
                writer.write(head.encode() + PAGE)
        writer.close()

    async with await asyncio.start_server(answer, LOOPBACK, port):
        yield


@contextlib.asynccontextmanager
async def serving(folder: Path, port: int, shop_port: int) -> AsyncGenerator[int]:
    """Run the server in a process of its own, whose number is given, until it answers, and stop it at the end."""
    command = [sys.executable, __file__, "--serve", str(folder), str(port), str(shop_port)]
    child = subprocess.Popen(command)  # noqa: ASYNC220, S603 - our own program
    try:
        while not await answers(port):  # noqa: ASYNC110 - another process begins to answer
            await asyncio.sleep(0.1)
        yield child.pid
    finally:
        child.terminate()
        await asyncio.to_thread(child.wait)


async def answers(port: int) -> bool:
    """Tell whether the server runs imports."""
    with contextlib.suppress(OSError):
        code, _ = await Client(port, "Accept: */*").ask("GET", "/readyz")
        return code == 200  # noqa: PLR2004
    return False


def processor_seconds(process: int) -> float:
    """Tell how much processor time a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def content_length(head: bytes) -> int:
    """Read how long an answer's content is."""
    return next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        return probe.getsockname()[1]


async def serve(folder: Path, port: int, shop_port: int) -> None:
    """Be the server: as `cartage serve`, but with a shop on loopback that may be imported from."""
    settings = read_settings(
        data_dir=folder,
        database_url="",
        host=LOOPBACK,
        port=port,
        concurrency=20,
        host_concurrency=20,
        engine="embedded",
    )
    app = build(settings, shop_address=(LOOPBACK, shop_port))
    async with app.running():
        await listen(Site(create_server(app), LOOPBACK, port), log_level="warning")


def main() -> None:
    """Read the arguments and run."""
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    cli.add_argument("--pollers", type=int, default=1000)
    cli.add_argument("--imports", type=int, default=20)
    cli.add_argument("--seconds", type=float, default=20)
    cli.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    arguments = cli.parse_args()
    if arguments.serve:
        folder, port, shop_port = arguments.serve
        run(serve(Path(folder), int(port), int(shop_port)))
        return
    sys.exit(0 if asyncio.run(measure(arguments.pollers, arguments.imports, arguments.seconds)) else 1)


if __name__ == "__main__":
    main()
