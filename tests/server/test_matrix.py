"""Every route, asked by everybody: nobody, another merchant, and each role and scope of the owner."""

import contextlib
import re
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass

import httpx2
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from cartage.accounts.passwords import Passwords
from cartage.accounts.service import Accounts, Login
from cartage.app import App, build
from cartage.exports.feeds import Feeds
from cartage.exports.service import Exports
from cartage.imports.bulk import BulkActions, Wish
from cartage.imports.pausing import Pausing
from cartage.model.access import Role, Scope
from cartage.model.batch import BatchState
from cartage.model.bulk import Act
from cartage.model.catalogue import Status
from cartage.model.errors import PageNotFound
from cartage.model.feed import FeedTerms
from cartage.model.ids import new_id
from cartage.model.page import Page
from cartage.model.picture import hung
from cartage.server import create_server
from cartage.settings import read_settings
from cartage.stores.sql import upgrade
from tests.contracts.records import NOON, a_batch, a_print, an_attempt, ended_product, kept_merchant, kept_rows
from tests.contracts.test_store_postbox import a_delivery, kept_endpoint
from tests.server.matrix import API, DENIED, LOGIN, MISSING, OK, PAGES, UNKNOWN

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASSWORD = "correct horse battery"
READS = {"GET"}
NEVER = "prd_01ARZ3NDEKTSV4RRFFQ69G5FAV"


@dataclass
class World:
    """Hold a server, one client per asker, and the ids of what the owner has."""

    app: App
    server: FastAPI
    pages: list[httpx2.AsyncClient]
    api: list[httpx2.AsyncClient]
    csrf: list[str]
    ids: dict[str, str]

    def routes(self) -> Iterator[str]:
        """List every route that the server answers to, as the table writes them."""
        for context in iter_route_contexts(self.server.router.routes):
            for method in sorted(set(context.methods or ()) - {"HEAD"}):
                yield f"{method} {context.path}"

    def path(self, route: str) -> str:
        """Fill a route's path with the owner's own ids."""
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: self.ids[name[1]], route.partition(" ")[2])


def client(server: FastAPI, token: str = "", login: Login | None = None) -> httpx2.AsyncClient:
    """Make a client with a token or a login's cookie."""
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(server, raise_app_exceptions=False),
        base_url="http://localhost",
        headers={"Authorization": f"Bearer {token}"} if token else {},
        cookies={"cartage_session": login.secret} if login else {},
    )


async def people(accounts: Accounts) -> list[Login]:
    """Sign up another merchant's admin, and the owner's viewer, editor and admin."""

    async def joined(name: str, merchant_id: str | None, role: Role) -> Login:
        secret = await accounts.invite(merchant_id, role=role)
        return await accounts.sign_up(secret, f"{name}@{new_id('usr')}.example", PASSWORD, name)

    admin = await joined("admin", None, Role.ADMIN)
    merchant = admin.user.merchant_id
    return [
        await joined("other", None, Role.ADMIN),
        await joined("viewer", merchant, Role.VIEWER),
        await joined("editor", merchant, Role.EDITOR),
        admin,
    ]


