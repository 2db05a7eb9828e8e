"""An API over a store in memory and an engine that only keeps what it is sent."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest
from fastapi import FastAPI

from cartage.accounts.quota import Quota
from cartage.accounts.service import Accounts
from cartage.api import create_api
from cartage.api.callers import TokenCallers
from cartage.api.problems import install_problems
from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.model.ids import new_id
from cartage.model.merchant import Merchant
from cartage.stores.memory import MemoryStore
from tests.kept_engine import KeptEngine


@dataclass
class Api:
    """Hold a client for each of two merchants, one for nobody, and what is behind the API."""

    mine: httpx2.AsyncClient
    theirs: httpx2.AsyncClient
    anonymous: httpx2.AsyncClient
    engine: KeptEngine
    store: MemoryStore
    quota: Quota


def client(server: FastAPI, token: str = "") -> httpx2.AsyncClient:
    """Make a client that talks to the server in this process."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx2.ASGITransport(server, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://cartage.test", headers=headers)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    """Give an API with two merchants."""
    store, engine, quota = MemoryStore(), KeptEngine(), Quota()
    accounts, imports = Accounts(store), Imports(store, engine)
    server = FastAPI()
    install_problems(server)
    callers = TokenCallers(accounts, quota)
    server.include_router(create_api(imports, accounts, callers=callers))

    @server.get("/v1/broken")
    async def broken() -> None:
        raise ZeroDivisionError

    tokens: list[str] = []
    for name in ("Mine", "Theirs"):
        merchant = Merchant(id=new_id("mer"), name=name, created_at=now())
        await store.accounts.add_merchant(merchant)
        tokens.append((await accounts.create_token(merchant.id, "test"))[1])
    async with client(server, tokens[0]) as mine, client(server, tokens[1]) as theirs, client(server) as anonymous:
        yield Api(mine, theirs, anonymous, engine, store, quota)
