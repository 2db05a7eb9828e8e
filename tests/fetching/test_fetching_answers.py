"""Promises about what sites answer: every misbehaviour ends soon, in bounds, under its own name."""

import asyncio
import gzip
import tracemalloc
import zlib
from datetime import UTC, datetime

import pytest

from cartage.fetching.answer import retry_after
from cartage.fetching.client import user_agent
from cartage.fetching.limits import MEBIBYTE, Limits
from cartage.fetching.meter import metering
from cartage.model.errors import CartageError, RateLimited, TryLater
from cartage.model.page import Page
from tests.fetching.conftest import HTML, Behaviour, Internet, answer, says

# For what never ends; what does has the usual time, which no busy machine uses up.
QUICK = Limits(deadline_seconds=0.6, headers_seconds=0.4, glimpse_seconds=0.2)
CHALLENGE = b"<html><title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x.js></script></html>"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HUGE_GZIP = b"".join(
    (packer := zlib.compressobj(9, zlib.DEFLATED, 31), *(packer.compress(bytes(MEBIBYTE)) for _ in range(64)))[1:]
)


async def fetch(internet: Internet, behave: Behaviour, limits: Limits | None = None) -> Page | CartageError:
    """Fetch from a site that behaves so, and give the page or the error."""
    internet.site.behave = behave
    fetcher = internet.fetcher(limits)
    try:
        return await fetcher.get("http://shop.test/p")
    except CartageError as error:
        return error
    finally:
        await fetcher.aclose()


def code(outcome: Page | CartageError) -> str:
    """Give an outcome's code, `ok` for a page."""
    return "ok" if isinstance(outcome, Page) else outcome.code


def body(outcome: Page | CartageError) -> bytes:
    """Give a page's body."""
    assert isinstance(outcome, Page), outcome
    return outcome.body


async def test_bytes_are_counted_as_they_were_sent(internet: Internet) -> None:
    """A meter counts what came packed, refusals' bodies too, for whoever opened it and the meters around it."""
    packed = gzip.compress(HTML * 50)
    page, refusal = answer(packed, content_encoding="gzip"), answer(HTML, "404 Not Found")

    with metering() as whole:
        with metering() as first:
            assert code(await fetch(internet, says(page))) == "ok"
        with metering() as second:
            assert code(await fetch(internet, says(refusal))) == "not_found"
    assert code(await fetch(internet, says(page))) == "ok"

    assert (first.size, second.size, whole.size) == (len(packed), len(HTML), len(packed) + len(HTML))


@pytest.mark.parametrize(
    ("status", "expected", "retry"),
    [
        (404, "not_found", "never"),
        (410, "not_found", "never"),
        (401, "login_required", "never"),
        (403, "access_denied", "another"),
        (429, "rate_limited", "later"),
        (430, "rate_limited", "later"),
        (503, "upstream_unavailable", "later"),
        (500, "upstream_unavailable", "later"),
        (502, "upstream_unavailable", "later"),
        (504, "upstream_unavailable", "later"),
        (501, "upstream_error", "never"),
        (505, "upstream_error", "never"),
        (418, "access_denied", "another"),
        (451, "access_denied", "another"),
        (599, "upstream_error", "never"),
        (999, "access_denied", "another"),
        (206, "body_truncated", "later"),
        (300, "bad_redirect", "never"),
    ],
)
async def test_a_status_has_a_name(internet: Internet, status: int, expected: str, retry: str) -> None:
    """Every status becomes one named error that says what to do next and which host it was."""
    outcome = await fetch(internet, says(answer(status=f"{status} X")))

    assert isinstance(outcome, CartageError)
    assert (outcome.code, outcome.retry) == (expected, retry)
    assert "shop.test" in outcome.detail