async def belongings(app: App, accounts: Accounts, merchant_id: str) -> dict[str, str]:
    """Give the owner one of everything."""
    failure = PageNotFound("gone").failure()
    product = await ended_product(app.store, merchant_id, Status.FAILED, failure=failure)
    page = Page(url=product.source_url, status=200, body=b"<h1>x", fetched_at=product.created_at)
    page_id = await app.store.artifacts.put(merchant_id, "application/json", page.model_dump_json().encode())
    attempt = an_attempt("direct").model_copy(update={"page_id": page_id})
    await app.store.catalogue.record_attempt(product.import_id, attempt)
    batch = a_batch(merchant_id, BatchState.FED)
    await kept_rows(app.store, batch, 1)
    await app.store.batches.cancel_batch(batch.id)
    draft = await app.store.artifacts.put(merchant_id, "text/plain", b"https://shop.example/new")
    token, _ = await app.accounts.create_token(merchant_id, "spare")
    secret = await app.accounts.invite(merchant_id, role=Role.VIEWER)
    spare = await accounts.sign_up(secret, f"spare@{new_id('usr')}.example", PASSWORD, "spare")
    endpoint = await kept_endpoint(app.store, merchant_id)
    delivery = a_delivery(endpoint)
    await app.store.postbox.hand_in(endpoint, 10**6, [delivery])
    export = await Exports(app.store).submit(merchant_id, "jsonl")
    fed = await Feeds(app.store).add(merchant_id, "jsonl", FeedTerms(name="All"))
    wish = Wish(Act.ARCHIVE, "id:prd_none")
    action = await BulkActions(app.store).submit(merchant_id, wish)
    await BulkActions(app.store).stop(merchant_id, action.id)
    picture = await app.store.gallery.put(merchant_id, a_print(), 10**6, NOON)
    displayed = hung(picture, NOON)
    await ended_product(app.store, merchant_id, pictures=(displayed,))
    await Pausing(app.store).pause(merchant_id, "shop.example")
    return {
        "picture_id": picture.id,
        "size": "small",
        "action_id": action.id,
        "endpoint_id": endpoint.id,
        "export_id": export.id,
        "feed_id": fed.feed.id,
        "file": fed.file,
        "picture": f"{displayed.token}.webp",
        "target": "shopify",
        "delivery_id": delivery.id,
        "product_id": product.id,
        "job_id": product.id,
        "import_id": product.import_id,
        "batch_id": batch.id,
        "draft_id": draft,
        "artifact_id": page_id,
        "token_id": token.id,
        "user_id": spare.user.id,
        "artifact": "direct-1-page.json",
        "secret": "none",
        "name": "cartage.css",
        "path": "nothing/here",
        "site": "shop.example",
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[tuple[App, FastAPI]]:
    """Give the whole server, made once: each test has owners of its own."""
    folder = tmp_path_factory.mktemp("matrix")
    settings = read_settings(data_dir=folder, engine="elsewhere", database_url="", metrics_token="")
    await upgrade(settings.store_url)
    async with build(settings).running() as app:
        await kept_merchant(app.store, "The operator's own")
        yield app, create_server(app)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def still_world(installation: tuple[App, FastAPI]) -> AsyncGenerator[World]:
    """Give a world for those that only look."""
    async with a_world(*installation) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def world(installation: tuple[App, FastAPI]) -> AsyncGenerator[World]:
    """Give a world that a test may change."""
    async with a_world(*installation) as made:
        yield made


@contextlib.asynccontextmanager
async def a_world(app: App, server: FastAPI) -> AsyncGenerator[World]:
    """Make everybody who may ask, with an owner who has one of everything."""
    async with contextlib.AsyncExitStack() as stack:
        accounts = Accounts(app.store, Passwords(PasswordHasher(1, 8, 1)))
        logins = await people(accounts)
        other, merchant = logins[0].user.merchant_id, logins[3].user.merchant_id
        tokens = [
            (await accounts.create_token(other, "theirs", tuple(Scope)))[1],
            *[(await accounts.create_token(merchant, scope.name, (scope,)))[1] for scope in Scope],
        ]
        pages = [client(server), *(client(server, login=login) for login in logins)]
        api = [client(server), *(client(server, token) for token in tokens)]
        for each in (*pages, *api):
            await stack.enter_async_context(each)
        csrf = ["", *(login.session.csrf for login in logins)]
        ids = await belongings(app, accounts, merchant)
        yield World(app, server, pages, api, csrf, ids)


def reads(route: str) -> bool:
    """Tell whether a route only reads."""
    return route.partition(" ")[0] in READS


def kind_of(reply: httpx2.Response) -> str:
    """Put an answer into the table's words."""
    if reply.status_code == 303 and reply.headers["location"].startswith("/login"):
        return LOGIN
    refused = {401: UNKNOWN, 403: DENIED, 404: MISSING}
    return refused.get(reply.status_code, OK if reply.status_code < 500 else str(reply.status_code))


async def test_every_route_has_a_row(still_world: World) -> None:
    """A route that is added without a row in the table fails here, and so does a row without a route."""
    assert sorted(set(still_world.routes())) == sorted({**PAGES, **API})


@pytest.mark.parametrize("route", [route for route in PAGES if reads(route)])
async def test_a_page_is_shown_to_whom_the_table_says(still_world: World, route: str) -> None:
    """Pages answer by merchant and role; another merchant's things are simply not there."""
    assert await found_on_page(still_world, route) == list(PAGES[route])


@pytest.mark.parametrize("route", [route for route in PAGES if not reads(route)])
async def test_a_form_is_for_whom_the_table_says(world: World, route: str) -> None:
    """Forms are taken by merchant and role."""
    assert await found_on_page(world, route) == list(PAGES[route])


async def found_on_page(world: World, route: str) -> list[str]:
    """Ask for a page as everybody, and give what each found."""
    method, path = route.partition(" ")[0], world.path(route)
    found: list[str] = []
    for asker, csrf in zip(world.pages, world.csrf, strict=True):
        form = {"csrf": csrf, "role": "viewer", "url": "https://shop.example/new", "html": "<p>x", "name": "x"}
        form["site"] = "shop.example"
        sent = None if method in READS else form
        reply = await asker.request(method, path, headers={"Accept": "text/html"}, data=sent)
        signed_out = route == "POST /logout" and reply.status_code == 303 and csrf
        found.append(OK if signed_out or (route == "GET /" and reply.status_code == 303) else kind_of(reply))
    for_strangers = {"POST /login", "POST /join/{secret}", "GET /join/{secret}"}
    return [OK if route in for_strangers and kind == UNKNOWN else kind for kind in found]


@pytest.mark.parametrize("route", [route for route in API if reads(route)])
async def test_the_api_tells_whom_the_table_says(still_world: World, route: str) -> None:
    """The API answers by merchant and scope."""
    assert await found_by_api(still_world, route) == list(API[route])


@pytest.mark.parametrize("route", [route for route in API if not reads(route)])
async def test_the_api_obeys_whom_the_table_says(world: World, route: str) -> None:
    """The API acts by merchant and scope."""
    assert await found_by_api(world, route) == list(API[route])


async def found_by_api(world: World, route: str) -> list[str]:
    """Call the API as everybody, and give what each found."""
    method, path = route.partition(" ")[0], world.path(route)
    bodies = {"PUT": {"html": "<p>x"}, "POST": {"url": "https://shop.example/new"}, "PATCH": {"name": "x"}}
    sent = None if path.endswith(("/retry", "/continue", "/cancel", "/again")) else bodies.get(method)
    if route.startswith("PATCH /v1/webhook-endpoints"):
        sent = {"events": ["import.failed"]}
    if route.startswith("PUT /v1/spacings"):
        sent = {"seconds": 5}
    if path.endswith(("/enhance", "/decisions", "/review", "/refresh")):
        sent = {}
    found = [kind_of(await asker.request(method, path, json=sent)) for asker in world.api]
    # Nothing runs imports here nor makes exports, which is said to all alike.
    unready = {("GET /readyz", "503"), ("GET /feeds/{file}", "503")}
    return [OK if (route, kind) in unready else kind for kind in found]


async def test_absent_and_foreign_read_alike(still_world: World) -> None:
    """What belongs to someone else answers with the very body of what never was."""
    unknown = {"{size}": "small"}
    for route in (route for route, row in API.items() if row[1] == MISSING and route.startswith("GET")):
        path = still_world.path(route)
        never = re.sub(r"\{\w+\}", lambda name: unknown.get(name[0], NEVER), route.partition(" ")[2])
        theirs, absent = await still_world.api[1].get(path), await still_world.api[1].get(never)
        shared = {"detail", "instance", "trace_id"}
        assert theirs.status_code == absent.status_code == 404
        assert {**theirs.json(), **dict.fromkeys(shared)} == {**absent.json(), **dict.fromkeys(shared)}


async def test_a_wrong_method_is_told_all_that_there_are(still_world: World) -> None:
    """405 names in `Allow` every method of the path, whichever route of it comes first."""
    methods: dict[str, set[str]] = {}
    for route in still_world.routes():
        if not route.endswith("{path:path}"):  # which is there for pages that are not
            methods.setdefault(still_world.path(route), set()).add(route.partition(" ")[0])

    replies = {path: await still_world.api[0].request("PURGE", path) for path in methods}

    assert {reply.status_code for reply in replies.values()} == {405}
    told = {path: set(reply.headers["allow"].split(", ")) for path, reply in replies.items()}
    assert {path: named - told[path] for path, named in methods.items() if named - told[path]} == {}
    assert replies["/v1/imports"].headers["allow"] == "GET, POST"
