"""`cartage demo`: the server and a demo shop on loopback, ready to import from."""

import asyncio
from pathlib import Path

import uvicorn

from cartage.app import App, build
from cartage.demo import LINKS, create_shop
from cartage.model.errors import Misconfigured
from cartage.server import ServerOptions, create_server
from cartage.settings import read_settings
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
    asyncio.run(_shop_alone(shop_port) if shop_only else _run(port, shop_port, data_dir))


async def _shop_alone(shop_port: int) -> None:
    print(f"The demo shop is at http://{LOOPBACK}:{shop_port}")
    await uvicorn.Server(_config(create_shop(), shop_port)).serve()


async def _run(port: int, shop_port: int, data_dir: Path) -> None:
    settings = read_settings(data_dir=data_dir, host=LOOPBACK, port=port, database_url="", public_url="")
    await upgrade(settings.store_url)
    app = build(settings, shop_address=(LOOPBACK, shop_port))
    shop_url = f"http://{LOOPBACK}:{shop_port}"
    options = ServerOptions(
        demo_links=tuple((link.label, shop_url + link.path) for link in LINKS), demo_login=(EMAIL, PASSWORD)
    )
    shop = uvicorn.Server(_config(create_shop(), shop_port))
    site = uvicorn.Server(_config(create_server(app, options, prepare=_sign_up_demo), port))
    print(f"Cartage:   {settings.site_url}\nDemo shop: {shop_url}\nLogin:     {EMAIL} / {PASSWORD} (filled in for you)")
    serving = asyncio.create_task(shop.serve())
    try:
        await site.serve()
    finally:
        shop.should_exit = True
        await serving
    if not site.started:
        raise Misconfigured(f"Port {port} or {shop_port} of {LOOPBACK} is taken; choose others with --port.")


async def _sign_up_demo(app: App) -> None:
    if not await app.accounts.has_users():
        await app.accounts.sign_up(await app.accounts.invite(), EMAIL, PASSWORD, "Demo shop keeper")


def _config(asgi: object, port: int) -> uvicorn.Config:
    return uvicorn.Config(asgi, host=LOOPBACK, port=port, log_level="warning", access_log=False)  # pyright: ignore[reportArgumentType]
