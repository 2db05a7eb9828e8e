"""What tests of several rooms need: a real Postgres, started once where a test asks for it."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from cartage.stores.sql import upgrade
from tests.postgres import Postgres, find_programs, running_postgres


def pytest_configure() -> None:
    """Keep browser and pictures out of tests that do not ask for them, also in the processes that they start."""
    for name in ("CARTAGE_BROWSER", "CARTAGE_PICTURES"):
        os.environ.setdefault(name, "off")  # noqa: TID251 - the settings read it


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give a running Postgres; skip where it is not installed."""
    programs = find_programs()
    if programs is None:
        pytest.skip("Postgres is not installed; scripts/install-postgres installs it")
    with running_postgres(programs) as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """Give the address of an empty database."""
    name = f"t_{uuid4().hex}"
    yield postgres.make(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def migrated_template(postgres: Postgres) -> str:
    """Give the name of a database with the newest schema, to make others from."""
    with ThreadPoolExecutor() as elsewhere:  # a test's own event loop may be running here
        elsewhere.submit(lambda: asyncio.run(upgrade(postgres.make("migrated")))).result()
    return "migrated"


@pytest.fixture
def migrated_postgres_url(postgres: Postgres, migrated_template: str) -> Iterator[str]:
    """Give the address of a database with the newest schema and no rows."""
    name = f"t_{uuid4().hex}"
    yield postgres.make(name, migrated_template)
    postgres.drop(name)
