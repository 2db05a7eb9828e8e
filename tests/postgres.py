"""A real Postgres for the tests: started once a run on a spare port, under an ordinary user, in a folder of its own."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.ports import spare_port

PLACES = ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin")
ORDINARY_USERS = ("postgres", "nobody")
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "60"}
START_SECONDS = 120


def find_programs() -> Path | None:
    """Find the folder of Postgres's programs."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else [Path(place) for place in PLACES]
    return next((place for place in places if (place / "initdb").exists()), None)


@dataclass(frozen=True, slots=True)
class Postgres:
    """Be a running server; databases in it are made and dropped as tests need them."""

    port: int
    programs: Path
    folder: Path
    person: tuple[str, int] | None

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

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        settings = {**SETTINGS, "listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.folder)}
        words = [f"-p {self.port}", *(f"-c {name}={value}" for name, value in settings.items())]
        self._control("start", "-l", str(self.folder / "log"), "-o", " ".join(words))

    def stop(self) -> None:
        """Stop the server without waiting for anybody."""
        self._control("stop", "-m", "immediate")

    def restart(self) -> None:
        """Stop the server without waiting for anybody, and start it again."""
        self.stop()
        self.start()

    def _control(self, *words: str) -> None:
        command = [self.programs / "pg_ctl", "-D", self.folder / "data", "-w", "-t", str(START_SECONDS), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **_as(self.person))


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
        postgres = Postgres(spare_port(), programs, folder, person)
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _person() -> tuple[str, int] | None:
    """Choose the user that the server runs as: Postgres refuses root."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    name = next(name for name in ORDINARY_USERS if name in known)
    return name, known[name].pw_gid


def _as(person: tuple[str, int] | None) -> dict[str, Any]:
    return {"user": person[0], "group": person[1], "extra_groups": []} if person else {}
