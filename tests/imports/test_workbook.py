"""Workbooks of spreadsheet programs are lists too, and none of them can fill the machine."""

import io
import zipfile

import pytest

from cartage.imports.batch_file import Form, open_sheet
from cartage.imports.workbook import LARGEST_UNPACKED
from cartage.model.errors import InvalidInput
from tests.imports.workbooks import workbook

URL = "https://shop.example/p"


def test_a_workbook_is_read_as_rows_of_text() -> None:
    """Numbers come as they are seen, empty rows are none, and the column of addresses is found."""
    content = workbook([["sku", "Seite", "price"], [17, f"{URL}/1", 4.5], ["", "", ""], ["K-2", f"{URL}/2", 5.0]])

    sheet = open_sheet(io.BytesIO(content))

    assert (sheet.form, sheet.columns, sheet.address) == (Form.WORKBOOK, ("sku", "Seite", "price"), 1)
    assert list(sheet.rows) == [(2, ("17", f"{URL}/1", "4.5")), (4, ("K-2", f"{URL}/2", "5"))]


def test_what_is_no_workbook_is_refused() -> None:
    """A broken or foreign archive is one sentence."""
    foreign = io.BytesIO()
    with zipfile.ZipFile(foreign, "w") as packed:
        packed.writestr("readme.txt", "hello")

    for content in (b"PK\x03\x04 and then nothing", foreign.getvalue(), workbook([["url"], [URL]])[:-200]):
        with pytest.raises(InvalidInput, match="The workbook cannot be read"):
            open_sheet(io.BytesIO(content))


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread() -> None:
    """A small file of endless cells is refused by what it really unpacks to, whatever it says of itself."""
    file = io.BytesIO(workbook([["url"], [URL]]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/huge.xml", "w") as huge:
        for _ in range(LARGEST_UNPACKED // (16 << 20) + 1):
            huge.write(b" " * (16 << 20))
    modest = file.getvalue().replace(
        (LARGEST_UNPACKED + (16 << 20)).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    )

    with pytest.raises(InvalidInput, match="more than 256 MB"):
        open_sheet(io.BytesIO(modest))
