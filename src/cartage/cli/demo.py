"""`cartage demo`: the server and a demo shop on loopback, ready to import from."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from cartage.app import App, build
from cartage.cli.reading import read_settings
from cartage.demo import LINKS, create_shop
from cartage.server import ServerOptions, create_server
from cartage.server.listening import Site, check_free, listen, run
from cartage.stores.sql import upgrade

LOOPBACK = "127.0.0.1"
EMAIL, PASSWORD = "demo@cartage.example", "cartage-demo"


def demo(
    *, port: int = 8000, shop_port: int = 8001, data_dir: Path = Path("data/demo"), shop_only: bool = False
) -> None:
    """Run Cartage with a demo shop beside it, both on loopback, and print where to go.

    Parameters
    ----------
    port
        The port of Cartage.
    shop_port
        The port of the demo shop; the only loopback address that may be imported from.
    data_dir
        The folder that keeps the demo's catalogue.
    shop_only
        Run the demo shop alone.
    """
    run(_shop_alone(shop_port) if shop_only else _run(port, shop_port, data_dir))


async def _shop_alone(shop_port: int) -> None:
    await check_free(LOOPBACK, shop_port)
    print(f"The demo shop is at http://{LOOPBACK}:{shop_port}", flush=True)
    await listen(Site(create_shop(), LOOPBACK, shop_port), log_level="warning")


async def _run(port: int, shop_port: int, data_dir: Path) -> None:
    async with running_demo(port, shop_port, data_dir) as app:
        await listen_beside_shop(app, shop_port, log_level="warning", ready=whereabouts(app, shop_port))


@asynccontextmanager
async def running_demo(port: int, shop_port: int, data_dir: Path) -> AsyncGenerator[App]:
    """Run an installation of loopback that may import from the demo shop, with somebody signed up."""
    settings = read_settings(data_dir=data_dir, host=LOOPBACK, port=port, database_url="", public_url="")
    await check_free(LOOPBACK, port)
    await check_free(LOOPBACK, shop_port)
    await upgrade(settings.store_url)
    async with build(settings, shop_address=(LOOPBACK, shop_port)).running() as app:
        await _sign_up_demo(app)
        yield app


def whereabouts(app: App, shop_port: int) -> str:
    """Say where to go, line by line."""
    return (
        f"Cartage:   {app.settings.site_url}\nDemo shop: http://{LOOPBACK}:{shop_port}\n"
        f"Login:     {EMAIL} / {PASSWORD} (filled in for you)"
    )


async def listen_beside_shop(app: App, shop_port: int, log_level: str, ready: str) -> None:
    """Serve the pages and the demo shop until told to stop; print `ready` once both are reached."""
    links = tuple((link.label, f"http://{LOOPBACK}:{shop_port}{link.path}") for link in LINKS)
    server = create_server(app, ServerOptions(demo_links=links, demo_login=(EMAIL, PASSWORD)))
    shop = Site(create_shop(), LOOPBACK, shop_port)
    await listen(shop, Site(server, LOOPBACK, app.settings.port), log_level=log_level, ready=ready)


async def _sign_up_demo(app: App) -> None:
    if not await app.accounts.has_users():
        await app.accounts.sign_up(await app.accounts.invite(), EMAIL, PASSWORD, "Demo shop keeper")
