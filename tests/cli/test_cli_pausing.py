"""`cartage pause` and `cartage resume`, on this machine's own data."""

import json

from cartage.cli.outcome import ExitCode
from tests.cli.terminal import Terminal


def test_a_site_is_paused_and_resumed(cartage: Terminal) -> None:
    """What is paused is listed with who paused it, and doctor tells it; resuming ends it once."""
    paused = json.loads(cartage("pause", "https://www.shop.example/p/mug").stdout)

    assert (paused["site"], paused["paused_by"], paused["waiting"]) == ("shop.example", "command line", 0)
    assert json.loads(cartage("pause", "--list", "--jsonl").stdout) == paused
    assert "✓ paused: importing from shop.example, for My shop, since" in cartage("doctor").stderr
    assert cartage("resume", "shop.example").stderr == "Importing from shop.example goes on.\n"
    assert cartage("resume", "shop.example").code == ExitCode.NOT_FOUND


def test_what_is_added_while_it_is_paused_is_not_waited_for(cartage: Terminal) -> None:
    """The command hands the address in, says what it waits for and how it goes on, and ends with exit code 6."""
    cartage("pause")

    added = cartage("add", "https://shop.example/p/mug")
    status = json.loads(cartage("status", "--jsonl").stdout)

    assert added.code == ExitCode.TIMED_OUT
    assert added.stderr.startswith(f"{status['id']} waits: importing is paused since ")
    assert added.stderr.rstrip().endswith("by command line. Let it go on: cartage resume")
    assert (status["status"], status["paused"]["site"]) == ("queued", None)
    assert cartage("resume").stderr == "Importing goes on.\n"
