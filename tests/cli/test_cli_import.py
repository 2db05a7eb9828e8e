"""`cartage import`: the list's own rows on stdout, everything else on stderr, and the exit codes."""

import asyncio
import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cartage.stores.sql import SqlStore, upgrade
from tests.contracts.records import ended_product, kept_merchant

KNOWN = "https://shop.example/p/known"
REFUSED = "http://127.0.0.1/p"


def run(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own."""
    environment = {"PATH": os.defpath, "CARTAGE_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "cartage", "import", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Give a folder whose catalogue holds one imported product."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'cartage.db'}"
    await upgrade(url)
    store = SqlStore(url)
    await store.open()
    merchant = await kept_merchant(store)
    await ended_product(store, merchant.id, source_url=KNOWN)
    await store.close()
    return tmp_path


async def test_rows_come_back_on_stdout(folder: Path) -> None:
    """Each row with what became of it; some failed is exit 3, and stderr says how many."""
    (folder / "list.csv").write_text(f"sku;url\nA;{KNOWN}\nB;{REFUSED}\n")

    result = await asyncio.to_thread(run, folder, "list.csv")

    head, *rows = csv.reader(io.StringIO(result.stdout), delimiter=";")
    assert result.returncode == 3, result.stderr
    assert head[:4] == ["sku", "url", "import_status", "error_code"]
    assert [row[:4] for row in rows] == [
        ["A", KNOWN, "already_imported", ""],
        ["B", REFUSED, "invalid", "url_not_allowed"],
    ]
    assert "1 already imported, 1 invalid" in result.stderr
    assert "\x1b[" not in result.stdout + result.stderr


@pytest.mark.parametrize(("line", "code"), [(KNOWN, 0), (REFUSED, 1)])
async def test_the_exit_code_says_how_it_went(folder: Path, line: str, code: int) -> None:
    """All well is 0, none is 1; the list may come from a pipe, the result go to a file."""
    result = await asyncio.to_thread(run, folder, "-", "--output", "out.csv", stdin=line + "\n")

    assert (result.returncode, result.stdout) == (code, ""), result.stderr
    assert (folder / "out.csv").read_text().startswith("url,import_status")


async def test_a_list_handed_in_is_waited_for_later(folder: Path) -> None:
    """--no-wait gives the batch's id at once; --resume runs it and writes the result."""
    handed_in = await asyncio.to_thread(run, folder, "-", "--no-wait", stdin=f"{KNOWN}\n")
    batch_id = handed_in.stderr.split()[-1]

    resumed = await asyncio.to_thread(run, folder, "--resume", batch_id)

    assert (handed_in.returncode, handed_in.stdout) == (0, "")
    assert batch_id.startswith("bat_")
    assert resumed.returncode == 0, resumed.stderr
    assert "already_imported" in resumed.stdout


@pytest.mark.parametrize("arguments", [["missing.csv"], ["--resume", "bat_unknown"]])
async def test_what_is_not_there_is_one_sentence(folder: Path, arguments: list[str]) -> None:
    """A missing file or batch is said so, without a traceback."""
    result = await asyncio.to_thread(run, folder, *arguments)

    assert result.returncode in {1, 5}
    assert result.stderr.startswith("cartage: ")
    assert "Traceback" not in result.stderr
