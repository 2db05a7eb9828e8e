"""`cartage db` and what start-up makes of an older schema."""

import json
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture(params=["sqlite", "postgres"])
def named(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty database that the settings name."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite+aiosqlite:///{tmp_path / 'named.db'}"


def test_a_named_database_is_upgraded_on_command_only(cartage: Terminal, named: str) -> None:
    """The server refuses an older schema and names the command; after it, the schema is current."""
    refused = cartage("serve", CARTAGE_DATABASE_URL=named)
    before = cartage("db", "current", CARTAGE_DATABASE_URL=named)
    upgraded = cartage("db", "upgrade", CARTAGE_DATABASE_URL=named)
    after = cartage("db", "current", CARTAGE_DATABASE_URL=named)

    assert refused.code == 1
    assert "schema_outdated" in refused.stderr
    assert "cartage db upgrade" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (before.code, json.loads(before.stdout)["revision"]) == (1, None)
    assert upgraded.code == 0, upgraded.stderr
    assert after.code == 0
    assert json.loads(after.stdout)["revision"] == json.loads(after.stdout)["newest"]


def test_the_way_back(cartage: Terminal, named: str) -> None:
    """`cartage db downgrade` goes one step back, or all the way."""
    cartage("db", "upgrade", CARTAGE_DATABASE_URL=named)

    back = cartage("db", "downgrade", "-1", CARTAGE_DATABASE_URL=named)
    emptied = cartage("db", "downgrade", "base", CARTAGE_DATABASE_URL=named)

    assert back.code == 0, back.stderr
    assert emptied.code == 0, emptied.stderr
    assert "is at no revision" in emptied.stderr


def test_the_data_folder_is_upgraded_by_itself(cartage: Terminal) -> None:
    """Without a named database, the commands that write make and upgrade SQLite in the data folder."""
    created = cartage("token", "create")
    current = cartage("db", "current")

    assert created.code == 0, created.stderr
    assert current.code == 0


def test_no_password_is_shown(cartage: Terminal) -> None:
    """A database that is away is named without its password, in one sentence."""
    url = "postgresql://cartage:hunter2@127.0.0.1:9/cartage"

    result = cartage("db", "upgrade", CARTAGE_DATABASE_URL=url)

    assert result.code == 1
    assert "database_unreachable" in result.stderr
    assert "hunter2" not in result.stderr + result.stdout
    assert "Traceback" not in result.stderr
