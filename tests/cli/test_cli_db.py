"""`cartage db` and what start-up makes of an older schema."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder of its own, with these settings."""
    environment = {"PATH": os.defpath, "CARTAGE_DATA_DIR": str(folder / "data"), **settings}
    command = [sys.executable, "-m", "cartage", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(params=["sqlite", "postgres"])
def named(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty database that the settings name."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite+aiosqlite:///{tmp_path / 'named.db'}"


def test_a_named_database_is_upgraded_on_command_only(tmp_path: Path, named: str) -> None:
    """The server refuses an older schema and names the command; after it, the schema is current."""
    refused = run(tmp_path, "serve", CARTAGE_DATABASE_URL=named)
    before = run(tmp_path, "db", "current", CARTAGE_DATABASE_URL=named)
    upgraded = run(tmp_path, "db", "upgrade", CARTAGE_DATABASE_URL=named)
    after = run(tmp_path, "db", "current", CARTAGE_DATABASE_URL=named)

    assert refused.returncode == 1
    assert "schema_outdated" in refused.stderr
    assert "cartage db upgrade" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (before.returncode, json.loads(before.stdout)["revision"]) == (1, None)
    assert upgraded.returncode == 0, upgraded.stderr
    assert after.returncode == 0
    assert json.loads(after.stdout)["revision"] == json.loads(after.stdout)["newest"]


def test_the_way_back(tmp_path: Path, named: str) -> None:
    """`cartage db downgrade` goes one step back, or all the way."""
    run(tmp_path, "db", "upgrade", CARTAGE_DATABASE_URL=named)

    back = run(tmp_path, "db", "downgrade", "-1", CARTAGE_DATABASE_URL=named)
    emptied = run(tmp_path, "db", "downgrade", "base", CARTAGE_DATABASE_URL=named)

    assert back.returncode == 0, back.stderr
    assert emptied.returncode == 0, emptied.stderr
    assert "is at no revision" in emptied.stderr


def test_the_data_folder_is_upgraded_by_itself(tmp_path: Path) -> None:
    """Without a named database, the commands that write make and upgrade SQLite in the data folder."""
    created = run(tmp_path, "token", "create")
    current = run(tmp_path, "db", "current")

    assert created.returncode == 0, created.stderr
    assert current.returncode == 0


def test_no_password_is_shown(tmp_path: Path) -> None:
    """A database that is away is named without its password, in one sentence."""
    url = "postgresql://cartage:hunter2@127.0.0.1:9/cartage"

    result = run(tmp_path, "db", "upgrade", CARTAGE_DATABASE_URL=url)

    assert result.returncode == 1
    assert "database_unreachable" in result.stderr
    assert "hunter2" not in result.stderr + result.stdout
    assert "Traceback" not in result.stderr
