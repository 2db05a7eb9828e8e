"""The doors joined into one ASGI application, over an app that the caller starts and stops."""

import sys
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.routing import Route

from cartage import __version__
from cartage.accounts.quota import Quota
from cartage.api import api_of
from cartage.api.callers import TokenCallers
from cartage.api.openapi import describe
from cartage.api.problems import install_problems
from cartage.app import App
from cartage.engine import Called
from cartage.exports.feeds import Feeds
from cartage.mcp.door import PATH, McpDoor
from cartage.server.feeds import add_feeds
from cartage.server.health import add_health
from cartage.server.hosts import KnownHosts, known_names
from cartage.server.keys import add_key_directory
from cartage.server.logs import Tracing
from cartage.server.media import A_MINUTE, add_media
from cartage.web import WebOptions, create_web
from cartage.web.installation import Installation


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Say what the doors offer beyond the settings: the demo's links and login."""

    demo_links: tuple[tuple[str, str], ...] = ()
    demo_login: tuple[str, str] | None = None


async def offer_sign_up(app: App) -> None:
    """Print a one-time sign-up link while the installation has no user."""
    if await app.accounts.has_users():
        return
    merchants = await app.store.accounts.merchants()
    secret = await app.accounts.invite(merchants[0].id if len(merchants) == 1 else None)
    sys.stderr.write(f"Sign up (this link works once): {app.settings.site_url}/join/{secret}\n")


def create_server(app: App, options: ServerOptions | None = None) -> FastAPI:
    """Join web and API."""
    options = options or ServerOptions()
    server = FastAPI(title="Cartage", version=__version__, docs_url=None, redoc_url=None)
    describe(server)
    server.add_middleware(KnownHosts, names=known_names(app.settings))
    server.add_middleware(Tracing)
    install_problems(server)
    add_health(server, app)
    add_key_directory(server, app.signer)
    add_feeds(server, Feeds(app.store))
    add_media(server, app.store.gallery, Quota(A_MINUTE))
    callers = TokenCallers(app.accounts, Quota(app.settings.api_rate))
    server.router.routes.extend(api_of(app, callers).routes)  # `include_router` would make each of them once more
    server.router.routes.append(Route(PATH, McpDoor(app.accounts, server), methods=["POST"]))
    web = WebOptions(
        demo_links=options.demo_links,
        demo_login=options.demo_login,
        secure_cookies=app.settings.secure_cookies,
        site_url=app.settings.public_url.rstrip("/"),
        public_site=app.settings.public_site,
        pace=app.outlook.pace,
        model=app.trial.model.name if app.trial else "",
        model_off=app.model_off,
        trial=app.trial,
        curator=app.curator,
        installation=Installation(app.settings, browser=app.browser is not None),
    )
    server.router.routes.extend(create_web(app.imports, app.accounts, web).routes)
    if isinstance(app.engine, Called):
        server.router.routes.append(Route(app.engine.path, app.engine.door, methods=["GET", "POST", "PUT"]))
    return server
