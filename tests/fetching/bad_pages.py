"""The sites of tests/cases/bad_pages.jsonl that a plain request meets: what each sends, by the case's id."""

import asyncio
import gzip
import struct
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import brotli
from backports import zstd

from cartage.fetching.limits import MEBIBYTE
from tests.extraction.pages import KETTLE, NAME, PROSE, ld, shop_page
from tests.fetching.conftest import Behaviour, answer, says

BROTLI: Any = brotli  # comes without types
GOOD = shop_page(ld(KETTLE)).encode()
CHALLENGE = b"<html><title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x.js></script></html>"
PADDING = "<p>Shop our range of goods for the kitchen, the garden and the house, delivered within days.</p>" * 4
XHTML = b'<?xml version="1.0"?>' + GOOD
EXCUSE = f"<title>Error</title><h1>Something went wrong</h1><p>Please try again. {PADDING}</p>"
GONE = f"<title>Page not found</title><h1>Page not found</h1>{PADDING}"
CAPTCHA = "<title>Security check</title><p>I am not a robot</p><div class=g-recaptcha></div>"
LOGIN = "<title>Opening soon</title><h1>Opening soon</h1><form>Enter using password <input type=password></form>"
PARKED = f"<title>shop.test</title><h1>shop.test is for sale</h1><p>Buy this domain today. {PADDING}</p>"
CARDS = "".join(
    f"<li class=card><a href=/p/{number}>Cup {number}</a><b class=price>€{number}.50</b></li>" for number in range(50)
)
LISTING = f"<title>Cups</title><h1>Cups</h1>{PROSE}<ul>{CARDS}</ul>"
BLOG = f"<title>How we make kettles</title><article><h1>How we make kettles</h1>{PROSE * 5}</article>"
SHELL = "<title>Shop</title><div id=root></div><script src=/app.js></script>"


def html(text: str | bytes, status: str = "200 OK", **headers: str) -> Behaviour:
    """Answer with a page, again and again."""
    return says(answer(text.encode() if isinstance(text, str) else text, status, **headers))


def status(line: str, **headers: str) -> Behaviour:
    """Answer with a status and a short page."""
    return html("<h1>Sorry</h1>", line, **headers)


def bare(line: str) -> Behaviour:
    """Answer with a status and nothing else."""
    return says(f"HTTP/1.1 {line}\r\nConnection: close\r\n\r\n".encode())


def moves(location: str, then: bytes = GOOD) -> Behaviour:
    """Redirect once, then show a page."""
    return says(answer(b"", "302 Found", location=location), answer(then))


def packed(content: bytes, coding: str) -> Behaviour:
    """Answer with a packed body."""
    return says(answer(content, content_encoding=coding))


def drips(piece: bytes, start: bytes = b"") -> Behaviour:
    """Send a start, then the same piece every 20 ms until the reader leaves."""

    async def behave(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)

    return behave


