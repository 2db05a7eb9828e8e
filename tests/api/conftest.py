"""An API over a store in memory and an engine that only keeps what it is sent."""

import functools
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest
from fastapi import FastAPI

from cartage.accounts.quota import Quota
from cartage.accounts.service import Accounts
from cartage.api import create_api
from cartage.api.callers import TokenCallers
from cartage.api.openapi import describe
from cartage.api.problems import install_problems
from cartage.imports.progress import event_for, now
from cartage.imports.service import Imports
from cartage.model.access import Scope
from cartage.model.catalogue import ImportState, Status
from cartage.model.ids import new_id
from cartage.model.merchant import Merchant
from cartage.model.product import Availability, Product
from cartage.stores.memory import MemoryStore
from tests.kept_engine import KeptEngine
from tests.pictures.unasked import unasked_curator


@dataclass
class Api:
    """Hold a client for each of two merchants, one for nobody, and what is behind the API."""

    mine: httpx2.AsyncClient
    theirs: httpx2.AsyncClient
    anonymous: httpx2.AsyncClient
    server: FastAPI
    token: str
    engine: KeptEngine
    store: MemoryStore
    quota: Quota
    accounts: Accounts

    async def imported(self, url: str = "https://shop.example/p/mug") -> str:
        """Import a product as me, to its end, and give its id."""
        reply = (await self.mine.post("/v1/imports", json={"url": url})).json()
        await self.end(reply["id"])
        return reply["product_id"]

    async def end(self, import_id: str) -> None:
        """End an import well."""
        catalogue = self.store.catalogue
        import_ = catalogue.kept_import(import_id)
        product = catalogue.kept_product(import_.product_id)
        facts = Product(name="Mug", availability=Availability.IN_STOCK)
        settled = product.model_copy(update={"status": Status.IMPORTED, "facts": facts, "missing": ("price",)})
        ended = import_.model_copy(update={"state": ImportState.SUCCEEDED, "finished_at": now()})
        assert await catalogue.end_import(settled, ended, event_for(import_, "product/scrape.completed", {}))


def client(server: FastAPI, token: str = "") -> httpx2.AsyncClient:
    """Make a client that talks to the server in this process."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx2.ASGITransport(server, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://cartage.test", headers=headers)


@dataclass
class House:
    """Hold the server, and what is behind it."""

    server: FastAPI
    engine: KeptEngine
    store: MemoryStore
    quota: Quota
    accounts: Accounts


@functools.cache
def house() -> House:
    """Make the server, once for all tests: each has an empty store, and merchants of its own."""
    store, engine, quota = MemoryStore(), KeptEngine(), Quota()
    accounts, server = Accounts(store), FastAPI()
    describe(server)
    install_problems(server)
    callers, curator = TokenCallers(accounts, quota), unasked_curator(store)
    server.include_router(create_api(Imports(store, engine), accounts, callers=callers, curator=curator))

    @server.get("/v1/broken")
    async def broken() -> None:
        raise ZeroDivisionError

    return House(server, engine, store, quota, accounts)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    """Give an API with two merchants."""
    shared = house()
    vars(shared.engine).update(vars(KeptEngine()))
    empty = vars(MemoryStore())
    del empty["replies"]  # the server holds on to these, which are each token's own
    vars(shared.store).update(empty)
    shared.quota.per_minute = 0
    tokens: list[str] = []
    for name in ("Mine", "Theirs"):
        merchant = Merchant(id=new_id("mer"), name=name, created_at=now())
        await shared.store.accounts.add_merchant(merchant)
        tokens.append((await shared.accounts.create_token(merchant.id, "test", tuple(Scope)))[1])
    askers = [client(shared.server, token) for token in (*tokens, "")]
    async with askers[0], askers[1], askers[2]:
        yield Api(askers[0], askers[1], askers[2], token=tokens[0], **vars(shared))
