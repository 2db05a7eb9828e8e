"""Lists as people have them: from spreadsheets, in any encoding, with or without a head."""

import gc
import io
import json
import tracemalloc

import pytest

from cartage.fetching.address import Rules
from cartage.imports.batch import RowReading
from cartage.imports.batch_file import LONGEST_CELL, BatchFile, Form, Hints, batch_file, open_batch, open_sheet
from cartage.imports.list_writing import as_csv
from cartage.model.batch import RowState
from cartage.model.errors import InvalidInput
from tests.imports.workbooks import workbook

URL = "https://shop.example/p"


def read(content: str | bytes, form: Form | None = None, column: str = "") -> tuple[BatchFile, list[tuple[str, ...]]]:
    """Read a whole list."""
    file = open_batch(io.BytesIO(content.encode() if isinstance(content, str) else content), form, column)
    return file, [cells for _, cells in file.rows]


@pytest.mark.parametrize("name", ["url", "URL", "Link", "Product URL", "product_url", " Address ", "source_url"])
def test_the_address_column_is_found_by_name(name: str) -> None:
    """Whatever the case, and with underscores or spaces."""
    file, rows = read(f"sku,{name}\nK-1,{URL}\n")

    assert (file.address, rows) == (1, [("K-1", URL)])


def test_a_column_can_be_named() -> None:
    """A word for the column goes before what its cells look like; an unknown word says which columns there are."""
    text = f"sku,Supplier Page\nK-1,{URL}\n"

    assert read(text, column="sku")[0].address == 0
    assert read(text)[0].address == 1
    with pytest.raises(InvalidInput, match="'page'"):
        read(text, column="page")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_what_the_head_uses(delimiter: str) -> None:
    """Comma, semicolon, tab and bar; a quoted cell may hold them and line breaks."""
    file, rows = read(f'url{delimiter}note\n{URL}{delimiter}"a{delimiter}b\nc ""d"""\n\n', Form.CSV)

    assert (file.delimiter, rows) == (delimiter, [(URL, f'a{delimiter}b\nc "d"')])


def test_a_list_without_a_head_keeps_its_first_row() -> None:
    """When the first row holds an address, it is a row."""
    file, rows = read(f"K-1,{URL}/1\nK-2,{URL}/2\n", Form.CSV)

    assert file.columns == ("column_1", "url")
    assert [row[0] for row in rows] == ["K-1", "K-2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_spreadsheets_write_many_encodings(encoding: str) -> None:
    """Letters come out right and no mark is left in the head."""
    file, rows = read(f"url;Größe\r\n{URL};3½ €\r\n".encode(encoding))

    assert file.columns == ("url", "Größe")
    assert rows == [(URL, "3½ €")]


def test_lines_are_addresses() -> None:
    """One address a line, with commas in them; blank lines are no rows."""
    file, rows = read(f"{URL}/1,2;3\n\n  {URL}/4 \r\n")

    assert file.columns == ("url",)
    assert rows == [(f"{URL}/1,2;3",), (f"{URL}/4",)]


def test_json_lists_keep_their_fields() -> None:
    """Addresses and objects mix; fields become columns, and values that are no text stay readable."""
    items = [URL, {"url": f"{URL}/2", "sku": "K-2", "price": 4.5, "tags": ["a"]}, None, 7]

    file, rows = read(json.dumps({"items": items}))

    assert file.columns == ("url", "sku", "price", "tags")
    assert rows == [(URL, "", "", ""), (f"{URL}/2", "K-2", "4.5", '["a"]'), ("", "", "", ""), ("7", "", "", "")]


def test_json_lines_are_rows() -> None:
    """One entry a line, from whatever line a field comes; blank lines are no rows, and a record too long is no cell."""
    long = {"source_url": f"{URL}/2", "evidence": {"text": "x" * LONGEST_CELL}, "tags": ["a"]}
    lines = [json.dumps({"sku": "K-1", "source_url": f"{URL}/1"}), "", json.dumps(long), json.dumps(f"{URL}/3"), "null"]

    file, rows = read("\n".join(lines))

    assert (file.columns[file.address], file.columns) == ("source_url", ("sku", "source_url", "evidence", "tags"))
    assert rows == [
        ("K-1", f"{URL}/1", "", ""),
        ("", f"{URL}/2", "", '["a"]'),
        ("", f"{URL}/3", "", ""),
        ("", "", "", ""),
    ]


def test_a_line_that_is_no_json_is_named() -> None:
    """Before any row is taken, with the line it stands in."""
    with pytest.raises(InvalidInput, match="Line 3 is not JSON"):
        read(json.dumps({"url": URL}) + '\n\n{"url": \n')


def test_json_lines_of_any_size_are_read_as_they_come() -> None:
    """Reading holds no more than a thousand rows at a time."""
    lines = "".join(json.dumps({"url": f"{URL}/{number}"}) + "\n" for number in range(20_000))
    content = io.BytesIO(lines.encode())
    tracemalloc.start()

    rows = sum(1 for _ in open_batch(content).rows)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == 20_000
    assert peak < 1024 * 1024


@pytest.mark.parametrize(
    ("text", "form"),
    [("", None), ("\n\n", None), ("[", Form.JSON), ('{"urls": []}', Form.JSON), ("[" * 100_000, Form.JSON)],
)  # fmt: skip
def test_what_is_no_list_is_refused(text: str, form: Form | None) -> None:
    """An empty or broken text is said to be one."""
    with pytest.raises(InvalidInput):
        read(text, form)


def test_a_cell_without_end_is_refused() -> None:
    """A quote that is never closed does not swallow the machine's memory."""
    with pytest.raises(InvalidInput, match="Line"):
        read('url,note\n"' + "x" * 300_000, Form.CSV)


def test_ragged_rows_keep_all_their_cells() -> None:
    """A short row stays short, a long one keeps its rest in the last column."""
    file = open_batch(io.BytesIO(f"url,a\n{URL}\n{URL}/2,b,c,d\n".encode()))

    short, long = RowReading("bat_1", file, Rules()).read()

    assert (short.cells, long.cells) == ((URL,), (f"{URL}/2", "b,c,d"))
    assert {short.state, long.state} == {RowState.WAITING}


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (f'url,note\n{URL},"two\nlines"\n\n  \noops,x\n', [6]),
        (f'url,note\r\n{URL},"two\r\nlines"\r\noops,x\r\n', [4]),
        (f"{URL}\r\rmail me\r", [3]),
        (f"{URL}\n\nmail me", [3]),
        (f'{{"url": "{URL}"}}\n\n{{"url": "oops"}}\n', [3]),
        (json.dumps([URL, "oops"]), [None]),
        (workbook([["url", "note"], ["", ""], [URL, "a"], ["oops", "b"]]), [4]),
    ],
)
def test_a_wrong_row_is_named_by_its_line(content: str | bytes, lines: list[int | None]) -> None:
    """That on which it begins, as an editor or a spreadsheet counts them; a JSON list has none."""
    held = io.BytesIO(content.encode() if isinstance(content, str) else content)

    rows = RowReading("bat_1", open_batch(held), Rules()).read()

    assert [row.failure.line for row in rows if row.failure] == lines