def floods(piece: bytes, start: bytes) -> Behaviour:
    """Send a start, then the same piece as fast as it is taken."""

    async def behave(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()

    return behave


def cuts(start: bytes) -> Behaviour:
    """Send a start and reset the connection."""

    async def behave(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    return behave


def _stretched(compress: Callable[[bytes], bytes], flush: Callable[[], bytes], mebibytes: int) -> bytes:
    block = bytes(MEBIBYTE)
    return b"".join([*(compress(block) for _ in range(mebibytes)), flush()])


def gzip_bomb(mebibytes: int = 1024) -> bytes:
    """Pack zeros as gzip: one packed mebibyte, over and over, as each begins with nothing to look back to."""
    block, check = bytes(MEBIBYTE), 0
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(mebibytes):
        check = zlib.crc32(block, check)
    head = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x02\xff"
    return head + piece * mebibytes + packer.flush() + struct.pack("<2I", check, mebibytes * MEBIBYTE)


def brotli_bomb(mebibytes: int = 1024) -> bytes:
    """Pack zeros as Brotli."""
    packer = BROTLI.Compressor(quality=5)
    return _stretched(packer.process, packer.finish, mebibytes)


def zstd_bomb(mebibytes: int = 1024) -> bytes:
    """Pack zeros as Zstandard."""
    packer = zstd.ZstdCompressor()
    return _stretched(packer.compress, packer.flush, mebibytes)


# A frame whose window is 2 GiB: magic, descriptor, window exponent 21, one block of zeros.
WIDE_ZSTD = b"\x28\xb5\x2f\xfd\x00" + bytes([21 << 3]) + b"\x03\x00\x10\x00"
BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "page-038": ("gzip", gzip_bomb),
    "page-039": ("br", brotli_bomb),
    "page-040": ("zstd", zstd_bomb),
    "page-040 window": ("zstd", lambda: WIDE_ZSTD),
    "page-041": ("gzip, gzip", lambda: gzip.compress(gzip_bomb(), mtime=0)),
}

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
XML = b'<?xml version="1.0"?>'
EMPTY_STATUSES = ("204 No Content", "205 Reset Content", "304 Not Modified")
REFUSALS = ("418 I'm a teapot", "451 Unavailable For Legal Reasons", "599 Odd", "999 Request denied")
LATER_DATES = ("Mon, 01 Jan 2001 00:00:00 GMT", "soon", "-5")
MEMBERS = b"".join(gzip.compress(GOOD[at : at + 1], mtime=0) for at in range(len(GOOD)))
LONG = GOOD.decode().replace("</main>", f"<p>{'word ' * 1_950_000}</p></main>")
SCRIPT = GOOD.decode().replace("</main>", f"<script>{'var x = {price: 1};' * 500_000}</script></main>")

SITES: dict[str, Iterable[Behaviour]] = {
    "page-001": [status("404 Not Found")],
    "page-002": [status("410 Gone")],
    "page-003": [status("401 Unauthorized")],
    "page-004": [status("403 Forbidden")],
    "page-005": [html(CHALLENGE, "403 Forbidden")],
    "page-006": [status("429 Too Many Requests", retry_after="30")],
    "page-007": [status("429 Too Many Requests", retry_after="86400")],
    "page-008": [status("429 Too Many Requests", retry_after=value) for value in LATER_DATES],
    "page-009": [status("503 Service Unavailable", retry_after="30")],
    "page-010": [status(f"{code} Broken") for code in (500, 502, 504)],
    "page-011": [status(f"{code} Broken") for code in (501, 505)],
    "page-012": [status(line) for line in REFUSALS],
    "page-013": [bare(line) for line in EMPTY_STATUSES],
    "page-014": [html(GOOD, "206 Partial Content")],
    "page-015": [html(EXCUSE)],
    "page-016": [html(GONE)],
    "page-017": [moves("/")],
    "page-018": [moves("/login")],
    "page-019": [moves("/consent?continue=/p")],
    "page-020": [status("302 Found", location="/p")],
    "page-021": [drips(b"HTTP/1.1 103 Early Hints\r\n\r\n")],
    "page-022": [html(b"%PDF-1.7 ..."), html(b"%PDF-1.7 ...", content_type="application/pdf")],
    "page-023": [html(b"\xff\xd8\xff\xe0JFIF", content_type="image/jpeg")],
    "page-024": [html(b"PK\x03\x04...."), html(b"MZ\x90\x00", content_type="application/octet-stream")],
    "page-025": [html(b'{"a": 1}', content_type="application/json")],
    "page-026": [html(GOOD, content_type="text/plain")],
    "page-027": [html(GOOD, content_type="")],
    "page-028": [html(gzip.compress(GOOD, mtime=0))],
    "page-029": [html(XHTML, content_type="application/xhtml+xml")],
    "page-029 feed": [html(XML + b"<rss><channel/></rss>", content_type="application/rss+xml")],
    "page-030": [html(b"MIME-Version: 1.0\r\n"), html(b"WARC/1.0\r\n")],
    "page-031": [html(GOOD, content_disposition="attachment; filename=a.html")],
    "page-032": [html(b"--x\r\n", content_type="multipart/x-mixed-replace; boundary=x")],
    "page-033": [packed(gzip.compress(GOOD, mtime=0)[:-12], "gzip")],
    "page-034": [packed(gzip.compress(GOOD, mtime=0)[:-8] + b"\0" * 8, "gzip")],
    "page-035": [packed(GOOD, "gzip")],
    "page-036": [packed(BROTLI.compress(GOOD), "br"), packed(zstd.compress(GOOD), "zstd")],
    "page-037": [packed(GOOD, "x-foo")],
    "page-042": [packed(MEMBERS, "gzip")],
    "page-052": [html(GOOD, content_length="5000000000")],
    "page-053": [floods(b"x" * 65536, HEAD + b"\r\n<html>")],
    "page-054": [drips(b"x", HEAD + b"\r\n")],
    "page-055": [drips(b"X: y\r\n", HEAD)],
    "page-056": [html(GOOD, x="y" * 2_000_000)],
    "page-057": [says(HEAD + b"X: y\r\n" * 9000 + b"\r\n")],
    "page-058": [html(GOOD, content_length=str(len(GOOD) + 900))],
    "page-060": [html(LONG)],
    "page-061": [html(b"")],
    "page-066": [html(SCRIPT)],
    "page-083": [html(CHALLENGE), html(CHALLENGE, "403 Forbidden")],
    "page-084": [html(CAPTCHA)],
    "page-085": [html("<title>Age check</title><h1>Are you over 18?</h1><button>Yes</button><button>No</button>")],
    "page-087": [html("<title>Sorry</title><h1>This shop is not available in your country</h1>")],
    "page-088": [html(LOGIN)],
    "page-089": [html("<title>Maintenance</title><h1>We'll be back soon</h1><p>Under maintenance.</p>")],
    "page-090": [html(PARKED)],
    "page-091": [html(SHELL)],
    "page-092": [html(LISTING), html(BLOG)],
    "page-096": [html(shop_page(ld(KETTLE), "<span class=price>€49.90</span>", more="<p>US: $54.00</p>"))],
    "page-097": [html(shop_page(ld(KETTLE | {"name": "Gift card"})).replace(NAME, "Gift card"))],
    "page-126": [says(b"<html>HTTP 0.9</html>\r\n\r\n")],
    "page-127": [cuts(answer(GOOD, content_length=str(len(GOOD) + 900)))],
    "page-129": [cuts(b"")],
}
