"""Measure what the guarded door costs: pages a second through it, and through the bare client, in turn.

`python -m bench.fetch [--pages 300] [--rounds 15] [--kilobytes 120]` serves one page on loopback from a process of its
own, asks for it as often as told through each, a few at a time, and prints both speeds, in this process's own time,
and their ratio: the median of rounds that measure one after the other. Exit 1 where it is below `--least`.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import httpcore2

from cartage.fetching.client import Fetcher, user_agent

AT_ONCE = 8
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n"

Get = Callable[[], Awaitable[bytes]]


def main() -> int:
    """Measure as told, print, and give the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--kilobytes", type=int, default=120)
    parser.add_argument("--least", type=float, default=0.8)
    given = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    site = multiprocessing.Process(target=serve, args=(theirs, given.kilobytes * 1024), daemon=True)
    site.start()
    port = ours.recv()
    rounds = asyncio.run(measure(port, given.pages, given.rounds))
    site.terminate()
    bare, door = (statistics.median(speeds) for speeds in zip(*rounds, strict=True))
    ratio = statistics.median(each_door / each_bare for each_bare, each_door in rounds)
    print(f"bare client   {bare:7.0f} pages a second")
    print(f"guarded door  {door:7.0f} pages a second")
    print(f"ratio         {ratio:7.2f} (at least {given.least:g})")
    return 0 if ratio >= given.least else 1


async def measure(port: int, pages: int, rounds: int) -> list[tuple[float, float]]:
    """Give the speeds of the bare client and of the door, round by round."""
    fetcher = Fetcher(exceptions=frozenset({("127.0.0.1", port)}))
    url, headers = f"http://127.0.0.1:{port}/p", [("User-Agent", user_agent()), ("Accept-Encoding", "gzip")]

    async def through_the_door() -> bytes:
        return (await fetcher.get(url)).body

    async with httpcore2.AsyncConnectionPool(max_connections=100, keepalive_expiry=5.0) as pool:

        async def bare() -> bytes:
            return (await pool.request("GET", url, headers=headers)).content

        await asyncio.gather(speed(bare, pages // 10), speed(through_the_door, pages // 10))
        speeds = [(await speed(bare, pages), await speed(through_the_door, pages)) for _ in range(rounds)]
    await fetcher.aclose()
    return speeds


async def speed(get: Get, pages: int) -> float:
    """Ask for so many pages, a few at a time; give pages a second of this process's own time."""
    left = iter(range(pages))

    async def ask() -> None:
        for _ in left:
            if not await get():
                raise AssertionError("The page was empty.")

    begun = time.process_time()
    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    return pages / (time.process_time() - begun)


def serve(told: Connection, size: int) -> None:
    """Serve one page to everybody, and tell the port."""
    page = f"<!doctype html><title>Mug</title><h1>Mug</h1><p>{'word ' * (size // 5)}</p>".encode()
    answer = HEAD.format(len(page)).encode() + page

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    sys.exit(main())
