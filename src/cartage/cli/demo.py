"""`cartage demo`: the server and a demo shop on loopback, ready to import from."""

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
    settings = read_settings(data_dir=data_dir, host=LOOPBACK, port=port, database_url="", public_url="")
    await check_free(LOOPBACK, port)
    await check_free(LOOPBACK, shop_port)
    await upgrade(settings.store_url)
    shop_url = f"http://{LOOPBACK}:{shop_port}"
    links = tuple((link.label, shop_url + link.path) for link in LINKS)
    app = build(settings, shop_address=(LOOPBACK, shop_port))
    async with app.running():
        await _sign_up_demo(app)
        print(
            f"Cartage:   {settings.site_url}\nDemo shop: {shop_url}\n"
            f"Login:     {EMAIL} / {PASSWORD} (filled in for you)",
            flush=True,
        )
        server = create_server(app, ServerOptions(demo_links=links, demo_login=(EMAIL, PASSWORD)))
        shop = Site(create_shop(), LOOPBACK, shop_port)
        await listen(shop, Site(server, LOOPBACK, port), log_level="warning")


async def _sign_up_demo(app: App) -> None:
    if not await app.accounts.has_users():
        await app.accounts.sign_up(await app.accounts.invite(), EMAIL, PASSWORD, "Demo shop keeper")
