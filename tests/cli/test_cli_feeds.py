"""`cartage feeds`: made, listed, shown, given another address, and deleted."""

import asyncio
import json
from pathlib import Path

import pytest

from cartage.cli.outcome import ExitCode
from tests.cli.catalogue import new_catalogue
from tests.cli.terminal import Terminal


async def emptied(folder: Path) -> None:
    """Make a catalogue without products."""
    async with new_catalogue(folder):
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a catalogue."""
    asyncio.run(emptied(tmp_path))
    return tmp_path


def test_a_feed_from_its_making_to_its_end(cartage: Terminal) -> None:
    """Each command writes the feed as it is then."""
    made = json.loads(cartage("feeds", "add", "Women", "--target", "shopify", "--set", "status=active").stdout)
    listed = cartage("feeds", "ls", "--jsonl").stdout.splitlines()
    changed = json.loads(cartage("feeds", "edit", made["id"], "--every-hours", "24", "--json=name,every_hours").stdout)
    rotated = json.loads(cartage("feeds", "rotate", made["id"]).stdout)
    gone = cartage("feeds", "rm", made["id"])
    unknown = cartage("feeds", "show", made["id"])

    assert (made["name"], made["settings"], made["address"][-4:]) == ("Women", {"status": "active"}, ".csv")
    assert [json.loads(each)["id"] for each in listed] == [made["id"]]
    assert changed == {"name": "Women", "every_hours": 24}
    assert rotated["address"] != made["address"]
    assert (gone.code, gone.stderr) == (ExitCode.OK, f"Feed {made['id']} is deleted.\n")
    assert unknown.code == ExitCode.NOT_FOUND


def test_what_cannot_be_a_feed_is_told(cartage: Terminal) -> None:
    """PrestaShop has two files, and a feed's address leads to one."""
    refused = cartage("feeds", "add", "All", "--target", "prestashop")

    assert refused.code == ExitCode.FAILED
    assert "2 files" in refused.stderr
