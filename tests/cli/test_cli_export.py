"""`cartage export` and `cartage restore`: files out, what is wrong on standard error, and products back again."""

import asyncio
import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from cartage.cli.outcome import ExitCode
from cartage.imports.progress import event_for
from tests.cli.catalogue import new_catalogue
from tests.cli.terminal import Terminal
from tests.contracts.records import an_import
from tests.exports.linen import a_mug, a_shirt


async def filled(folder: Path) -> None:
    """Make a catalogue with the shirt, a mug, and a mug without a price."""
    async with new_catalogue(folder) as (store, merchant_id):
        for product in (a_shirt(), a_mug(), a_mug(2, price=None)):
            own = product.model_copy(update={"merchant_id": merchant_id, "import_id": f"imp_{product.id[4:]}"})
            import_ = an_import(own)
            await store.catalogue.add_product(own, import_, event_for(import_, "test/kept", {}))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a catalogue, which exports only read."""
    folder = tmp_path_factory.mktemp("catalogue")
    asyncio.run(filled(folder))
    return folder


def test_the_file_is_on_standard_output_and_nothing_else(cartage: Terminal) -> None:
    """Errors among the products are exit 7, grouped by code on standard error; the file is written all the same."""
    result = cartage("export", "shopify")

    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert (result.code, len(rows)) == (ExitCode.LINT_ERRORS, 5)
    assert result.stderr.startswith("Shopify: 1 error, ")
    assert " E price_missing" in result.stderr


def test_a_file_with_errors_is_told_of_or_not_written(cartage: Terminal, tmp_path: Path) -> None:
    """Written all the same it is said to have them; with --strict nothing is, and both are exit 7."""
    written = cartage("export", "shopify", "-o", str(tmp_path / "written.csv"))
    strict = cartage("export", "shopify", "--strict", "-o", str(tmp_path / "strict.csv"))
    sound = cartage("export", "shopify", "-missing:price", "--strict")

    assert (written.code, strict.code, sound.code) == (ExitCode.LINT_ERRORS, ExitCode.LINT_ERRORS, ExitCode.OK)
    assert "Products with errors are in the file all the same" in written.stderr
    assert "Nothing was written, for there is 1 error." in strict.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["written.csv"]
    assert sound.stdout


def test_standard_output_can_be_named(cartage: Terminal) -> None:
    """A lone - after the option is standard output, as the help says."""
    assert cartage("export", "jsonl", "-o", "-").stdout == cartage("export", "jsonl").stdout != ""


def test_a_check_writes_its_report_as_json(cartage: Terminal) -> None:
    """Only the fields that are asked for, and no file."""
    result = cartage("export", "woocommerce", "--check", "--json=errors,products,groups.code")

    report = json.loads(result.stdout)
    assert (report["errors"], report["products"], report["groups.code"][0]) == (1, 3, "price_missing")
    assert result.code == ExitCode.LINT_ERRORS


def test_several_files_need_a_place(cartage: Terminal, tmp_path: Path) -> None:
    """A folder, a zip, or names made from one; standard output takes one file only."""
    refused = cartage("export", "prestashop")
    cartage("export", "prestashop", "-o", f"{tmp_path}/")
    cartage("export", "prestashop", "-o", str(tmp_path / "all.zip"))
    cartage("export", "prestashop", "-o", str(tmp_path / "shop.csv"))

    assert refused.code == ExitCode.USAGE
    assert "a folder or a .zip" in refused.stderr
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read("combinations.csv") == (tmp_path / "combinations.csv").read_bytes()
    named = sorted(path.name for path in tmp_path.iterdir())
    assert named == ["all.zip", "combinations.csv", "products.csv", "shop-combinations.csv", "shop-products.csv"]


def test_google_needs_to_know_the_shop(cartage: Terminal) -> None:
    """Without the template it is refused; a setting can be given for one time."""
    refused = cartage("export", "google")
    link = "link_template=https://shop.example/p/{handle}?variant={sku}"
    made = cartage("export", "google", "--set", link, "--set", "gender=unisex")
    wrong = cartage("export", "google", "--set", "tax_percent=20")

    assert (refused.code, refused.stdout) == (ExitCode.LINT_ERRORS, "")
    assert "link_template_missing" in refused.stderr
    assert "https://shop.example/p/linen-camp-shirt?variant=NOR-LCS-NAT-S" in made.stdout
    assert "Google Merchant Center has no setting tax_percent" in wrong.stderr


def test_a_filter_picks_the_products(cartage: Terminal) -> None:
    """The filter language of `cartage ls`, written as there or after --filter; a wrong word has the right ones."""
    mug = cartage("export", "jsonl", "--filter", "mug -missing:price")
    bare = cartage("export", "jsonl", "mug", "-missing:price")
    joined = cartage("export", "jsonl", "mug", "--filter", "-missing:price")
    wrong = cartage("export", "jsonl", "colour:red")

    assert [json.loads(line)["facts"]["name"] for line in mug.stdout.splitlines()] == ["Mug 1"]
    assert mug.stdout == bare.stdout == joined.stdout
    assert (wrong.code, "filter_invalid" in wrong.stderr) == (ExitCode.USAGE, True)


def test_an_unknown_target_is_answered_with_those_there_are(cartage: Terminal) -> None:
    """Exit 2, and the names."""
    result = cartage("export", "magento")

    assert result.code == ExitCode.USAGE
    assert "woocommerce" in result.stderr


def test_what_is_exported_whole_is_restored_equal(cartage: Terminal, tmp_path: Path) -> None:
    """Into an empty catalogue: the same lines come out again; a second time nothing is added."""
    file = tmp_path / "all.jsonl"
    cartage("export", "jsonl", "-o", str(file))

    first = cartage("restore", str(file), data="other")
    second = cartage("restore", str(file), data="other")
    again = cartage("export", "jsonl", data="other").stdout

    assert json.loads(first.stdout) == {"restored": 3, "already_there": 0, "uploads_lost": 0}
    assert json.loads(second.stdout) == {"restored": 0, "already_there": 3, "uploads_lost": 0}
    assert again == file.read_text()


def test_a_line_that_is_no_product_is_named(cartage: Terminal, tmp_path: Path) -> None:
    """What stands before it is restored, and the error names the line."""
    line = cartage("export", "jsonl").stdout.splitlines()[0]
    file = tmp_path / "broken.jsonl"
    file.write_text(f'{line}\n{{"id": 1}}\n')

    result = cartage("restore", str(file), data="broken")
    kept = cartage("export", "jsonl", data="broken").stdout

    assert result.code == ExitCode.FAILED
    assert "Line 2 is no product" in result.stderr
    assert kept == f"{line}\n"
