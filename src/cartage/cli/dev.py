"""`cartage dev`: everything for whoever builds on Cartage or with it, started anew when the source changes."""

import shlex
import sys
from contextlib import suppress
from pathlib import Path

from cartage.app import App
from cartage.cli.demo import LOOPBACK, listen_beside_shop, running_demo, whereabouts
from cartage.cli.reloading import Reloader
from cartage.demo import LINKS
from cartage.model.errors import NotAuthenticated
from cartage.server.listening import run
from cartage.server.logs import write_logs

SOURCE = Path(__file__).parents[1]
SETTINGS_FILE = Path(".env")
TOKEN_FILE = "token"  # noqa: S105 - the file's name
TOKEN_NAME = "cartage dev"  # noqa: S105 - the token's name
LOG_LEVEL = "debug"


def dev(
    *, port: int = 8000, shop_port: int = 8001, data_dir: Path = Path("data/dev"), reload: bool = True
) -> int | None:
    """Run Cartage with its engine and a demo shop, both on loopback, for whoever builds on it or with it.

    Prints where it is, a token, and a curl line that imports from the demo shop; logs everything on standard error.
    It starts anew when Cartage's source or the `.env` file of this folder changes; the data and the token stay.

    Parameters
    ----------
    port
        The port of Cartage.
    shop_port
        The port of the demo shop; the only loopback address that may be imported from.
    data_dir
        The folder that keeps the catalogue and the token.
    reload
        Start anew when the source or the settings file changes.
    """
    if not reload:
        return run(_run(port, shop_port, data_dir.absolute()))
    given = ["--port", str(port), "--shop-port", str(shop_port), "--data-dir", str(data_dir)]
    command = [sys.executable, "-m", "cartage", "dev", "--no-reload", *given]
    return Reloader(command, SOURCE, SETTINGS_FILE).run()


async def _run(port: int, shop_port: int, data_dir: Path) -> None:
    write_logs(LOG_LEVEL)
    async with running_demo(port, shop_port, data_dir) as app:
        token = await _token(app)
        ready = (
            f"{whereabouts(app, shop_port)}\nData:      {data_dir}\nToken:     {token}\n\n"
            f"{_call(app, token, shop_port)}\n"
        )
        await listen_beside_shop(app, shop_port, LOG_LEVEL, ready)


async def _token(app: App) -> str:
    """Give the token that is kept in the data folder, as long as it lives; else a new one."""
    file = app.settings.data_dir / TOKEN_FILE
    with suppress(FileNotFoundError, NotAuthenticated):
        token = file.read_text()
        await app.accounts.authenticate(token)
        return token
    (merchant, *_) = await app.store.accounts.merchants()
    _, token = await app.accounts.create_token(merchant.id, TOKEN_NAME)
    file.touch(mode=0o600)
    file.write_text(token)
    return token


def _call(app: App, token: str, shop_port: int) -> str:
    """Write the line for a shell that imports a product of the demo shop and waits for it."""
    body = f'{{"url": "http://{LOOPBACK}:{shop_port}{LINKS[0].path}"}}'
    headers = (f"Authorization: Bearer {token}", "Content-Type: application/json", "Prefer: wait=30")
    words = ["curl", "-sS", *(word for header in headers for word in ("-H", header)), "-d", body]
    return shlex.join([*words, f"{app.settings.site_url}/v1/imports"])
