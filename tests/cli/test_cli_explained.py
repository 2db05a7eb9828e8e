"""What `cartage explain` says of a page is what an import of that very page brings."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from cartage.cli.outcome import ExitCode
from cartage.model.catalogue import CatalogueProduct
from tests.cli.terminal import Terminal
from tests.imports.conftest import MERCHANT, make_house

SHOPS = Path(__file__).parents[1] / "cases" / "shops"
NAMES = ("prestashop_classic", "magento2_parka", "etsy_listing", "makeshop_jp", "hashed_css_boot")
URLS = {label["file"]: label["url"] for label in map(json.loads, (SHOPS / "labels.jsonl").read_text().splitlines())}


async def imported(html: str, url: str) -> CatalogueProduct:
    """Import an address whose page is this."""
    house = make_house([html])
    submission = await house.imports.submit(MERCHANT, url)
    return await house.imports.product(MERCHANT, submission.product.id)


@pytest.mark.parametrize("command", ["extract", "explain"])
@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:8443/p", "127.0.0.1 leads into a private network, which no setting allows."),
        ("http://localhost/p", "localhost leads into a private network, which no setting allows."),
        ("http://shop.example:8443/p", "Port 8443 is fetched from only where CARTAGE_EXTRA_PORTS names it."),
    ],
)
def test_a_refused_address_says_what_allows_it(cartage: Terminal, command: str, url: str, told: str) -> None:
    """A setting, where there is one, and the way around by a file."""
    refused = cartage(command, url)

    assert (refused.code, refused.stdout) == (ExitCode.FAILED, "")
    assert refused.stderr.startswith(f"cartage: url_not_allowed: {told} Or save the page, and give the file")


@pytest.mark.parametrize("file", [f"{name}.html" for name in NAMES])
def test_an_import_brings_what_explain_says(cartage: Terminal, file: str) -> None:
    """Of one snapshot the product, the evidence of each field and what is missing are equal, to the letter."""
    explained = cartage("explain", str(SHOPS / file), "--url", URLS[file], "--json")
    product = asyncio.run(imported((SHOPS / file).read_text(), URLS[file]))

    told: dict[str, Any] = json.loads(explained.stdout)
    kept = product.model_dump(mode="json")
    assert kept["facts"]["name"]
    assert (kept["facts"], kept["evidence"], kept["missing"]) == (told["product"], told["evidence"], told["missing"])
