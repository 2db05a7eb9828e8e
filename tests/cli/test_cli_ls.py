"""`cartage ls`: what the filter wants, as lines or as JSON."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cartage.cli.outcome import ExitCode
from cartage.model.product import Product
from tests.cli.catalogue import new_catalogue
from tests.cli.terminal import Terminal
from tests.contracts.records import ended_product

LISTING = """
import json, sys
from cartage.cli import create_cli
from cartage.cli.outcome import run
run(create_cli(), ["ls"])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a catalogue, which commands here only read."""
    folder = tmp_path_factory.mktemp("catalogue")
    asyncio.run(filled(folder))
    return folder


async def filled(folder: Path) -> None:
    """Make a catalogue with three products."""
    async with new_catalogue(folder) as (store, merchant_id):
        for name, brand in (("Mug", "Oak"), ("Rug", "Oak"), ("Lamp", "Lumen")):
            await ended_product(store, merchant_id, facts=Product(name=name, brand=brand))


def test_products_are_listed_by_a_filter(cartage: Terminal) -> None:
    """Lines for people, with the count on stderr; JSON with the fields that were asked for."""
    lines = cartage("ls", "brand:oak", "-rug")
    record = cartage("ls", "brand:oak", "--sort", "name", "--limit", "0", "--json=facts.name")

    assert [line.split("\t")[1:4] for line in lines.stdout.splitlines()] == [["IMPORTED", "-", "Mug"]], lines.stderr
    assert lines.stderr == "1 shown\n"
    assert json.loads(record.stdout) == [{"facts.name": "Mug"}, {"facts.name": "Rug"}]


def test_a_wrong_word_is_one_sentence(cartage: Terminal) -> None:
    """What cannot be read is refused with the words there are."""
    result = cartage("ls", "stauts:failed")

    assert (result.code, result.stdout) == (ExitCode.USAGE, "")
    assert result.stderr.startswith("cartage: filter_invalid: There is no `stauts:`")


@pytest.mark.parametrize("form", [("--json=id,nope",), ("--jsonl", "--json=id,nope"), ("--csv=id,nope",)])
def test_an_unknown_field_writes_nothing(cartage: Terminal, form: tuple[str, ...]) -> None:
    """It is refused before anything is written."""
    result = cartage("ls", *form)

    assert (result.code, result.stdout) == (ExitCode.USAGE, "")


def test_the_head_of_csv_comes_with_its_rows(cartage: Terminal) -> None:
    """A list that is refused has none; one that is empty has."""
    refused = cartage("ls", "bogus:bogus", "--csv=id")
    empty = cartage("ls", "brand:nobody", "--csv=id")

    assert (refused.stdout, empty.stdout) == ("", "id\n")


def test_json_lines_have_the_fields_that_were_asked_for(cartage: Terminal) -> None:
    """`--json=FIELDS --jsonl` writes them alone, one object a line."""
    result = cartage("ls", "brand:lumen", "--json=facts.name", "--jsonl")

    assert result.stdout == '{"facts.name": "Lamp"}\n'


def test_csv_has_the_fields_that_were_asked_for(cartage: Terminal) -> None:
    """`--json=FIELDS --csv` writes them alone; those of --csv itself come first."""
    by_json = cartage("ls", "brand:lumen", "--json=facts.name", "--csv")
    by_csv = cartage("ls", "brand:lumen", "--json=id", "--csv=facts.brand")

    assert (by_json.stdout, by_csv.stdout) == ("facts.name\nLamp\n", "facts.brand\nLumen\n")


@pytest.mark.parametrize(
    ("settings", "unneeded"),
    [
        ({}, {"alembic", "dbos", "inngest", "jinja2", "mcp", "playwright", "pydantic_ai", "PIL"}),
        ({"CARTAGE_URL": "http://127.0.0.1:1"}, {"alembic", "fastapi", "rich", "selectolax", "sqlalchemy"}),
    ],
)
def test_what_a_command_does_not_need_is_not_imported(
    folder: Path, settings: dict[str, str], unneeded: set[str]
) -> None:
    """Looking at one's own data loads no engine and no migrations; looking elsewhere loads no server at all."""
    environment = os.environ | {"CARTAGE_DATA_DIR": str(folder / "data")} | settings  # noqa: TID251 - the child's
    command = [sys.executable, "-c", LISTING]

    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=True)

    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "cyclopts" in loaded
    assert loaded & unneeded == set()
