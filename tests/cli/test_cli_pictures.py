"""`cartage products edit --picture`: files shown with a product."""

import asyncio
import json
from pathlib import Path

import pytest

from cartage.cli.outcome import ExitCode
from cartage.imports.progress import event_for
from tests.cli.catalogue import new_catalogue
from tests.cli.terminal import Terminal
from tests.contracts.records import an_import
from tests.exports.linen import a_mug
from tests.pictures.photographs import SVG, encoded, plain


async def filled(folder: Path) -> str:
    """Make a catalogue with a mug, and give its id."""
    async with new_catalogue(folder) as (store, merchant_id):
        own = a_mug().model_copy(update={"merchant_id": merchant_id, "import_id": "imp_mug"})
        import_ = an_import(own)
        await store.catalogue.add_product(own, import_, event_for(import_, "test/kept", {}))
        return own.id


@pytest.fixture
def mug(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the id of a mug in a catalogue that keeps pictures."""
    monkeypatch.setenv("CARTAGE_PICTURES", "on")
    return asyncio.run(filled(folder))


def test_files_are_shown_with_a_product(cartage: Terminal, folder: Path, mug: str) -> None:
    """With words, and together with other changes; the product is written as it is then."""
    (folder / "red.jpg").write_bytes(encoded(plain(), "JPEG"))

    edited = cartage(
        "products", "edit", mug, "--set", "name=Cup", "--picture", str(folder / "red.jpg"), "--alt", "Red", "--first"
    )

    product = json.loads(edited.stdout)
    assert (edited.code, product["facts"]["name"]) == (ExitCode.OK, "Cup")
    assert product["facts"]["images"][0]["alt"] == "Red"
    assert product["facts"]["images"][0]["url"].startswith("picture:pic_")


def test_a_refused_file_keeps_the_edit_back(cartage: Terminal, folder: Path, mug: str) -> None:
    """And a refused edit keeps the files back: either way the product is as it was."""
    (folder / "red.jpg").write_bytes(encoded(plain(), "JPEG"))
    (folder / "broken.jpg").write_bytes(encoded(plain(), "JPEG")[:200])
    before = json.loads(cartage("products", "show", mug).stdout)
    both = ("--picture", str(folder / "red.jpg"), "--picture", str(folder / "broken.jpg"))

    file = cartage("products", "edit", mug, "--set", "name=Cup", *both)
    edit = cartage("products", "edit", mug, "--set", "gtin=4006381333930", "--picture", str(folder / "red.jpg"))

    assert [each.code for each in (file, edit)] == [ExitCode.FAILED] * 2
    assert "broken.jpg was not taken" in file.stderr
    assert "4006381333930" in edit.stderr
    assert json.loads(cartage("products", "show", mug).stdout) == before


def test_a_file_that_is_no_picture_is_told(cartage: Terminal, folder: Path, mug: str) -> None:
    """So is one that is not there, and a filter's products have no files of their own."""
    (folder / "a.svg").write_bytes(SVG)

    drawing = cartage("products", "edit", mug, "--picture", str(folder / "a.svg"))
    nothing = cartage("products", "edit", mug, "--picture", str(folder / "none.jpg"))
    many = cartage("products", "edit", "--filter", "status:imported", "--picture", str(folder / "a.svg"))

    assert [each.code for each in (drawing, nothing, many)] == [ExitCode.FAILED, ExitCode.FAILED, ExitCode.USAGE]
    assert "a.svg was not taken" in drawing.stderr
    assert "cannot be read" in nothing.stderr
    assert "--picture for an id" in many.stderr