@pytest.mark.parametrize("status", [204, 205, 304])
async def test_an_answer_without_a_page_is_empty(internet: Internet, status: int) -> None:
    """Statuses that carry no page are named empty."""
    raw = f"HTTP/1.1 {status} X\r\nConnection: close\r\n\r\n".encode()

    assert code(await fetch(internet, says(raw))) == "empty_page"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (answer(HTML, "403 Forbidden"), 403),
        (answer(CHALLENGE, "429 X"), 429),
        (answer(HTML, "503 X"), 503),
        (answer(b""), 200),
        (answer(HTML, content_type="application/pdf"), 200),
        (b"", None),
        (b"SSH-2.0-x\r\n", None),
    ],
)
async def test_an_error_keeps_the_status_of_the_answer(internet: Internet, sent: bytes, status: int | None) -> None:
    """What a site answered stays known where it brought no page; where it answered nothing there is no status."""
    outcome = await fetch(internet, says(sent))

    assert isinstance(outcome, CartageError)
    assert outcome.http_status == status


@pytest.mark.parametrize("content", [b"", b" \r\n\t "])
async def test_a_page_of_nothing_is_empty(internet: Internet, content: bytes) -> None:
    """A 200 with nothing in it is no page."""
    assert code(await fetch(internet, says(answer(content)))) == "empty_page"


@pytest.mark.parametrize("status", [403, 429, 503])
async def test_a_challenge_is_no_status(internet: Internet, status: int) -> None:
    """A bot challenge is named as one, whatever its status."""
    assert code(await fetch(internet, says(answer(CHALLENGE, f"{status} X")))) == "bot_challenge"


@pytest.mark.parametrize("header", [{"cf_mitigated": "challenge"}, {"x_amzn_waf_action": "captcha"}])
async def test_a_challenge_may_be_told_by_a_header(internet: Internet, header: dict[str, str]) -> None:
    """A header that names a challenge is believed on any status."""
    assert code(await fetch(internet, says(answer(HTML, "202 Accepted", **header)))) == "bot_challenge"


async def test_a_packed_challenge_is_seen(internet: Internet) -> None:
    """An error page is unpacked before it is judged."""
    packed = answer(gzip.compress(CHALLENGE, mtime=0), "403 X", content_encoding="gzip")

    assert code(await fetch(internet, says(packed))) == "bot_challenge"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30.0),
        ("86400", 86400.0),
        ("Mon, 23 Nov 2026 12:00:45 GMT", 45.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("٣٠", None),
        ("1e9", None),
        ("9" * 400, 999999999.0),
    ],
)
def test_retry_after_is_read_or_ignored(value: str, seconds: float | None) -> None:
    """Seconds and dates are read; past, negative and unreadable values are ignored."""
    assert retry_after(value, NOW) == seconds


async def test_the_site_says_how_long_to_wait(internet: Internet) -> None:
    """A rate limit carries the wait that was asked for."""
    outcome = await fetch(internet, says(answer(b"", "429 X", retry_after="30")))

    assert isinstance(outcome, RateLimited)
    assert outcome.retry_after_seconds == 30.0


