"""What every command knows: how it talks, which Cartage it is for, and whether it asks before it deletes."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartage.cli.outcome import ExitCode
from cartage.model.product import Product
from tests.cli.catalogue import new_catalogue
from tests.cli.running import Running, running_cartage
from tests.cli.terminal import Terminal
from tests.contracts.records import ended_product


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder whose catalogue holds two mugs."""
    asyncio.run(filled(tmp_path))
    return tmp_path


async def filled(folder: Path) -> None:
    """Make the catalogue."""
    async with new_catalogue(folder) as (store, merchant_id):
        for name in ("Mug", "Cup"):
            await ended_product(store, merchant_id, facts=Product(name=name, brand="Oak"))


@pytest.fixture
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give a running Cartage."""
    with running_cartage(tmp_path_factory.mktemp("running")) as made:
        yield made


@pytest.mark.parametrize("place", [0, 1, 3])
def test_quiet_is_only_records_and_verbose_is_what_is_asked(cartage: Terminal, place: int) -> None:
    """The switches stand anywhere; without them a command counts, and after `--` they are words."""
    words = ["ls", "brand:oak", "--sort=name"]

    usual = cartage(*words)
    quiet = cartage(*words[:place], "--quiet", *words[place:])
    verbose = cartage(*words[:place], "-v", *words[place:])
    searched = cartage("ls", "--", "--quiet")

    assert (usual.stderr, quiet.stderr) == ("2 shown\n", "")
    assert usual.stdout == quiet.stdout == verbose.stdout
    assert "httpx2: HTTP Request: GET http://this.machine/v1/products" in verbose.stderr
    assert searched.stderr == "2 shown\n"


def test_no_colour_is_none_in_help_either(cartage: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """--no-color and NO_COLOR leave no escape where a terminal would have them."""
    monkeypatch.setenv("FORCE_COLOR", "1")

    coloured = cartage("ls", "--help")
    plain = cartage("ls", "--help", "--no-color")
    asked = cartage("ls", "--help", NO_COLOR="1")

    assert "\x1b[" in coloured.stdout
    assert "\x1b[" not in plain.stdout + asked.stdout
    assert "--no-input" in plain.stdout


def test_a_profile_is_a_server_with_its_token(cartage: Terminal, running: Running, tmp_path: Path) -> None:
    """By name or CARTAGE_PROFILE; its token is shown nowhere, and a server of another name never gets it."""
    (tmp_path / "token").write_text(running.token)
    (tmp_path / "profiles.toml").write_text(
        f'[shop]\nurl = "{running.url}"\ntoken_file = "{tmp_path}/token"\n'
        f'[other]\nurl = "{running.url}"\ntoken = "hush"\n'
    )
    file = {"CARTAGE_PROFILES_FILE": str(tmp_path / "profiles.toml")}

    there = cartage("costs", "--profile", "shop", "--json", **file)
    by_setting = cartage("costs", "--json", CARTAGE_PROFILE="shop", **file)
    wrong = cartage("ls", "--profile", "other", **file)
    bare = cartage("ls", "--server", running.url, CARTAGE_PROFILE="shop", **file)
    known = cartage("config", "profiles", "--json", **file)
    unknown = cartage("ls", "--profile", "shpo", **file)

    assert (there.stdout, by_setting.stdout) == ("[]\n", "[]\n"), there.stderr + by_setting.stderr
    assert (wrong.code, bare.code) == (ExitCode.NOT_AUTHORISED, ExitCode.NOT_AUTHORISED)
    assert [each["profile"] for each in json.loads(known.stdout)] == ["shop", "other"]
    assert "hush" not in known.stdout + wrong.stderr
    assert "there are: other, shop" in unknown.stderr


@pytest.mark.parametrize("broken", ["[shop", "[shop]\ntoken = 1\n", "shop = 1\n"])
def test_a_broken_profile_is_one_sentence(cartage: Terminal, tmp_path: Path, broken: str) -> None:
    """The file is named, and no secret repeated."""
    (tmp_path / "profiles.toml").write_text(broken)

    result = cartage("ls", "--profile", "shop", CARTAGE_PROFILES_FILE=str(tmp_path / "profiles.toml"))

    assert (result.code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "profiles.toml" in result.stderr


def test_deleting_asks_before(cartage: Terminal) -> None:
    """Nothing goes without a yes; a dry run tells what would, and what is gone is gone."""
    first, second = json.loads(cartage("ls", "--sort", "name", "--json=id").stdout)

    looked = cartage("products", "rm", first["id"], "--dry-run")
    refused = cartage("products", "rm", first["id"])
    gone = cartage("products", "rm", first["id"], "--yes", "--json=action,done")
    again = cartage("products", "rm", first["id"], "--yes")
    left = json.loads(cartage("ls", "--json=id").stdout)

    assert (looked.code, looked.stdout, looked.stderr) == (0, "", "1 match, 1 can be deleted.\n")
    assert (refused.code, refused.stdout) == (1, "")
    assert "say --yes" in refused.stderr
    assert json.loads(gone.stdout) == {"action": "delete", "done": 1}, gone.stderr
    assert (again.code, left) == (ExitCode.NOT_FOUND, [second])


def test_a_token_is_made_listed_and_revoked(cartage: Terminal) -> None:
    """Its secret is in the record that makes it, and in no other; records come in every form."""
    made = json.loads(cartage("token", "create", "till", "--read-only").stdout)
    listed = cartage("token", "list", "--jsonl")
    narrow = cartage("token", "create", "sync", "--scope", "imports:write", "--scope", "products:read", "--json=scopes")
    unknown = cartage("token", "create", "sync", "--scope", "write")
    twice = cartage("token", "create", "sync", "--scope", "admin", "--read-only")
    cartage("token", "revoke", made["id"])
    rows = cartage("token", "list", "--csv=name,scopes,revoked_at").stdout.splitlines()

    assert json.loads(narrow.stdout) == {"scopes": ["imports:write", "products:read"]}
    assert (unknown.code, "there are products:read, imports:write" in unknown.stderr) == (ExitCode.USAGE, True)
    assert (twice.code, "one way" in twice.stderr) == (ExitCode.USAGE, True)
    assert made["token"].startswith("cartage_")
    assert made["token"] not in listed.stdout
    assert rows[0] == "name,scopes,revoked_at"
    assert rows[1].startswith("till,products:read,2")


def test_bash_completes_commands_options_and_values(cartage: Terminal, tmp_path: Path) -> None:
    """The completions do in a shell what they are for."""
    script = tmp_path / "completions.bash"
    script.write_text(cartage("completions", "bash").stdout)

    assert completed(script, "cartage", "ret") == ["retry"]
    assert completed(script, "cartage", "products", "r") == ["refresh", "rm"]
    assert {"--sort", "--quiet", "--profile"} <= set(completed(script, "cartage", "ls", "--"))
    assert completed(script, "cartage", "ls", "--sort", "ch") == ["cheapest"]


def completed(script: Path, *words: str) -> list[str]:
    """Ask bash what it would offer for the last word."""
    quoted = " ".join(f"'{word}'" for word in words)
    code = (
        f"source '{script}'; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
        'COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}; _cartage "$1" "${COMP_WORDS[COMP_CWORD]}"; '
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["/bin/bash", "-c", code], capture_output=True, text=True, timeout=120, check=True)
    return sorted(each.strip() for each in done.stdout.split())
