"""`cartage serve` and `cartage worker`: the web server with its engine, and an engine on its own."""

import asyncio
import signal
import sys

from cartage.app import build, prepare_database
from cartage.cli.reading import read_settings
from cartage.model.errors import EngineTaken, Misconfigured
from cartage.server import create_server, offer_sign_up
from cartage.server.health import create_health
from cartage.server.listening import Site, check_free, listen, run, settle
from cartage.server.logs import write_logs
from cartage.settings import Settings


def serve(*, host: str | None = None, port: int | None = None, worker: bool = True) -> None:
    """Run the web server, and the engine within it.

    Parameters
    ----------
    host
        The address to listen on.
    port
        The port to listen on.
    worker
        Run the engine in this process; --no-worker leaves imports to `cartage worker`.
    """
    given = {"host": host, "port": port, "engine": None if worker else "elsewhere"}
    settings = read_settings(**{name: value for name, value in given.items() if value is not None})
    run(_serve(settings))


def worker(*, port: int | None = None) -> None:
    """Run the engine alone: finish the imports that `cartage serve --no-worker` accepts.

    Parameters
    ----------
    port
        A port on which to answer /livez, /readyz and /metrics; none without.
    """
    settings = read_settings()
    if settings.engine == "elsewhere":
        raise EngineTaken("CARTAGE_ENGINE is set to elsewhere, which runs no imports.")
    if settings.engine == "inngest":
        raise Misconfigured("On Inngest there is no worker: every `cartage serve` runs what Inngest sends it.")
    run(_work(settings, port))


async def _serve(settings: Settings) -> None:
    write_logs(settings.log_level)
    await check_free(settings.host, settings.port)
    await prepare_database(settings)
    app = build(settings)
    async with app.running():
        await offer_sign_up(app)
        sys.stderr.write(f"Cartage is at {settings.site_url}\n")
        site = Site(create_server(app), settings.host, settings.port, settings.trusted_proxies)
        await listen(site, log_level=settings.log_level)


async def _work(settings: Settings, port: int | None) -> None:
    write_logs(settings.log_level)
    if port is not None:
        await check_free(settings.host, port)
    await prepare_database(settings)
    app = build(settings)
    async with app.running():
        sys.stderr.write("The worker is running; Ctrl-C stops it.\n")
        if port is not None:
            await listen(Site(create_health(app), settings.host, port), log_level=settings.log_level)
            return
        settle()
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        await stopped.wait()
