"""What a load balancer and Prometheus ask: does it live, can it work, and what has it done."""

import asyncio
import hmac
from typing import Annotated

from fastapi import FastAPI, Header, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from cartage import __version__
from cartage.api.problems import install_problems
from cartage.app import App
from cartage.imports.progress import now
from cartage.model.errors import CartageError, NotAuthenticated
from cartage.model.machine_errors import DiskLow

PATIENCE_SECONDS = 3.0


class Health(BaseModel):
    """Say whether the process is well, and what of it is not."""

    status: str
    checks: dict[str, str] = {}


def create_health(app: App) -> FastAPI:
    """Make a server of these routes alone, for a worker."""
    server = FastAPI(title="Cartage worker", version=__version__, openapi_url=None)
    install_problems(server)
    add_health(server, app)
    return server


def add_health(server: FastAPI, app: App) -> None:
    """Add `/livez`, `/readyz` and `/metrics`."""

    @server.get("/livez", tags=["health"], operation_id="live")
    async def live() -> Health:
        """Say that the process answers."""
        return Health(status="ok")

    @server.get("/readyz", tags=["health"], operation_id="ready", responses={503: {"model": Health}})
    async def ready(response: Response) -> Health:
        """Say whether the database answers with a current schema and something runs imports; 503 when not.

        `degraded` (200) means that the disk is low: all else works, but no import begins. `importing` says `paused`
        where people paused imports, all or of sites: nothing is wrong then, and the status stays as it is.
        """
        checks = {"database": await _database(app), "engine": await _engine(app)}
        well = all(found == "ok" for found in checks.values())
        response.status_code = 200 if well else 503
        low = app.imports.reserve.low
        disk = {"disk": DiskLow.code if low else "ok"} if app.imports.reserve.least else {}
        paused = {"importing": await _importing(app)} if well else {}
        return Health(status="unready" if not well else "degraded" if low else "ok", checks=checks | disk | paused)

    @server.get("/metrics", tags=["health"], operation_id="metrics", response_class=Response)
    async def metrics(authorization: Annotated[str, Header()] = "") -> Response:
        """Give counts and durations in Prometheus's text format."""
        expected = f"Bearer {app.settings.metrics_token}".encode()
        if app.settings.metrics_token and not hmac.compare_digest(authorization.encode(), expected):
            raise NotAuthenticated("The request does not have the metrics token.")
        oldest = await app.store.catalogue.waiting_since()
        waited = max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0
        held = await app.store.pauses.count_held()
        text = app.measures.text(await app.store.catalogue.import_counts(), waited, held)
        return Response(text, media_type=CONTENT_TYPE_LATEST)


async def _database(app: App) -> str:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await app.store.check()
    except CartageError as error:
        return error.code
    except TimeoutError:
        return "no answer in time"
    return "ok"


async def _importing(app: App) -> str:
    return "paused" if await app.store.pauses.count() else "ok"


async def _engine(app: App) -> str:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return "nothing runs imports" if await app.imports.worker_stopped() else "ok"
    except CartageError as error:
        return error.code
    except TimeoutError:
        return "no answer in time"
