"""A real Postgres for the tests: started once a run on a spare port, under an ordinary user, in a folder of its own."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

PLACES = ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin")
ORDINARY_USERS = ("postgres", "nobody")
SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "60"}
START_SECONDS = 30


def find_programs() -> Path | None:
    """Find the folder of Postgres's programs."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else [Path(place) for place in PLACES]
    return next((place for place in places if (place / "initdb").exists()), None)


@dataclass(frozen=True, slots=True)
class Postgres:
    """Be a running server; databases in it are made and dropped as tests need them."""

    port: int

    def address(self, database: str) -> str:
        """Give SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://cartage@127.0.0.1:{self.port}/{database}"

    def make(self, database: str, template: str = "template1") -> str:
        """Make a database and give its address."""
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), database, template)
        return self.address(database)

    def drop(self, database: str) -> None:
        """Drop a database, whoever is connected."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), database)

    def _run(self, statement: sql.SQL, *names: str) -> None:
        with self._connect() as connection:
            connection.execute(statement.format(*(sql.Identifier(name) for name in names)))

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(f"host=127.0.0.1 port={self.port} user=cartage dbname=postgres", autocommit=True)

    def answers(self) -> bool:
        """Tell whether the server takes connections."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


@contextlib.contextmanager
def running_postgres(programs: Path) -> Generator[Postgres]:
    """Make a cluster, run its server, and take both away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="cartage-postgres-"))
    person = _person()
    if person:
        shutil.chown(folder, *person)
    try:
        data = folder / "data"
        making = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "cartage",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        subprocess.run(making, check=True, capture_output=True, cwd=folder, **_as(person))
        with _serving(programs, folder, person) as postgres:
            yield postgres
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _serving(programs: Path, folder: Path, person: tuple[str, int] | None) -> Generator[Postgres]:
    port = _spare_port()
    options = {**SETTINGS, "listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder)}
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        [programs / "postgres", "-D", folder / "data", "-p", str(port), *words],
        stdout=log,
        stderr=log,
        cwd=folder,
        **_as(person),
    )
    try:
        postgres = Postgres(port)
        deadline = time.monotonic() + START_SECONDS
        while not postgres.answers():
            assert server.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "Postgres did not start in time"
            time.sleep(0.05)
        yield postgres
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def _person() -> tuple[str, int] | None:
    """Choose the user that the server runs as: Postgres refuses root."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    name = next(name for name in ORDINARY_USERS if name in known)
    return name, known[name].pw_gid


def _as(person: tuple[str, int] | None) -> dict[str, Any]:
    return {"user": person[0], "group": person[1], "extra_groups": []} if person else {}


def _spare_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
