"""Listening until told to stop; an address that cannot be had is said in one sentence before anything is begun."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import uvicorn
from starlette.types import ASGIApp

from cartage.model.errors import PortTaken
from cartage.server.heads import BoundedHeads

if sys.platform != "win32":
    from uvloop import new_event_loop
else:
    from asyncio import new_event_loop

T = TypeVar("T")

LAST_REPLIES_SECONDS = 3
LOOK_SECONDS = 0.02
YOUNG_OBJECTS = 20_000
TURN_SECONDS = 0.0005  # Python's own 5 ms are what a poll waits for, several times, while a page is read
STOPS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Site:
    """Say what is served, and where; `proxies` are believed when they say for whom they ask."""

    asgi: ASGIApp
    host: str
    port: int
    proxies: str = "127.0.0.1"


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to its end, on libuv's loop wherever that runs: a thousand pollers wait half as long at the worst."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


async def check_free(host: str, port: int) -> None:
    """Raise `PortTaken` where nobody could listen."""
    try:
        probe = await asyncio.start_server(_hang_up, host, port)
    except OSError as error:
        code = error.errno or 0
        reason = os.strerror(code).lower() if code > 0 else "that is no address of this machine"
        raise PortTaken(f"Nothing can listen on port {port} of {host}: {reason}.") from error
    probe.close()
    await probe.wait_closed()


def settle() -> None:
    """Put what start-up made out of the garbage collector's sight, and let threads take turns sooner.

    What start-up made stays for as long as the process does; looking through it again and again costs a page's reading
    a tenth more. So does looking every 700 objects through what a reading makes, which forms no rings and is freed at
    its end.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)
    sys.setswitchinterval(TURN_SECONDS)


async def listen(*sites: Site, log_level: str, ready: str = "") -> None:
    """Serve until SIGINT or SIGTERM, then let the replies under way end; print what is `ready` once all are reached."""
    servers = [uvicorn.Server(_config(site, log_level)) for site in sites]
    settle()
    loop = asyncio.get_running_loop()
    # uvicorn raises a caught signal anew at its end: without a handler of ours that ends the process
    # before the engine could stop.
    for number in STOPS:
        loop.add_signal_handler(number, _stop, servers)
    try:
        await asyncio.gather(*(server.serve() for server in servers), _tell(servers, ready))
    finally:
        for number in STOPS:
            loop.remove_signal_handler(number)


async def _tell(servers: list[uvicorn.Server], ready: str) -> None:
    while not all(server.started or server.should_exit for server in servers):  # noqa: ASYNC110 - uvicorn sets no event
        await asyncio.sleep(LOOK_SECONDS)
    if ready:
        sys.stdout.write(f"{ready}\n")
        sys.stdout.flush()


def _stop(servers: list[uvicorn.Server]) -> None:
    for server in servers:
        server.should_exit = True


def _config(site: Site, log_level: str) -> uvicorn.Config:
    return uvicorn.Config(
        site.asgi,
        host=site.host,
        port=site.port,
        http=BoundedHeads,
        lifespan="off",
        log_config=None,
        log_level=log_level,
        access_log=False,
        forwarded_allow_ips=site.proxies,
        timeout_graceful_shutdown=LAST_REPLIES_SECONDS,
    )


async def _hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()