def test_a_list_that_is_written_anew_keeps_its_lines() -> None:
    """Empty lines stand where some were left out, and a list without a head gets none unless it is to have one."""
    rows = [(2, ("a", "two\nlines")), (5, ("b", "")), (6, ("c", ""))]

    assert as_csv(("url", "note"), rows).splitlines() == [
        b"url,note", b'a,"two', b'lines"', b"", b"b,", b"c,"
    ]  # fmt: skip
    assert as_csv(("url",), [(1, ("a",)), (3, ("b",))], headed=False) == b"a\r\n\r\nb\r\n"
    assert as_csv(("url",), [], headed=False) == b"url\r\n"


def test_twenty_thousand_rows_are_read_as_they_come() -> None:
    """Reading holds no more than a thousand rows and the addresses seen."""
    lines = "".join(f"{URL}/{n}\n" for n in range(20_000))
    reading = RowReading("bat_1", open_batch(io.BytesIO(lines.encode())), Rules())
    tracemalloc.start()

    count = 0
    while rows := reading.read():
        count += len(rows)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 10 * 1024 * 1024


def test_the_address_column_is_found_by_what_its_cells_hold() -> None:
    """Where no name is known, the column with addresses in most rows is it; where none has them, nobody guesses."""
    rows = f"K-1,{URL}/1,a\nK-2,,b\nK-3,{URL}/3,{URL}\n"

    found = open_sheet(io.BytesIO(f"Nummer,Seite,Notiz\n{rows}".encode()))
    nothing = open_sheet(io.BytesIO(b"Nummer,Notiz\nK-1,a\n"))

    assert (found.address, nothing.address) == (1, None)
    with pytest.raises(InvalidInput, match="Nummer, Notiz"):
        batch_file(nothing)


def test_hints_go_before_what_was_found_out() -> None:
    """Encoding, delimiter and column can be set, and an encoding that nobody reads is refused."""
    content = "Größe;Link|a\nXL;https://shop.example/ä|b\n".encode("cp1250")

    sheet = open_sheet(io.BytesIO(content), Hints(encoding="cp1250", delimiter="|", place=1))

    assert (sheet.columns, sheet.encoding, sheet.delimiter, sheet.address) == (("Größe;Link", "a"), "cp1250", "|", 1)
    assert sheet.samples == (("XL;https://shop.example/ä", "b"),)
    with pytest.raises(InvalidInput, match="'rot13'"):
        open_sheet(io.BytesIO(content), Hints(encoding="rot13"))


def test_a_list_that_was_read_is_left_open() -> None:
    """Whoever opened a file closes it: reading its head, or all of it, does not."""
    files = [io.BytesIO(b"url\nhttps://shop.example/p\n") for _ in range(2)]

    open_sheet(files[0])
    list(open_sheet(files[1]).rows)
    gc.collect()

    assert [file.closed for file in files] == [False, False]
