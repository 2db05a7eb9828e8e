"""What tests of several rooms need: a real Postgres, started once where a test asks for it."""

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from cartage.stores.sql import upgrade
from tests.case_files import FILES, claimed, identities, words_of_item
from tests.postgres import Postgres, find_programs, running_postgres

IN_MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - pytest makes folders of its own in it


def is_quick(folder: Path) -> bool:
    """Tell whether a folder takes all that tests write, and the programs that they install."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    return shutil.disk_usage(folder).free >= ROOM_BYTES and not os.statvfs(folder).f_flag & os.ST_NOEXEC


def pytest_configure() -> None:
    """Keep browser and pictures out of tests that do not ask for them, and speed and chance out of all."""
    for name in ("CARTAGE_BROWSER", "CARTAGE_PICTURES"):  # the processes that tests start read it as well
        os.environ.setdefault(name, "off")  # noqa: TID251 - the settings read it
    if "TMPDIR" not in os.environ and is_quick(IN_MEMORY):  # noqa: TID251 - where pytest and its children work
        os.environ["TMPDIR"], tempfile.tempdir = str(IN_MEMORY), None  # noqa: TID251 - as above
    settings.register_profile("cartage", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("cartage")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let nobody look for garbage among all the modules and thousands of tests, neither now nor while they run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each test's report name the rows of the case files that it holds."""
    for item in items:
        item.user_properties.extend(("case", identity) for identity in claimed(words_of_item(item)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the rows of the case files that were run and held."""
    rows = {
        outcome: {str(row) for report in told(terminalreporter, outcome) for _, row in report.user_properties}
        for outcome in ("passed", "failed", "error", "skipped")
    }
    held = rows["passed"] - rows["failed"] - rows["error"] - rows["skipped"]
    for file in FILES if held else ():
        listed = identities(file)
        terminalreporter.write_line(f"{file}: {len(listed & held)} of {len(listed)} rows ran and held")


def told(terminalreporter: pytest.TerminalReporter, outcome: str) -> Iterator[pytest.TestReport]:
    """Give the reports of tests; a file that could not be collected has one, too, which names no test."""
    return (report for report in terminalreporter.getreports(outcome) if isinstance(report, pytest.TestReport))


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
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with the newest schema and no rows, to copy: that is many times faster than migrations."""
    file = tmp_path_factory.mktemp("migrated") / "store.db"
    with ThreadPoolExecutor() as elsewhere:  # a test's own event loop may be running here
        elsewhere.submit(lambda: asyncio.run(upgrade(f"sqlite+aiosqlite:///{file}"))).result()
    return file


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
