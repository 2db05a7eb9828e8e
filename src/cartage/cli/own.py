"""This machine's own Cartage, in this process, behind the same client as a running one; imported where it is needed."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from fastapi import FastAPI, Request

from cartage.api import api_of
from cartage.api.callers import Caller
from cartage.api.problems import install_problems
from cartage.app import App, build, prepare_database
from cartage.cli.merchant import chosen_merchant
from cartage.client import AsyncClient
from cartage.client.in_process import InProcess
from cartage.model.access import Scope
from cartage.model.errors import EngineTaken
from cartage.settings import Settings

HERE = "http://this.machine"
LONGEST_REPLY_SECONDS = 600  # the inline engine replies when it has imported


@dataclass(frozen=True, slots=True)
class OwnCaller:
    """Know whoever runs a command on this machine as the merchant that was chosen."""

    merchant_id: str

    async def find(self, request: Request) -> Caller:
        """Name the merchant's own caller; it may do everything."""
        del request
        return Caller(self.merchant_id, f"cli_{self.merchant_id}", "command line", tuple(Scope), HERE, kind="")


@contextlib.asynccontextmanager
async def own_client(settings: Settings, merchant_name: str, *, working: bool) -> AsyncGenerator[AsyncClient]:
    """Give a client of a merchant's own data here."""
    await prepare_database(settings)
    async with running(settings, working=working) as app:
        merchant = await chosen_merchant(app, merchant_name)
        transport = InProcess(_own_api(app, merchant.id))
        async with AsyncClient(HERE, transport=transport, timeout=LONGEST_REPLY_SECONDS) as client:
            yield client


@contextlib.asynccontextmanager
async def running(settings: Settings, *, working: bool) -> AsyncGenerator[App]:
    """Run this machine's own Cartage, with its engine where that is wanted and no other process runs it."""
    elsewhere = settings.model_copy(update={"engine": "elsewhere"})
    here = working and settings.engine in {"embedded", "inline"}
    async with contextlib.AsyncExitStack() as stack:
        try:
            app = await stack.enter_async_context(build(settings if here else elsewhere).running())
        except EngineTaken:
            app = await stack.enter_async_context(build(elsewhere).running())
        yield app


def _own_api(app: App, merchant_id: str) -> FastAPI:
    server = FastAPI(openapi_url=None)
    install_problems(server)
    callers = OwnCaller(merchant_id)
    server.router.routes.extend(api_of(app, callers).routes)  # `include_router` would make each of them once more
    return server
