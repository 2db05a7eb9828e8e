"""The command line's promises: JSON on stdout, everything else on stderr, and the exit codes."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from cartage import __version__
from cartage.cli.outcome import ExitCode
from cartage.cli.products import price_told
from cartage.model.pricing import Basis, SellingPrice
from cartage.model.product import Money
from cartage.wire.pricing import PricesOut
from tests.cli.terminal import Terminal

PAGE = """<html lang="en"><head><title>Linen Camp Shirt</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Product", "name": "Linen Camp Shirt",
"image": "/shirt.jpg", "description": "Boxy camp-collar shirt.", "offers": {"@type": "Offer", "price": "79.90",
"priceCurrency": "EUR", "availability": "https://schema.org/InStock"}}</script></head>
<body><h1>Linen Camp Shirt</h1><p class="price">€79.90</p><button>Add to cart</button></body></html>"""


def run_as_process(*options: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a new user would, in a process of its own."""
    return subprocess.run([sys.executable, *options], capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Give a saved product page."""
    path = tmp_path / "shirt.html"
    path.write_text(PAGE)
    return path


def test_the_version_is_the_packages_own() -> None:
    """`cartage --version` prints the version and nothing else."""
    result = run_as_process("-m", "cartage", "--version")

    assert (result.returncode, result.stdout) == (0, f"{__version__}\n")


def test_the_version_imports_nothing_heavy() -> None:
    """`cartage --version` imports neither pydantic nor the web."""
    result = run_as_process("-X", "importtime", "-m", "cartage", "--version")

    assert not [name for name in ("pydantic", "fastapi", "cyclopts", "sqlalchemy") if f" {name}\n" in result.stderr]


def test_a_saved_page_becomes_json(cartage: Terminal, page: Path) -> None:
    """`cartage extract FILE --url URL --json` writes the product, and only it, to stdout."""
    result = cartage("extract", str(page), "--url", "https://shop.example/p/shirt", "--json")

    product = json.loads(result.stdout)
    assert result.code == 0
    assert product["name"] == "Linen Camp Shirt"
    assert product["price"] == {"amount": "79.90", "currency": "EUR"}
    assert product["images"][0]["url"] == "https://shop.example/shirt.jpg"


def test_fields_can_be_picked(cartage: Terminal, page: Path) -> None:
    """`--json=FIELDS` cuts the record down to dotted paths."""
    result = cartage("extract", str(page), "--json=name,price.amount")

    assert json.loads(result.stdout) == {"name": "Linen Camp Shirt", "price.amount": "79.90"}


def test_a_page_can_come_from_a_pipe(cartage: Terminal) -> None:
    """`-` reads the page from standard input."""
    result = cartage("extract", "-", "--json=name", stdin=PAGE)

    assert json.loads(result.stdout) == {"name": "Linen Camp Shirt"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["extract", "no-such-file.html"], 1, "invalid_input"),
        (["extract", "http://127.0.0.1/p"], 1, "url_not_allowed"),
        (["extract", "http://"], 1, "url_"),
        (["frobnicate"], 2, "frobnicate"),
        (["extract"], 2, "requires"),
    ],
)
def test_errors_are_one_sentence_on_stderr(cartage: Terminal, arguments: list[str], code: int, said: str) -> None:
    """A mistake exits with its code, says so on stderr, and writes nothing to stdout."""
    result = cartage(*arguments)

    assert result.code == code
    assert said in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_a_page_that_is_no_product_fails_with_its_reason(cartage: Terminal) -> None:
    """A page without a product exits 1 and says what the page is."""
    result = cartage("extract", "-", stdin="<html><body><h1>About us</h1><p>We sell things.</p></body></html>")

    assert result.code == 1
    assert result.stdout == ""
    assert result.stderr


def test_explain_shows_who_claimed_what(cartage: Terminal, page: Path) -> None:
    """`cartage explain` shows the chosen claim, its source and the text it was read from."""
    result = cartage("explain", str(page))

    assert "/price" in result.stdout
    assert "json_ld" in result.stdout
    assert "79.90" in result.stdout


@pytest.mark.parametrize(
    "stated",
    [
        '<link rel="canonical" href="https://shop.example/p/shirt">',
        '<meta property="og:url" content="https://shop.example/p/shirt">',
        "<!-- saved from url=(0028)https://shop.example/p/shirt -->",
    ],
)
@pytest.mark.parametrize("command", ["extract", "explain"])
def test_a_saved_page_says_where_it_came_from(cartage: Terminal, command: str, stated: str) -> None:
    """Without --url the address that the page states is its own, and --url comes before it."""
    page = PAGE.replace("<head>", f"<head>{stated}")
    field = "product.url" if command == "explain" else "url"

    read = cartage(command, "-", f"--json={field}", stdin=page)
    told = cartage(command, "-", f"--json={field}", "--url", "https://other.example/", stdin=page)

    assert json.loads(read.stdout) == {field: "https://shop.example/p/shirt"}
    assert json.loads(told.stdout) == {field: "https://other.example/"}


def test_an_unknown_field_is_answered_with_those_there_are(cartage: Terminal, page: Path) -> None:
    """A misspelt field names its place, and what could stand there."""
    result = cartage("extract", str(page), "--json=name,price.amout")

    assert (result.code, result.stdout) == (ExitCode.USAGE, "")
    assert "There is no field 'price.amout'. Instead of 'amout' there are: amount, currency." in result.stderr


def test_bench_scores_labelled_pages(cartage: Terminal, tmp_path: Path, page: Path) -> None:
    """`cartage bench DIR` gives each field's share right, wrong and missing."""
    label = {
        "id": "shirt", "file": page.name, "url": "https://shop.example/p/shirt", "is_product": True,
        "name": "Linen Camp Shirt", "price": "79.90", "currency": "EUR", "availability": "OutOfStock",
    }  # fmt: skip
    (tmp_path / "labels.jsonl").write_text(json.dumps(label) + "\n")

    result = cartage("bench", str(tmp_path), "--json=fields.name.right,fields.price.right,fields.availability.wrong")

    expected = {"fields.name.right": 1.0, "fields.price.right": 1.0, "fields.availability.wrong": 1.0}
    assert json.loads(result.stdout) == expected


def test_what_a_price_that_sells_nothing_needs_is_told() -> None:
    """Each variant has its own, and they are set by name."""
    own = [SellingPrice(price=Money(amount=Decimal(each), currency="EUR"), basis=Basis.RULE) for each in (5, 7)]

    told = price_told(PricesOut(own=own[0], variants=own, lock_unused=True))

    assert told.startswith("Its 2 variants cost differently, so that each keeps its own price (5 EUR, 7 EUR)")
    assert "--set 'variants=[{" in told
