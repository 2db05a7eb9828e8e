"""The Inngest engine on a real Inngest dev server, named by CARTAGE_TEST_INNGEST_URL."""

import asyncio
import os
from collections.abc import AsyncGenerator

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.routing import Route

from cartage.engines.inngest import InngestEngine
from cartage.engines.inngest.terms import InngestTerms
from cartage.imports.service import Imports
from cartage.imports.workflow import ImportWorkflow
from cartage.model.catalogue import Status
from cartage.model.errors import PageNotFound, UpstreamUnavailable
from cartage.scraping.plan import RetryPreset
from cartage.stores.memory import MemoryStore
from tests.imports.conftest import MERCHANT, URL, Scripted, kettle

SERVER_URL = os.environ.get("CARTAGE_TEST_INNGEST_URL", "")  # noqa: TID251 - names a server for these tests alone
QUICK = RetryPreset(attempts=3, first_delay_seconds=1.0)
PATIENCE_SECONDS = 90

pytestmark = [
    pytest.mark.skipif(not SERVER_URL, reason="CARTAGE_TEST_INNGEST_URL names no Inngest dev server"),
    pytest.mark.timeout(PATIENCE_SECONDS + 30),
]


class Installation:
    """Hold imports on a real server that calls this process on loopback."""

    def __init__(self, port: int) -> None:
        self.store, self.provider = MemoryStore(), Scripted("direct", [kettle()])
        workflow = ImportWorkflow(self.store, {"direct": self.provider}, QUICK)
        terms = InngestTerms(
            url=SERVER_URL, serve_url=f"http://127.0.0.1:{port}", public_url="http://127.0.0.1", dev=True, retry=QUICK
        )
        self.engine = InngestEngine(workflow, terms)
        self.imports = Imports(self.store, self.engine)

    async def imported(self) -> tuple[str, Status]:
        """Submit an address and wait for the outcome."""
        product_id = (await self.imports.submit(MERCHANT, URL)).product.id
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (product := await self.imports.product(MERCHANT, product_id)).status.settled:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        return product_id, product.status


@pytest.fixture
async def installation() -> AsyncGenerator[Installation]:
    """Give an installation that listens, registered."""
    app = FastAPI()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    made = Installation(server.servers[0].sockets[0].getsockname()[1])
    app.router.routes.append(Route(made.engine.path, made.engine.door, methods=["GET", "POST", "PUT"]))
    await made.engine.register()
    yield made
    server.should_exit = True
    await serving


async def test_an_import_runs_on_a_real_server(installation: Installation) -> None:
    """A submitted page becomes a product, with one request to the shop."""
    _, status = await installation.imported()

    assert status is Status.IMPORTED
    assert len(installation.provider.requests) == 1


async def test_a_busy_shop_is_waited_for_on_a_real_server(installation: Installation) -> None:
    """503 and then the page: two tries with the preset's durable wait between."""
    installation.provider.script[:] = [UpstreamUnavailable("503"), kettle()]

    _, status = await installation.imported()

    assert status is Status.IMPORTED
    assert len(installation.provider.requests) == 2


async def test_a_failure_ends_on_a_real_server(installation: Installation) -> None:
    """A permanent error ends in FAILED after one try; a bug does so through `on_failure`."""
    installation.provider.script[:] = [PageNotFound("gone")]
    _, gone = await installation.imported()
    installation.provider.script[:] = [ZeroDivisionError("by zero")]

    _, broken = await installation.imported()

    assert (gone, broken) == (Status.FAILED, Status.FAILED)
