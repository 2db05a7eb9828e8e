"""Workbooks of spreadsheet programs (XLSX, ODS), as rows of text."""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from python_calamine import CalamineWorkbook

from cartage.model.errors import InvalidInput

PACKED = b"PK\x03\x04"
LARGEST_UNPACKED = 256 * 1024 * 1024
LONGEST_CELL = 100_000
PIECE = 1024 * 1024
NOT_READ = "The workbook cannot be read; save it as XLSX, ODS or CSV."


def is_workbook(file: BinaryIO) -> bool:
    """Tell whether a file is a packed workbook; the file stays at its start."""
    head = file.read(len(PACKED))
    file.seek(0)
    return head == PACKED


def workbook_rows(file: BinaryIO) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the rows of a workbook's first sheet that has any, without empty ones, each with its number there.

    Raises `InvalidInput` for what is no workbook, or unpacks to more than 256 MB.
    """
    _bound(file)
    try:
        book = CalamineWorkbook.from_filelike(file)
        sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
        sheet = next((each for each in sheets if each.height), None)
    except Exception as error:  # its own errors, and whatever a broken file raises in it
        raise InvalidInput(NOT_READ) from error
    rows = sheet.iter_rows() if sheet else iter(())
    texts = ((number, tuple(_text(cell) for cell in row)) for number, row in enumerate(rows, 1))
    return ((number, row) for number, row in texts if any(row))


def _bound(file: BinaryIO) -> None:
    """Unpack everything once into nothing, as a file's own word on its size need not be true."""
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
        for entry in entries:
            left -= _unpacked_size(file, entry, left)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as error:
        raise InvalidInput(NOT_READ) from error
    if left < 0:
        raise InvalidInput("The workbook unpacks to more than 256 MB; send it in parts.")
    file.seek(0)


def _unpacked_size(file: BinaryIO, entry: zipfile.ZipInfo, most: int) -> int:
    if entry.compress_type == zipfile.ZIP_STORED:
        return entry.compress_size
    file.seek(entry.header_offset + 26)
    lengths = file.read(4)
    file.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
    unpacker, size, left = zlib.decompressobj(-zlib.MAX_WBITS), 0, entry.compress_size
    while left > 0 and size <= most and not unpacker.eof:
        piece = file.read(min(PIECE, left))
        if not piece:
            break
        left -= len(piece)
        while piece and size <= most:
            size += len(unpacker.decompress(piece, PIECE))
            piece = unpacker.unconsumed_tail
    return size


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)[:LONGEST_CELL].strip()
