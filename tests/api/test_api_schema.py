"""The API held to its own OpenAPI document by generated requests: nothing breaks, and every refusal is a problem."""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from schemathesis.python.asgi import get_client

from cartage.accounts.service import Accounts
from cartage.api import create_api
from cartage.api.problems import MEDIA_TYPE, install_problems
from cartage.imports.service import Imports
from cartage.model.batch import BatchState
from cartage.model.catalogue import Status
from cartage.stores.sql import SqlStore, upgrade
from tests.contracts.records import a_batch, ended_product, kept_merchant, kept_rows
from tests.kept_engine import KeptEngine

EXAMPLES = 8
SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
FOLDER = TemporaryDirectory()


async def furnished() -> tuple[FastAPI, str, dict[str, str]]:
    """Make an API whose merchant has one of everything: the application, a token, and the ids."""
    url = f"sqlite+aiosqlite:///{Path(FOLDER.name) / 'store.db'}"
    await upgrade(url)
    store = SqlStore(url)
    accounts, imports = Accounts(store), Imports(store, KeptEngine())
    merchant = await kept_merchant(store)
    product = await ended_product(store, merchant.id, Status.FAILED)
    batch = a_batch(merchant.id, BatchState.FED)
    await kept_rows(store, batch, 2)
    _, token = await accounts.create_token(merchant.id, "generated")
    await store.close()
    server = FastAPI()
    install_problems(server)
    server.include_router(create_api(imports, accounts))
    ids = {"product_id": product.id, "job_id": product.id, "import_id": product.import_id, "batch_id": batch.id}
    return server, token, ids


SERVER, TOKEN, IDS = asyncio.run(furnished())
CLIENT = get_client(cast("Any", SERVER))  # one for all requests
schema: Any = schemathesis.openapi.from_asgi("/openapi.json", SERVER)
schema.config.phases.coverage.enabled = False  # a sweep of thousands of requests, most of which pydantic answers


@schemathesis.serializer("application/jsonl")
def as_lines(_: Any, value: Any) -> bytes:
    """Write what is generated as a line of JSON."""
    return json.dumps(value).encode()


def held(response: Any) -> None:
    """Check one answer."""
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert response.headers["content-type"] == [MEDIA_TYPE], response.text
        problem = response.json()
        assert {"type", "title", "status", "detail", "code", "instance"} <= set(problem)
        assert problem["status"] == response.status_code


@pytest.mark.filterwarnings("ignore")
@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW, derandomize=True)
def test_nothing_that_is_sent_breaks_it(case: Any) -> None:
    """Generated requests, right and wrong, about things that are there and things that are not."""
    given = {"Authorization": f"Bearer {TOKEN}"}
    held(case.call(session=CLIENT, headers=given))
    if there := {name: IDS[name] for name in case.path_parameters if name in IDS}:
        case.path_parameters = case.path_parameters | there
        held(case.call(session=CLIENT, headers=given))


@pytest.mark.parametrize("cursor", [-1, 10**30, -(10**30), 2**31])
def test_a_number_that_no_database_holds_is_refused(cursor: int) -> None:
    """A cursor beyond what can be stored is the caller's to mend."""
    path = f"/v1/batches/{IDS['batch_id']}/rows?cursor={cursor}"

    reply = TestClient(SERVER).get(path, headers={"Authorization": f"Bearer {TOKEN}"})

    assert (reply.status_code, reply.headers["content-type"]) == (422, MEDIA_TYPE)
