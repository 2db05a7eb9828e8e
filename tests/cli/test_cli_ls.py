"""`cartage ls`: what the filter wants, as lines or as JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cartage.model.product import Product
from cartage.stores.sql import SqlStore, upgrade
from tests.contracts.records import ended_product, kept_merchant


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a folder's catalogue."""
    environment = os.environ | {"CARTAGE_DATA_DIR": str(folder / "data")}  # noqa: TID251 - the child's
    command = [sys.executable, "-m", "cartage", "ls", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Give a folder whose catalogue holds three products."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'cartage.db'}"
    await upgrade(url)
    store = SqlStore(url)
    await store.open()
    merchant = await kept_merchant(store)
    for name, brand in (("Mug", "Oak"), ("Rug", "Oak"), ("Lamp", "Lumen")):
        await ended_product(store, merchant.id, facts=Product(name=name, brand=brand))
    await store.close()
    return tmp_path


def test_products_are_listed_by_a_filter(folder: Path) -> None:
    """Lines for people, with the count on stderr; JSON with the fields that were asked for."""
    lines = run(folder, "brand:oak", "-rug")
    record = run(folder, "brand:oak", "--sort", "name", "--limit", "0", "--json=facts.name")

    assert [line.split("\t")[1:4] for line in lines.stdout.splitlines()] == [["IMPORTED", "-", "Mug"]], lines.stderr
    assert lines.stderr == "1 of 1 shown\n"
    assert json.loads(record.stdout) == {"products.facts.name": ["Mug", "Rug"]}


def test_a_wrong_word_is_one_sentence(folder: Path) -> None:
    """What cannot be read is refused with the words there are."""
    result = run(folder, "stauts:failed")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("cartage: filter_invalid: There is no `stauts:`")