@pytest.mark.parametrize(
    ("content", "label", "expected"),
    [
        (b"%PDF-1.7 ...", "text/html", "unsupported_content_type"),
        (b"%PDF-1.7 ...", "application/pdf", "unsupported_content_type"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg", "unsupported_content_type"),
        (b"PK\x03\x04....", "text/html", "unsupported_content_type"),
        (b"MZ\x90\x00", "application/octet-stream", "unsupported_content_type"),
        (b'{"a": 1}', "application/json", "no_product_found"),
        (HTML, "text/plain", "ok"),
        (HTML, "", "ok"),
        (b"just words", "text/plain", "unsupported_content_type"),
        (gzip.compress(HTML, mtime=0), "text/html", "unsupported_encoding"),
        (b'<?xml version="1.0"?><html xmlns="x"><title>A</title></html>', "application/xhtml+xml", "ok"),
        (b'<?xml version="1.0"?><html xmlns="x"><title>A</title></html>', "application/xml", "ok"),
        (b'<?xml version="1.0"?><rss><channel/></rss>', "application/rss+xml", "unsupported_content_type"),
        (b'<?xml version="1.0"?><rss><channel/></rss>', "text/html", "unsupported_content_type"),
        (b"MIME-Version: 1.0\r\n", "text/html", "unsupported_content_type"),
        (b"WARC/1.0\r\n", "application/octet-stream", "unsupported_content_type"),
        (b"--x\r\n", "multipart/x-mixed-replace; boundary=x", "unsupported_content_type"),
        ("<html><title>Чашка</title>".encode("utf-16"), "text/html", "ok"),
    ],
)
async def test_a_body_is_what_it_is(internet: Internet, content: bytes, label: str, expected: str) -> None:
    """Files are refused whatever their label; HTML is read whatever its label."""
    assert code(await fetch(internet, says(answer(content, content_type=label)))) == expected


async def test_html_to_be_saved_is_still_a_page(internet: Internet) -> None:
    """A Content-Disposition does not make a page a file."""
    assert code(await fetch(internet, says(answer(content_disposition="attachment; filename=a.html")))) == "ok"


@pytest.mark.parametrize(
    ("content", "coding"),
    [
        (gzip.compress(HTML, mtime=0), "gzip"),
        (gzip.compress(HTML, mtime=0), "X-GZIP"),
        (zlib.compress(HTML), "deflate"),
        (zlib.compress(HTML)[2:-4], "deflate"),
        (HTML, "gzip"),
        (HTML, "identity"),
        (gzip.compress(HTML, mtime=0) + b"\0\0\0", "gzip"),
        (b"".join(gzip.compress(HTML[index : index + 1], mtime=0) for index in range(len(HTML))), "gzip"),
    ],
)
async def test_a_packed_page_is_unpacked(internet: Internet, content: bytes, coding: str) -> None:
    """Gzip, in one or many members, and deflate are read, and a wrong label is forgiven."""
    assert body(await fetch(internet, says(answer(content, content_encoding=coding)))) == HTML


async def test_a_large_page_survives_packing(internet: Internet) -> None:
    """Nothing is lost between the pieces of a 9.9 MiB page."""
    page = HTML + bytes(index * index % 251 for index in range(99 * MEBIBYTE // 1000)) * 100

    outcome = await fetch(internet, says(answer(gzip.compress(page, 1), content_encoding="gzip")))

    assert body(outcome) == page


@pytest.mark.parametrize(
    ("content", "coding", "expected"),
    [
        (gzip.compress(HTML, mtime=0)[:-12], "gzip", "body_truncated"),
        (gzip.compress(HTML, mtime=0)[:-8] + b"\0" * 8, "gzip", "bad_encoding"),
        (HTML, "br", "bad_encoding"),
        (HTML, "zstd", "bad_encoding"),
        (HTML, "x-foo", "unsupported_encoding"),
        (gzip.compress(gzip.compress(HTML, mtime=0), mtime=0), "gzip, gzip", "unsupported_encoding"),
    ],
)
async def test_bad_packing_has_a_name(internet: Internet, content: bytes, coding: str, expected: str) -> None:
    """Broken, corrupt, chained and unknown codings are named."""
    assert code(await fetch(internet, says(answer(content, content_encoding=coding)))) == expected


async def test_a_bomb_does_not_go_off(internet: Internet) -> None:
    """64 kB that unpack to 64 MiB are refused within 8 MiB of memory."""
    tracemalloc.start()

    outcome = await fetch(internet, says(answer(HUGE_GZIP, content_encoding="gzip")))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert code(outcome) == "decompression_bomb"
    assert peak < 8 * MEBIBYTE


async def test_a_declared_giant_is_not_read(internet: Internet) -> None:
    """A Content-Length of 5 GB is refused before reading."""
    assert code(await fetch(internet, says(answer(content_length="5000000000")))) == "body_too_large"


def test_a_page_carries_what_readers_need() -> None:
    """The User-Agent says who we are and where to complain."""
    assert user_agent().startswith("Cartage/")
    assert "+https://github.com/" in user_agent()


async def test_an_honest_request_is_sent(internet: Internet) -> None:
    """A request names us and its host, asks for gzip only, and carries no cookie."""
    outcome = await fetch(internet, says(answer(content_language="de", set_cookie="a=b")))

    request = internet.site.requests[0].decode()
    assert f"User-Agent: {user_agent()}\r\n" in request
    assert "Host: shop.test\r\n" in request
    assert "Accept-Encoding: gzip\r\n" in request
    assert "Cookie" not in request
    assert isinstance(outcome, Page)
    assert outcome.headers == {"content-type": "text/html", "content-language": "de"}


def drips(piece: bytes, start: bytes = b"") -> Behaviour:
    """Send a start, then the same piece every 20 ms until the reader leaves."""

    async def behave(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)

    return behave


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(drips(b"HTTP/1.1 103 Early Hints\r\n\r\n"), id="early hints"),
        pytest.param(drips(b"X: y\r\n", b"HTTP/1.1 200 OK\r\n"), id="headers"),
        pytest.param(drips(b"x", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"), id="body"),
        pytest.param(drips(b""), id="silence"),
    ],
)
async def test_a_drip_ends_at_the_deadline(internet: Internet, behave: Behaviour) -> None:
    """A site that sends a byte now and then is left when the time for the whole fetch is over."""
    outcome = await fetch(internet, behave, QUICK)

    assert code(outcome) == "deadline_exceeded"
    assert isinstance(outcome, TryLater)


async def test_a_dripping_error_page_keeps_its_status(internet: Internet) -> None:
    """Reading an error page for markers never takes the status away."""
    behave = drips(b"x", b"HTTP/1.1 404 Gone\r\nContent-Type: text/html\r\n\r\n")

    assert code(await fetch(internet, behave, Limits(glimpse_seconds=0.2))) == "not_found"


async def test_an_endless_body_is_cut(internet: Internet) -> None:
    """A body without end is refused at the limit."""
    start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"

    async def behave(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()

    assert code(await fetch(internet, behave)) == "body_too_large"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (answer(x="y" * 2_000_000), "bad_response"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 9000 + b"\r\n", "bad_response"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 250 + b"\r\n", "bad_response"),
        (answer(x="y" * 70_000), "bad_response"),
        (answer(content_length="900"), "body_truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "bad_response"),
        (b"<html>HTTP 0.9</html>\r\n\r\n", "bad_response"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<htm", "body_truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<htm", "bad_response"),
    ],
    ids=["2 MB header", "9000 headers", "250 headers", "70 kB header", "short", "two lengths", "0.9", "cut", "chunk"],
)
async def test_bad_http_has_a_name(internet: Internet, raw: bytes, expected: str) -> None:
    """Answers that are not HTTP, or not all of it, are named."""
    assert code(await fetch(internet, says(raw))) == expected


async def test_a_reset_in_the_middle_is_a_truncated_page(internet: Internet) -> None:
    """A connection that is reset after the head has cut the page."""

    async def behave(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(content_length="900"))
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    assert code(await fetch(internet, behave)) == "body_truncated"


async def test_json_is_for_shop_apis(internet: Internet) -> None:
    """JSON is read where it is asked for, and an HTML answer to it is refused."""
    internet.site.behave = says(answer(b'{"a": [1]}', content_type="application/json"), answer(HTML))
    fetcher = internet.fetcher()

    document = await fetcher.get_json("http://shop.test/p.json")
    with pytest.raises(CartageError) as caught:
        await fetcher.get_json("http://shop.test/p.json")

    await fetcher.aclose()
    assert document == {"a": [1]}
    assert caught.value.code == "unsupported_content_type"


@pytest.mark.parametrize("text", [b"[" * 100_000, b"{", b"nope"])
async def test_json_that_cannot_be_read_is_refused(internet: Internet, text: bytes) -> None:
    """Deep and broken JSON breaks nothing."""
    internet.site.behave = says(answer(text, content_type="application/json"))
    fetcher = internet.fetcher()

    with pytest.raises(CartageError) as caught:
        await fetcher.get_json("http://shop.test/p.json")

    await fetcher.aclose()
    assert caught.value.code == "unsupported_content_type"
