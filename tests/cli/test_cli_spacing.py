"""`cartage spacing`: sites' own times between two visits, on this machine's own data."""

import json

from cartage.cli.outcome import ExitCode
from tests.cli.terminal import Terminal


def test_a_site_gets_a_time_of_its_own_and_loses_it(cartage: Terminal) -> None:
    """What is set is listed with who set it, and is gone when it is removed."""
    set_ = json.loads(cartage("spacing", "set", "https://www.shop.example/p/mug", "5").stdout)

    assert (set_["site"], set_["seconds"], set_["set_by"]) == ("shop.example", 5, "command line")
    assert json.loads(cartage("spacing", "list", "--jsonl").stdout) == set_
    assert cartage("spacing", "remove", "shop.example").stderr == (
        "shop.example has the usual time between visits again.\n"
    )
    assert cartage("spacing", "list", "--jsonl").stdout == ""
    assert cartage("spacing", "remove", "shop.example").code == ExitCode.NOT_FOUND
