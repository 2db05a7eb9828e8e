"""The pages over a store in memory and an engine that only keeps what it is sent, with two merchants logged in."""

import contextlib
import functools
import re
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, fields
from datetime import timedelta
from html import unescape

import httpx2
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from cartage.accounts.passwords import Passwords
from cartage.accounts.service import Accounts
from cartage.api import create_api
from cartage.api.problems import install_problems
from cartage.imports.progress import event_for, now
from cartage.imports.service import Imports
from cartage.model.catalogue import Attempt, CatalogueProduct, ImportState, Metadata, Status, Step, StepState
from cartage.model.errors import CartageError, Failure, PageNotFound
from cartage.model.evidence import Evidence, Verdict
from cartage.model.picture import Picture
from cartage.model.product import Product
from cartage.stores.memory import MemoryStore
from cartage.web import WebOptions, create_web
from tests.kept_engine import KeptEngine
from tests.pictures.unasked import unasked_curator

PASSWORD = "correct horse battery"
SHOP = "https://shop.example"


@dataclass
class Person:
    """Browse as one user: a client with its cookie, and what it acts for."""

    client: httpx2.AsyncClient
    merchant_id: str
    csrf: str

    async def get(self, path: str) -> httpx2.Response:
        """Open a page."""
        return await self.client.get(path, headers={"Accept": "text/html"})

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form as the page would."""
        return await self.client.post(path, data={"csrf": self.csrf} | fields)


@dataclass
class Web:
    """Hold two people of two merchants, a stranger, and what is behind the pages."""

    mine: Person
    theirs: Person
    stranger: httpx2.AsyncClient
    store: MemoryStore
    imports: Imports
    accounts: Accounts
    engine: KeptEngine

    async def importing(self, path: str = "/p") -> CatalogueProduct:
        """Submit an address as me; it stays under way."""
        return (await self.imports.submit(self.mine.merchant_id, SHOP + path)).product

    async def imported(
        self,
        facts: Product,
        evidence: dict[str, tuple[Evidence, ...]] | None = None,
        pictures: tuple[Picture, ...] = (),
    ) -> str:
        """Import a product as me, with these facts, and give its id."""
        product = await self.importing(f"/{len(self.engine.sent)}")
        attempt = Attempt(
            provider="direct", number=1, started_at=now(), duration_ms=840, verdict=Verdict.PRODUCT, missing=()
        )
        metadata = Metadata(provider="direct", duration_ms=912, attempts=(attempt,))
        changes = {
            "status": Status.IMPORTED,
            "facts": facts,
            "evidence": evidence or {},
            "pictures": pictures,
            "metadata": metadata,
            "updated_at": now(),
        }
        await self.succeed(product.model_copy(update=changes))
        return product.id

    async def succeed(self, product: CatalogueProduct) -> None:
        """End a product's import well."""
        await self._end(product, ImportState.SUCCEEDED)

    async def failed(self, error: CartageError | None = None) -> str:
        """Import a product as me that fails after two tries, and give its id."""
        product = await self.importing(f"/{len(self.engine.sent)}")
        failure = (error or PageNotFound(f"{SHOP} answers 404: the page does not exist.")).failure()
        for number, started_at in enumerate((now() - timedelta(seconds=3), now()), 1):
            attempt = Attempt(
                provider="direct",
                number=number,
                started_at=started_at,
                duration_ms=412,
                failure=failure,
                http_status=error and error.http_status,
            )
            await self.store.catalogue.record_attempt(product.import_id, attempt)
        changes = {"status": Status.FAILED, "failure": failure, "updated_at": now()}
        await self._end(product.model_copy(update=changes), ImportState.FAILED)
        return product.id

    async def end(self, product: CatalogueProduct, failure: Failure) -> None:
        """End a product's import in failure."""
        await self._end(
            product.model_copy(update={"status": Status.FAILED, "failure": failure, "updated_at": now()}),
            ImportState.FAILED,
        )

    async def step(
        self, product: CatalogueProduct, name: str, state: StepState, detail: str = "", **told: object
    ) -> None:
        """Record a step of a product's import, with what else its event tells."""
        import_ = await self.imports.import_(product.merchant_id, product.import_id)
        step = Step(
            import_id=import_.id,
            name=name,
            state=state,
            detail=detail,
            started_at=now(),
            until=now() + timedelta(seconds=9) if state is StepState.WAITING else None,
        )
        await self.store.catalogue.record_steps([(step, event_for(import_, "import/step", {"step": name, **told}))])

    async def _end(self, product: CatalogueProduct, state: ImportState) -> None:
        import_ = await self.imports.import_(product.merchant_id, product.import_id)
        ended = import_.model_copy(update={"state": state, "failure": product.failure, "finished_at": now()})
        assert await self.store.catalogue.end_import(product, ended, event_for(import_, "test/ended", {}))


