"""What is offered to copy asks for the same as the import that it stands beside."""

import json
import shlex

from cartage.web.copying import copies_of
from tests.contracts.records import a_product, an_import


def test_a_copy_asks_for_what_was_wished() -> None:
    """The command and the call carry every wish of the import, its rule and its bound too."""
    import_ = an_import(a_product("mer_1"))

    add = next(each for each in copies_of(import_, [], "http://cartage.test") if each.name == "add")

    assert shlex.split(add.command)[3:] == [
        "--render=first", "--language=ar", "--tag=spring", "--multiplier=2", "--percent=0", "--fixed=0",
        "--max-cost=0.05",
    ]  # fmt: skip
    assert json.loads(shlex.split(add.curl)[-1]) == {
        "url": import_.source_url,
        "render": "first",
        "language": "ar",
        "tags": ["spring"],
        "own_rule": {"multiplier": "2", "percent": "0", "fixed": "0"},
        "max_cost_usd": "0.05",
    }