def client(server: FastAPI, scheme: str = "http") -> httpx2.AsyncClient:
    """Make a client that talks to the server in this process and keeps cookies."""
    transport = httpx2.ASGITransport(server, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url=f"{scheme}://cartage.test")


async def sign_up(browser: httpx2.AsyncClient, accounts: Accounts, email: str) -> Person:
    """Sign someone up through the pages, for a merchant of their own."""
    secret = await accounts.invite()
    form = {"email": email, "password": PASSWORD, "business": email.split("@", maxsplit=1)[0]}
    await browser.post(f"/join/{secret}", data=form)
    session = await accounts.session(browser.cookies["cartage_session"])
    assert session
    return Person(browser, session.merchant_id, session.csrf)


def make_server(imports: Imports, accounts: Accounts, options: WebOptions | None = None) -> FastAPI:
    """Join the pages and the API as the server does."""
    server = FastAPI()
    install_problems(server)
    server.include_router(create_api(imports, accounts))
    server.include_router(create_web(imports, accounts, options or WebOptions()))
    return server


@dataclass
class House:
    """Hold the server, and what is behind it."""

    server: FastAPI
    store: MemoryStore
    engine: KeptEngine
    imports: Imports
    accounts: Accounts

    def empty(self) -> None:
        """Put everything behind the server back to its beginning."""
        kept = {name: part for name, part in vars(MemoryStore()).items() if name != "replies"}  # the server holds these
        vars(self.store).update(kept)
        vars(self.engine).update(vars(KeptEngine()))
        fresh = Accounts(self.store, Passwords(PasswordHasher(1, 8, 1)))
        for part in fields(fresh):
            object.__setattr__(self.accounts, part.name, getattr(fresh, part.name))


@functools.cache
def house() -> House:
    """Make the server, once for all tests: that takes as long as most of them together."""
    store, engine = MemoryStore(), KeptEngine()
    imports, accounts = Imports(store, engine), Accounts(store)
    options = WebOptions((("Linen shirt", "https://demo.example/shirt"),), curator=unasked_curator(store))
    return House(make_server(imports, accounts, options), store, engine, imports, accounts)


@contextlib.asynccontextmanager
async def fresh_web() -> AsyncGenerator[Web]:
    """Give pages with two people of two merchants, and nothing else behind them."""
    shared = house()
    shared.empty()
    server, accounts = shared.server, shared.accounts
    async with client(server) as first, client(server) as second, client(server) as stranger:
        mine = await sign_up(first, accounts, "me@shop.example")
        theirs = await sign_up(second, accounts, "them@shop.example")
        yield Web(mine, theirs, stranger, shared.store, shared.imports, shared.accounts, shared.engine)


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    """Give such pages to a test."""
    async with fresh_web() as fresh:
        yield fresh


def text_of(reply: httpx2.Response) -> str:
    """Give a page's text with its tags taken out and its spaces folded."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", reply.text)))
